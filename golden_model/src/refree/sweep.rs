//! Where the bound moves between PE, DRAM and link: PE width and clock.

use rayon::prelude::*;
use serde::Serialize;

use super::params;
use super::step::{Step, StepError, System, step};
use super::workload::Workload;
use hdl_gen::BlockConfig;

/// One width and clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Bits of the PE.
    pub width: u32,
    /// Of the PE, GHz.
    pub clock_ghz: f64,
    /// Seconds of a batch's embedding layer.
    pub embedding_s: f64,
    /// Lower bounds of the slowest rank, in seconds: adders and vector input of the PE; lines on the
    /// rank's data bus; bits on the link.
    pub pe_s: f64,
    pub dram_s: f64,
    pub link_s: f64,
    /// Which of them is the largest.
    pub bound: &'static str,
}

/// Widths of a PE, bits.
pub const WIDTHS: [u32; 6] = [32, 64, 128, 256, 512, 1024];
/// DRAM cycles of a PE cycle: 1.2, 0.6 and 0.3 GHz.
pub const RATIOS: [u64; 3] = [2, 4, 8];

/// Clock of a PE that takes so many DRAM cycles, GHz.
pub fn clock_ghz(ratio: u64) -> f64 {
    1e-9 / (params::TCK * ratio as f64)
}

/// The first batch of a workload at every width and clock, the rest as in `system`.
///
/// # Errors
/// If a PE complains.
pub fn sweep(system: &System, workload: &Workload) -> Result<Vec<Point>, StepError> {
    let grid: Vec<(u64, u32)> = RATIOS
        .into_iter()
        .flat_map(|ratio| WIDTHS.map(|width| (ratio, width)))
        .collect();
    let points = grid.into_par_iter().map(|(ratio, width)| {
        let mut system = system.clone();
        system.ratio = ratio;
        system.pe.width = width;
        system.pe.settle(&["width"]);
        point(&system, workload)
    });
    points.collect()
}

fn point(system: &System, workload: &Workload) -> Result<Point, StepError> {
    let batch = &workload.batches[0];
    let layout = system.layout(&workload.joint, workload.row_bytes(), batch);
    let step = step(system, &layout, batch)?;
    let [pe_s, dram_s, link_s] = bounds(&step, system).map(|cycles| cycles as f64 * params::TCK);
    let all = [("PE", pe_s), ("DRAM", dram_s), ("link", link_s)];
    let bound = all.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    Ok(Point {
        width: system.pe.width,
        clock_ghz: clock_ghz(system.ratio),
        embedding_s: step.cycles() as f64 * params::TCK,
        pe_s,
        dram_s,
        link_s,
        bound: bound.map_or("", |(name, _)| name),
    })
}

/// DRAM cycles that PE, DRAM bus and link are busy, phase by phase the busiest rank, summed.
fn bounds(step: &Step, system: &System) -> [u64; 3] {
    let most =
        |figure: &dyn Fn(&super::RankStep) -> u64| step.ranks.iter().map(figure).max().unwrap_or(0);
    let beats = |spent: &super::Spent| spent.adder_beats.max(spent.vector_beats) * system.ratio;
    let lines = |spent: &super::Spent| (spent.lines_read + spent.lines_written) * params::BURST;
    let link = u64::from(system.link_bits());
    let bits = |spent: &super::Spent| spent.link_bits / link;
    let gradient_bits = |rank: &super::RankStep| rank.gradient_lines * 512 / link;
    [
        most(&|r| beats(&r.forward)) + most(&|r| beats(&r.backward) + beats(&r.update)),
        most(&|r| lines(&r.forward))
            + most(&|r| lines(&r.backward) + lines(&r.update) + r.gradient_lines * params::BURST),
        most(&|r| bits(&r.forward))
            + most(&|r| bits(&r.backward) + bits(&r.update) + gradient_bits(r)),
    ]
}
