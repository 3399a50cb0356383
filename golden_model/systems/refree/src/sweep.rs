//! Where the bound moves between PE, DRAM and link (PE width and clock), and what batch size and
//! locality change.

use std::fmt::Display;

use rayon::prelude::*;
use serde::Serialize;

use super::figures::Name;
use super::model::{LINE, RankStep, Stats, Step, StepError, System, step};
use super::params;
use super::study::study;
use super::workload::Workload;
use blocks::pe::PeConfig;
use contract::load::set;
use traces::models;

/// One width and clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Bits of the PE.
    pub width: u32,
    /// Of the PE, GHz.
    pub clock_ghz: f64,
    /// Seconds of a batch's embedding layer.
    pub embedding_s: f64,
    /// Seconds that each part needs by itself, the slowest rank of each direction: the PE, if memory and
    /// link never let it wait; lines on the rank's data bus; bits on the link.
    pub pe_s: f64,
    pub dram_s: f64,
    pub link_s: f64,
    /// Which of them is the largest.
    pub bound: &'static str,
}

/// Widths of a PE, bits.
pub const WIDTHS: [u32; 6] = [32, 64, 128, 256, 512, 1024];
/// DRAM cycles of a PE cycle: 1.2, 0.6 and 0.3 GHz; and 2.4 GHz, which no PE reaches here, to see what
/// binds then.
pub const RATIOS: [u64; 4] = [1, 2, 4, 8];

/// Clock of a PE whose cycle is `ratio` DRAM cycles, GHz.
pub fn clock_ghz(ratio: u64) -> f64 {
    1e-9 / (params::TCK * ratio as f64)
}

/// DRAM cycles of a PE cycle in which memory and link deliver whatever the PE can take.
const SLOW: u64 = 64;

/// The first batch of a workload at every width and clock, the rest as in `system`.
///
/// # Errors
/// If a PE reports an error.
pub fn sweep(system: &System, workload: &Workload) -> Result<Vec<Point>, StepError> {
    let alone = WIDTHS.into_par_iter().map(|width| {
        let (step, _) = run(system, SLOW, width, workload)?;
        let forward = step.most(|r| r.forward.pe_cycles);
        let backward = step.most(|r| r.backward.pe_cycles + r.update.pe_cycles);
        Ok::<_, StepError>((width, forward + backward))
    });
    let alone: Vec<(u32, u64)> = alone.collect::<Result<_, _>>()?;
    let grid = RATIOS
        .into_iter()
        .flat_map(|ratio| alone.iter().map(move |&(width, pe)| (ratio, width, pe)));
    let grid: Vec<(u64, u32, u64)> = grid.collect();
    let points = grid.into_par_iter().map(|(ratio, width, pe_cycles)| {
        let (step, system) = run(system, ratio, width, workload)?;
        Ok(point(&step, &system, pe_cycles))
    });
    points.collect()
}

fn run(
    system: &System,
    ratio: u64,
    width: u32,
    workload: &Workload,
) -> Result<(Step, System), StepError> {
    let mut system = system.clone();
    system.ratio = ratio;
    system.pe = changed(&system.pe, &[("width", &width)]);
    // Beats of this width must find room in the buffers.
    let least = system.pe.beats().max(4) * width / 8;
    let input = system.pe.input_buffer_bytes.max(least);
    let output = system.pe.output_buffer_bytes.max(least);
    let room: [(&str, &dyn Display); 2] = [
        ("input_buffer_bytes", &input),
        ("output_buffer_bytes", &output),
    ];
    system.pe = changed(&system.pe, &room);
    let batch = &workload.batches[0];
    let layout = system.layout(&workload.joint, workload.row_bytes(), batch);
    Ok((step(&system, &layout, batch)?, system))
}

/// A PE with other parameters.
fn changed(pe: &PeConfig, changes: &[(&str, &dyn Display)]) -> PeConfig {
    set(pe, changes).expect("a PE has these parameters, and they are numbers")
}

fn point(step: &Step, system: &System, pe_cycles: u64) -> Point {
    let [dram, link] = busy(step, system);
    let [pe_s, dram_s, link_s] = [pe_cycles * system.ratio, dram, link].map(params::seconds);
    let all = [("PE", pe_s), ("DRAM", dram_s), ("link", link_s)];
    let bound = all.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    Point {
        width: system.pe.width,
        clock_ghz: clock_ghz(system.ratio),
        embedding_s: params::seconds(step.cycles()),
        pe_s,
        dram_s,
        link_s,
        bound: bound.map_or("", |(name, _)| name),
    }
}

/// DRAM cycles that DRAM bus and link are busy, the busiest rank of each direction.
fn busy(step: &Step, system: &System) -> [u64; 2] {
    let lines = |stats: &Stats| (stats.lines_read + stats.lines_written) * params::BURST;
    let link = u64::from(system.link_bits());
    let bits = |stats: &Stats| stats.link_bits / link;
    let gradient_bits = |rank: &RankStep| rank.gradient_lines * LINE * 8 / link;
    [
        step.most(|r| lines(&r.forward))
            + step
                .most(|r| lines(&r.backward) + lines(&r.update) + r.gradient_lines * params::BURST),
        step.most(|r| bits(&r.forward))
            + step.most(|r| bits(&r.backward) + bits(&r.update) + gradient_bits(r)),
    ]
}

/// A batch size or a locality.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// What is varied.
    pub what: &'static str,
    pub value: f64,
    pub queries: u64,
    pub refree_s: f64,
    pub over_cpu_gpu: f64,
    pub over_refree_b: f64,
    pub access_reduction_joint: f64,
    pub computation_reduction_joint: f64,
}

/// Queries of a batch.
const BATCHES: [u32; 5] = [256, 512, 1024, 2048, 4096];
/// Zipf exponents, the rest as in RM3.
const EXPONENTS: [f64; 5] = [0.0, 0.5, 1.0, 1.25, 1.5];

/// RM3 in batches of other sizes, and with other exponents.
///
/// # Errors
/// If a PE reports an error.
pub fn sensitivity(system: &System, seed: u64) -> Result<Vec<Sensitivity>, StepError> {
    let model = |batch, exponent| {
        let workload = Workload::model_with(3, batch, 1, seed, exponent);
        workload.expect("RM3 with exponents in range")
    };
    let batches = BATCHES.map(|batch| ("queries a batch", f64::from(batch), model(batch, None)));
    let exponents = EXPONENTS.map(|s| ("Zipf exponent", s, model(models::BATCH, Some(s))));
    batches
        .into_iter()
        .chain(exponents)
        .map(|(what, value, workload)| {
            let figures = study(system, &workload, |_| ())?;
            let seconds = |name| figures.system(name).embedding_s.mean;
            let refree_s = seconds(Name::Refree);
            Ok(Sensitivity {
                what,
                value,
                queries: figures.queries,
                refree_s,
                over_cpu_gpu: seconds(Name::CpuGpu) / refree_s,
                over_refree_b: seconds(Name::RefreeB) / refree_s,
                access_reduction_joint: figures.access_reduction_joint,
                computation_reduction_joint: figures.computation_reduction_joint,
            })
        })
        .collect()
}
