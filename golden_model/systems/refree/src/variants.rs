//! Beyond the paper: other visiting orders, gradients that don't go through DRAM, rows cut over ranks,
//! by what they gain and what they cost the host.

use std::time::Duration;

use serde::Serialize;

use super::figures::Mean;
use super::model::{Gradients, Order, Placement, StepError, System, step};
use super::params;
use super::workload::Workload;

/// REFREE with an order and a way of gradients.
#[derive(Clone, Debug, Serialize)]
pub struct Variant {
    pub order: Order,
    pub gradients: Gradients,
    pub placement: Placement,
    pub embedding_s: Mean,
    pub backward_s: Mean,
    /// Vector additions of backward on all ranks, a batch's mean.
    pub backward_additions: f64,
    /// How many times fewer than without sharing.
    pub backward_reduction: f64,
    /// Host time to plan a batch for all ranks, measured on one core.
    pub analysis_s: f64,
}

/// The paper's order, others, and streamed gradients.
const VARIANTS: [(Order, Gradients); 6] = [
    (Order::Count, Gradients::Stored),
    (Order::Lexicographic, Gradients::Stored),
    (Order::Weight, Gradients::Stored),
    (Order::Best, Gradients::Stored),
    (Order::Count, Gradients::Streamed),
    (Order::Best, Gradients::Streamed),
];
/// What is run once more with rows cut over ranks, where that makes a difference.
const CUT: [(Order, Gradients); 2] = [
    (Order::Count, Gradients::Stored),
    (Order::Best, Gradients::Streamed),
];

/// Runs all variants.
///
/// # Errors
/// If a PE reports an error.
pub fn variants(system: &System, workload: &Workload) -> Result<Vec<Variant>, StepError> {
    let slice = u64::from(system.pe.slice_bytes);
    let cut = workload.row_bytes() > slice && system.placement != Placement::Column;
    let more: &[_] = if cut { &CUT } else { &[] };
    let as_given = VARIANTS.iter().map(|variant| (variant, system.placement));
    let cut = more.iter().map(|variant| (variant, Placement::Column));
    let run = |(&(order, gradients), placement)| {
        let system = System {
            order,
            gradients,
            placement,
            ..system.clone()
        };
        variant(&system, workload)
    };
    as_given.chain(cut).map(run).collect()
}

fn variant(system: &System, workload: &Workload) -> Result<Variant, StepError> {
    let layout = system.layout(&workload.joint, workload.row_bytes(), &workload.batches[0]);
    let (mut embedding, mut backward) = (Vec::new(), Vec::new());
    let (mut additions, mut unshared) = (0, 0);
    let mut analysis = Duration::ZERO;
    let slices = layout.bytes().div_ceil(system.pe.slice_bytes.into());
    let beats = u64::from(system.pe.beats()) * slices * u64::from(layout.group());
    for batch in &workload.batches {
        let step = step(system, &layout, batch)?;
        embedding.push(params::seconds(step.cycles()));
        backward.push(params::seconds(step.backward_cycles()));
        additions += step.sum(|rank| rank.backward.adder_beats) / beats;
        unshared += batch.lookups() as u64
            - step.sum(|rank| rank.update.updates) / slices / u64::from(layout.group());
        analysis += step.analysis();
    }
    let count = workload.batches.len() as f64;
    Ok(Variant {
        order: system.order,
        gradients: system.gradients,
        placement: system.placement,
        embedding_s: Mean::of(&embedding),
        backward_s: Mean::of(&backward),
        backward_additions: additions as f64 / count,
        backward_reduction: unshared as f64 / additions.max(1) as f64,
        analysis_s: analysis.as_secs_f64() / count,
    })
}
