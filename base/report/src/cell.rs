//! A cell of a table.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Unit;

/// A cell: text, a count, a number (in the unit of its column or its own), or a missing value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell(Content);

#[derive(Clone, Debug, Default, PartialEq)]
enum Content {
    #[default]
    Missing,
    Text(String),
    Count(u64),
    Number(f64, Option<Unit>),
}

impl Cell {
    /// Without a value.
    pub const MISSING: Self = Self(Content::Missing);

    /// A number without a unit of its own gets this one, unless the column has it.
    pub(crate) fn in_unit(self, unit: Unit, column: Option<Unit>) -> Self {
        match self.0 {
            Content::Number(number, None) if column != Some(unit) => (number, unit).into(),
            other => Self(other),
        }
    }

    /// As shown in a column of this unit; none if the value is missing.
    pub(crate) fn show(&self, unit: Unit) -> Option<String> {
        match &self.0 {
            Content::Missing => None,
            Content::Text(text) => Some(text.clone()),
            Content::Count(count) => Some(count.to_string()),
            Content::Number(number, own) => Some(own.unwrap_or(unit).show(*number)),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(Content::Text(text.to_owned()))
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(Content::Text(text))
    }
}

impl From<u32> for Cell {
    fn from(count: u32) -> Self {
        u64::from(count).into()
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Self {
        Self(Content::Count(count))
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Self {
        (count as u64).into()
    }
}

impl From<f32> for Cell {
    fn from(number: f32) -> Self {
        f64::from(number).into()
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self(Content::Number(number, None))
    }
}

/// A number in a unit of its own, whatever its column has.
impl From<(f64, Unit)> for Cell {
    fn from((number, unit): (f64, Unit)) -> Self {
        Self(Content::Number(number, Some(unit)))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::MISSING, Into::into)
    }
}

/// The bare value at full precision; with a unit of its own `{"value": .., "unit": ..}`.
impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Content::Missing => serializer.serialize_none(),
            Content::Text(text) => serializer.serialize_str(text),
            Content::Count(count) => serializer.serialize_u64(*count),
            Content::Number(number, Some(unit)) if !unit.symbol().is_empty() => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("value", number)?;
                map.serialize_entry("unit", unit.symbol())?;
                map.end()
            }
            Content::Number(number, _) => serializer.serialize_f64(*number),
        }
    }
}
