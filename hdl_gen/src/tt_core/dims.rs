//! Numbers that several modules of the tensor-train core share; symbols as in section 1 of
//! `docs/tt_core.md`.

use super::sizes::{Boundary, Core, Modulus, Stage};
use blocks::tt_core::{Element, TtCoreConfig};

/// Sizes derived from a configuration.
pub(super) struct Dims {
    pub float: bool,
    pub elem_w: u32,
    pub tables: u32,
    pub table_port_w: u32,
    pub row_space: u64,
    pub id_w: u32,
    pub bag_w: u32,
    pub bags: u32,
    pub pooling: bool,
    pub load_w: u32,
    /// Bits of a number of rows of a table.
    pub rows_w: u32,
    /// Bits of a line's number in the core that has most.
    pub line_w: u32,
    pub flight_w: u32,
    pub alive_w: u32,
    pub entries: u32,
    pub row_queue: u32,
    pub mul_stages: u32,
    pub add_stages: u32,
    pub counter_bits: u32,
    pub beats: u32,
    pub beat_bits: u32,
    pub out_beats: u32,
    /// Cycles from a step of the last stage to its sums (U), and on to the write (H).
    pub sums_delay: u32,
    pub pool_delay: u32,
    /// Lowest bits of those nibbles of a beat that neither lines nor start beats use.
    pub unused_load: Vec<u32>,
    pub cores: Vec<Core>,
    pub stages: Vec<Stage>,
    pub boundaries: Vec<Boundary>,
}

/// Bits that count to `states` states.
fn bits(states: u64) -> u32 {
    u64::BITS - (states - 1).leading_zeros()
}

impl Dims {
    pub fn new(c: &TtCoreConfig) -> Self {
        let d = c.p.len();
        let elem_w = c.element.bits();
        let rank = |k: usize| if k == d { 1 } else { c.ranks[k - 1] };
        let digit_w = |k: usize| bits(c.p[k - 1].into());
        let entry_w = c.prefix_entries.ilog2();
        let convert = match c.element {
            Element::Fp32 => 0,
            Element::Bf16 => 1,
            Element::Int8 => 2,
        };
        let stages: Vec<Stage> = (1..d)
            .map(|k| {
                let lanes = c.macs[k - 1] / rank(k);
                let width = c.q[k] * rank(k + 1);
                let cols = lanes.min(width);
                let rows = lanes / cols;
                let product_rows: u32 = c.q[..k].iter().product();
                let last = k + 1 == d;
                let sums = 2 + c.mul_stages + c.add_stages * rank(k).ilog2();
                Stage {
                    k: k as u32,
                    last,
                    rank: rank(k),
                    rows,
                    cols,
                    chunk_w: (width / cols).ilog2(),
                    group_w: (product_rows / rows).ilog2(),
                    source_w: if k == 1 { digit_w(1) } else { entry_w },
                    digit_w: digit_w(k + 1),
                    delay: if last { sums } else { sums + convert },
                }
            })
            .collect();
        let cores: Vec<Core> = (1..=d)
            .map(|k| {
                // Core 1 is read row by row in stage 1, core k column by column in stage k - 1.
                let (stage, inner) = (&stages[k.max(2) - 2], c.q[k - 1] * rank(k));
                let (banks, part_w, per_slice, line_words) = match k {
                    1 => (stage.rows, stage.group_w, c.q[0], rank(1)),
                    _ => (stage.cols, stage.chunk_w, inner, rank(k - 1)),
                };
                Core {
                    k: k as u32,
                    digits: c.p[k - 1],
                    digit_w: digit_w(k),
                    lines: u64::from(c.p[k - 1]) * u64::from(per_slice),
                    line_words,
                    line_bits: elem_w * line_words,
                    banks,
                    part_w,
                    words: (c.tables * c.p[k - 1]) << part_w,
                }
            })
            .collect();
        let boundaries = (1..d - 1)
            .map(|k| {
                let (writer, reader) = (&stages[k - 1], &stages[k]);
                let (write, read) = (writer.lanes(), reader.rows * reader.rank);
                let outer = k + 2 == d;
                let readers = if outer { c.row_queue } else { c.prefix_entries };
                Boundary {
                    k: k as u32,
                    outer,
                    digits_w: (1..=k + 1).map(digit_w).sum(),
                    refs_w: bits(u64::from(readers) + 1),
                    banks: write.max(read) / write.min(read),
                    wide_write: write > read,
                    bits: elem_w * write.min(read),
                    unit_w: writer.step_w(),
                    group_w: reader.group_w,
                    write_bits: elem_w * write,
                    read_bits: elem_w * read,
                    words: 1 << writer.step_w().min(reader.group_w),
                }
            })
            .collect();
        let last = &stages[d - 2];
        let sums_delay = last.delay;
        let pool_delay = if c.pooling { (2 + c.add_stages) | 1 } else { 0 };
        let line_bits = cores.iter().map(|core| core.line_bits).max().unwrap_or(0);
        let gaps = (1..d as u32 - 1).map(|k| 28 + 24 * k);
        let ranks: u32 = (1..d).map(digit_w).sum();
        let queued = u64::from(ranks + 1 + c.row_queue);
        let beats = c.beats();
        let flowing = (sums_delay + pool_delay).div_ceil(beats) + 1 + c.out_beats / beats;
        Self {
            float: c.element.is_float(),
            elem_w,
            tables: c.tables,
            table_port_w: c.table_bits(),
            row_space: c.row_space(),
            id_w: c.id_bits(),
            bag_w: c.bag_bits(),
            bags: c.bags,
            pooling: c.pooling,
            load_w: c.load_bits(),
            rows_w: bits(c.row_space() + 1).min(32),
            line_w: cores.iter().map(Core::num_w).max().unwrap_or(0),
            flight_w: bits(queued + 1),
            alive_w: bits(queued + u64::from(flowing) + 1),
            entries: c.prefix_entries,
            row_queue: c.row_queue,
            mul_stages: c.mul_stages,
            add_stages: c.add_stages,
            counter_bits: c.counter_bits,
            beats,
            beat_bits: 32 * c.beat_elements(),
            out_beats: c.out_beats,
            sums_delay,
            pool_delay,
            unused_load: match c.element {
                Element::Int8 => gaps.filter(|low| *low >= line_bits).collect(),
                _ => Vec::new(),
            },
            cores,
            stages,
            boundaries,
        }
    }

