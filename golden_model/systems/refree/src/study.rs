//! All systems on one workload: time, energy, accesses and additions of a training step.

use std::time::Duration;

use super::Layout;
use super::baselines::cache::Cache;
use super::baselines::{Fae, Host, HostStep, Nmp, fae, fafnir, measured, recnmp};
use super::figures::{Figures, Mean, Name, SystemFigures};
use super::model::energy::Energy;
use super::model::{LINE, Mechanism, Step, StepError, System, step};
use super::params::{self, seconds};
use super::published;
use super::workload::Workload;
use traces::batch::{Bags, count_backward, count_forward};

/// Runs all systems.
///
/// # Errors
/// If a PE reports an error.
pub fn study(
    system: &System,
    workload: &Workload,
    mut progress: impl FnMut(usize),
) -> Result<Figures, StepError> {
    let empty = Bags::new();
    let profile = workload.batches.first().unwrap_or(&empty);
    let row_bytes = workload.row_bytes();
    let layout = system.layout(&workload.joint, row_bytes, profile);
    let rows = workload.joint.rows();
    let cache = || Cache::new(params::HOST_CACHE_BYTES, params::HOST_CACHE_WAYS);
    let mut plain = Host::new(rows, row_bytes, None);
    let mut cached = Host::new(rows, row_bytes, Some(cache()));
    let mut all = Collected::default();
    for (number, batch) in workload.batches.iter().enumerate() {
        let host = plain.step(batch);
        let pcie = workload.dense.pcie_bytes(batch.len() as u64);
        all.host(Name::CpuGpu, &host, pcie);
        all.host(Name::CpuGpuCached, &cached.step(batch), pcie);
        let forward = recnmp(&layout, batch);
        let bits = batch.lookups() as u64 * params::RECNMP_INSTRUCTION_BITS;
        all.nmp(Name::RecNmp, &forward, &host, bits, pcie, &layout);
        let forward = fafnir(&layout, batch, system.ratio);
        all.nmp(Name::Fafnir, &forward, &host, 0, pcie, &layout);
        for (mechanism, name) in
            Mechanism::ALL
                .into_iter()
                .zip([Name::RefreeB, Name::RefreeM, Name::Refree])
        {
            let system = System {
                mechanism,
                ..system.clone()
            };
            let step = step(&system, &layout, batch)?;
            all.refree(name, &step, &system, pcie, &layout);
        }
        progress(number + 1);
    }
    let fae = fae(&mut plain, &workload.hot, &workload.batches, row_bytes);
    let pcie = workload.dense.pcie_bytes(profile.len() as u64);
    all.fae(&fae, workload.batches.len(), pcie);
    Ok(all.figures(workload, fae.hot_share))
}

/// One batch on one system.
#[derive(Clone, Copy, Debug)]
struct Sample {
    name: Name,
    forward_s: f64,
    backward_s: f64,
    energy: Energy,
    lines: f64,
    additions: f64,
}

#[derive(Default)]
struct Collected {
    samples: Vec<Sample>,
    steps: Vec<(Name, Step)>,
    /// Per-batch figures of REFREE's PEs, W.
    pe_w: Vec<f64>,
}

impl Collected {
    fn host(&mut self, name: Name, step: &HostStep, pcie: f64) {
        let (forward_s, backward_s) = (seconds(step.forward.cycles), seconds(step.backward.cycles));
        let lines = step.forward.lines() + step.backward.lines();
        self.samples.push(Sample {
            name,
            forward_s,
            backward_s,
            energy: Energy {
                dram_j: Energy::of_dram(step.commands(), forward_s + backward_s),
                io_j: Energy::of_io((lines * LINE * 8) as f64, pcie),
                cpu_j: params::CPU_W * (forward_s + backward_s),
                ..Energy::default()
            },
            lines: (step.forward.lines_read + step.backward.lines_read) as f64,
            additions: (step.forward.additions + step.backward.additions) as f64,
        });
    }

