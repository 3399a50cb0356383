//! Monitors a PE: cycles and counters of each command, and whether its results are right.

use blocks::pe::{PeConfig, Pins};
use cosim::{Episode, Monitor, Sample};

use super::command::PeCommand;
use super::expect::{Expected, Results};

/// Counters of the PE (`docs/pe.md`, section 10).
const COUNTERS: usize = 10;
/// Additions are counted in beats.
const ADDER_BEATS: usize = 1;
const SHARES: usize = 3;
/// Cycles without an issue: no vector, no room for a result, executor free but blocked, no work.
const STALLS: std::ops::Range<usize> = 6..10;

/// What one command took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Cycles from the command's transfer to `busy_o` low.
    pub cycles: u64,
    pub result_beats: u64,
    pub written_beats: u64,
    pub adder_beats: u64,
    pub shares: u64,
    /// Cycles without an issue, by cause: no vector, no room for a result, blocked, no work.
    pub stalls: [u64; 4],
}

/// Collects figures, and checks the results of regular episodes against expected sums.
pub struct PeMonitor {
    pins: Pins,
    results: Option<Results>,
    counters: [u32; COUNTERS],
    /// Counters when the current command was taken.
    before: [u32; COUNTERS],
    taken: Option<u64>,
    figures: Vec<Figures>,
}

impl PeMonitor {
    pub(super) fn new(config: &PeConfig, episode: &Episode<PeCommand>) -> Self {
        let pins = Pins::new(config);
        let disturbed = episode.steps.iter().any(|step| step.injection.is_some());
        let commands = episode.steps.iter().map(|step| &step.command);
        let expected = if disturbed {
            None
        } else {
            Expected::of(config, commands)
        };
        Self {
            results: expected.map(|expected| Results::new(config, &pins, expected)),
            pins,
            counters: [0; COUNTERS],
            before: [0; COUNTERS],
            taken: None,
            figures: Vec::new(),
        }
    }

    /// Whether the results of this episode are checked.
    pub fn checks(&self) -> bool {
        self.results.is_some()
    }

    /// The figures of all commands, in order. Counters are right if `ctr_sel_i` counts and commands
    /// are at least 16 cycles apart.
    pub fn figures(mut self) -> Vec<Figures> {
        self.close();
        self.figures
    }

    /// Ends the figures of the current command.
    fn close(&mut self) {
        if let Some(figures) = self.figures.last_mut() {
            let delta = |at: usize| u64::from(self.counters[at].wrapping_sub(self.before[at]));
            figures.adder_beats = delta(ADDER_BEATS);
            figures.shares = delta(SHARES);
            for (stall, counter) in figures.stalls.iter_mut().zip(STALLS) {
                *stall = delta(counter);
            }
        }
    }
}

impl Monitor for PeMonitor {
    #[inline]
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let pins = &self.pins;
        if let Some(value) = self.counters.get_mut(sample.inputs[pins.ctr_sel] as usize) {
            *value = sample.outputs[pins.ctr] as u32;
        }
        if let Some(taken) = self.taken
            && sample.outputs[pins.busy] == 0
            && sample.cycle > taken
        {
            self.taken = None;
            if let Some(figures) = self.figures.last_mut() {
                figures.cycles = sample.cycle - taken;
            }
        }
        if sample.transfers == 0 || sample.disturbed {
            return Ok(());
        }
        if sample.moved(pins.res.stream.index) {
            self.figures
                .last_mut()
                .into_iter()
                .for_each(|figures| figures.result_beats += 1);
            if let Some(results) = &mut self.results {
                results.result(sample.outputs)?;
            }
        }
        let wb = pins.wb.as_ref();
        if wb.is_some_and(|wb| sample.moved(wb.stream.index)) {
            self.figures
                .last_mut()
                .into_iter()
                .for_each(|figures| figures.written_beats += 1);
            if let Some(results) = &mut self.results {
                results.written(sample.outputs)?;
            }
        }
        if sample.moved(pins.cmd.index) {
            self.close();
            self.before = self.counters;
            self.taken = Some(sample.cycle);
            self.figures.push(Figures::default());
            if let Some(results) = &mut self.results {
                results.next_command()?;
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), String> {
        self.results.as_mut().map_or(Ok(()), Results::finish)
    }
}
