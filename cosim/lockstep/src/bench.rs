//! The `bench` command: how fast the harness is, as ratios measured in one run on one machine.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use contract::Clocked;
use contract::Named;
use cosim::verilate::bare::{Bare, Recording, fold};
use cosim::{
    Agent, Alone, Cache, Design, Dut, Effort, Episode, Monitor, Options, Pair, Sample,
    initial_seed, instance, play, verilate,
};
use hdl_gen::Block;
use report::{Cell, Column, Table, Unit, row};
use serde::Serialize;

use crate::{Error, Linked, emitted};

/// Cycles of one measurement.
const CYCLES: u64 = 30_000;
/// Interleaved rounds of measurements.
const ROUNDS: usize = 9;
/// Rounds of the edit loop, which takes longer.
const EDITS: usize = 5;
/// Cycles of reset at the start of an episode.
const RESET: u64 = 2;

/// Best and median of the rounds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    pub best: f64,
    pub median: f64,
}

/// The measurements of one block.
#[derive(Clone, Debug, Serialize)]
pub struct Bench {
    pub block: String,
    pub config: String,
    pub cycles: u64,
    pub rounds: usize,
    /// Cycles per second: the design in a plain C++ program (g++ -O3).
    pub bare: Spread,
    /// The design driven from Rust, without the model.
    pub rust: Spread,
    /// Design and model in lock-step: stimulus, comparison, protocol and result checks.
    pub lockstep: Spread,
    /// The model alone.
    pub model: Spread,
    /// Ratios of the best rounds.
    pub rust_over_bare: f64,
    pub lockstep_over_bare: f64,
    pub model_over_design: f64,
    /// Seconds from an edited line of RTL to the first lock-step cycle, runtime cached.
    pub edit_to_first_cycle: Spread,
}

/// The table.
pub(crate) fn text(bench: &Bench) -> String {
    let Bench {
        block,
        config,
        cycles,
        rounds,
        ..
    } = bench;
    let Spread { best, median } = bench.edit_to_first_cycle;
    format!(
        "{block}  config={config}  {cycles} cycles, {rounds} interleaved rounds\n{}edit one line of RTL \
         to first lock-step cycle: {best:.2} s (median {median:.2} s)\n",
        speeds(bench)
    )
}

fn speeds(bench: &Bench) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right("").unit(Unit::attached(" cycles/s", 0)),
        Column::left(""),
        Column::right(""),
    ]);
    let row = |name, Spread { best, median }: Spread, ratio: Cell| {
        row![name, best, format!("(median {median:.0})"), ratio]
    };
    let of_bare = |ratio: f64| Cell::from((ratio, Unit::attached(" of bare", 3)));
    let of_design = |ratio: f64| Cell::from((ratio, Unit::attached(" x design", 1)));
    table
        .row(row("bare C++ (g++ -O3)", bench.bare, of_bare(1.0)))
        .row(row(
            "driven from Rust",
            bench.rust,
            of_bare(bench.rust_over_bare),
        ))
        .row(row(
            "lock-step",
            bench.lockstep,
            of_bare(bench.lockstep_over_bare),
        ))
        .row(row(
            "model alone",
            bench.model,
            of_design(bench.model_over_design),
        ));
    table
}

/// Measures one configuration on one episode.
///
/// # Errors
/// A tool that fails, or work that isn't the same everywhere.
pub fn measure<A: Agent, B: Block>(
    agent: &A,
    named: &Named<B>,
    episode: &Episode<A::Command>,
    linked: Linked,
) -> Result<Bench, Error> {
    let rtl = emitted(named)?;
    let layout = agent.layout();
    let options = Options {
        effort: Effort::Full,
        trace: false,
    };
    let design = match linked(&rtl) {
        Some(design) => design,
        None => verilate(&rtl, &layout.ports, options, &Cache::from_env())?,
    };
    let folder = tempfile::tempdir().map_err(|cause| Error::Write {
        what: "a temporary folder".into(),
        cause,
    })?;
    let bare = Bare::build(&rtl, layout, folder.path())?;
    let frames = record(agent, &design, episode);
    let cycles = (frames.len() / layout.input_words) as u64;
    let recording = Recording {
        seed: initial_seed(episode.seed),
        reset: RESET,
        frames,
    };
    bare.record(&recording)?;

    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        let measured = bare.run()?;
        times[0].push(Duration::from_nanos(measured.nanoseconds));
        let (time, hash) = drive(&design, &recording);
        if hash != measured.hash {
            return Err(Error::Usage(
                "Rust and C++ have sample different outputs".to_owned(),
            ));
        }
        times[1].push(time);
        times[2].push(lockstep(agent, &design, episode, cycles));
        times[3].push(model_alone(agent, &recording));
    }
    let [bare, rust, lockstep, model] = times.map(|times| speed(&times, cycles));
    let named_edit = edit(named, &rtl, folder.path())?;
    Ok(Bench {
        block: B::BLOCK.to_owned(),
        config: named.name.clone(),
        cycles,
        rounds: ROUNDS,
        bare,
        rust,
        lockstep,
        model,
        rust_over_bare: rust.best / bare.best,
        lockstep_over_bare: lockstep.best / bare.best,
        model_over_design: model.best / rust.best,
        edit_to_first_cycle: named_edit,
    })
}

