//! The DDR5 model's energy against a calculation by hand from the currents it states.

use std::path::Path;

use dram::{Commands, Config, Energy, parse, run, source};

fn config(name: &str) -> Config {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/dram");
    Config::open(&data.join(format!("{name}.json"))).expect("a good configuration")
}

// V x mA x ns = pJ. A rank has 32 / 8 = 4 devices; a cycle has 0.416 ns.
//
// ACT and its PRE: the current of an ACT-PRE loop (IDD0) over nRC, less the standby currents that it
// contains, with a row open (IDD3N) for nRAS and without (IDD2N) for nRP; nRC 116, nRAS 76, nRP 40:
//   1.1 x (60 x 116 - 55 x 76 - 50 x 40) x 0.416 x 4 = 1.1 x 780 x 1.664
const ACTIVATE_PJ: f64 = 1427.712;
// RD, and WR, as IDD4W is IDD4R: the burst (IDD4R) less open standby, for nBL 8:
//   1.1 x (145 - 55) x 8 x 0.416 x 4 = 1.1 x 720 x 1.664
const COLUMN_PJ: f64 = 1317.888;
// REFab: refresh (IDD5B) less open standby, for nRFC 710:
//   1.1 x (362 - 55) x 710 x 0.416 x 4 = 1.1 x 217970 x 1.664
const REFRESH_PJ: f64 = 398_972.288;
// Standby of a rank for one cycle, rows open:
//   1.1 x 55 x 0.416 x 4
const STANDBY_PJ: f64 = 100.672;

fn check(energy: Energy, expected_pj: [f64; 5]) {
    let found = [
        energy.activate_nj,
        energy.read_nj,
        energy.write_nj,
        energy.refresh_nj,
        energy.background_nj,
    ];
    let close = |nj: f64, pj: f64| (nj * 1000.0 - pj).abs() < 1e-6 * pj.max(1.0);
    for (nj, pj) in found.into_iter().zip(expected_pj) {
        assert!(close(nj, pj), "{nj} nJ, not {pj} pJ");
    }
    assert!(close(energy.total_nj, expected_pj.iter().sum()));
}

#[test]
fn currents_are_the_stated_ones() {
    let stated = "VDD 1.1 V, IDD0 60, IDD2N 50, IDD3N 55, IDD4R 145, IDD4W 145, IDD5B 362 mA";
    assert!(source().contains(stated), "{}", source());
}

/// Two lines of one row, and one of another bank.
#[test]
fn a_small_trace() {
    let text = "LD 0x0\nLD 0x40\nST 0x1000\n";
    let trace = parse("small", text, u64::MAX).expect("a good trace");
    let outcome = run(&config("A_paper_r1_noref"), &trace);
    let commands = Commands {
        activates: 2,
        reads: 2,
        writes: 1,
        refreshes: 0,
    };
    assert_eq!(outcome.commands, commands);
    // By hand: ACT at 1, RD at 41 and, nCCD_L 12 later, at 53, whose data end 48 cycles on. The write
    // waits until there is nothing to read: its ACT after both RDs' requests have left the queue.
    assert_eq!(outcome.completions[..2], [41 + 48, 53 + 48]);
    let cycles = outcome.cycles as f64;
    let expected = [
        2.0 * ACTIVATE_PJ,
        2.0 * COLUMN_PJ,
        COLUMN_PJ,
        0.0,
        cycles * STANDBY_PJ,
    ];
    check(outcome.energy, expected);
}

/// Four channels of two ranks, one refresh of each.
#[test]
fn every_rank_of_every_channel_stands_by() {
    let commands = Commands {
        activates: 1,
        reads: 2,
        writes: 3,
        refreshes: 8,
    };
    let expected = [
        ACTIVATE_PJ,
        2.0 * COLUMN_PJ,
        3.0 * COLUMN_PJ,
        8.0 * REFRESH_PJ,
        8.0 * 10_000.0 * STANDBY_PJ,
    ];
    check(
        Energy::new(&config("H_paper_4ch_r2_ref"), commands, 10_000),
        expected,
    );
}
