//! Random PEs.

use blocks::pe::{Element, Modes, PeConfig, Tracker};
use proptest::prelude::*;

use crate::power;

prop_compose! {
    /// Small PEs of all kinds; a few don't keep the rules between parameters.
    pub fn configs()(
        width in power(5, 7),
        beats in power(0, 3),
        slots in power(2, 6),
        queries in power(3, 6),
        lookups_per_cycle in power(0, 4),
        group_entries in power(1, 3),
        tag_bits in 2..=4_u32,
        op_queue in power(1, 3),
        add_stages in prop::sample::select(vec![2_u32, 4, 6]),
        mul_stages in 2..=5_u32,
        element in prop::sample::select(vec![
            Element::Fp32, Element::Fp32, Element::Bf16, Element::Int8, Element::Int32,
        ]),
        modes in prop::sample::select(vec![Modes::Gnr, Modes::GnrUpdate]),
        id_bits in 4..=40_u32,
        match_ids in prop_oneof![2 => Just(0), 1 => power(4, 7)],
        (input_room, output_room) in (power(0, 2), power(0, 2)),
    ) -> PeConfig {
        let lanes = width / 32;
        let room = beats.max(4);
        PeConfig {
            width,
            element,
            slice_bytes: beats * width / 8,
            slots,
            queries,
            input_buffer_bytes: room * input_room * lanes * element.bits() / 8,
            output_buffer_bytes: room * output_room * width / 8,
            id_bits,
            tracker: if match_ids == 0 { Tracker::Rename } else { Tracker::Match },
            match_ids,
            lookups_per_cycle,
            group_entries,
            tag_bits,
            op_queue,
            add_stages,
            mul_stages,
            modes: if element.is_float() { modes } else { Modes::Gnr },
        }
    }
}