    /// Forward near memory, backward on the host.
    fn nmp(
        &mut self,
        name: Name,
        forward: &Nmp,
        host: &HostStep,
        instruction_bits: u64,
        pcie: f64,
        layout: &Layout,
    ) {
        let (forward_s, backward_s) = (seconds(forward.cycles), seconds(host.backward.cycles));
        let mut commands = forward.commands;
        commands += host.backward.commands;
        let result_bits = forward.results * layout.bytes() * 8;
        let host_bits = host.backward.lines() * LINE * 8;
        let bits = instruction_bits + result_bits + host_bits;
        self.samples.push(Sample {
            name,
            forward_s,
            backward_s,
            energy: Energy {
                dram_j: Energy::of_dram(commands, forward_s + backward_s),
                io_j: Energy::of_io(bits as f64, pcie),
                pe_j: published::POWER.value * f64::from(layout.ranks()) * forward_s,
                cpu_j: params::CPU_W * backward_s,
                ..Energy::default()
            },
            lines: (forward.lines_read + host.backward.lines_read) as f64,
            additions: (forward.additions + host.backward.additions) as f64,
        });
    }

    fn refree(&mut self, name: Name, step: &Step, system: &System, pcie: f64, layout: &Layout) {
        let (forward_s, backward_s) = (
            seconds(step.forward_cycles()),
            seconds(step.backward_cycles()),
        );
        let mut commands = dram::Commands::default();
        step.ranks.iter().for_each(|rank| commands += rank.commands);
        let link = step.sum(|rank| {
            let jobs: u64 = rank.jobs().iter().map(|stats| stats.link_bits).sum();
            jobs + rank.gradient_lines * LINE * 8
        });
        let ranks = f64::from(system.ranks());
        let whole = forward_s + backward_s;
        self.samples.push(Sample {
            name,
            forward_s,
            backward_s,
            energy: Energy {
                dram_j: Energy::of_dram(commands, whole),
                io_j: Energy::of_io(link as f64, pcie),
                pe_j: published::POWER.value * ranks * whole,
                ..Energy::default()
            },
            lines: step.sum(|rank| {
                rank.forward.lines_read + rank.backward.lines_read + rank.update.lines_read
            }) as f64,
            additions: step.additions(system, layout) as f64,
        });
        if name == Name::Refree {
            self.pe_w.push(step.pe_watts(system));
        }
        self.steps.push((name, step.clone()));
    }

    fn fae(&mut self, fae: &Fae, batches: usize, pcie: f64) {
        let batches = batches.max(1) as f64;
        let (forward, backward) = (&fae.host.forward, &fae.host.backward);
        // GPU time goes where the reads are: a third forward.
        let forward_s = seconds(forward.cycles) + fae.gpu_s / 3.0;
        let backward_s = seconds(backward.cycles) + fae.gpu_s * 2.0 / 3.0;
        let host_s = seconds(forward.cycles + backward.cycles);
        let lines = forward.lines() + backward.lines();
        let mut energy = Energy {
            dram_j: Energy::of_dram(fae.host.commands(), forward_s + backward_s),
            io_j: Energy::of_io(
                (lines * LINE * 8) as f64,
                pcie * batches * (1.0 - fae.hot_share),
            ),
            gpu_memory_j: fae.gpu_bytes * 8.0 * params::HBM_J_PER_BIT,
            cpu_j: params::CPU_W * host_s,
            ..Energy::default()
        };
        energy /= batches;
        self.samples.push(Sample {
            name: Name::Fae,
            forward_s: forward_s / batches,
            backward_s: backward_s / batches,
            energy,
            lines: (forward.lines_read + backward.lines_read) as f64 / batches,
            additions: (forward.additions + backward.additions) as f64 / batches,
        });
    }