fn speed(times: &[Duration], cycles: u64) -> Spread {
    let seconds = spread(times);
    Spread {
        best: cycles as f64 / seconds.best,
        median: cycles as f64 / seconds.median,
    }
}

/// In seconds.
fn spread(times: &[Duration]) -> Spread {
    let mut seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    seconds.sort_by(f64::total_cmp);
    Spread {
        best: seconds[0],
        median: seconds[seconds.len() / 2],
    }
}

/// The input frames of an episode.
fn record<A: Agent>(agent: &A, design: &Design, episode: &Episode<A::Command>) -> Vec<u64> {
    struct Recorder(Vec<u64>);
    impl Monitor for Recorder {
        fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
            self.0.extend_from_slice(sample.inputs);
            Ok(())
        }
    }
    let mut recorder = Recorder(Vec::new());
    let mut target = Alone::new(instance(design, episode.seed));
    play(agent, episode, &mut target, &mut recorder, CYCLES);
    recorder.0
}

/// The design from Rust: the same frames, and the same hash, as the C++ program.
fn drive(design: &Design, recording: &Recording) -> (Duration, u64) {
    let mut dut = design.instance(recording.seed);
    let layout = design.layout();
    let mut outputs = vec![0; layout.output_words];
    let (mut hash, mut was_reset) = (0, false);
    let started = Instant::now();
    for (cycle, inputs) in recording
        .frames
        .chunks_exact(layout.input_words)
        .enumerate()
    {
        let in_reset = (cycle as u64) < recording.reset;
        if in_reset != was_reset {
            dut.reset(in_reset);
            was_reset = in_reset;
        }
        dut.cycle(inputs, &mut outputs);
        hash = outputs.iter().fold(hash, |hash, &word| fold(hash, word));
    }
    (started.elapsed(), hash)
}

/// Everything: the episode on design and model.
fn lockstep<A: Agent>(
    agent: &A,
    design: &Design,
    episode: &Episode<A::Command>,
    cycles: u64,
) -> Duration {
    let mut pair = Pair::new(instance(design, episode.seed), agent.model());
    let mut monitor = agent.monitor(episode);
    let started = Instant::now();
    play(agent, episode, &mut pair, &mut monitor, cycles);
    started.elapsed()
}

/// The model on the same frames, the second time: the first touches its memories, which the design's
/// random initial state has done for it.
fn model_alone<A: Agent>(agent: &A, recording: &Recording) -> Duration {
    let mut model = agent.model();
    let (words, mut outputs) = (
        model.layout().input_words,
        vec![0; model.layout().output_words],
    );
    let mut time = Duration::ZERO;
    for _ in 0..2 {
        let started = Instant::now();
        for (cycle, inputs) in recording.frames.chunks_exact(words).enumerate() {
            let reset = (cycle as u64) < recording.reset;
            if reset {
                model.reset();
            }
            model.eval(inputs, &mut outputs);
            if !reset {
                model.clock(inputs);
            }
        }
        time = started.elapsed();
        std::hint::black_box(&outputs);
    }
    time
}

/// The edit loop as a user has it: a line of an emitted file changes, `lockstep --rtl` runs.
fn edit<B: Block>(named: &Named<B>, rtl: &cosim::Rtl, folder: &Path) -> Result<Spread, Error> {
    let failed = |cause| Error::Write {
        what: "the edited RTL".to_owned(),
        cause,
    };
    let dir = folder.join("edit");
    std::fs::create_dir_all(&dir).map_err(failed)?;
    for (name, text) in rtl.files() {
        std::fs::write(dir.join(name), text).map_err(failed)?;
    }
    let top = dir.join(format!("{}.sv", B::TOP));
    let original = std::fs::read_to_string(&top).map_err(failed)?;
    let program = std::env::current_exe().map_err(failed)?;
    let mut times = Vec::new();
    // The first round compiles the runtime if need be, and doesn't count.
    for round in 0..=EDITS {
        // Never seen before, so that no cache can answer.
        let unique = format!("{}_{round}", std::process::id());
        let line = format!("  logic edit_{unique};\n  assign edit_{unique} = clk_i;\nendmodule");
        let started = Instant::now();
        std::fs::write(&top, original.replace("endmodule", &line)).map_err(failed)?;
        let mut command = Command::new(&program);
        command.args([
            "lockstep",
            B::BLOCK,
            "--config",
            &named.name,
            "--cycles",
            "1",
            "--json",
        ]);
        command.arg("--rtl").arg(&dir).stdout(Stdio::null());
        let status = command.status().map_err(failed)?;
        if !status.success() {
            return Err(Error::Usage(
                "the edited RTL doesn't agree with the model".to_owned(),
            ));
        }
        if round > 0 {
            times.push(started.elapsed());
        }
    }
    Ok(spread(&times))
}
