//! Sizes derived from a configuration, in the symbols of the specification's section 1.

use blocks::tt_core::{Element, TtCoreConfig};

/// Sizes of one stage; its symbols there have the index k.
#[derive(Clone, Debug)]
pub(super) struct StageShape {
    /// Length of the products' sums (r).
    pub rank: usize,
    /// Rows of what it makes (Q).
    pub rows: usize,
    /// Columns of what it makes (W).
    pub columns: usize,
    /// Groups of rows (G), a power of two.
    pub groups: u32,
    /// Steps of an op (n), a power of two.
    pub steps: u32,
    /// Cycles from a step to its words being written (D).
    pub delay: u32,
}

/// Lines of one TT core.
#[derive(Clone, Copy, Debug)]
pub(super) struct CoreShape {
    /// Range of its digit (p).
    pub slices: u32,
    /// Lines of a slice.
    pub lines: u32,
    /// Words of a line.
    pub words: usize,
}

/// Derived sizes of one block.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub element: Element,
    /// Resident tables (T).
    pub tables: u32,
    /// Rows that a table can have.
    pub row_space: u64,
    pub cores: Vec<CoreShape>,
    pub stages: Vec<StageShape>,
    /// Entries of each boundary (E).
    pub entries: usize,
    /// Rows that wait for the last stage (F).
    pub row_queue: usize,
    /// Ranks of registers that find the digits, less one (X).
    pub digit_ranks: usize,
    pub pooling: bool,
    pub bags: u32,
    /// Beats of the result buffer (O).
    pub out_beats: u32,
    /// Beats of a row (N).
    pub beats: u32,
    /// Elements of a beat.
    pub beat_elements: usize,
    /// Elements of a row (J).
    pub elements: usize,
    /// Cycles from a step of the last stage to its sums having been pooled: U, with pooling U + H.
    pub row_delay: u32,
    /// Least cycles from row to row in the last stage (P).
    pub row_cycles: u32,
    pub counter_mask: u32,
}

impl Shape {
    pub fn new(config: &TtCoreConfig) -> Self {
        let element = config.element;
        let stages: Vec<_> = (0..config.ranks.len())
            .map(|at| stage(config, at))
            .collect();
        let cores = (0..config.p.len()).map(|at| CoreShape {
            slices: config.p[at],
            lines: match at {
                0 => config.q[0],
                _ => stages[at - 1].columns as u32,
            },
            words: config.ranks[at.saturating_sub(1)] as usize,
        });
        let bits = |p: &u32| u32::BITS - (p - 1).leading_zeros();
        let (_, digits) = config.p.split_last().unwrap_or((&2, &[]));
        // H: with pooling, from the sums to the pooled sums.
        let pool = if config.pooling {
            (2 + config.add_stages) | 1
        } else {
            0
        };
        let (beats, last) = (config.beats(), &stages[stages.len() - 1]);
        Self {
            element,
            tables: config.tables,
            row_space: config.row_space(),
            cores: cores.collect(),
            entries: config.prefix_entries as usize,
            row_queue: config.row_queue as usize,
            digit_ranks: digits.iter().map(bits).sum::<u32>() as usize,
            pooling: config.pooling,
            bags: config.bags,
            out_beats: config.out_beats,
            beats,
            beat_elements: config.beat_elements() as usize,
            elements: config.columns() as usize,
            row_delay: last.delay + pool,
            row_cycles: if config.pooling {
                beats.max(pool + 1)
            } else {
                beats
            },
            counter_mask: u32::MAX >> (32 - config.counter_bits),
            stages,
        }
    }
}

fn stage(config: &TtCoreConfig, at: usize) -> StageShape {
    let rank = config.ranks[at];
    let rows: u32 = config.q[..=at].iter().product();
    let columns = config.q[at + 1] * config.ranks.get(at + 1).unwrap_or(&1);
    let lanes = config.macs[at] / rank;
    let chunk = lanes.min(columns);
    let groups = rows / (lanes / chunk);
    // V: only what goes to another stage is converted.
    let convert = match config.element {
        _ if at + 1 == config.ranks.len() => 0,
        Element::Fp32 => 0,
        Element::Bf16 => 1,
        Element::Int8 => 2,
    };
    StageShape {
        rank: rank as usize,
        rows: rows as usize,
        columns: columns as usize,
        groups,
        steps: columns / chunk * groups,
        delay: 2 + config.mul_stages + config.add_stages * rank.ilog2() + convert,
    }
}
