//! A batch by the plain loop and by a plan, on pinned threads.

use std::sync::Barrier;
use std::time::Instant;

use super::kernel::pool;
use super::memory::Tables;
use crate::queries::Batch;

/// A share of a table: queries `from..to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub table: usize,
    pub from: usize,
    pub to: usize,
}

/// A part and its sums, a row per query.
type Done = (Part, Vec<i32>);

/// Runs the parts of each thread, phase by phase with a barrier after each; returns seconds and the sums
/// of each table, query by query.
pub fn timed(tables: &Tables, batch: &Batch, phases: &[Vec<Vec<Part>>]) -> (f64, Vec<Vec<i32>>) {
    let threads = phases.first().map_or(0, Vec::len);
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let mut results: Vec<Vec<Done>> = Vec::new();
    // Output memory is there before the clock starts.
    let mut outputs: Vec<Vec<Vec<Done>>> = (0..threads)
        .map(|thread| {
            let space = |part: &Part| {
                (
                    *part,
                    vec![1; (part.to - part.from) * tables.dim(part.table)],
                )
            };
            phases
                .iter()
                .map(|phase| phase[thread].iter().map(space).collect())
                .collect()
        })
        .collect();
    let barrier = Barrier::new(threads);
    let seconds = std::thread::scope(|scope| {
        let workers: Vec<_> = outputs
            .drain(..)
            .enumerate()
            .map(|(thread, mut phases)| {
                let (barrier, core) = (&barrier, cores.get(thread % cores.len().max(1)).copied());
                scope.spawn(move || {
                    core.map(core_affinity::set_for_current);
                    barrier.wait();
                    let start = Instant::now();
                    for phase in &mut phases {
                        for (part, out) in phase.iter_mut() {
                            let elements = tables.elements(part.table);
                            pool(
                                elements,
                                tables.dim(part.table),
                                &batch[part.table],
                                part.from,
                                out,
                            );
                        }
                        barrier.wait();
                    }
                    (
                        start.elapsed().as_secs_f64(),
                        phases.into_iter().flatten().collect::<Vec<_>>(),
                    )
                })
            })
            .collect();
        let mut longest = 0.0_f64;
        for worker in workers {
            if let Ok((seconds, outputs)) = worker.join() {
                longest = longest.max(seconds);
                results.push(outputs);
            }
        }
        longest
    });
    let mut sums: Vec<Vec<i32>> = batch
        .iter()
        .enumerate()
        .map(|(table, bags)| vec![0; bags.queries() * tables.dim(table)])
        .collect();
    for (part, out) in results.into_iter().flatten() {
        let start = part.from * tables.dim(part.table);
        sums[part.table][start..start + out.len()].copy_from_slice(&out);
    }
    (seconds, sums)
}
