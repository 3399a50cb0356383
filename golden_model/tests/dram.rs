//! The DDR5 model against the reference's completions, and as a user meets it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dram::{Access, Completion, Config, Controller, Map, Request, parse, read, run};
use proptest::prelude::*;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/dram")
        .join(name)
}

fn config(name: &str) -> Config {
    Config::open(&data(&format!("{name}.json"))).expect("a good configuration")
}

/// Every row of the reference copied here: last cycle, every completion (through the hash), and
/// latencies.
#[test]
fn equals_the_reference() {
    let rows = std::fs::read_to_string(data("results.csv")).expect("readable");
    let mut count = 0;
    for row in rows.lines().skip(1) {
        let fields = row.split(',').collect::<Vec<_>>();
        let config = config(fields[0]);
        let file = data(&format!("{}.trace", fields[1]));
        let trace = read(&file, Map::new(&config).bytes()).expect("a good trace");
        let outcome = run(&config, &trace);
        let latency = outcome.read_latency;
        let found = [
            outcome.reads.to_string(),
            outcome.last_accept_cycle.to_string(),
            outcome.cycles.to_string(),
            latency.p50.to_string(),
            latency.p99.to_string(),
            latency.max.to_string(),
            outcome.completion_fnv,
        ];
        let expected = [3, 4, 5, 9, 10, 11, 12].map(|field| fields[field].to_owned());
        assert_eq!(found, expected, "{} {}", fields[0], fields[1]);
        count += 1;
    }
    assert_eq!(count, 12);
}

#[test]
fn first_read_of_an_idle_bank() {
    let trace = parse("", "LD 0x0", u64::MAX).expect("a good trace");
    let outcome = run(&config("A_paper_r1_noref"), &trace);
    assert_eq!((outcome.accepts[0], outcome.cycles), (0, 89));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A caller that looks at every cycle sees what one sees that skips from event to event.
    #[test]
    fn events_are_all_there_is(
        accesses in prop::collection::vec((any::<bool>(), 0_u64..1 << 34), 1..200),
        few in any::<bool>(),
    ) {
        let config = config("K_paper_r2_ref_rowhit");
        let accesses = accesses.iter().map(|&(write, address)| Access {
            write,
            // Few lines collide, are forwarded and merged.
            address: if few { address % 64 * 4096 } else { address },
        });
        let accesses = accesses.collect::<Vec<_>>();
        let outcome = run(&config, &accesses);
        let mut controller = Controller::new(&config);
        let mut completions = vec![0; accesses.len()];
        let (mut next, mut now) = (0, 0);
        while next < accesses.len() || controller.waiting() > 0 {
            controller.advance_to(now, &mut |Completion { id, cycle }| {
                // Handed out no later than it happens.
                assert_eq!(cycle, now);
                completions[id as usize] = cycle;
            });
            if let Some(&Access { write, address }) = accesses.get(next) {
                let id = next as u64;
                next += usize::from(controller.try_push(Request { id, address, write }, now));
                // A merged write is done in the cycle it was offered.
                controller.advance_to(now, &mut |done| completions[done.id as usize] = done.cycle);
            }
            now += 1;
        }
        prop_assert_eq!(completions, outcome.completions);
    }
}

fn golden_model(config: &Path, trace: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_golden_model"))
        .args(["dram", "--json", "--config"])
        .arg(config)
        .arg("--trace")
        .arg(trace)
        .output()
        .expect("runs")
}

/// Packed, with a byte-order mark, other line ends, names in either case, the address in front.
#[test]
fn traces_and_configurations_as_they_are_shipped() {
    let good = std::fs::read_to_string(data("A_paper_r1_noref.json")).expect("readable");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (json, trace) = (dir.path().join("a.json"), dir.path().join("a.trace.gz"));
    let run = |config: &[u8], accesses: &[u8]| {
        std::fs::write(&json, config).expect("writable");
        std::fs::write(&trace, accesses).expect("writable");
        let output = golden_model(&json, &trace);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{errors}");
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
        (json["reads"].clone(), json["completion_fnv"].clone())
    };
    let plain = "LD 0x1000\nST 0xab40\nLD 0x2000\n";
    let expected = run(good.as_bytes(), plain.as_bytes());
    assert_eq!(expected.0, 2);
    let gzip = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packed, text.as_bytes()).expect("memory");
        packed.finish().expect("memory")
    };
    assert_eq!(run(&gzip(&good), &gzip(plain)), expected);
    let marked = format!("\u{feff}{}", good.replace('\n', "\r\n"));
    for accesses in [
        "\u{feff}# made by hand\r\nLD 0x1000 \r\nST 0xab40\r\n\r\nLD 0x2000\r\n\r\n",
        "LD 0x1000\rST 0xab40\rLD 0x2000\r",
        "ld 0X1000\nst 0xAB40\nLd 0x2000",
        "R 0x1000\nW 0xab40\nread\t0x2000\n",
        "0x1000 R\n0xab40 WRITE\n0x2000 R\n",
    ] {
        assert_eq!(
            run(marked.as_bytes(), accesses.as_bytes()),
            expected,
            "{accesses:?}"
        );
    }
}

/// Each mistake gives exit code 2 and one line that says these words.
#[test]
fn mistakes() {
    let good = std::fs::read_to_string(data("A_paper_r1_noref.json")).expect("readable");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (json, trace) = (dir.path().join("a.json"), dir.path().join("a.trace"));
    for (from, to, access, words) in [
        ("\"nFAW\": 32,", "", "LD 0x0", "missing field `nFAW`"),
        (
            "\"nRC\": 116",
            "\"nRC\": 117",
            "LD 0x0",
            "nRC is 117; it must be nRAS + nRP = 76 + 40",
        ),
        (
            "FRFCFS",
            "FIFO",
            "LD 0x0",
            "unknown variant `FIFO`, expected `FRFCFS` or `RowHit`",
        ),
        ("\"nCS\"", "\"nXS\"", "LD 0x0", "unknown field `nXS`"),
        (
            "\"queue\": 64",
            "\"queue\": 0",
            "LD 0x0",
            "queue is 0; it must be from 1",
        ),
        (
            "\"rank\": 1,\n \"ref",
            "\"rank\": 2,\n \"ref",
            "LD 0x0",
            "rank is 2; it must be",
        ),
        ("", "", "", "holds no access"),
        (
            "",
            "",
            "LD 0x0\nLOAD 0x0\n",
            "a.trace:2: `LOAD 0x0` is no access",
        ),
        (
            "",
            "",
            "0x40 READ 100\n",
            "a.trace:1: `0x40 READ 100` has 3 columns, but an access has two",
        ),
        ("", "", "R W\n", "a.trace:1: `R W` is no access"),
        (
            "",
            "",
            "PAR1\n",
            "a.trace: a Parquet table, not a trace of accesses; load it with",
        ),
        (
            "",
            "",
            "{\"name\": 1}",
            "a.trace: JSON text, not a trace of accesses",
        ),
        ("", "", "LD 64\n", "a.trace:1: `LD 64` is no access"),
        (
            "",
            "",
            "LD 0x0\nST 0x200000000\n",
            "a.trace:2: address 0x200000000 is out of range",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(&json, good.replacen(from, to, 1)).expect("writable");
        std::fs::write(&trace, access).expect("writable");
        let output = golden_model(&json, &trace);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(
            output.stdout.is_empty() && message.lines().count() == 1,
            "{message}"
        );
        assert!(
            message.starts_with("error: ") && message.contains(words),
            "{message}"
        );
    }
}
