//! Each part of the report as a table, the same for terminal and page.

use report::unit::{RATIO, US};
use report::{Cell, Column, Comparison, Grid, Line, Parameter, Table, Unit, row};

use super::super::figures::Figures;
use super::super::published::{AREA, POWER};
use super::super::sweep::{Point, WIDTHS};
use super::{Extensions, Report, Sweep};

const MM2: Unit = Unit::new("mm2", 4);
const WATT: Unit = Unit::new("W", 3);
/// Seconds, or joules, in millionths.
pub fn millionths(value: f64) -> f64 {
    value * 1e6
}

/// What all figures have in common.
pub fn provenance(report: &Report) -> String {
    format!(
        "batches of {}, seed {}, PE {} at {:.2} GHz, placement {:?}, 4 channels x 2 ranks of DDR5-4800",
        report.batch, report.seed, report.pe, report.clock_ghz, report.placement
    )
}

/// Times, energies and work of all systems on one workload.
pub fn systems(figures: &Figures) -> Table {
    let tenths = |title| Column::right(title).decimals(1);
    let mut table = Table::new([
        Column::left(""),
        tenths("forward"),
        tenths("backward"),
        tenths("both"),
        tenths("+/-"),
        tenths("DRAM"),
        tenths("I/O"),
        tenths("PE"),
        tenths("CPU"),
        Column::right("lines"),
        Column::right("additions"),
    ])
    .title(format!(
        "{} ({}): {} batches, {:.0} look-ups each, rows of {} elements; us and uJ a batch",
        figures.workload, figures.source, figures.batches, figures.lookups, figures.dim,
    ));
    for system in &figures.systems {
        let energy = &system.energy;
        table.row(row![
            system.name.text(),
            millionths(system.forward_s.mean),
            millionths(system.backward_s.mean),
            millionths(system.embedding_s.mean),
            millionths(system.embedding_s.deviation),
            millionths(energy.dram_j),
            millionths(energy.io_j + energy.gpu_memory_j),
            millionths(energy.pe_j),
            millionths(energy.cpu_j),
            system.lines_read,
            system.additions,
        ]);
    }
    table
}

/// What else there is to say of a workload, line by line.
pub fn remarks(figures: &Figures) -> [String; 3] {
    let [forward, gradients, backward, update] = figures.phases_s.map(millionths);
    [
        format!(
            "REFREE: forward {forward:.1}, gradients to the ranks {gradients:.1}, backward {backward:.1}, \
             update {update:.1} us; busiest rank {:.2} of the mean; {:.3} W a PE by activity",
            figures.imbalance, figures.pe_w,
        ),
        format!(
            "dense layers and PCIe {:.1} us; host analysis {:.0} us, measured, one core; FAE: {:.1} % of \
             queries hot",
            millionths(figures.dense_s),
            millionths(figures.analysis_s),
            100.0 * figures.fae_hot_share,
        ),
        format!(
            "the same on the CPU at hand, measured, {} threads: forward {:.0} us, backward {:.0} us",
            figures.measured_cpu.threads,
            millionths(figures.measured_cpu.forward_s),
            millionths(figures.measured_cpu.backward_s),
        ),
    ]
}

/// Area and power of a PE.
pub fn silicon(report: &Report) -> Table {
    let mut comparison = Comparison::new("table in section 5.4: a PE at 32 nm, paper and ours");
    let area = |what: &str, ours: Option<f64>, source: String| {
        let line = Line::new(what).ours(ours, MM2).paper(&AREA);
        line.ours(ours, MM2).source(source)
    };
    comparison = match &report.silicon {
        None => comparison.line(area("area", None, "give --area FILE.json".to_owned())),
        Some(silicon) => {
            let source = format!(
                "configuration {}; longest path {:.3} ns at 45 nm ({})",
                silicon.config, silicon.path_ns, silicon.tools.yosys
            );
            let (one, two) = (
                silicon.area_mm2_32nm_stillmaker,
                silicon.area_mm2_32nm_geometric,
            );
            comparison
                .line(area(
                    "area, from 45 nm by Stillmaker and Baas",
                    Some(one),
                    source.clone(),
                ))
                .line(area(
                    "area, from 45 nm by the geometric rule",
                    Some(two),
                    source,
                ))
        }
    };
    for figures in &report.workloads {
        let line = Line::new(format!("power, {}", figures.workload)).paper(&POWER);
        comparison = comparison.line(line.ours(figures.pe_w, WATT).source("activity"));
    }
    let mut table = comparison.table();
    table.note(
        "Ours is leakage and activity of buffers (CACTI) and adders only: no clock tree, no control.",
    );
    table
}

/// Variants beyond the paper on one workload.
pub fn extensions(Extensions { workload, variants }: &Extensions) -> Table {
    let mut table = Table::new([
        Column::left("gradients in"),
        Column::left("which are"),
        Column::left("rows by"),
        Column::right("").unit(US),
        Column::right("backward").decimals(1),
        Column::right("additions"),
        Column::right("fewer").unit(RATIO.decimals(3)),
        Column::right("host").unit(US.decimals(0)),
    ])
    .title(format!("beyond the paper, {workload}"));
    for variant in variants {
        table.row(row![
            format!("{:?}", variant.order).to_lowercase(),
            format!("{:?}", variant.gradients).to_lowercase(),
            format!("{:?}", variant.placement).to_lowercase(),
            millionths(variant.embedding_s.mean),
            millionths(variant.backward_s.mean),
            variant.backward_additions,
            variant.backward_reduction,
            millionths(variant.analysis_s),
        ]);
    }
    table
}

/// Points of a sweep by clock and width.
pub fn grid(sweep: &Sweep) -> Grid<&Point> {
    let rows = sweep.points.chunks(WIDTHS.len());
    let clocks = Parameter::new("GHz", rows.map(|row| row[0].clock_ghz)).decimals(2);
    let widths = Parameter::new("bits of the PE", WIDTHS);
    Grid::new(clocks, widths, sweep.points.iter().collect())
}

/// Time and bound by clock and width.
pub fn sweep(sweep: &Sweep) -> Table {
    let cell = |point: &&Point| {
        let us = millionths(point.embedding_s);
        Cell::from(format!("{us:.1} ({})", point.bound))
    };
    let title = format!("PE width and clock, {}, us a batch (bound)", sweep.workload);
    grid(sweep).table("bits", cell).title(title)
}

/// Batch size and locality.
pub fn sensitivity(report: &Report) -> Table {
    let mut table = Table::new([
        Column::left("RM3"),
        Column::right(""),
        Column::right("").unit(US),
        Column::right("over CPU-GPU").unit(RATIO),
        Column::right("over REFREE-B").unit(RATIO),
        Column::right("accesses").unit(RATIO),
        Column::right("additions").unit(RATIO.decimals(3)),
    ])
    .title("batch size and locality: RM3");
    for point in &report.sensitivity {
        table.row(row![
            point.what,
            point.value.to_string(),
            millionths(point.refree_s),
            point.over_cpu_gpu,
            point.over_refree_b,
            point.access_reduction_joint,
            point.computation_reduction_joint,
        ]);
    }
    table
}
