//! The whole system with verilated PEs in the loop.

mod common;

use blocks::pe::PeConfig;
use common::{embertl, folder, named, sources, trace, write};
use serde_json::Value;

const QUERIES: usize = 150;

fn query(number: usize) -> String {
    format!("{};{},{}", number % 31, number % 3, number * 7 % 50)
}

#[test]
fn verilated_and_modelled_pes_take_the_same_cycles() {
    let dir = folder("refree");
    let trace = trace(&dir, QUERIES, query);
    for args in [&["--trace", &trace][..], &["--batches", "1", "--seed", "5"]] {
        let args = [&["lockstep", "refree", "--json"][..], args].concat();
        let output = embertl(&dir, &args);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let runs = document["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 3);
        for run in runs {
            assert_eq!(run["cycles"], run["model_cycles"]);
            assert!(run["cycles"].as_u64() > Some(100));
            assert_eq!(run["divergences"], 0);
        }
    }
}

/// A wrong value and a wrong time are both seen, in the phase that has them.
#[test]
fn faults_of_the_rtl_are_seen_in_the_system() {
    let faults = [
        (
            "pe_datapath.sv",
            "{!product[32*i+31], product[32*i +: 31]}",
            "product[32*i +: 32]",
            "update",
        ),
        (
            "pe_vectors.sv",
            "pass_held_i ? pass_first_q : first_q",
            "first_q",
            "forward",
        ),
    ];
    for (file, from, to, phase) in faults {
        let dir = folder("refree-fault");
        let mut files = sources(&named::<PeConfig>("tiny"));
        let (_, text) = files.iter_mut().find(|(name, _)| name == file).unwrap();
        assert!(text.contains(from), "{file}");
        *text = text.replace(from, to);
        write(&dir, &files);
        let trace = trace(&dir, QUERIES, query);
        let rtl = dir.display().to_string();
        let output = embertl(
            &dir,
            &[
                "lockstep", "refree", "--config", "tiny", "--json", "--rtl", &rtl, "--trace",
                &trace,
            ],
        );
        assert_eq!(output.status.code(), Some(1), "{file} {output:?}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let runs = document["runs"].as_array().unwrap();
        let first = runs.iter().find(|run| run["divergences"] == 1).unwrap();
        assert_eq!(first["mode"], phase, "{file}");
    }
}