    /// There is more than one table, so that it matters which.
    pub fn several(&self) -> bool {
        self.tables > 1
    }

    /// Bits of a table's number where it matters.
    pub fn table_w(&self) -> u32 {
        self.tables.ilog2()
    }

    pub fn has_prefixes(&self) -> bool {
        !self.boundaries.is_empty()
    }

    /// The stages whose products are multiplied again.
    pub fn middle(&self) -> &[Stage] {
        &self.stages[..self.stages.len() - 1]
    }

    pub fn last_stage(&self) -> &Stage {
        &self.stages[self.stages.len() - 1]
    }

    pub fn entry_w(&self) -> u32 {
        self.entries.ilog2()
    }

    pub fn beat_w(&self) -> u32 {
        self.beats.ilog2()
    }

    /// Elements of a beat.
    pub fn lanes(&self) -> u32 {
        self.beat_bits / 32
    }

    /// Bits of the words of the longest line.
    pub fn line_bits(&self) -> u32 {
        let bits = self.cores.iter().map(|core| core.line_bits);
        bits.max().unwrap_or(0)
    }

    /// Lines of some cores have fewer words.
    pub fn mixed_lines(&self) -> bool {
        let longest = self.line_bits();
        self.cores.iter().any(|core| core.line_bits < longest)
    }

    /// Mantissa bits of a word.
    pub fn man_w(&self) -> u32 {
        self.elem_w - 9
    }

    /// No number of rows of 32 bits is too large.
    pub fn counts_any(&self) -> bool {
        self.row_space > u64::from(u32::MAX)
    }

    /// Least cycles from row to row in the last stage (P).
    pub fn least_rows(&self) -> u32 {
        self.beats.max(self.pool_delay + 1)
    }

    pub fn gap_w(&self) -> u32 {
        bits(self.least_rows().into())
    }

    /// Bits of all digits but the last (X).
    pub fn digit_ranks(&self) -> u32 {
        let heads = &self.cores[..self.cores.len() - 1];
        heads.iter().map(|core| core.digit_w).sum()
    }

    pub fn last_digit_w(&self) -> u32 {
        self.cores[self.cores.len() - 1].digit_w
    }

    /// What each bit of the digits takes off an id, the lowest of the last but one digit first.
    pub fn moduli(&self) -> Vec<Modulus> {
        let mut all = Vec::new();
        let mut below = u64::from(self.cores[self.cores.len() - 1].digits);
        for (at, core) in self.cores.iter().enumerate().rev().skip(1) {
            all.extend((0..core.digit_w).map(|bit| Modulus {
                value: below << bit,
                digit: at + 1,
                bit,
            }));
            below *= u64::from(core.digits);
        }
        all
    }

    /// Width of what goes along with a row's digits.
    pub fn side_sum(&self) -> &'static str {
        match (self.several(), self.pooling) {
            (true, true) => "TableW + BagW + 2",
            (true, false) => "TableW + BagW + 1",
            (false, true) => "BagW + 2",
            (false, false) => "BagW + 1",
        }
    }
}
