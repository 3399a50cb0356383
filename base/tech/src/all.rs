//! The whole table.

use crate::{Figure, adc, cpu, crossbar, dram, gpu, link, logic, node, sram};

/// All figures, by kind of component.
pub fn all() -> impl Iterator<Item = &'static Figure> {
    [
        sram::FIGURES,
        logic::FIGURES,
        adc::FIGURES,
        crossbar::FIGURES,
        dram::FIGURES,
        link::FIGURES,
        cpu::FIGURES,
        gpu::FIGURES,
        node::FIGURES,
    ]
    .into_iter()
    .flatten()
}
