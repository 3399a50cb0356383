//! A seeded generator of queries: popularity of rows by Zipf's law in each table, and queries that
//! tend to hold the same rows together.
//!
//! Uses only operations that IEEE 754 defines to the last bit, so a seed means the same queries on
//! every host.

use serde::{Deserialize, Serialize};

use super::{JointIds, Query, SplitMix64, TooManyRows};
use crate::batch::Bags;

/// Parameters of a [`Zipf`] stream. The default is a small one-hot click log: 26 tables of mixed
/// size whose batches of 2048 share about as much as those of a real one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ZipfConfig {
    /// Rows of each table, 1 to 2^24. Row 0 is the most popular.
    pub tables: Vec<u32>,
    /// Zipf exponent s, 0 to 8 in steps of 2^-16: row k is drawn with weight (k + 1)^-s. Zero is
    /// uniform; click logs have about 1.
    pub exponent: f64,
    /// Fewest look-ups of a query in one table; 0 allows empty bags.
    pub bag_min: u32,
    /// Most look-ups of a query in one table, 1 to 2^16; the length is uniform between the two.
    /// One-hot is 1 and 1.
    pub bag_max: u32,
    /// Whether a row may be drawn twice into one bag. If not, `bag_max` rows must exist in each
    /// table.
    pub repeats: bool,
    /// Probability, 0 to 1, that a query copies a template, so that the template's rows co-occur.
    pub co_occurrence: f64,
    /// Templates, 1 to 2^24: queries drawn once from the popularity of rows. The same Zipf exponent
    /// governs which template a query copies.
    pub templates: u32,
    /// Probability, 0 to 1, that a look-up of a template belongs to what is copied. Decided once
    /// for each template; a copying query draws its other look-ups itself.
    pub copied: f64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Default for ZipfConfig {
    fn default() -> Self {
        let sizes = [60_000, 40_000, 15_000, 600, 200, 100, 20, 4];
        Self {
            tables: sizes.into_iter().cycle().take(26).collect(),
            exponent: 0.9,
            bag_min: 1,
            bag_max: 1,
            repeats: false,
            co_occurrence: 0.7,
            templates: 1024,
            copied: 0.8,
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

const MAX_TABLE: u32 = 1 << 24;
const MAX_BAG: u32 = 1 << 16;
const MAX_EXPONENT: f64 = 8.0;
const EXPONENT_BITS: u32 = 16;

impl ZipfConfig {
    fn validate(&self) -> Result<(), ZipfError> {
        let must = |good: bool, field, value: String, allowed: String| match good {
            true => Ok(()),
            false => Err(ZipfError::Range {
                field,
                value,
                allowed,
            }),
        };
        let show = |value: u32| value.to_string();
        must(
            !self.tables.is_empty(),
            "tables",
            "empty".into(),
            "at least one table".into(),
        )?;
        let fewest = if self.repeats { 1 } else { self.bag_max.max(1) };
        for &rows in &self.tables {
            let allowed = format!("{fewest} to {MAX_TABLE} rows each");
            must(
                (fewest..=MAX_TABLE).contains(&rows),
                "tables",
                format!("{rows} rows"),
                allowed,
            )?;
        }
        let exponent = (0.0..=MAX_EXPONENT).contains(&self.exponent);
        must(
            exponent,
            "exponent",
            self.exponent.to_string(),
            format!("0 to {MAX_EXPONENT}"),
        )?;
        let longest = (1..=MAX_BAG).contains(&self.bag_max);
        must(
            longest,
            "bag_max",
            show(self.bag_max),
            format!("1 to {MAX_BAG}"),
        )?;
        let shortest = self.bag_min <= self.bag_max;
        must(
            shortest,
            "bag_min",
            show(self.bag_min),
            format!("0 to {} (bag_max)", self.bag_max),
        )?;
        let probabilities = [
            ("co_occurrence", self.co_occurrence),
            ("copied", self.copied),
        ];
        for (field, value) in probabilities {
            must(
                (0.0..=1.0).contains(&value),
                field,
                value.to_string(),
                "0 to 1".into(),
            )?;
        }
        let templates = (1..=MAX_TABLE).contains(&self.templates);
        must(
            templates,
            "templates",
            show(self.templates),
            format!("1 to {MAX_TABLE}"),
        )
    }
}

/// An endless stream of queries.
#[derive(Clone, Debug)]
pub struct Zipf {
    config: ZipfConfig,
    joint: JointIds,
    /// For each table the running sum of the weights of its rows.
    weights: Vec<Vec<f64>>,
    /// What is copied, and the running sum of the weights of the templates.
    templates: Vec<Query>,
    template_weights: Vec<f64>,
    rng: SplitMix64,
}

impl Zipf {
    /// Draws the templates.
    ///
    /// # Errors
    /// If a parameter is out of range.
    pub fn new(config: ZipfConfig) -> Result<Self, ZipfError> {
        config.validate()?;
        let exponent = (config.exponent * f64::from(1 << EXPONENT_BITS)) as u32;
        let weights = config
            .tables
            .iter()
            .map(|&rows| running_weights(rows, exponent))
            .collect();
        let mut zipf = Self {
            joint: JointIds::new(config.tables.iter().copied())?,
            weights,
            templates: Vec::new(),
            template_weights: running_weights(config.templates, exponent),
            rng: SplitMix64::new(config.seed),
            config,
        };
        for _ in 0..zipf.config.templates {
            let whole = zipf.draw(None);
            let copied = whole.iter().map(|bag| -> Vec<u32> {
                let rows = bag.iter().copied();
                rows.filter(|_| zipf.rng.chance(zipf.config.copied))
                    .collect()
            });
            let template = copied.collect();
            zipf.templates.push(template);
        }
        Ok(zipf)
    }

    /// The tables.
    pub fn joint_ids(&self) -> &JointIds {
        &self.joint
    }

    /// The next query.
    pub fn query(&mut self) -> Query {
        let copies = self.rng.chance(self.config.co_occurrence);
        let template = copies.then(|| draw_row(&self.template_weights, &mut self.rng) as usize);
        self.draw(template)
    }

    /// The next `queries` queries, as a batch of joint ids.
    pub fn batch(&mut self, queries: usize) -> Bags {
        let mut bags = Bags::new();
        for _ in 0..queries {
            let query = self.query();
            bags.push(self.joint.join(&query));
        }
        bags
    }

    /// Draws a query: each bag starts with the rows of the template's bag, as far as the bag is
    /// long, and is filled up by popularity.
    fn draw(&mut self, template: Option<usize>) -> Query {
        let Self {
            config,
            weights,
            templates,
            rng,
            ..
        } = self;
        let copied = template.map(|index| templates[index].iter());
        let mut copied = copied.into_iter().flatten();
        let mut query = Query::new();
        let mut bag: Vec<u32> = Vec::new();
        for weights in weights.iter() {
            let spread = u64::from(config.bag_max - config.bag_min) + 1;
            let length = config.bag_min as usize + rng.below(spread) as usize;
            bag.clear();
            bag.extend(copied.next().unwrap_or_default().iter().take(length));
            while bag.len() < length {
                let mut row = draw_row(weights, rng);
                // The next free row instead of another draw: bounded, however skewed the table.
                while !config.repeats && bag.contains(&row) {
                    row = (row + 1) % weights.len() as u32;
                }
                bag.push(row);
            }
            bag.iter().for_each(|&row| query.push_id(row));
            query.end_table();
        }
        query
    }
}

impl Iterator for Zipf {
    type Item = Query;

    fn next(&mut self) -> Option<Query> {
        Some(self.query())
    }
}

fn draw_row(running: &[f64], rng: &mut SplitMix64) -> u32 {
    let total = running.last().copied().unwrap_or_default();
    let point = rng.unit() * total;
    // The product may round up to the total.
    running
        .partition_point(|&sum| sum <= point)
        .min(running.len() - 1) as u32
}

/// Running sums of (k + 1)^-s over the rows, `exponent` being s times 2^16.
fn running_weights(rows: u32, exponent: u32) -> Vec<f64> {
    (1..=rows)
        .scan(0.0, |sum, rank| {
            *sum += 1.0 / power(f64::from(rank), exponent);
            Some(*sum)
        })
        .collect()
}

/// `base` to the power `exponent` / 2^16, from products and square roots: unlike a library's `powf`
/// these round alike on every host.
fn power(base: f64, exponent: u32) -> f64 {
    let mut result = 1.0;
    for _ in 0..exponent >> EXPONENT_BITS {
        result *= base;
    }
    let mut root = base;
    for bit in (0..EXPONENT_BITS).rev() {
        root = root.sqrt();
        if exponent >> bit & 1 == 1 {
            result *= root;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_is_close_to_the_library() {
        for (base, exponent) in [
            (1.0, 0.75),
            (2.0, 0.5),
            (10.0, 1.05),
            (16e6, 8.0),
            (7.0, 0.0),
        ] {
            let scaled = (exponent * 65536.0) as u32;
            let expected = f64::powf(base, f64::from(scaled) / 65536.0);
            assert!(
                (power(base, scaled) / expected - 1.0).abs() < 1e-12,
                "{base}^{exponent}"
            );
        }
    }
}
