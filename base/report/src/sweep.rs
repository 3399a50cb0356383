//! Sweeps over one parameter or two.

use serde::Serialize;

use super::plot::{Axis, Xy};
use super::{Cell, Column, Table, Unit};

/// A parameter and the values that it takes.
#[derive(Clone, Debug, Serialize)]
pub struct Parameter {
    name: String,
    #[serde(skip)]
    unit: Unit,
    values: Vec<Cell>,
}

impl Parameter {
    pub fn new<V: Into<Cell>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self {
            name: name.into(),
            unit: Unit::plain(0),
            values: values.into_iter().map(Into::into).collect(),
        }
    }

    /// How its values are shown. The name says the unit.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> Self {
        self.unit = Unit::plain(decimals);
        self
    }

    fn shown(&self) -> impl Iterator<Item = String> + '_ {
        let show = |value: &Cell| value.show(self.unit).unwrap_or_default();
        self.values.iter().map(show)
    }
}

/// A sweep over one parameter: a result per value.
#[derive(Clone, Debug, Serialize)]
pub struct Sweep<T> {
    parameter: Parameter,
    results: Vec<T>,
}

impl<T> Sweep<T> {
    /// Runs every value.
    pub fn run<V: Into<Cell> + Copy>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
        mut result: impl FnMut(V) -> T,
    ) -> Self {
        let values: Vec<V> = values.into_iter().collect();
        Self {
            results: values.iter().map(|&value| result(value)).collect(),
            parameter: Parameter::new(name, values),
        }
    }

    /// A row per value: the value, then what `cells` shows of its result in `columns`.
    pub fn table<R: IntoIterator<Item = Cell>>(
        &self,
        columns: impl IntoIterator<Item = Column>,
        cells: impl Fn(&T) -> R,
    ) -> Table {
        let first = Column::left(self.parameter.name.as_str());
        let mut table = Table::new([first].into_iter().chain(columns));
        for (value, result) in self.parameter.shown().zip(&self.results) {
            table.row([Cell::from(value)].into_iter().chain(cells(result)));
        }
        table
    }
}

/// A sweep over two parameters: a result per pair of values, row after row.
#[derive(Clone, Debug, Serialize)]
pub struct Grid<T> {
    rows: Parameter,
    columns: Parameter,
    results: Vec<T>,
}

impl<T> Grid<T> {
    /// Results row after row; those that are lacking at the end are missing.
    pub fn new(rows: Parameter, columns: Parameter, results: Vec<T>) -> Self {
        Self {
            rows,
            columns,
            results,
        }
    }

    fn result(&self, row: usize, column: usize) -> Option<&T> {
        self.results.get(row * self.columns.values.len() + column)
    }

    /// A row per value of the first parameter, a column per value of the second one with `unit` behind it
    /// (`64 bits`).
    pub fn table(&self, unit: &str, cell: impl Fn(&T) -> Cell) -> Table {
        let column = |value: String| Column::right(format!("{value} {unit}").trim_end());
        let first = Column::right(self.rows.name.as_str());
        let columns = [first].into_iter().chain(self.columns.shown().map(column));
        let mut table = Table::new(columns);
        for (row, value) in self.rows.shown().enumerate() {
            let cells = (0..self.columns.values.len())
                .map(|column| self.result(row, column).map_or(Cell::MISSING, &cell));
            table.row([Cell::from(value)].into_iter().chain(cells));
        }
        table
    }

    /// A number of the results against the second parameter, its values at equal distances: a line per value of
    /// the first one, named with `unit` behind it (`1.2 GHz`).
    pub fn plot(&self, unit: &str, y: Axis, number: impl Fn(&T) -> f64) -> Xy {
        let x = Axis::new(self.columns.name.as_str()).steps(self.columns.shown());
        let mut plot = Xy::new(x, y);
        for (row, value) in self.rows.shown().enumerate() {
            let points = (0..self.columns.values.len()).filter_map(|column| {
                let result = self.result(row, column)?;
                Some((column as f64, number(result)))
            });
            plot = plot.line(format!("{value} {unit}").trim_end(), points);
        }
        plot
    }
}
