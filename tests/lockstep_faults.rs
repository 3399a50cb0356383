//! Faults seeded in the emitted RTL: the default stimulus catches each of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use cosim::{Agent, Cache, Effort, Lockstep, Options, Report, Rtl, verilate};
use embertl::designs;
use embertl::pe::{PeAgent, random};
use hdl_gen::BlockConfig;
use hdl_gen::pe::PeConfig;

/// What is broken, in which file, which text becomes which.
struct Fault(&'static str, &'static str, &'static str, &'static str);

const FAULTS: [Fault; 20] = [
    // arithmetic corners
    Fault("the sum of opposite infinities is one", "fp_add.sv", "nan_g, {(ManW-1)", "1'b0, {(ManW-1)"),
    Fault("subnormal sums are shifted", "fp_add.sv", "near_top | bottom_g ?", "near_top ?"),
    Fault(
        "a product's sticky bit is lost",
        "fp_mul.sv",
        "(kept[1] | win_e[0] | sticky_e)",
        "(kept[1] | win_e[0])",
    ),
    Fault("subnormal factors lose an exponent", "fp_mul.sv", "a_exp[0] | ~a_norm}", "a_exp[0]}"),
    Fault("NaN keeps a sign", "fp_mul.sv", "(a_sign ^ b_sign) & ~nan_a", "a_sign ^ b_sign"),
    // datapath
    Fault("an update adds", "pe_datapath.sv", "{!product[32*i+31]", "{product[32*i+31]"),
    Fault("reads and writes meet in a bank", "pe_vector_fifo.sv", "wptr_q[0] == rptr_q[0]", "1'b0"),
    Fault(
        "results lose their beat count at an abort",
        "pe_results.sv",
        "else if (flush_i) beat_q <= '0;",
        "",
    ),
    Fault("a row's id is that of its last beat", "pe_vectors.sv", "== s && load_beat_q == '0)", "== s)"),
    // control
    Fault("a register is never filled again", "pe_vectors.sv", "if (end_i)", "if (end_i && 1'b0)"),
    Fault("the result buffer overflows", "pe_issue.sv", "used_q <= OutFull", "used_q <= OutFull + 1'b1"),
    Fault("sums are read before they are written", "pe_issue.sv", "&& !hazard &&", "&&"),
    Fault("a table row is read while it is changed", "pe_rows.sv", "busy_row_i == req_row_i", "1'b0"),
    Fault("one query number too many", "pe_rows.sv", "query < queries_i", "query <= queries_i"),
    Fault("a later error replaces the first", "pe_control.sv", "if (err_q == '0)", "if (err_now != '0)"),
    // tracker
    Fault("a slot nobody holds isn't kept", "pe_slot_table.sv", "head_cnt_i == '0, tag_q", "1'b0, tag_q"),
    Fault("a slot on its way is free", "pe_slot_table.sv", "&& !in_list && !held_i", "&& !in_list"),
    Fault("finished queries still count", "pe_groups.sv", "&& !take_fin_i[i]", ""),
    Fault("groups of the last visit match", "pe_groups.sv", "cur_q[e] && st == StSlot", "st == StSlot"),
    // reset
    Fault("the command survives no reset", "pe_control.sv", "state_q   <= StClear;", "state_q   <= StIdle;"),
];

const CYCLES: u64 = 600_000;

fn sources(config: &PeConfig) -> Vec<(String, String)> {
    let rtl = designs::emitted("tiny", config).unwrap();
    rtl.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
}

/// Runs the default stimulus on the RTL with this fault.
fn hunt(config: &PeConfig, sources: &[(String, String)], fault: &Fault) -> Option<Report> {
    let Fault(what, file, from, to) = *fault;
    let mut sources = sources.to_vec();
    let (_, text) = sources.iter_mut().find(|(name, _)| name == file).expect(file);
    assert!(text.contains(from), "{what}: `{from}` isn't in {file} any more");
    *text = text.replacen(from, to, 1);
    let cache = Cache::at(concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    let rtl = Rtl::emitted(PeConfig::TOP, sources);
    let options = Options { effort: Effort::Quick, trace: false };
    let model = verilate(&rtl, &config.ports(), options, &cache).unwrap();
    let agent = PeAgent::new(config);
    let lockstep = Lockstep {
        agent: &agent,
        model: &model,
        traced: &|| unreachable!("a brief report has no waves"),
        block: "pe",
        folder: env!("CARGO_TARGET_TMPDIR").as_ref(),
        command: "lockstep pe",
        shrink: std::time::Duration::ZERO,
    };
    let (mut done, mut seed) = (0, 1);
    while done < CYCLES {
        let episode = random(config, seed);
        let outcome = lockstep.run(&episode, &mut agent.watch(&episode), u64::MAX);
        if let Some(failure) = &outcome.failure {
            return Some(lockstep.brief(what, &episode, failure, outcome.touched));
        }
        done += outcome.cycles;
        seed += 1;
    }
    None
}

#[test]
fn every_seeded_fault_is_caught() {
    let (_, config) = PeConfig::named().into_iter().find(|(name, _)| *name == "tiny").unwrap();
    let sources = sources(&config);
    let (next, survivors) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(fault) = FAULTS.get(next.fetch_add(1, Ordering::Relaxed)) {
            match hunt(&config, &sources, fault) {
                Some(report) => println!("{report}"),
                None => survivors.lock().unwrap().push(fault.0),
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let survivors = survivors.into_inner().unwrap();
    assert!(survivors.is_empty(), "not caught: {survivors:?}");
}
