//! The parameters of the generator.

use serde::{Deserialize, Serialize};

use super::power::EXPONENT_BITS;
use crate::TooManyRows;

/// Parameters of a [`Zipf`](super::Zipf) stream. The default is a small one-hot click log: 26
/// tables of mixed size whose batches of 2048 share about as much as those of a real one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZipfConfig {
    /// Rows of each table, 1 to 2^28. Row 0 is the most popular.
    pub tables: Vec<u32>,
    /// Zipf exponent s, 0 to 8 in steps of 2^-16: row k is drawn with weight (k + 1)^-s. Zero is
    /// uniform; click logs have about 1.
    pub exponent: f64,
    /// The exponent of each table, in place of `exponent`; empty if all have that. Templates are
    /// always chosen by `exponent`.
    pub exponents: Vec<f64>,
    /// Fewest look-ups of a query in one table; 0 allows empty bags.
    pub bag_min: u32,
    /// Most look-ups of a query in one table, 1 to 2^16; the length is uniform between the two.
    /// One-hot is 1 and 1.
    pub bag_max: u32,
    /// Fewest and most look-ups of a query in each table (most may be 0), in place of `bag_min` and
    /// `bag_max`; empty if all have those.
    pub bags: Vec<[u32; 2]>,
    /// Whether a row may be drawn twice into one bag. If not, a table must have as many rows as
    /// its longest bag.
    pub repeats: bool,
    /// Probability, 0 to 1, that a query copies a template, so that the template's rows co-occur.
    pub co_occurrence: f64,
    /// Templates, 1 to 2^24: queries drawn once from the popularity of rows. The same Zipf exponent
    /// governs which template a query copies.
    pub templates: u32,
    /// Probability, 0 to 1, that a look-up of a template belongs to what is copied. Decided once
    /// for each template; a copying query draws its other look-ups itself.
    pub copied: f64,
    /// How far popularity moves on in `drift_queries` queries, as a fraction (0 to 1) of a table's
    /// rows: the most popular rows retire to the lowest rank one after the other, and all others
    /// move up. Zero: popularity stays. Templates drift along.
    pub drift: f64,
    /// Queries in which `drift` takes place, at least 1.
    pub drift_queries: u64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for ZipfConfig {
    fn default() -> Self {
        let sizes = [60_000, 40_000, 15_000, 600, 200, 100, 20, 4];
        Self {
            tables: sizes.into_iter().cycle().take(26).collect(),
            exponent: 0.9,
            exponents: Vec::new(),
            bag_min: 1,
            bag_max: 1,
            bags: Vec::new(),
            repeats: false,
            co_occurrence: 0.7,
            templates: 1024,
            copied: 0.8,
            drift: 0.0,
            drift_queries: 1_000_000,
            seed: 1,
        }
    }
}

/// A parameter that cannot be: names the field, its value and what would do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ZipfError {
    /// A value out of range.
    #[error("`{field}` of the generator is {value}, but must be {allowed}")]
    Range {
        /// The field of [`ZipfConfig`].
        field: &'static str,
        /// Its value.
        value: String,
        /// What would do.
        allowed: String,
    },
    /// Joint ids overflow.
    #[error(transparent)]
    TooManyRows(#[from] TooManyRows),
}

/// Most rows of a table.
pub const MAX_TABLE: u32 = 1 << 28;
const MAX_TEMPLATES: u32 = 1 << 24;
const MAX_BAG: u32 = 1 << 16;
const MAX_EXPONENT: f64 = 8.0;

impl ZipfConfig {
    /// The exponent of a table.
    pub fn exponent_of(&self, table: usize) -> f64 {
        self.exponents.get(table).copied().unwrap_or(self.exponent)
    }

    /// Fewest and most look-ups of a query in a table.
    pub fn bag_of(&self, table: usize) -> [u32; 2] {
        let all = [self.bag_min, self.bag_max];
        self.bags.get(table).copied().unwrap_or(all)
    }

    /// Look-ups of a query over all tables, on average.
    pub fn mean_lookups(&self) -> f64 {
        (0..self.tables.len())
            .map(|table| self.bag_of(table).map(f64::from).iter().sum::<f64>() / 2.0)
            .sum()
    }

    pub(super) fn validate(&self) -> Result<(), ZipfError> {
        must(
            !self.tables.is_empty(),
            "tables",
            "empty",
            "at least one table",
        )?;
        exponent("exponent", self.exponent)?;
        for &value in &self.exponents {
            exponent("exponents", value)?;
        }
        let [fewest, most] = [self.bag_min, self.bag_max];
        let allowed = format!("1 to {MAX_BAG}");
        must(
            (1..=MAX_BAG).contains(&most),
            "bag_max",
            &most.to_string(),
            &allowed,
        )?;
        let allowed = format!("0 to {most} (bag_max)");
        must(fewest <= most, "bag_min", &fewest.to_string(), &allowed)?;
        for &[fewest, most] in &self.bags {
            let value = format!("{fewest} to {most}");
            let allowed = format!("fewest and most look-ups, 0 to {MAX_BAG} and ascending");
            must(fewest <= most && most <= MAX_BAG, "bags", &value, &allowed)?;
        }
        let tables = self.tables.len();
        for (field, given) in [
            ("exponents", self.exponents.len()),
            ("bags", self.bags.len()),
        ] {
            let value = format!("for {given} tables");
            let allowed = format!("for all {tables} tables, or empty");
            must(given == 0 || given == tables, field, &value, &allowed)?;
        }
        for (table, &rows) in self.tables.iter().enumerate() {
            let fewest = if self.repeats {
                1
            } else {
                self.bag_of(table)[1].max(1)
            };
            must(
                (fewest..=MAX_TABLE).contains(&rows),
                "tables",
                &format!("{rows} rows"),
                &format!("{fewest} to {MAX_TABLE} rows each"),
            )?;
        }
        for (field, value) in [
            ("co_occurrence", self.co_occurrence),
            ("copied", self.copied),
            ("drift", self.drift),
        ] {
            let good = (0.0..=1.0).contains(&value);
            must(good, field, &value.to_string(), "0 to 1")?;
        }
        must(
            (1..=MAX_TEMPLATES).contains(&self.templates),
            "templates",
            &self.templates.to_string(),
            &format!("1 to {MAX_TEMPLATES}"),
        )?;
        must(self.drift_queries > 0, "drift_queries", "0", "at least 1")
    }
}

/// An exponent as multiple of 2^-16.
pub(super) fn scaled(exponent: f64) -> u32 {
    (exponent * f64::from(1 << EXPONENT_BITS)) as u32
}

fn must(good: bool, field: &'static str, value: &str, allowed: &str) -> Result<(), ZipfError> {
    if good {
        return Ok(());
    }
    Err(ZipfError::Range {
        field,
        value: value.to_owned(),
        allowed: allowed.to_owned(),
    })
}

fn exponent(field: &'static str, value: f64) -> Result<(), ZipfError> {
    let good = (0.0..=MAX_EXPONENT).contains(&value);
    must(
        good,
        field,
        &value.to_string(),
        &format!("0 to {MAX_EXPONENT}"),
    )
}