    fn of(&self, name: Name) -> SystemFigures {
        let samples: Vec<&Sample> = self.samples.iter().filter(|s| s.name == name).collect();
        let mean = |figure: &dyn Fn(&Sample) -> f64| {
            Mean::of(
                &samples
                    .iter()
                    .map(|sample| figure(sample))
                    .collect::<Vec<_>>(),
            )
        };
        let mut energy = Energy::default();
        samples.iter().for_each(|sample| energy += sample.energy);
        energy /= samples.len().max(1) as f64;
        SystemFigures {
            name,
            forward_s: mean(&|sample| sample.forward_s),
            backward_s: mean(&|sample| sample.backward_s),
            embedding_s: mean(&|sample| sample.forward_s + sample.backward_s),
            energy,
            lines_read: mean(&|sample| sample.lines).mean,
            additions: mean(&|sample| sample.additions).mean,
        }
    }

    fn figures(&self, workload: &Workload, fae_hot_share: f64) -> Figures {
        let batches = &workload.batches;
        let queries = batches.first().map_or(0, |batch| batch.len() as u64);
        let (mut reads, mut unique, mut additions, mut shared) = (0, 0, 0, 0);
        for batch in batches {
            for counts in [count_forward(batch), count_backward(batch)] {
                reads += counts.reads;
                unique += counts.reads_unique;
                additions += counts.additions;
                shared += counts.additions_shared;
            }
        }
        let steps = |name| {
            self.steps
                .iter()
                .filter(move |(n, _)| *n == name)
                .map(|(_, s)| s)
        };
        let sum = |name, figure: &dyn Fn(&Step) -> u64| steps(name).map(figure).sum::<u64>() as f64;
        let ratio = |figure: &dyn Fn(&Step) -> u64| {
            sum(Name::RefreeB, figure) / sum(Name::Refree, figure).max(1.0)
        };
        let gathered =
            |step: &Step| step.sum(|rank| rank.forward.lines_read + rank.backward.lines_read);
        let traffic = |step: &Step| {
            gathered(step)
                + step.sum(|rank| {
                    rank.update.lines_read + rank.update.lines_written + rank.gradient_lines
                })
        };
        let count = batches.len().max(1) as f64;
        let phase = |figure: &dyn Fn(&Step) -> u64| sum(Name::Refree, figure) / count * params::TCK;
        let systems: Vec<SystemFigures> = Name::ALL.into_iter().map(|name| self.of(name)).collect();
        let run = |name| {
            systems
                .iter()
                .find(|s| s.name == name)
                .map_or(0.0, |s| s.additions)
        };
        let imbalance: Vec<f64> = steps(Name::Refree).map(Step::imbalance).collect();
        Figures {
            workload: workload.name.clone(),
            is_model: workload.is_model,
            source: workload.source.clone(),
            dim: workload.dim,
            queries,
            lookups: batches.iter().map(Bags::lookups).sum::<usize>() as f64 / count,
            batches: batches.len(),
            dense_s: workload.dense.seconds(queries) + workload.dense.pcie_seconds(queries),
            access_reduction_joint: reads as f64 / (unique as f64).max(1.0),
            access_reduction_run: ratio(&gathered),
            traffic_reduction_run: ratio(&traffic),
            computation_reduction_joint: additions as f64 / (shared as f64).max(1.0),
            computation_reduction_run: run(Name::RefreeB) / run(Name::Refree).max(1.0),
            fae_hot_share,
            imbalance: Mean::of(&imbalance).mean,
            analysis_s: steps(Name::Refree)
                .map(Step::analysis)
                .sum::<Duration>()
                .as_secs_f64()
                / count,
            measured_cpu: measured(&batches[0], workload.joint.rows(), workload.dim as usize),
            phases_s: [
                phase(&|step| step.forward_cycles()),
                phase(&|step| step.slowest_backward().gradient_cycles),
                phase(&|step| step.slowest_backward().backward.cycles),
                phase(&|step| step.slowest_backward().update.cycles),
            ],
            pe_w: Mean::of(&self.pe_w).mean,
            systems,
        }
    }
}
