//! What a paper states beside what we find.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Cell, Column, Table, Unit};

/// A result that a paper states. Its unit has the decimals that the paper gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Published {
    pub value: f64,
    pub unit: Unit,
    /// Where it stands, such as `REFREE, section 5.2`.
    pub place: &'static str,
}

impl Published {
    pub const fn new(value: f64, unit: Unit, place: &'static str) -> Self {
        Self { value, unit, place }
    }
}

/// One comparison: the paper's value, ours, others of ours beside it, all in one unit, and the source.
#[derive(Clone, Debug)]
pub struct Line {
    what: String,
    paper: Option<Published>,
    ours: Option<f64>,
    against: Vec<(String, Cell)>,
    unit: Unit,
    source: Option<String>,
}

impl Line {
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            paper: None,
            ours: None,
            against: Vec::new(),
            unit: Unit::plain(2),
            source: None,
        }
    }

    /// What the paper states; its place is the source unless [`Self::source`] names another.
    #[must_use]
    pub fn paper(mut self, published: &Published) -> Self {
        self.paper = Some(*published);
        self.unit = published.unit;
        self.source
            .get_or_insert_with(|| published.place.to_owned());
        self
    }

    /// Our value, in a unit that the paper's must have as well.
    #[must_use]
    pub fn ours(mut self, value: impl Into<Option<f64>>, unit: Unit) -> Self {
        self.ours = value.into();
        self.unit = unit;
        self
    }

    /// Another value in the same unit, or in one of its own: a baseline, a workload, `--best`. Each name is a
    /// column.
    #[must_use]
    pub fn against(mut self, name: impl Into<String>, value: impl Into<Cell>) -> Self {
        self.against.push((name.into(), value.into()));
        self
    }

    /// Where the numbers come from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("what", &self.what)?;
        map.serialize_entry("paper", &self.paper.map(|paper| paper.value))?;
        map.serialize_entry("ours", &self.ours)?;
        for (name, value) in &self.against {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("unit", self.unit.symbol())?;
        map.serialize_entry("source", &self.source)?;
        map.end()
    }
}

/// Lines under one title.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    title: String,
    #[serde(skip)]
    what: String,
    #[serde(skip)]
    ours: String,
    lines: Vec<Line>,
}

impl Comparison {
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            what: String::new(),
            ours: "ours".to_owned(),
            lines: Vec::new(),
        }
    }

    /// Title of the column of names; empty without this.
    #[must_use]
    pub fn what(mut self, title: impl Into<String>) -> Self {
        self.what = title.into();
        self
    }

    /// Title of the column of our values, such as `average`, instead of `ours`.
    #[must_use]
    pub fn ours(mut self, title: impl Into<String>) -> Self {
        self.ours = title.into();
        self
    }

    #[must_use]
    pub fn line(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// Columns: names, `paper` if any line has it, ours, each name of [`Line::against`] in the order of first
    /// use, the unit where lines differ in it, and the source.
    pub fn table(&self) -> Table {
        let same = self.lines.windows(2).all(|two| two[0].unit == two[1].unit);
        let common = self.lines.first().filter(|_| same).map(|line| line.unit);
        let unit = common.unwrap_or(Unit::plain(2));
        let has_paper = self.lines.iter().any(|line| line.paper.is_some());
        let has_unit = !same && self.lines.iter().any(|line| !line.unit.beside().is_empty());
        let has_source = self.lines.iter().any(|line| line.source.is_some());
        let mut others: Vec<&str> = Vec::new();
        for (name, _) in self.lines.iter().flat_map(|line| &line.against) {
            if !others.contains(&name.as_str()) {
                others.push(name);
            }
        }
        let number = |title: &str| Column::right(title).unit(unit);
        let mut columns = vec![Column::left(self.what.as_str())];
        columns.extend(has_paper.then(|| number("paper")));
        columns.push(number(&self.ours));
        columns.extend(others.iter().copied().map(number));
        columns.extend(has_unit.then(|| Column::left("unit")));
        columns.extend(has_source.then(|| Column::left("source")));
        let mut table = Table::new(columns);
        if !self.title.is_empty() {
            table = table.title(self.title.as_str());
        }
        for line in &self.lines {
            let number = |value: f64, unit: Unit| match common {
                Some(common) if common == unit => Cell::from(value),
                _ => Cell::from((value, unit)),
            };
            let other = |name: &&str| {
                let mut found = line.against.iter().filter(|(of, _)| of == name);
                let value = found.next().map(|(_, value)| value.clone());
                value.map_or(Cell::MISSING, |cell| cell.in_unit(line.unit, common))
            };
            let paper = line.paper.map(|paper| number(paper.value, paper.unit));
            let ours = line.ours.map(|value| number(value, line.unit));
            let mut row = vec![Cell::from(line.what.as_str())];
            row.extend(has_paper.then(|| Cell::from(paper)));
            row.push(ours.into());
            row.extend(others.iter().map(other));
            row.extend(has_unit.then(|| Cell::from(line.unit.beside())));
            row.extend(has_source.then(|| Cell::from(line.source.as_deref().unwrap_or(""))));
            table.row(row);
        }
        table
    }
}
