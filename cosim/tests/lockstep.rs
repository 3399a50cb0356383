//! The harness on a small block: agreement, seeded bugs, what is said about them.

mod acc;

use std::time::Duration;

use acc::Acc;
use contract::PortLayout;
use contract::SplitMix64;
use cosim::{
    Agent, Beats, Cache, Design, Effort, Episode, Injected, Injection, Kind, Level, Lockstep,
    Monitor, Options, Outcome, Pacing, Rtl, Sample, Step, Wrong, verilate,
};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

/// Packets of 100-bit words.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Packet(Vec<u64>);

struct AccAgent {
    layout: PortLayout,
}

impl Agent for AccAgent {
    type Command = Packet;
    type Model = Acc;
    type Monitor = Sums;

    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn model(&self) -> Acc {
        Acc::new()
    }

    /// Only where nothing is dropped the sums are known beforehand.
    fn monitor(&self, episode: &Episode<Packet>) -> Sums {
        let disturbed = episode.steps.iter().any(|step| step.injection.is_some());
        let sums = episode
            .steps
            .iter()
            .map(|step| step.command.0.iter().map(|&w| w as u128).sum());
        Sums {
            left: if disturbed {
                None
            } else {
                Some(sums.collect())
            },
        }
    }

    fn beats(&self, packet: &Packet, beats: &mut Beats) {
        for (at, &word) in packet.0.iter().enumerate() {
            beats.push(0, [word, 0, u64::from(at + 1 == packet.0.len())]);
        }
    }

    fn done(&self, outputs: &[u64]) -> bool {
        outputs[6] == 0
    }

    fn patience(&self) -> u64 {
        300
    }

    fn describe(&self, packet: &Packet) -> String {
        format!("packet of {} beats", packet.0.len())
    }

    fn parts(&self, packet: &Packet) -> usize {
        packet.0.len()
    }

    fn keep(&self, packet: &Packet, keep: &[bool]) -> Option<Packet> {
        let kept: Vec<u64> = packet
            .0
            .iter()
            .zip(keep)
            .filter(|&(_, &keep)| keep)
            .map(|(&w, _)| w)
            .collect();
        (!kept.is_empty()).then_some(Packet(kept))
    }
}

struct Sums {
    left: Option<std::collections::VecDeque<u128>>,
}

impl Monitor for Sums {
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let Some(left) = &mut self.left else {
            return Ok(());
        };
        if sample.moved(1) {
            let sum = u128::from(sample.outputs[2]) | u128::from(sample.outputs[3]) << 64;
            let expected = left.pop_front();
            if expected != Some(sum) {
                return Err(format!("sum {sum:#x}, expected {expected:x?}"));
            }
        }
        Ok(())
    }
}

fn random(seed: u64, disturb: bool) -> Episode<Packet> {
    let mut rng = SplitMix64::new(seed);
    let profile = |rng: &mut SplitMix64| Pacing::ALL[rng.below(4) as usize];
    let steps = (0..40).map(|_| {
        let words = (0..1 + rng.below(12)).map(|_| rng.next_u64()).collect();
        let gap = rng.chance(0.2).then(|| rng.below(8) as u32);
        let kinds = [Injected::Reset, Injected::Pulse("flush_i".into())];
        let injection = (disturb && rng.chance(0.2)).then(|| Injection {
            after: rng.below(20) as u32,
            cycles: 1 + rng.below(3) as u32,
            kind: kinds[rng.below(2) as usize].clone(),
        });
        Step {
            command: Packet(words),
            gap,
            injection,
        }
    });
    let steps = steps.collect();
    let pacing = vec![profile(&mut rng), profile(&mut rng)];
    Episode {
        seed,
        pacing,
        levels: vec![Level::Low],
        steps,
    }
}

