//! What is trained: batches of queries over tables.

use std::num::NonZeroU32;
use std::path::Path;

use super::baselines::Hot;
use super::baselines::gpu::Dense;
use super::params;
use traces::batch::Bags;
use traces::models;
use traces::models::Model;
use traces::zipf::{Zipf, ZipfError};
use traces::{JointIds, Trace, TraceError};

/// Batches to train on, all of one size.
#[derive(Clone, Debug)]
pub struct Workload {
    pub name: String,
    /// One of REFREE's models.
    pub is_model: bool,
    /// What the queries are.
    pub source: String,
    pub joint: JointIds,
    /// Elements of a row, binary32.
    pub dim: u32,
    pub batches: Vec<Bags>,
    pub hot: Hot,
    pub dense: Dense,
}

impl Workload {
    /// REFREE's model `n`, 1 to 4.
    ///
    /// # Errors
    /// If there is no such model.
    pub fn model(n: u8, batch: u32, batches: u32, seed: u64) -> Result<Self, ZipfError> {
        Self::model_with(n, batch, batches, seed, None)
    }

    /// The same with another Zipf exponent.
    ///
    /// # Errors
    /// If there is no such model, or the exponent is out of range.
    pub fn model_with(
        n: u8,
        batch: u32,
        batches: u32,
        seed: u64,
        exponent: Option<f64>,
    ) -> Result<Self, ZipfError> {
        let Model {
            name,
            log,
            dim,
            mut config,
            ..
        } = models::rm(n)?;
        config.seed = seed;
        config.exponent = exponent.unwrap_or(config.exponent);
        let hot = popular(&config.tables, config.exponent, dim);
        let mut zipf = Zipf::new(config)?;
        let source = format!("generated after {log}, seed {seed}");
        let joint = zipf.joint_ids().clone();
        let batches = (0..batches).map(|_| zipf.batch(batch as usize)).collect();
        let mut workload = Self::new(name.to_owned(), source, joint, dim, batches, hot);
        workload.is_model = true;
        Ok(workload)
    }

    /// The full batches of a file, at most `most`.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn open(path: &Path, dim: u32, batch: NonZeroU32, most: u32) -> Result<Self, TraceError> {
        let trace = Trace::open(path)?;
        let batches = trace.batches(batch)?.take(most as usize);
        let batches: Vec<Bags> = batches.collect::<Result<_, _>>()?;
        let name = path.file_stem().unwrap_or(path.as_os_str());
        let hot = Hot::seen(&batches, u64::from(dim) * 4);
        let joint = trace.joint_ids().clone();
        let source = format!("{} queries of a log", trace.queries());
        let name = name.to_string_lossy().into_owned();
        Ok(Self::new(name, source, joint, dim, batches, hot))
    }

    fn new(
        name: String,
        source: String,
        joint: JointIds,
        dim: u32,
        batches: Vec<Bags>,
        hot: Hot,
    ) -> Self {
        let tables = joint.sizes().len() as u64;
        Self {
            name,
            is_model: false,
            source,
            dense: Dense::dlrm(tables, dim.into()),
            joint,
            dim,
            batches,
            hot,
        }
    }

    /// Bytes of a row.
    pub fn row_bytes(&self) -> u64 {
        u64::from(self.dim) * 4
    }
}

/// The most popular rows of all tables that fit FAE's share of GPU memory: those at least as likely to
/// be looked up as some threshold. Row k of a table is drawn with probability (k + 1)^-s / H.
fn popular(tables: &[u32], exponent: f64, dim: u32) -> Hot {
    let budget = params::FAE_BYTES as f64 / (4.0 * f64::from(dim));
    let sums: Vec<f64> = tables
        .iter()
        .map(|&n| harmonic(n.into(), exponent))
        .collect();
    let rows_at = |threshold: f64| -> Vec<u32> {
        let of = |(&rows, &sum): (&u32, &f64)| {
            let last = (threshold * sum).powf(-1.0 / exponent.max(1e-9));
            last.min(f64::from(rows)) as u32
        };
        tables.iter().zip(&sums).map(of).collect()
    };
    let total = |rows: &[u32]| rows.iter().map(|&rows| f64::from(rows)).sum::<f64>();
    // The logarithm of the threshold, by halves.
    let (mut low, mut high) = (-60.0_f64, 0.0_f64);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        match total(&rows_at(middle.exp())) > budget {
            true => low = middle,
            false => high = middle,
        }
    }
    let mut start = 0;
    let starts = tables.iter().map(|&rows| {
        let first = start;
        start += rows;
        first
    });
    Hot::Popular {
        starts: starts.collect(),
        rows: rows_at(high.exp()),
    }
}

/// The sum of k^-s for k from 1 to n: the first terms, and the integral of the rest.
fn harmonic(n: f64, s: f64) -> f64 {
    let head = n.min(10_000.0);
    let first: f64 = (1..=head as u32).map(|k| f64::from(k).powf(-s)).sum();
    let integral = |x: f64| match (1.0 - s).abs() < 1e-9 {
        true => x.ln(),
        false => x.powf(1.0 - s) / (1.0 - s),
    };
    first + integral(n + 0.5) - integral(head + 0.5)
}
