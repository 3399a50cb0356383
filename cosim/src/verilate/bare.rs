//! The yardstick: the same verilated design driven by a plain C++ program, without Rust and without
//! any options of ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use contract::PortLayout;

use super::build::{Translated, translate};
use super::compile::{Toolchain, write};
use super::{Rtl, shim, tools};
use crate::Error;

/// A compiled C++ program that plays recorded input frames.
pub struct Bare {
    program: PathBuf,
}

/// One run of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    pub nanoseconds: u64,
    /// Over all output words of all cycles ([`fold`]): equal if the same work was done.
    pub hash: u64,
}

/// Input frames, cycle by cycle, with the seed of the initial state.
pub struct Recording {
    /// As given to [`crate::Design::instance`].
    pub seed: u32,
    /// Cycles of reset at the beginning.
    pub reset: u64,
    /// All frames, one after the other.
    pub frames: Vec<u64>,
}

/// One step of the hash over output words.
#[inline]
pub fn fold(hash: u64, word: u64) -> u64 {
    (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3)
}

impl Bare {
    /// Verilates and compiles the program into `dir`, with `-O3` and nothing else.
    ///
    /// # Errors
    /// If a tool is missing or fails.
    pub fn build(rtl: &Rtl, layout: &PortLayout, dir: &Path) -> Result<Self, Error> {
        let tools = Toolchain::find()?;
        let Translated { mut fast, slow, .. } =
            translate(&tools, rtl, &layout.ports, "dut", false, dir)?;
        fast.extend(slow);
        let main = shim::unity(&fast) + &main(layout);
        write(dir, "main.cc", &main)?;
        let include = tools.verilator.include.display().to_string();
        let mut args = vec![
            "-O3".to_owned(),
            "-w".into(),
            tools.verilator.standard.clone(),
        ];
        args.extend([
            format!("-I{include}"),
            format!("-I{include}/vltstd"),
            "-I.".into(),
        ]);
        args.push("main.cc".into());
        args.extend(["verilated.cpp", "verilated_threads.cpp"].map(|n| format!("{include}/{n}")));
        args.extend(["-o", "bare", "-pthread", "-latomic"].map(str::to_owned));
        tools::run(&tools.compiler.command, dir, "the bare C++ harness", &args)?;
        Ok(Self {
            program: dir.join("bare"),
        })
    }

    /// Writes a recording for [`Self::run`].
    ///
    /// # Errors
    /// If it can't be written.
    pub fn record(&self, recording: &Recording) -> Result<(), Error> {
        let file = self.recording();
        let head = [u64::from(recording.seed), recording.reset];
        let words = head.iter().chain(&recording.frames);
        let bytes: Vec<u8> = words.flat_map(|word| word.to_ne_bytes()).collect();
        std::fs::write(&file, bytes).map_err(Error::io("write", &file))
    }

    fn recording(&self) -> PathBuf {
        self.program.with_extension("frames")
    }

    /// Plays the recording once.
    ///
    /// # Errors
    /// If the program fails.
    pub fn run(&self) -> Result<Measured, Error> {
        let out = Command::new(&self.program).arg(self.recording()).output();
        let out = out.map_err(Error::io("run", &self.program))?;
        let text = String::from_utf8_lossy(&out.stdout);
        let mut numbers = text.split_whitespace().map_while(|word| word.parse().ok());
        match (numbers.next(), numbers.next()) {
            (Some(nanoseconds), Some(hash)) => Ok(Measured { nanoseconds, hash }),
            _ => Err(Error::Tool {
                tool: self.program.display().to_string(),
                what: "the recording".to_owned(),
                log: String::from_utf8_lossy(&out.stderr).into_owned(),
            }),
        }
    }
}

/// The program: plays the frames of a file and prints nanoseconds and hash.
fn main(layout: &PortLayout) -> String {
    let copies = shim::Copies::new(layout, "top.");
    let sample =
        copies.sample(|_, value| format!("    h = (h ^ {value}) * 0x00000100000001b3ull;\n"));
    MAIN.replace("@DRIVE@\n", &copies.drive)
        .replace("@SAMPLE@\n", &sample)
        .replace("@CLOCK@", copies.clock)
        .replace("@RESET@", copies.reset)
        .replace("@WORDS@", &layout.input_words.to_string())
        .replace("@SEED@", shim::SEED)
}

const MAIN: &str = r#"
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

int main(int, char **argv) {
  std::ifstream file{argv[1], std::ios::binary | std::ios::ate};
  std::vector<uint64_t> words(static_cast<size_t>(file.tellg()) / 8);
  file.seekg(0);
  file.read(reinterpret_cast<char *>(words.data()), words.size() * 8);
  const uint32_t seed = words[0];
  const uint64_t reset = words[1];
  const uint64_t cycles = (words.size() - 2) / @WORDS@;

  VerilatedContext context;
  context.randReset(2);
  context.randSeed(@SEED@);
  Vdut top{&context};
  top.@CLOCK@ = 0;
  top.@RESET@ = 1;
  top.eval();
  uint64_t h = 0;
  const auto start = std::chrono::steady_clock::now();
  for (uint64_t cycle = 0; cycle < cycles; ++cycle) {
    const uint64_t *f = &words[2 + cycle * @WORDS@];
    top.@RESET@ = cycle >= reset;
@DRIVE@
    top.@CLOCK@ = 0;
    top.eval();
@SAMPLE@
    top.@CLOCK@ = 1;
    top.eval();
  }
  const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - start;
  std::printf("%" PRId64 " %" PRIu64 "\n", static_cast<int64_t>(time.count()), h);
}
"#;