fn build(text: &str, trace: bool) -> Result<Design, cosim::Error> {
    let cache = Cache::at(concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    let rtl = Rtl::emitted("acc", [("acc.sv", text)]);
    verilate(
        &rtl,
        &acc::ports(),
        Options {
            effort: Effort::Quick,
            trace,
        },
        &cache,
    )
}

/// Runs random episodes until one fails; gives its report and a replay.
struct Found {
    episode: Episode<Packet>,
    outcome: Outcome,
    report: String,
    waves: String,
    replayed: Outcome,
}

fn hunt(text: &str, disturb: bool) -> Option<Found> {
    let agent = AccAgent {
        layout: PortLayout::new(acc::ports()),
    };
    let model = build(text, false).unwrap();
    let folder = TempDir::new().unwrap();
    let lockstep = Lockstep {
        agent: &agent,
        design: &model,
        traced: &|| build(text, true),
        block: "acc",
        folder: folder.path(),
        command: "lockstep acc",
        shrink: Duration::from_secs(5),
    };
    for seed in 1..=20 {
        let episode = random(seed, disturb);
        let outcome = lockstep.run(&episode, &mut agent.monitor(&episode), u64::MAX);
        let Some(failure) = &outcome.failure else {
            continue;
        };
        let report = lockstep.explain("acc/random", &episode, failure, outcome.touched);
        let file = folder.path().join(format!("acc-random-{seed:x}.json"));
        let saved = lockstep.load(&file).unwrap();
        let replayed = lockstep.run(&saved, &mut agent.monitor(&saved), u64::MAX);
        let waves = folder.path().join(format!("acc-random-{seed:x}.vcd"));
        let waves = std::fs::read_to_string(waves).unwrap();
        return Some(Found {
            episode,
            outcome,
            report: report.to_string(),
            waves,
            replayed,
        });
    }
    None
}

#[test]
fn equal_blocks_agree() {
    for disturb in [true, false] {
        if let Some(found) = hunt(acc::SV, disturb) {
            panic!("{}", found.report);
        }
    }
}

#[test]
fn a_rare_bug_is_found_shown_and_shrunk() {
    // Wrong only after a packet of eleven beats.
    let text = acc::SV.replace(
        "sum_q   <= sum_q + in_data_i;",
        "sum_q   <= sum_q + in_data_i + {90'd0, (count_q == 9'd9), 9'd0};",
    );
    let found = hunt(&text, true).unwrap();
    let failure = found.outcome.failure.unwrap();
    assert!(matches!(failure.kind, Kind::Wrong(Wrong::Differs(_))));
    let report = found.report;
    assert!(report.lines().count() <= 25, "{report}");
    for part in [
        "out_sum_o",
        "rtl 0x",
        "model 0x",
        "lane 0",
        "last transfers",
        "waves",
        "--replay",
    ] {
        assert!(report.contains(part), "no `{part}` in:\n{report}");
    }
    // Eleven beats remain of some hundred.
    assert!(report.contains("to 11 parts"), "{report}");
    assert!(found.episode.steps.len() > 1);
    assert!(found.replayed.failure.is_some());
    assert!(found.waves.contains(&format!("#{}", 2 * failure.cycle)));
    assert!(
        !found
            .waves
            .contains(&format!("#{}\n", 2 * (failure.cycle + 22)))
    );
}

#[test]
fn a_missing_reset_is_found() {
    // Only wrong after a reset in mid-flight, or by the random initial state.
    let text = acc::SV.replace(
        "      count_q     <= '0;\n      out_valid_q <= 1'b0;\n      total_q",
        "      out_valid_q <= 1'b0;\n      total_q",
    );
    assert_ne!(text, acc::SV);
    let found = hunt(&text, false).unwrap();
    assert!(found.report.contains("busy_o"), "{}", found.report);
}

#[test]
fn a_broken_handshake_is_a_divergence() {
    let text = acc::SV.replace("if (out_ready_i) out_valid_q", "if (1'b1) out_valid_q");
    let found = hunt(&text, false).unwrap();
    assert!(found.report.contains("_valid_o") || found.report.contains("_ready_o"));
}

/// A model that is wrong in the same way as the design.
#[test]
fn a_hang_names_the_stalled_streams() {
    struct Stuck(AccAgent);
    struct StuckModel(Acc);
    impl contract::Clocked for StuckModel {
        fn layout(&self) -> &PortLayout {
            self.0.layout()
        }
        fn reset(&mut self) {
            self.0.reset();
        }
        fn eval(&self, inputs: &[u64], outputs: &mut [u64]) {
            self.0.eval(inputs, outputs);
            outputs[0] &= u64::from(outputs[5] < 5);
        }
        fn clock(&mut self, inputs: &[u64]) {
            let mut outputs = [0; 7];
            self.eval(inputs, &mut outputs);
            let mut inputs: [u64; 6] = inputs.try_into().unwrap();
            inputs[0] &= outputs[0];
            self.0.clock(&inputs);
        }
    }
    impl Agent for Stuck {
        type Command = Packet;
        type Model = StuckModel;
        type Monitor = ();
        fn layout(&self) -> &PortLayout {
            &self.0.layout
        }
        fn model(&self) -> StuckModel {
            StuckModel(Acc::new())
        }
        fn monitor(&self, _: &Episode<Packet>) {}
        fn beats(&self, packet: &Packet, beats: &mut Beats) {
            self.0.beats(packet, beats);
        }
        fn done(&self, outputs: &[u64]) -> bool {
            self.0.done(outputs)
        }
        fn patience(&self) -> u64 {
            100
        }
    }
    let text = acc::SV.replace(
        "assign in_ready_o  = !out_valid_q || out_ready_i;",
        "assign in_ready_o  = (!out_valid_q || out_ready_i) && (total_q < 40'd5);",
    );
    let agent = Stuck(AccAgent {
        layout: PortLayout::new(acc::ports()),
    });
    let model = build(&text, false).unwrap();
    let mut episode = random(3, false);
    episode.pacing = vec![Pacing::Full; 2];
    let mut pair = cosim::Pair::new(cosim::instance(&model, 3), agent.model());
    let outcome = cosim::play(&agent, &episode, &mut pair, &mut (), 10_000);
    let failure = outcome.failure.unwrap();
    let divergence = failure.divergence(&agent.0.layout);
    assert_eq!(divergence.port, "hang");
    assert!(
        divergence.rtl.contains("in (valid, not ready)"),
        "{divergence:?}"
    );
    assert!(failure.cycle < 300);
}
