//! Monitors a controller: whether results are the sums of the requested rows,
//! and come in order. It knows the host's side of the rules and nothing of cycles.

use std::collections::VecDeque;

use blocks::adc_switch::{AdcSwitchConfig, Pins};
use contract::frame::signed_field;
use cosim::{Monitor, Sample};
use models::adc_switch::Rows;
use models::adc_switch::device::Elements;
use recross::Tally;

use super::command::Tile;

/// Counters of the controller.
const COUNTERS: usize = 16;
/// Bits of `err_o`.
const TAG_CHANGED: u64 = 1;
const TAG_IN_FLIGHT: u64 = 2;
const OVERFLOW: u64 = 4;
const CODE_RANGE: u64 = 8;

/// A query in flight.
#[derive(Debug)]
struct InFlight {
    tag: u64,
    rows: u64,
    sums: Vec<i64>,
    /// Its last activation was taken.
    complete: bool,
}

/// Checks results and errors, collects counters.
pub struct AdcSwitchMonitor {
    config: AdcSwitchConfig,
    pins: Pins,
    /// What the tile holds.
    elements: Option<Elements>,
    /// The device is ideal: sums are exact.
    exact: bool,
    in_flight: VecDeque<InFlight>,
    /// Something illegal was sent: nothing is taken any more.
    halted: bool,
    /// Errors that what was sent so far must raise.
    errors: u64,
    disturbed: bool,
    /// Next beat of the current result.
    beat: usize,
    counters: [u32; COUNTERS],
    tally: Tally,
    /// Activations taken: of no row, of one, of more.
    activations: [u64; 3],
    checked: u64,
}

impl AdcSwitchMonitor {
    pub(super) fn new(config: &AdcSwitchConfig, tile: Option<&Tile>) -> Self {
        Self {
            pins: Pins::new(config),
            config: config.clone(),
            elements: tile.map(|tile| tile.elements(config)),
            exact: tile.is_some_and(|tile| tile.imperfections.is_ideal()),
            in_flight: VecDeque::new(),
            halted: false,
            errors: 0,
            disturbed: false,
            beat: 0,
            counters: [0; COUNTERS],
            tally: Tally::default(),
            activations: [0; 3],
            checked: 0,
        }
    }

    /// The counters as last seen: right at the end of an episode if `ctr_sel_i` counts.
    pub fn counters(&self) -> &[u32; COUNTERS] {
        &self.counters
    }

    /// What the pins did, disturbed cycles left out.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Activations that were taken and fit: of no row, of one, of more.
    pub fn activations(&self) -> [u64; 3] {
        self.activations
    }

    /// Result beats that were compared with expected sums.
    pub fn checked(&self) -> u64 {
        self.checked
    }

    /// An activation was taken.
    fn act(&mut self, inputs: &[u64]) {
        if self.halted {
            return;
        }
        let (tag, last) = (inputs[self.pins.act_tag], inputs[self.pins.act_last]);
        let open = self.in_flight.back().filter(|newest| !newest.complete);
        let error = match open {
            Some(newest) if newest.tag != tag => TAG_CHANGED,
            None if self.in_flight.iter().any(|query| query.tag == tag) => TAG_IN_FLIGHT,
            _ => 0,
        };
        if error != 0 {
            self.errors |= error;
            self.halted = true;
            return;
        }
        if open.is_none() {
            self.in_flight.push_back(InFlight {
                tag,
                rows: 0,
                sums: vec![0; self.config.elements() as usize],
                complete: false,
            });
        }
        let Some(query) = self.in_flight.back_mut() else {
            return;
        };
        let rows = Rows::from_words(&inputs[self.pins.act_rows.clone()]);
        query.rows += u64::from(rows.count());
        if query.rows > 1 << (self.config.acc_bits - self.config.element_bits) {
            self.errors |= OVERFLOW;
            self.halted = true;
            return;
        }
        self.activations[rows.count().min(2) as usize] += 1;
        query.complete = last == 1;
        if let Some(elements) = self.elements.as_ref().filter(|_| self.exact) {
            for row in rows.iter() {
                for (sum, &element) in query.sums.iter_mut().zip(elements.row(row)) {
                    *sum += i64::from(element);
                }
            }
        }
    }

    /// A beat of a result leaves.
    fn res(&mut self, outputs: &[u64]) -> Result<(), String> {
        let (tag, last) = (outputs[self.pins.res_tag], outputs[self.pins.res_last]);
        let Some(query) = self.in_flight.front().filter(|query| query.complete) else {
            return Err("a result of a query that is not complete".to_owned());
        };
        if tag != query.tag {
            return Err(format!("tag {tag} instead of {}", query.tag));
        }
        let adcs = self.config.adcs as usize;
        let first = self.beat * adcs;
        let end = first + adcs == query.sums.len();
        if end != (last == 1) {
            return Err(format!("last = {last} on beat {}", self.beat));
        }
        if self.exact {
            let data = &outputs[self.pins.res_data.clone()];
            for (lane, &sum) in query.sums[first..first + adcs].iter().enumerate() {
                let value = signed_field(data, lane, self.config.acc_bits);
                if value != sum {
                    let element = first + lane;
                    return Err(format!(
                        "element {element} of tag {tag}: {value}, not {sum}"
                    ));
                }
            }
            self.checked += 1;
        }
        self.beat += 1;
        if end {
            self.beat = 0;
            self.in_flight.pop_front();
        }
        Ok(())
    }

    fn check_errors(&self, errors: u64) -> Result<(), String> {
        let halting = errors & (TAG_CHANGED | TAG_IN_FLIGHT | OVERFLOW);
        if halting & !self.errors != 0 {
            return Err(format!("err_o {errors:#x} without a cause"));
        }
        if self.exact && errors & CODE_RANGE != 0 {
            return Err("CODE_RANGE with an ideal device".to_owned());
        }
        Ok(())
    }
}

impl Monitor for AdcSwitchMonitor {
    #[inline]
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        let errors = sample.outputs[self.pins.err];
        if sample.disturbed {
            self.disturbed = true;
            return Ok(());
        }
        if std::mem::take(&mut self.disturbed) {
            self.in_flight.clear();
            (self.halted, self.beat) = (false, 0);
            // An error that was not seen by now was lost with its cause.
            self.errors &= errors;
        }
        let chosen = sample.inputs[self.pins.ctr_sel] as usize % COUNTERS;
        self.counters[chosen] = sample.outputs[self.pins.ctr] as u32;
        self.tally.cycle(&self.pins, sample.outputs);
        self.check_errors(errors)?;
        if sample.transfers == 0 {
            return Ok(());
        }
        // A tag that leaves in the cycle in which it comes again is still in flight.
        if sample.moved(self.pins.act.index) {
            self.act(sample.inputs);
        }
        if sample.moved(self.pins.res.index) {
            self.res(sample.outputs)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), String> {
        match self.in_flight.len() {
            0 => Ok(()),
            missing => Err(format!("{missing} results are missing")),
        }
    }
}
