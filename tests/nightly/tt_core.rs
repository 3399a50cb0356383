//! Random tensor-train cores.

use blocks::tt_core::{Element, TtCoreConfig};
use proptest::prelude::*;

use crate::power;

prop_compose! {
    /// Cores of two to four TT cores, of all kinds, small enough to be loaded often; a few have too few
    /// words for two steps.
    pub fn configs()(
        cores in 2..=4_usize,
        digits in prop::array::uniform4(prop_oneof![4 => 2..=5_u32, 1 => 2..=24_u32]),
        factors in prop::array::uniform4(prop_oneof![4 => power(0, 2), 1 => power(0, 3)]),
        ranks in prop::array::uniform3(prop_oneof![4 => power(1, 2), 1 => power(1, 3)]),
        lanes in prop::array::uniform3(0..=12_u32),
        element in prop::sample::select(vec![
            Element::Int8, Element::Int8, Element::Bf16, Element::Fp32,
        ]),
        (tables, prefix_entries, row_queue) in (power(0, 3), power(1, 4), power(1, 6)),
        (pooling, bags) in (prop_oneof![3 => Just(true), 1 => Just(false)], power(1, 6)),
        more_beats in 0..=2_u32,
        (mul_stages, add_stages) in (0..=3_u32, prop::sample::select(vec![2_u32, 4, 6])),
        counter_bits in 8..=32_u32,
    ) -> TtCoreConfig {
        let (p, q) = (digits[..cores].to_vec(), factors[..cores].to_vec());
        let ranks = ranks[..cores - 1].to_vec();
        let macs = (0..cores - 1).map(|stage| ranks[stage] * stage_lanes(&q, &ranks, stage, lanes[stage]));
        let float = element.is_float();
        let most = if element == Element::Bf16 { 1 } else { 3 };
        let mut config = TtCoreConfig {
            element,
            macs: macs.collect(),
            p,
            q,
            ranks,
            tables,
            prefix_entries,
            row_queue,
            pooling,
            bags,
            out_beats: 4,
            mul_stages: if float { 2 + mul_stages.min(most) } else { 1 },
            add_stages: if float { add_stages } else { 1 },
            counter_bits,
        };
        if config.beat_elements() != 0 {
            config.out_beats = (2 * config.beats()).max(4) << more_beats;
        }
        config
    }
}

/// One of the numbers of lanes that a stage may have, or one that it may not if there is none.
fn stage_lanes(q: &[u32], ranks: &[u32], stage: usize, choice: u32) -> u32 {
    let rows: u32 = q[..=stage].iter().product();
    let last = stage + 1 == ranks.len();
    let columns = q[stage + 1] * ranks.get(stage + 1).unwrap_or(&1);
    let least = if last { q[stage + 1] } else { 1 };
    let most = match stage {
        0 => rows * columns / 2,
        _ => rows / 2 * columns,
    };
    // At most as many multipliers as leave the design small.
    let most = most.min((48 / ranks[stage]).max(least));
    let sizes = (most.max(1) / least).max(1).ilog2() + 1;
    least << (choice % sizes)
}
