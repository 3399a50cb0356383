//! Faults seeded in the emitted RTL: the random stimulus must find each one, and report it.

mod adc_switch;
#[path = "../common/mod.rs"]
mod common;
mod pe;
mod tt_core;

use std::collections::HashSet;

use common::{folder, lockstep, parallel, sources, write};
use contract::load::to_toml;
use hdl_gen::Block;

/// One mistake, as an exact replacement in one file.
struct Fault {
    name: &'static str,
    /// The design that it is made in.
    subject: fn() -> Subject,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

/// A block in one configuration, as files.
struct Subject {
    block: &'static str,
    config: String,
    sources: Vec<(String, String)>,
}

impl Subject {
    fn new<B: Block>(config: &B) -> Self {
        Self {
            block: B::BLOCK,
            config: to_toml(config),
            sources: sources(config),
        }
    }
}

/// One report in this many is made in full, with waves, shrunk stimulus and replay.
const IN_FULL: usize = 8;

/// Random cycles in which a fault must show; most show in the first thousand.
const CYCLES: &str = "1000000";

#[test]
fn faults_of_the_pe() {
    caught_and_reported(pe::FAULTS);
}

#[test]
fn faults_of_the_adc_switch() {
    caught_and_reported(adc_switch::FAULTS);
}

#[test]
fn faults_of_the_tt_core() {
    caught_and_reported(tt_core::FAULTS);
}

fn caught_and_reported(faults: &[Fault]) {
    let started = std::time::Instant::now();
    let names: HashSet<&str> = faults.iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), faults.len(), "names are unique");
    let results = parallel(faults, check);
    let mut failed = Vec::new();
    for (fault, result) in faults.iter().zip(results) {
        match result {
            Ok(line) => println!("{:<48} {line}", fault.name),
            Err(what) => failed.push(format!("{}: {what}", fault.name)),
        }
    }
    println!(
        "{} of {} faults caught in {:.0} s",
        faults.len() - failed.len(),
        faults.len(),
        started.elapsed().as_secs_f64()
    );
    assert!(
        failed.is_empty(),
        "{} of {}:\n{}",
        failed.len(),
        faults.len(),
        failed.join("\n")
    );
}

/// Seeds one fault, and looks at what the command says of it: where it shows, or what is wrong.
fn check(number: usize, fault: &Fault) -> Result<String, String> {
    let Subject {
        block,
        config,
        sources: mut files,
    } = (fault.subject)();
    let file = files.iter_mut().find(|(name, _)| name == fault.file);
    let (_, text) = file.ok_or_else(|| format!("there is no {}", fault.file))?;
    match text.matches(fault.from).count() {
        1 => *text = text.replace(fault.from, fault.to),
        found => return Err(format!("its text is {found} times in {}", fault.file)),
    }
    let dir = folder(&format!("faults/{block}/{number}"));
    write(&dir, &files);
    std::fs::write(dir.join("config.toml"), config).map_err(|e| e.to_string())?;

    let in_full = number.is_multiple_of(IN_FULL);
    let lockstep = |more: &[&str]| lockstep(block, &dir, "config.toml", more);
    let brief = lockstep(&["--brief", "--cycles", CYCLES]);
    if !brief.diverged() {
        return Err(format!(
            "not caught (exit {:?}) {}",
            brief.code, brief.report
        ));
    }
    let fields = ["cycle", "port", "rtl", "model"].map(|name| brief.field(name));
    let [cycle, port, rtl, model] = &fields;
    let again = lockstep(match in_full {
        true => &["--cycles", CYCLES],
        false => &["--brief", "--cycles", CYCLES],
    });
    if again.divergence != brief.divergence {
        return Err(format!(
            "{} first, then {}",
            brief.divergence, again.divergence
        ));
    }
    let stated = [
        format!("first divergence at cycle {cycle}\n"),
        format!("  {port}   rtl {rtl}   model {model}\n"),
    ];
    for report in [&brief.report, &again.report] {
        if let Some(line) = stated.iter().find(|line| !report.contains(*line)) {
            return Err(format!("`{line}` is not in the report:\n{report}"));
        }
    }
    if in_full {
        let replay = again
            .report
            .lines()
            .find_map(|line| line.trim().strip_prefix("replay "));
        let replay = replay.ok_or_else(|| format!("no replay command:\n{}", again.report))?;
        let file = replay
            .rsplit_once("--replay ")
            .ok_or("the replay command has no file")?
            .1;
        let replayed = lockstep(&["--brief", "--replay", file]);
        if !replayed.diverged() || replayed.field("port") != *port {
            return Err(format!(
                "the replay shows {}:\n{}",
                replayed.divergence, again.report
            ));
        }
    }
    Ok(format!("@{cycle} {port} {rtl}, not {model}"))
}
