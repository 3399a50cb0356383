//! Mutants of the `tiny` configurations, made by Yosys: the random stimulus must tell each from the
//! original.
//!
//! The emitted RTL is flattened once; each mutant is that netlist with one bit of one cell inverted,
//! stuck, or mixed up with another bit. A mutant that survives is compared with the original by
//! Yosys: those that are proven equivalent can't be caught by anything.

mod common;

use std::path::Path;
use std::process::Command;

use blocks::adc_switch::AdcSwitchConfig;
use blocks::pe::PeConfig;
use blocks::tt_core::TtCoreConfig;
use common::{Verdict, folder, lockstep, named, parallel, sources, write};
use hdl_gen::Block;

const MUTANTS: usize = 100;
/// Of the mutants that aren't proven equivalent, at least this many in a hundred must be caught.
const CAUGHT: usize = 95;
/// Seconds of a processor that a proof may take.
const PROOF: &str = "--cpu=100";

#[test]
#[ignore = "100 mutants: part of `make nightly`"]
fn mutants_of_the_pe_are_caught() {
    mutants_are_caught::<PeConfig>();
}

#[test]
#[ignore = "100 mutants: part of `make nightly`"]
fn mutants_of_the_adc_switch_are_caught() {
    mutants_are_caught::<AdcSwitchConfig>();
}

#[test]
#[ignore = "100 mutants: part of `make nightly`"]
fn mutants_of_the_tt_core_are_caught() {
    mutants_are_caught::<TtCoreConfig>();
}

fn mutants_are_caught<B: Block>() {
    let seed = std::env::var("SEED").unwrap_or_else(|_| "1".to_owned());
    let dir = folder(&format!("mutants/{}", B::BLOCK));
    let mutations = prepare::<B>(&dir, &seed);
    assert_eq!(mutations.len(), MUTANTS);

    let original = lockstep(B::BLOCK, &dir.join("original"), "tiny", &["--brief"]);
    assert_eq!(
        original.code,
        Some(0),
        "unchanged, but as Yosys writes it:\n{}",
        original.report
    );

    let outcomes = parallel(&mutations, |number, mutation| {
        let verdict = lockstep(
            B::BLOCK,
            &dir.join(number.to_string()),
            "tiny",
            &["--brief"],
        );
        let outcome = match verdict.code {
            Some(1) => Outcome::Caught,
            Some(0) if proven_equivalent(&dir, B::TOP, number, mutation) => Outcome::Equivalent,
            Some(0) => Outcome::Survives,
            _ => panic!("mutant {number} can't be checked:\n{}", verdict.report),
        };
        let place = if verdict.diverged() {
            shown(&verdict)
        } else {
            String::new()
        };
        println!(
            "{number:>3}  {outcome:<10?} {place:<24} {}",
            brief(B::TOP, mutation)
        );
        outcome
    });
    let count = |wanted| {
        outcomes
            .iter()
            .filter(|&&outcome| outcome == wanted)
            .count()
    };
    let (equivalent, survivors) = (count(Outcome::Equivalent), count(Outcome::Survives));
    let different = MUTANTS - equivalent;
    let caught = different - survivors;
    println!(
        "{}, seed {seed}: {MUTANTS} mutants, {equivalent} proven equivalent, {caught} of {different} \
         others caught ({:.1} %)",
        B::BLOCK,
        100.0 * caught as f64 / different as f64
    );
    assert!(
        caught * 100 >= different * CAUGHT,
        "{survivors} of {different} mutants survive"
    );
}

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Caught,
    /// Proven to do the same as the original.
    Equivalent,
    Survives,
}

/// Where a mutant was caught.
fn shown(verdict: &Verdict) -> String {
    let [cycle, port] = ["cycle", "port"].map(|name| verdict.field(name));
    format!("@{cycle} {port}")
}

