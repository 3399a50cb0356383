//! The outputs as they stand.

use blocks::adc_switch::Pins;

/// The output frame: a stage writes its words when they change, so that showing them is one copy.
///
/// Less `ctr_o` and what steps change in most cycles, which is put into each copy: a copy of words
/// that were written a moment ago, one by one, has to wait for them.
#[derive(Clone, Debug)]
pub(super) struct Outputs {
    pub words: Vec<u64>,
    pub at: Pins,
}

impl Outputs {
    pub fn new(words: usize, at: &Pins) -> Self {
        Self {
            words: vec![0; words],
            at: at.clone(),
        }
    }
}
