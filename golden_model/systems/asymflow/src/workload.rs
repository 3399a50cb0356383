//! Tables and how often a query looks them up: named workloads, a TOML file, or a trace.

use std::path::Path;

use contract::SplitMix64;
use contract::input::{TEXT_LIMIT, Wanted, read_text};
use serde::{Deserialize, Serialize};
use traces::Trace;
use traces::models::{AVAZU, KAGGLE, TAOBAO};

use crate::machine::toml_error;
use crate::params::{ELEMENT_BYTES, ROW_AT_LEAST, meta};

/// Criteo Terabyte with the 40 M cap of MLPerf: 187.8 M rows (several public repositories).
pub const TERABYTE_40M: [u32; 26] = [
    39_884_406, 39_043, 17_289, 7420, 20_263, 3, 7120, 1543, 63, 38_532_951, 2_953_546, 403_346,
    10, 2208, 11_938, 155, 4, 976, 14, 39_979_771, 25_641_295, 39_664_984, 585_935, 12_972, 108,
    36,
];

/// Names of the workloads.
const NAMES: &str = "kaggle, avazu, terabyte, taobao, meta788, meta856";
/// Most look-ups per query and table.
const MOST_LOOKUPS: f64 = 65_536.0;
/// Most elements of a row.
const MOST_DIM: u32 = 4096;

/// One embedding table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Table {
    pub rows: u32,
    /// Elements of a row.
    pub dim: u32,
    /// Look-ups per query, on average.
    pub lookups: f64,
    /// Bytes of an element.
    pub bytes: u32,
}

impl Table {
    /// A table of 2-byte elements.
    pub fn new(rows: u32, dim: u32, lookups: f64) -> Self {
        Self {
            rows,
            dim,
            lookups,
            bytes: ELEMENT_BYTES,
        }
    }

    /// Bytes of a row as it is stored.
    pub fn row_bytes(&self) -> u32 {
        (self.dim * self.bytes).max(ROW_AT_LEAST)
    }

    /// Bytes of the table.
    pub fn table_bytes(&self) -> f64 {
        f64::from(self.rows) * f64::from(self.row_bytes())
    }

    /// Whether a query sums several rows.
    pub fn pooled(&self) -> bool {
        self.lookups > 1.0
    }
}

/// Tables.
#[derive(Clone, Debug, Serialize)]
pub struct Workload {
    pub name: String,
    pub tables: Vec<Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rows: i64,
    dim: i64,
    #[serde(default = "one")]
    lookups: f64,
    #[serde(default = "two")]
    bytes: i64,
}

fn one() -> f64 {
    1.0
}

fn two() -> i64 {
    ELEMENT_BYTES.into()
}

impl Workload {
    /// A named workload, a `.toml` file of tables or a trace, whose tables get rows of 16 elements.
    ///
    /// # Errors
    /// One line: file, line, key and what would do.
    pub fn load(name: &str) -> Result<Self, String> {
        if let Some(tables) = named(name) {
            return Ok(Self {
                name: name.to_owned(),
                tables,
            });
        }
        if !name.contains(['.', '/']) {
            return Err(format!(
                "--workload: {name} is none of {NAMES}; use one of these, a .toml file or a trace"
            ));
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|ext| ext == "toml") {
            let wanted = Wanted {
                what: "a file of tables",
                save: "see docs/guide/asymflow.md",
            };
            let text = read_text(path, wanted, TEXT_LIMIT).map_err(|error| error.to_string())?;
            return Self::parse(name, &text);
        }
        let trace = Trace::open(path).map_err(|error| error.to_string())?;
        let sizes = trace.joint_ids().sizes();
        let mut counts = vec![0_u64; sizes.len()];
        let mut source = trace.source().map_err(|error| error.to_string())?;
        let mut query = traces::Query::new();
        while source.read(&mut query).map_err(|error| error.to_string())? {
            for (count, bag) in counts.iter_mut().zip(query.iter()) {
                *count += bag.len() as u64;
            }
        }
        let stem = path.file_stem().unwrap_or(path.as_os_str());
        let tables = sizes.iter().zip(&counts).filter(|&(_, &count)| count > 0);
        let tables: Vec<Table> = tables
            .map(|(&rows, &count)| {
                Table::new(rows as u32, 16, count as f64 / trace.queries() as f64)
            })
            .collect();
        if tables.len() != sizes.len() {
            return Err(format!(
                "{name}: a table has no look-ups; leave it out of the trace"
            ));
        }
        Ok(Self {
            name: stem.to_string_lossy().into_owned(),
            tables,
        })
    }