/// Flattens the design, and writes the original and all mutants into folders of their own. Returns the
/// mutations as Yosys commands.
fn prepare<B: Block>(dir: &Path, seed: &str) -> Vec<String> {
    let files = sources(&named::<B>("tiny"));
    write(dir, &files);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    std::fs::create_dir_all(dir.join("original")).expect("the folder can be made");
    let top = B::TOP;
    let script = format!(
        "read_verilog -sv {}\nhierarchy -check -top {top}\nproc\nflatten\nopt\nopt_clean -purge\n\
         write_rtlil original.il\nwrite_verilog -noattr original/{top}.v\n\
         mutate -list {MUTANTS} -seed {seed} -o mutations.txt\n",
        names.join(" ")
    );
    assert!(
        yosys(dir, "prepare.ys", &script),
        "Yosys can't read the emitted RTL"
    );
    let list = std::fs::read_to_string(dir.join("mutations.txt")).expect("Yosys has written it");
    let mutations: Vec<String> = list.lines().map(str::to_owned).collect();
    let mut script = "read_rtlil original.il\ndesign -save original\n".to_owned();
    for (number, mutation) in mutations.iter().enumerate() {
        std::fs::create_dir_all(dir.join(number.to_string())).expect("the folder can be made");
        script +=
            &format!("design -load original\n{mutation}\nwrite_verilog -noattr {number}/{top}.v\n");
    }
    assert!(
        yosys(dir, "mutate.ys", &script),
        "Yosys can't make the mutants"
    );
    mutations
}

/// Whether Yosys proves that a mutant does the same as the original. Registers have the same names on
/// both sides: it is enough that equal states and inputs give equal next states and outputs.
///
/// What is built alike is joined first. That claims that its inputs are equal, too: where those of the
/// mutated cell are not, although what it makes of them is, the second try leaves this cell out, and
/// the third joins nothing.
fn proven_equivalent(dir: &Path, top: &str, number: usize, mutation: &str) -> bool {
    let side = |name: &str, mutation: &str| {
        format!(
            "read_rtlil original.il\n{mutation}\nmemory -nomap\nmemory_map\nasync2sync\n\
             dffunmap\nopt_clean\nrename {top} {name}\ndesign -stash {name}\n"
        )
    };
    let both = side("gold", "") + &side("gate", mutation);
    let join = "equiv_struct -icells";
    let but_the_cell = format!("{join} equiv/* equiv/c:{} %d", pattern(mutation));
    [join, &but_the_cell, ""].iter().any(|joined| {
        let script = format!(
            "{both}design -copy-from gold -as gold gold\ndesign -copy-from gate -as gate gate\n\
             equiv_make gold gate equiv\nhierarchy -top equiv\nopt_clean\n\
             {joined}\nopt_clean\nequiv_simple\nequiv_induct -seq 1\n\
             equiv_status -assert\n"
        );
        let name = format!("prove-{number}.ys");
        yosys(dir, &name, &script) && !joins_constants(dir, &name)
    })
}

/// Whether a proof has joined a signal with a constant. Yosys 0.23 takes such a pair for equal from then
/// on, and so a register's bit that is stuck for equivalent: that is no proof.
fn joins_constants(dir: &Path, name: &str) -> bool {
    let log = std::fs::read_to_string(dir.join(format!("{name}.log"))).expect("Yosys writes it");
    let constant = |side: &str| side.starts_with(|c: char| c.is_ascii_digit());
    log.lines()
        .filter(|line| line.contains("New $equiv for input"))
        .any(|line| {
            [" A: ", " B: "]
                .iter()
                .any(|side| line.split(side).skip(1).any(constant))
        })
}

/// The mutated cell on both sides, for Yosys' `select`: what is special there matches as any character.
fn pattern(mutation: &str) -> String {
    let mut words = mutation.split(' ').skip_while(|word| *word != "-cell");
    let cell = words.nth(1).expect("a mutation has a cell");
    let plain = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
    cell.replace(|c| !plain(c), "?") + "*"
}

/// Runs a script, and says whether all of it went well within the time of [`PROOF`].
fn yosys(dir: &Path, name: &str, script: &str) -> bool {
    std::fs::write(dir.join(name), script).expect("the script can be written");
    let program = std::env::var("YOSYS").unwrap_or_else(|_| "yosys".to_owned());
    let mut command = Command::new("prlimit");
    command.args([PROOF, &program, "-q", "-l", &format!("{name}.log"), name]);
    let output = command.current_dir(dir).output().expect("Yosys can be run");
    output.status.success()
}

/// A mutation with the source lines of its cell, less what is always the same.
fn brief(top: &str, mutation: &str) -> String {
    let what = mutation.trim_start_matches("mutate ");
    what.replace(&format!("-module {top} "), "")
        .replace("-src ", "")
}
