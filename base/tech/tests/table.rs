//! The table as a whole.

use std::collections::HashSet;

use tech::{Figure, Unit};

#[test]
fn every_figure_has_a_name_of_its_own() {
    let mut seen = HashSet::new();
    for figure in tech::all() {
        assert!(!figure.name.trim().is_empty());
        assert!(seen.insert(figure.name), "{} stands twice", figure.name);
    }
    assert!(!seen.is_empty());
}

#[test]
fn every_figure_has_a_source() {
    for figure in tech::all() {
        assert!(!figure.source.trim().is_empty(), "{}", figure.name);
    }
}

#[test]
fn every_value_can_be_one() {
    for figure in tech::all() {
        assert!(
            figure.value.is_finite() && figure.value > 0.0,
            "{}",
            figure.name
        );
        let whole = matches!(figure.unit, Unit::Count | Unit::Kibibyte);
        assert!(!whole || figure.value.fract() == 0.0, "{}", figure.name);
    }
}

/// Silicon by itself is of a node: without it, area, delay and energy say nothing.
#[test]
fn on_chip_figures_state_their_node() {
    for figure in [
        tech::sram::FIGURES,
        tech::logic::FIGURES,
        tech::adc::FIGURES,
    ]
    .concat()
    {
        assert!(figure.node_nm.is_some(), "{}", figure.name);
    }
}

#[test]
fn every_kind_is_in_the_table() {
    let names: HashSet<_> = tech::all().map(|figure| figure.name).collect();
    let one_of_each: [Figure; 8] = [
        tech::sram::AREA_4KB,
        tech::logic::FP32_ADD,
        tech::adc::SAR_8,
        tech::dram::DDR5_IDD0,
        tech::link::PCIE4_X16,
        tech::cpu::SKYLAKE_POWER,
        tech::gpu::A100_FP32,
        tech::node::STILLMAKER_45_TO_32,
    ];
    for figure in one_of_each {
        assert!(names.contains(figure.name), "{}", figure.name);
    }
}