    /// Tables from the text of a TOML file.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| toml_error(name, text, &error))?;
        let mut tables = Vec::new();
        for entry in &file.table {
            let at = entry.span().start;
            let entry = entry.get_ref();
            let fault = |key: &str, value: String, good: &str| {
                let rest = &text[at.min(text.len())..];
                let inside = rest
                    .lines()
                    .position(|line| line.trim_start().starts_with(key));
                let line = text[..at].matches('\n').count() + inside.unwrap_or(0) + 1;
                Err(format!("{name}: line {line}: {key} is {value}, use {good}"))
            };
            if !(1..1 << 31).contains(&entry.rows) {
                return fault("rows", entry.rows.to_string(), "1 to 2147483647");
            }
            if entry.dim < 8 || entry.dim % 8 != 0 || entry.dim > MOST_DIM.into() {
                return fault(
                    "dim",
                    entry.dim.to_string(),
                    "a multiple of 8 from 8 to 4096",
                );
            }
            if !(entry.lookups > 0.0 && entry.lookups <= MOST_LOOKUPS) {
                return fault(
                    "lookups",
                    entry.lookups.to_string(),
                    "a number above 0, at most 65536",
                );
            }
            if ![1, 2, 4].contains(&entry.bytes) {
                return fault("bytes", entry.bytes.to_string(), "1, 2 or 4");
            }
            tables.push(Table {
                rows: entry.rows as u32,
                dim: entry.dim as u32,
                lookups: entry.lookups,
                bytes: entry.bytes as u32,
            });
        }
        if tables.is_empty() {
            return Err(format!(
                "{name}: line 1: table: none, name at least one [[table]]"
            ));
        }
        let stem = Path::new(name).file_stem().unwrap_or(name.as_ref());
        Ok(Self {
            name: stem.to_string_lossy().into_owned(),
            tables,
        })
    }
}

fn named(name: &str) -> Option<Vec<Table>> {
    let one_hot = |rows: &[u32], dim| rows.iter().map(|&n| Table::new(n, dim, 1.0)).collect();
    Some(match name {
        "kaggle" => one_hot(&KAGGLE, 16),
        "avazu" => one_hot(&AVAZU, 16),
        "terabyte" => one_hot(&TERABYTE_40M, 64),
        "taobao" => TAOBAO
            .iter()
            .zip([1.0, 20.0, 20.0])
            .map(|(&rows, lookups)| Table::new(rows, 16, lookups))
            .collect(),
        "meta788" => drawn(788, 13.6, 1),
        "meta856" => drawn(856, 8.3, 2),
        _ => return None,
    })
}

/// Tables drawn by the law in [`meta`]: Meta publishes no table sizes.
pub fn drawn(tables: usize, mean_lookups: f64, seed: u64) -> Vec<Table> {
    let mut rng = SplitMix64::new(seed);
    let mut open = move || 1.0 - rng.unit();
    (0..tables)
        .map(|_| {
            let (radius, angle) = ((-2.0 * open().ln()).sqrt(), std::f64::consts::TAU * open());
            let rows = meta::MEDIAN * (meta::SIGMA * radius * angle.cos()).exp();
            let lookups = (-open().ln() * mean_lookups).round().max(1.0);
            Table::new(
                rows.clamp(meta::LEAST, meta::MOST) as u32,
                meta::DIM,
                lookups,
            )
        })
        .collect()
}
