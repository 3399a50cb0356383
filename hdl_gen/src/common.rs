//! Modules that several blocks use (`rtl_templates/common`).

use askama::Template;

macro_rules! common {
    ($($name:ident, $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        pub(crate) struct $name;
    )*};
}

common! {
    StreamFifo, "common/stream_fifo.sv";
    FpAdd, "common/fp_add.sv";
    FpMul, "common/fp_mul.sv";
    Bf16Mul, "common/bf16_mul.sv";
    IntAdd, "common/int_add.sv";
    LeadingZeros, "common/leading_zeros.sv";
    PipeCut, "common/pipe_cut.sv";
    CarrySaveTree, "common/carry_save_tree.sv";
}

#[derive(Template)]
#[template(path = "common/beat_fifo.sv", escape = "none")]
pub(crate) struct BeatFifo<'a> {
    pub name: &'a str,
    pub beats: u32,
    pub data_w: u32,
    pub side_w: u32,
    pub bank1_has_side: bool,
    pub banks: &'a Banks,
}

/// Two single-ported banks of beats. Slices of an even number of beats may have their side data in
/// bank 0 only, on even beats.
pub(crate) struct Banks {
    pub bank0: String,
    pub bank1: String,
    pub bank1_w: u32,
}
