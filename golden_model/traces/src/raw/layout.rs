//! The columns of the two logs, and the rows that a line names.

use super::RawFault;
use super::columns::{
    CRITEO_COLUMNS, CRITEO_DENSE, CRITEO_TABLES, criteo_header, criteo_name, integer, label,
};
use super::rows::{Numbers, Texts};
use crate::Query;
use crate::lk::quote;

/// A log's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawFormat {
    /// Tab-separated, 40 columns, with or without a header.
    Criteo,
    /// Comma-separated with a header.
    Avazu,
}

impl RawFormat {
    /// What such a file is.
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Criteo => {
                "a line of a Criteo log is a label, 13 integer and 26 categorical features, \
                 separated by tabs"
            }
            Self::Avazu => {
                "an Avazu log is a header, id,click,hour,C1,banner_pos,..., and one line a query"
            }
        }
    }
}

/// Columns of an Avazu log that name no row.
const NO_ROWS: [&str; 2] = ["id", CLICK];
/// The label.
const CLICK: &str = "click";

/// The rows of all tables so far.
#[derive(Debug)]
pub(super) enum Layout {
    Criteo(Vec<Numbers>),
    Avazu {
        /// Names of all columns; those of tables have their rows.
        columns: Vec<(String, Option<Texts>)>,
        /// The line that named them.
        header: Vec<u8>,
    },
}

/// The two ways for a good line to end.
pub(super) enum Parsed {
    Query,
    /// A table has 2^32 rows.
    Full,
}

impl Layout {
    pub(super) fn criteo() -> Self {
        Self::Criteo(vec![Numbers::default(); CRITEO_TABLES])
    }

    /// Whether the first line of a Criteo log is a header, of these columns in this order.
    ///
    /// # Errors
    /// The first column that is another, from 1, and its name.
    pub(super) fn criteo_header(line: &[u8]) -> Result<bool, (usize, String)> {
        criteo_header(line, CRITEO_COLUMNS)
    }

    /// From the header. None if it is none.
    pub(super) fn avazu(line: &[u8]) -> Option<Self> {
        let header = std::str::from_utf8(line).ok()?;
        let header = header.strip_prefix('\u{feff}').unwrap_or(header);
        let columns: Vec<_> = header
            .split(',')
            .map(|name| {
                let known = NO_ROWS.iter().find(|no| no.eq_ignore_ascii_case(name));
                let table = known.is_none().then(Texts::default);
                (known.map_or(name, |known| known).to_owned(), table)
            })
            .collect();
        let good = columns[0].0 == "id" && columns.iter().any(|(_, table)| table.is_some());
        let header = line.to_owned();
        good.then_some(Self::Avazu { columns, header })
    }

    /// Reads a line without its end. Bad lines number no rows.
    pub(super) fn parse(&mut self, line: &[u8], query: &mut Query) -> Result<Parsed, RawFault> {
        query.clear();
        if std::str::from_utf8(line).is_err() {
            return Err(self.not_text(line));
        }
        let full = match self {
            Self::Criteo(tables) => {
                let values = criteo(line)?;
                tables.iter_mut().zip(values).any(|(table, value)| {
                    let row = table.row(value);
                    row.inspect(|&row| one_hot(query, row)).is_none()
                })
            }
            Self::Avazu { columns, header } => {
                // Of files put one behind the other.
                if line == header {
                    return Err(RawFault::Header { text: quote(line) });
                }
                let found = line.split(|&byte| byte == b',').count();
                if found != columns.len() {
                    return Err(wrong_columns(line, found, columns.len(), b','));
                }
                let fields = || line.split(|&byte| byte == b',');
                for (at, ((name, _), field)) in columns.iter().zip(fields()).enumerate() {
                    if name == CLICK {
                        label(at, name, field)?;
                    }
                }
                columns.iter_mut().zip(fields()).any(|((_, table), text)| {
                    table.as_mut().is_some_and(|table| {
                        let row = table.row(text);
                        row.inspect(|&row| one_hot(query, row)).is_none()
                    })
                })
            }
        };
        Ok(if full { Parsed::Full } else { Parsed::Query })
    }

    /// Names the first column that is not text.
    fn not_text(&self, line: &[u8]) -> RawFault {
        let separator = match self {
            Self::Criteo(_) => b'\t',
            Self::Avazu { .. } => b',',
        };
        let mut fields = line.split(|&byte| byte == separator).enumerate();
        let bad = fields.find(|(_, field)| std::str::from_utf8(field).is_err());
        let (at, text) = bad.unwrap_or((0, line));
        let field = match self {
            Self::Criteo(_) => criteo_name(at),
            Self::Avazu { columns, .. } => columns
                .get(at)
                .map_or_else(|| "beyond the header".to_owned(), |(name, _)| name.clone()),
        };
        RawFault::NotText {
            column: at + 1,
            field,
            text: quote(text),
        }
    }
}

fn one_hot(query: &mut Query, row: u32) {
    query.push_id(row);
    query.end_table();
}

/// The categorical features of a Criteo line.
fn criteo(line: &[u8]) -> Result<[u32; CRITEO_TABLES], RawFault> {
    let mut values = [0; CRITEO_TABLES];
    let mut bad = None;
    let mut found = 0;
    for (at, field) in line.split(|&byte| byte == b'\t').enumerate() {
        found += 1;
        let fault = match at {
            0 => label(at, "label", field).err(),
            1..CRITEO_DENSE => integer(at, field).err(),
            CRITEO_DENSE..CRITEO_COLUMNS => match hexadecimal(field) {
                Some(number) => {
                    values[at - CRITEO_DENSE] = number;
                    None
                }
                None => Some(RawFault::NotHex {
                    column: at + 1,
                    field: criteo_name(at),
                    text: quote(field),
                }),
            },
            _ => None,
        };
        bad = bad.or(fault);
    }
    match bad {
        // A wrong number of columns is the cause of the field in the wrong place.
        _ if found != CRITEO_COLUMNS => Err(wrong_columns(line, found, CRITEO_COLUMNS, b'\t')),
        Some(fault) => Err(fault),
        None => Ok(values),
    }
}

/// Up to 8 digits in either case; none are 0.
fn hexadecimal(field: &[u8]) -> Option<u32> {
    if field.len() > 8 {
        return None;
    }
    field.iter().try_fold(0, |value, &byte| {
        let digit = char::from(byte).to_digit(16)?;
        Some(value << 4 | digit)
    })
}

fn wrong_columns(line: &[u8], found: usize, columns: usize, separator: u8) -> RawFault {
    let (separator, names) = match separator {
        b'\t' => (
            "tabs",
            "label, 13 integer features, 26 categorical features",
        ),
        _ => ("commas", "as its header says"),
    };
    RawFault::Columns {
        text: quote(line),
        found,
        columns,
        separator,
        names,
    }
}
