//! Monitors a PE: cycles and counters of each command, and whether its results are right.

use blocks::pe::PeConfig;
use contract::PortLayout;
use cosim::{Episode, Monitor, Sample, Streams};

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

/// Words of the frames and numbers of the streams that are monitored.
struct Places {
    cmd: usize,
    res: usize,
    wb: Option<usize>,
    counter: usize,
    chosen: usize,
    busy: usize,
}

/// Collects figures, and checks the results of regular episodes against expected sums.
pub struct PeMonitor {
    places: Places,
    results: Option<Results>,
    counters: [u32; COUNTERS],
    /// Counters when the current command was taken.
    before: [u32; COUNTERS],
    taken: Option<u64>,
    figures: Vec<Figures>,
}

impl PeMonitor {
    pub(super) fn new(
        config: &PeConfig,
        layout: &PortLayout,
        episode: &Episode<PeCommand>,
    ) -> Self {
        let streams = Streams::new(layout);
        let update = config.has_update();
        let places = Places {
            cmd: streams.index("cmd"),
            res: streams.index("res"),
            wb: update.then(|| streams.index("wb")),
            counter: layout.word("ctr_o"),
            chosen: layout.word("ctr_sel_i"),
            busy: layout.word("busy_o"),
        };
        let disturbed = episode.steps.iter().any(|step| step.injection.is_some());
        let commands = episode.steps.iter().map(|step| &step.command);
        let expected = if disturbed {
            None
        } else {
            Expected::of(config, commands)
        };
        Self {
            places,
            results: expected.map(|expected| Results::new(config, layout, expected)),
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
        let Places {
            cmd,
            res,
            wb,
            counter,
            chosen,
            busy,
        } = self.places;
        if let Some(value) = self.counters.get_mut(sample.inputs[chosen] as usize) {
            *value = sample.outputs[counter] as u32;
        }
        if let Some(taken) = self.taken
            && sample.outputs[busy] == 0
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
        if sample.moved(res) {
            self.figures
                .last_mut()
                .into_iter()
                .for_each(|figures| figures.result_beats += 1);
            if let Some(results) = &mut self.results {
                results.result(sample.outputs)?;
            }
        }
        if wb.is_some_and(|wb| sample.moved(wb)) {
            self.figures
                .last_mut()
                .into_iter()
                .for_each(|figures| figures.written_beats += 1);
            if let Some(results) = &mut self.results {
                results.written(sample.outputs)?;
            }
        }
        if sample.moved(cmd) {
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
