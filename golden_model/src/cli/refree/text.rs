//! The report as tables on a terminal.

use std::fmt::Write;

use golden_model::refree::published::{PE_MM2, PE_W};
use golden_model::refree::report::{Beyond, Report};
use golden_model::refree::{Figures, sweep};

/// The whole report. Writing to a string can't fail.
pub fn text(report: &Report) -> String {
    let mut text = format!(
        "batches of {}, seed {}, PE {} at {:.2} GHz, placement {:?}, 4 channels x 2 ranks of DDR5-4800\n",
        report.batch, report.seed, report.pe, report.clock_ghz, report.placement
    );
    for figures in &report.workloads {
        let _ = writeln!(text, "\n{}", workload(figures));
    }
    let names: Vec<&str> = report
        .workloads
        .iter()
        .map(|f| f.workload.as_str())
        .collect();
    for table in &report.tables {
        let _ = writeln!(text, "\n{}: {}", table.figure, table.title);
        let _ = write!(text, "{:<58}{:>8}{:>9}", "", "paper", "average");
        for name in &names {
            let _ = write!(text, "{:>10}", name.chars().take(9).collect::<String>());
        }
        text.push('\n');
        for line in &table.lines {
            let paper = line
                .paper
                .map_or("-".to_owned(), |paper| format!("{paper:.2}x"));
            let average = format!("{:.2}x", line.average);
            let _ = write!(text, "{:<58}{paper:>8}{average:>9}", line.what);
            for value in &line.ours {
                let _ = write!(text, "{:>10}", format!("{value:.2}x"));
            }
            text.push('\n');
        }
        for input in &table.inputs {
            let _ = writeln!(text, "  from {input}");
        }
        for note in &table.notes {
            let _ = writeln!(text, "  * {note}");
        }
    }
    text.push_str(&silicon(report));
    for Beyond { workload, variants } in &report.beyond {
        let _ = writeln!(
            text,
            "\nbeyond the paper, {workload}: {:<14}{:<10}{:<10}{:>8}{:>10}{:>12}{:>10}{:>14}",
            "gradients in",
            "which are",
            "rows by",
            "us",
            "backward",
            "additions",
            "fewer",
            "host us"
        );
        for variant in variants {
            let _ = writeln!(
                text,
                "{:>width$}{:<14}{:<10}{:<10}{:>8.1}{:>10.1}{:>12.0}{:>10}{:>14.0}",
                "",
                format!("{:?}", variant.order).to_lowercase(),
                format!("{:?}", variant.gradients).to_lowercase(),
                format!("{:?}", variant.placement).to_lowercase(),
                variant.embedding_s.mean * 1e6,
                variant.backward_s.mean * 1e6,
                variant.backward_additions,
                format!("{:.3}x", variant.backward_reduction),
                variant.analysis_s * 1e6,
                width = workload.len() + 20,
            );
        }
    }
    for sweep in &report.sweeps {
        let _ = writeln!(
            text,
            "\nPE width and clock, {}, us a batch (bound)",
            sweep.workload
        );
        let _ = write!(text, "{:>8}", "GHz");
        for width in sweep::WIDTHS {
            let _ = write!(text, "{:>16}", format!("{width} bits"));
        }
        text.push('\n');
        for row in sweep.points.chunks(sweep::WIDTHS.len()) {
            let _ = write!(text, "{:>8.2}", row[0].clock_ghz);
            for point in row {
                let cell = format!("{:.1} ({})", point.embedding_s * 1e6, point.bound);
                let _ = write!(text, "{cell:>16}");
            }
            text.push('\n');
        }
    }
    for point in &report.sensitivity {
        let _ = writeln!(
            text,
            "RM3, {} {:>7}: {:>8.1} us, {:.2}x CPU-GPU, {:.2}x REFREE-B, accesses {:.2}x, additions {:.3}x",
            point.what,
            point.value,
            point.refree_s * 1e6,
            point.over_cpu_gpu,
            point.over_refree_b,
            point.access_reduction_joint,
            point.computation_reduction_joint,
        );
    }
    text
}

fn workload(figures: &Figures) -> String {
    let mut text = format!(
        "{} ({}): {} batches, {:.0} look-ups each, rows of {} elements; us and uJ a batch\n\
         {:<18}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}{:>10}{:>11}\n",
        figures.workload,
        figures.source,
        figures.batches,
        figures.lookups,
        figures.dim,
        "",
        "forward",
        "backward",
        "both",
        "+/-",
        "DRAM",
        "I/O",
        "PE",
        "CPU",
        "lines",
        "additions"
    );
    for system in &figures.systems {
        let us = |seconds: f64| format!("{:.1}", seconds * 1e6);
        let energy = &system.energy;
        let _ = writeln!(
            text,
            "{:<18}{:>10}{:>10}{:>10}{:>8}{:>9}{:>9}{:>9}{:>9}{:>10.0}{:>11.0}",
            system.name.text(),
            us(system.forward_s.mean),
            us(system.backward_s.mean),
            us(system.embedding_s.mean),
            us(system.embedding_s.deviation),
            us(energy.dram_j),
            us(energy.io_j + energy.gpu_memory_j),
            us(energy.pe_j),
            us(energy.cpu_j),
            system.lines_read,
            system.additions,
        );
    }
    let [forward, gradients, backward, update] = figures.phases_s.map(|seconds| seconds * 1e6);
    let _ = write!(
        text,
        "REFREE: forward {forward:.1}, gradients to the ranks {gradients:.1}, backward {backward:.1}, \
         update {update:.1} us; busiest rank {:.2} of the mean; {:.3} W a PE by activity\n\
dense layers and PCIe {:.1} us; host analysis {:.0} us, measured, one core; FAE: {:.1} % of \
         queries hot\nthe same on the CPU at hand, measured, {} threads: forward {:.0} us, backward {:.0} us",
        figures.imbalance,
        figures.pe_w,
        figures.dense_s * 1e6,
        figures.analysis_s * 1e6,
        100.0 * figures.fae_hot_share,
        figures.measured_cpu.threads,
        figures.measured_cpu.forward_s * 1e6,
        figures.measured_cpu.backward_s * 1e6,
    );
    text
}

/// Table 5.4: area and power of a PE.
fn silicon(report: &Report) -> String {
    let power: Vec<String> = report
        .workloads
        .iter()
        .map(|figures| format!("{} {:.3}", figures.workload, figures.pe_w))
        .collect();
    let area = report.silicon.as_ref().map_or_else(
        || format!("mm2        {PE_MM2:.2}   give --area FILE.json"),
        |silicon| {
            format!(
                "mm2        {PE_MM2:.2}   {:.4} and {:.4}, configuration {}, by two rules from 45 nm; longest path \
                 {:.3} ns at 45 nm ({})",
                silicon.area_mm2_32nm_stillmaker,
                silicon.area_mm2_32nm_geometric,
                silicon.config,
                silicon.path_ns,
                silicon.tools.yosys
            )
        },
    );
    format!(
        "\ntable in section 5.4: a PE at 32 nm, paper and ours\n{area}\nW          {PE_W:.2}   {}\n  * Ours is \
         leakage and activity of buffers (CACTI) and adders only: no clock tree, no control.\n",
        power.join(", ")
    )
}
