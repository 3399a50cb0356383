//! A trace served by a memory system.

use serde::Serialize;

use super::config::Config;
use super::controller::{Controller, Request};
use super::done::Completion;
use super::energy::{Commands, Energy};
use super::map::Map;
use super::trace::Access;

/// Latencies of reads in cycles, from acceptance to completion; zero without reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    pub mean: f64,
    pub p50: u64,
    pub p99: u64,
    pub max: u64,
}

/// What became of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    pub config: String,
    pub requests: u64,
    pub reads: u64,
    /// The last completion.
    pub cycles: u64,
    pub last_accept_cycle: u64,
    pub gb_per_s: f64,
    /// Of the data bus' peak over all channels.
    pub fraction_of_peak: f64,
    pub read_latency: Latency,
    /// FNV-1a over completion cycles in the trace's order, 16 hex digits.
    pub completion_fnv: String,
    pub commands: Commands,
    pub energy: Energy,
    #[serde(skip)]
    pub accepts: Vec<u64>,
    #[serde(skip)]
    pub completions: Vec<u64>,
}

/// Serves a trace: one access is offered per cycle in its order, and waits while its queue is full.
pub fn run(config: &Config, trace: &[Access]) -> Outcome {
    let map = Map::new(config);
    let mut channels = vec![Controller::new(config); config.channels as usize];
    let mut accepts = Vec::with_capacity(trace.len());
    let mut completions = vec![0; trace.len()];
    let mut now = 0;
    for (id, access) in (0..).zip(trace) {
        let channel = &mut channels[map.locate(access.address).channel as usize];
        let request = Request {
            id,
            address: access.address,
            write: access.write,
        };
        while !channel.try_push(request, now) {
            let mut note = |done: Completion| completions[done.id as usize] = done.cycle;
            channel.advance_to(now, &mut note);
            now = channel.next_event().max(now + 1);
        }
        accepts.push(now);
        now += 1;
    }
    let mut commands = Commands::default();
    for channel in &mut channels {
        let mut left = channel.waiting();
        while left > 0 {
            channel.advance_to(channel.next_event(), &mut |done| {
                completions[done.id as usize] = done.cycle;
                left -= 1;
            });
        }
        commands += channel.commands();
    }
    outcome(config, trace, accepts, completions, commands)
}

fn outcome(
    config: &Config,
    trace: &[Access],
    accepts: Vec<u64>,
    completions: Vec<u64>,
    commands: Commands,
) -> Outcome {
    let cycles = completions.iter().copied().max().unwrap_or(0);
    let mut latencies = Vec::new();
    for (access, (accept, done)) in trace.iter().zip(accepts.iter().zip(&completions)) {
        if !access.write {
            latencies.push(done - accept);
        }
    }
    let nanoseconds = (cycles * config.timing.tCK_ps) as f64 / 1000.0;
    let bytes = trace.len() as u64 * config.line_bytes();
    // One transfer of the whole bus every half cycle.
    let peak = (config.channels as u64 * config.org.channel_width / 8 * 2) as f64;
    Outcome {
        config: config.name.clone(),
        requests: trace.len() as u64,
        reads: latencies.len() as u64,
        cycles,
        last_accept_cycle: accepts.last().copied().unwrap_or(0),
        gb_per_s: bytes as f64 / nanoseconds.max(f64::MIN_POSITIVE),
        fraction_of_peak: bytes as f64 / (peak * cycles.max(1) as f64),
        read_latency: Latency::new(latencies),
        completion_fnv: fnv(&completions),
        commands,
        energy: Energy::new(config, commands, cycles),
        accepts,
        completions,
    }
}

impl Latency {
    fn new(mut all: Vec<u64>) -> Self {
        all.sort_unstable();
        let Some(&max) = all.last() else {
            return Self::default();
        };
        let at = |percent: usize| all[all.len() * percent / 100];
        Self {
            mean: all.iter().sum::<u64>() as f64 / all.len() as f64,
            p50: at(50),
            p99: at(99),
            max,
        }
    }
}

fn fnv(cycles: &[u64]) -> String {
    let step = |hash: u64, cycle: &u64| (hash ^ cycle).wrapping_mul(1_099_511_628_211);
    let hash = cycles.iter().fold(1_469_598_103_934_665_603, step);
    format!("{hash:016x}")
}
