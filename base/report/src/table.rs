//! A table: columns, rows, and what stands below.

use serde::ser::{SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::{Cell, Unit};

/// A column: its title, side and unit.
#[derive(Clone, Debug)]
pub struct Column {
    pub(crate) title: String,
    pub(crate) right: bool,
    pub(crate) unit: Unit,
}

impl Column {
    /// A column of words.
    pub fn left(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            right: false,
            unit: Unit::plain(0),
        }
    }

    /// A column of numbers, shown without decimals unless [`Self::unit`] or [`Self::decimals`] says more.
    pub fn right(title: impl Into<String>) -> Self {
        Self {
            right: true,
            ..Self::left(title)
        }
    }

    /// Unit and decimals of its numbers.
    #[must_use]
    pub fn unit(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }

    /// Decimals of its numbers, which have no unit or one that the title names.
    #[must_use]
    pub fn decimals(self, decimals: usize) -> Self {
        self.unit(Unit::plain(decimals))
    }

    /// The title with the unit that cells do not show.
    pub(crate) fn heading(&self) -> String {
        let words = [self.title.as_str(), self.unit.beside()];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Column", 2)?;
        fields.serialize_field("title", &self.title)?;
        fields.serialize_field("unit", self.unit.symbol())?;
        fields.end()
    }
}

/// A table: shown by `Display` on a terminal, by `Serialize` as JSON, and on a [`Page`](super::Page).
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub(crate) title: Option<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) footer: Vec<Vec<Cell>>,
    pub(crate) inputs: Vec<String>,
    pub(crate) notes: Vec<String>,
}

/// Cells of a row: `row!["forward", reads, ratio]`.
#[macro_export]
macro_rules! row {
    ($($cell:expr),* $(,)?) => { [$($crate::Cell::from($cell)),*] };
}

impl Table {
    /// A table without rows. If no column has a title, none are shown.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            ..Self::default()
        }
    }

    /// With a line above.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// A row; see [`row!`](crate::row). Cells that it lacks at its end are blank.
    ///
    /// # Panics
    /// If there are more cells than columns.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> &mut Self {
        let row = self.complete(cells);
        self.rows.push(row);
        self
    }

    /// A row below all others, such as a sum.
    ///
    /// # Panics
    /// If there are more cells than columns.
    pub fn footer(&mut self, cells: impl IntoIterator<Item = Cell>) -> &mut Self {
        let row = self.complete(cells);
        self.footer.push(row);
        self
    }

    /// Where its numbers come from.
    pub fn input(&mut self, text: impl Into<String>) -> &mut Self {
        self.inputs.push(text.into());
        self
    }

    /// A remark below.
    pub fn note(&mut self, text: impl Into<String>) -> &mut Self {
        self.notes.push(text.into());
        self
    }

    fn complete(&self, cells: impl IntoIterator<Item = Cell>) -> Vec<Cell> {
        let mut row: Vec<Cell> = cells.into_iter().collect();
        let (cells, columns) = (row.len(), self.columns.len());
        assert!(cells <= columns, "{cells} cells for {columns} columns");
        row.resize(columns, Cell::from(""));
        row
    }

    /// What each cell shows; none if its value is missing.
    pub(crate) fn shown(&self, row: &[Cell]) -> Vec<Option<String>> {
        let cells = row.iter().zip(&self.columns);
        cells.map(|(cell, column)| cell.show(column.unit)).collect()
    }

    /// Titles and units; none if they are all empty.
    pub(crate) fn headings(&self) -> Option<Vec<String>> {
        let headings: Vec<String> = self.columns.iter().map(Column::heading).collect();
        headings
            .iter()
            .any(|text| !text.is_empty())
            .then_some(headings)
    }
}

/// Rows as lists of cells in the order of columns: two columns may have the same title.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Table", 6)?;
        fields.serialize_field("title", &self.title)?;
        fields.serialize_field("columns", &self.columns)?;
        fields.serialize_field("rows", &Rows(&self.rows))?;
        fields.serialize_field("footer", &Rows(&self.footer))?;
        fields.serialize_field("inputs", &self.inputs)?;
        fields.serialize_field("notes", &self.notes)?;
        fields.end()
    }
}

struct Rows<'a>(&'a [Vec<Cell>]);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.len()))?;
        for row in self.0 {
            rows.serialize_element(row)?;
        }
        rows.end()
    }
}
