//! The DDR5 model against a second one, which has nothing of it but configuration and address map: a
//! plain stepper, cycle by cycle, that looks back at what was issued when.

mod dram_stepper;

use dram_stepper::Stepper;
use std::path::Path;

use dram::{Completion, Config, Controller, Map, Request, read, run};
use proptest::prelude::*;
use proptest::sample::select;

/// A memory that is driven.
trait Memory {
    fn advance(&mut self, now: u64, done: &mut Vec<Completion>);
    fn push(&mut self, request: Request, now: u64) -> bool;
    /// When to look again if nothing is pushed.
    fn next(&self, now: u64) -> u64;
}

impl Memory for Controller {
    fn advance(&mut self, now: u64, done: &mut Vec<Completion>) {
        self.advance_to(now, &mut |completion| done.push(completion));
    }

    fn push(&mut self, request: Request, now: u64) -> bool {
        self.try_push(request, now)
    }

    fn next(&self, _: u64) -> u64 {
        self.next_event()
    }
}

impl Memory for Stepper {
    fn advance(&mut self, now: u64, done: &mut Vec<Completion>) {
        self.tick(now);
        done.extend(
            self.take_done(now)
                .map(|(id, cycle)| Completion { id, cycle }),
        );
    }

    fn push(&mut self, request: Request, now: u64) -> bool {
        self.offer(request.id, request.address, request.write, now)
    }

    fn next(&self, now: u64) -> u64 {
        now + 1
    }
}

/// Accesses with the cycles that each waits after the one before, and how many may be on their way.
#[derive(Clone, Debug)]
struct Load {
    accesses: Vec<(bool, u64, u64)>,
    window: usize,
}

/// Cycles of acceptance and completion of every access.
fn drive(memory: &mut impl Memory, load: &Load) -> Vec<(u64, u64)> {
    let mut cycles = vec![(0, 0); load.accesses.len()];
    let (mut now, mut from, mut sent, mut served) = (0, 0, 0, 0);
    let mut done = Vec::new();
    while served < load.accesses.len() {
        memory.advance(now, &mut done);
        served += done.len();
        for Completion { id, cycle } in done.drain(..) {
            cycles[id as usize].1 = cycle;
        }
        let open = sent < load.accesses.len() && sent - served < load.window;
        if open && now >= from {
            let (write, address, gap) = load.accesses[sent];
            let id = sent as u64;
            if memory.push(Request { id, address, write }, now) {
                cycles[sent].0 = now;
                sent += 1;
                from = now + 1 + gap;
            }
        }
        let mut next = memory.next(now);
        if open {
            next = next.min(from);
        }
        now = next.max(now + 1);
    }
    cycles
}

/// A timing of up to `most` cycles, often a small one.
fn cycles(most: u64) -> impl Strategy<Value = u64> {
    prop_oneof![1..=most.min(4), 1..=most]
}

prop_compose! {
    /// Any small memory that the checks of a configuration admit.
    fn any_config()(
        rank in select(vec![1_u64, 2, 4]),
        group in select(vec![1_u64, 2, 4, 8]),
        bank in select(vec![1_u64, 2, 4]),
        channels in select(vec![1_u64, 2]),
        mapper in select(vec!["RoBaRaCoCh", "MOP4CLXOR"]),
        scheduler in select(vec!["FRFCFS", "RowHit"]),
        refresh in any::<bool>(),
        queue in prop_oneof![1_u64..=4, 1_u64..=64],
        command in prop::collection::vec(1_u64..=2, 3),
        column in prop::collection::vec(cycles(24), 6),
        row in prop::collection::vec(cycles(40), 4),
        more in prop::collection::vec(cycles(40), 12),
        slack in 1_u64..400,
    ) -> Config {
        let (rows, columns, dq) = (1_u64 << 16, 1024, 8);
        let (bl, cl) = (column[0], row[0]);
        let cwl = more[0].min(cl + bl);
        let (ras, rp, rfc) = (row[1], row[2], 4 * row[3]);
        let refi = (rfc + ras + rp) * rank + slack;
        let json = serde_json::json!({
            "name": "any",
            "org": {
                "density": (group * bank * rows * columns * dq) >> 20, "dq": dq,
                "channel_width": 32, "rank": rank, "bankgroup": group, "bank": bank,
                "row": rows, "column": columns,
            },
            "timing": {
                "rate": 4800, "tCK_ps": 416, "nBL": bl, "nCL": cl, "nCWL": cwl, "nRCD": more[1],
                "nRP": rp, "nRAS": ras, "nRC": ras + rp, "nWR": more[2], "nRTP": more[3],
                "nPPD": column[1], "nCCDS": column[2], "nCCDL": column[3], "nCCDS_WR": column[4],
                "nCCDL_WR": more[4], "nWTRS": more[5], "nWTRL": more[6], "nCS": column[5],
                "nRRDS": more[7], "nRRDL": more[8], "nFAW": 2 * more[9], "nRFC": rfc, "nREFI": refi,
            },
            "rank": rank, "refresh": refresh, "scheduler": scheduler, "queue": queue,
            "channels": channels, "mapper": mapper,
            "command_cycles": {"ACT": command[0], "RD": command[1], "WR": command[2]},
        });
        Config::parse("any", &json.to_string()).expect("a good configuration")
    }
}

prop_compose! {
    /// Accesses to all of the memory, to a few rows, or to a few lines.
    fn any_load()(
        accesses in prop::collection::vec((0_u32..100, any::<u64>(), prop_oneof![
            8 => Just(0_u64), 2 => 0_u64..20, 1 => 0_u64..600,
        ]), 1..250),
        writes in select(vec![0_u32, 25, 50, 100]),
        mask in select(vec![u64::MAX, 0xffff_ffff_000f_ffff, 0x3_0003_ffc0, 0x0003_03c0]),
        window in prop_oneof![2 => Just(usize::MAX), 1 => 1_usize..100],
    ) -> Load {
        let accesses = accesses
            .iter()
            .map(|&(kind, address, gap)| (kind < writes, address & mask, gap))
            .collect();
        Load { accesses, window }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn both_models_agree(config in any_config(), mut load in any_load()) {
        let map = Map::new(&config);
        let lines = u64::from(config.channels) * config.line_bytes();
        for (_, address, _) in &mut load.accesses {
            // Of channel 0.
            *address %= map.bytes();
            *address -= *address % lines;
        }
        let found = drive(&mut Controller::new(&config), &load);
        let expected = drive(&mut Stepper::new(&config), &load);
        prop_assert_eq!(found, expected);
    }
}

/// The stepper itself: the reference's completions of a trace with reads and writes, and refresh.
#[test]
fn the_stepper_equals_the_reference() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/dram");
    for (name, trace) in [
        ("C_paper_r1_ref", "update256_b16_r1_2k"),
        ("E_paper_r1_noref_1cyc", "mix25_rand64_r1_2k"),
    ] {
        let config = Config::open(&data.join(format!("{name}.json"))).expect("good");
        let trace = data.join(format!("{trace}.trace"));
        let trace = read(&trace, Map::new(&config).bytes()).expect("a good trace");
        let accesses = trace.iter().map(|line| (line.write, line.address, 0));
        let load = Load {
            accesses: accesses.collect(),
            window: usize::MAX,
        };
        let completions = drive(&mut Stepper::new(&config), &load);
        let completions = completions.iter().map(|&(_, done)| done);
        // Of which another test knows that they are the reference's.
        assert!(completions.eq(run(&config, &trace).completions), "{name}");
    }
}
