//! Expected results of a PE, by loops over the requests: no slots, no sharing, no cycles.

use std::collections::BTreeMap;

use blocks::pe::{Element, PeConfig, Pins, ResultPins, WritePins};
use models::num::f32_to_bf16;

use super::command::{GNR, PeCommand, UPDATE, pack};
use super::lists;

/// 32-bit lanes of one slice.
type Sum = Vec<u32>;

/// What one command delivers.
pub(super) enum Delivery {
    /// Sums by query number, in any order.
    Results(BTreeMap<u32, Sum>),
    /// Updated rows with their ids, in order, packed into beats.
    Rows(Vec<(u64, Vec<u64>)>),
}

/// The deliveries of an episode's commands.
pub(super) struct Expected(Vec<Delivery>);

impl Expected {
    /// `None` if a command isn't regular: only the model knows what a PE does then.
    pub fn of<'a>(
        config: &PeConfig,
        commands: impl Iterator<Item = &'a PeCommand>,
    ) -> Option<Self> {
        let mut gradients = BTreeMap::new();
        let mut deliveries = Vec::new();
        for command in commands {
            let regular = command.announced as usize == command.visits.len()
                && (1..=config.queries).contains(&command.queries)
                && (!config.has_match() || lists::regular(config, command))
                && command.visits.iter().all(|visit| {
                    let ends = visit.requests.iter().filter(|request| request.end).count();
                    ends == 1 && visit.requests.last().is_some_and(|request| request.end)
                });
            if !regular {
                return None;
            }
            deliveries.push(match command.op {
                GNR if gradients.is_empty() => {
                    let sums = sums(config, command)?;
                    if command.retain {
                        gradients = sums;
                        Delivery::Results(BTreeMap::new())
                    } else {
                        Delivery::Results(sums)
                    }
                }
                UPDATE if config.has_update() => {
                    Delivery::Rows(rows(config, command, &mut gradients)?)
                }
                _ => return None,
            });
        }
        Some(Self(deliveries))
    }
}

/// The sums of a gather-and-reduce.
fn sums(config: &PeConfig, command: &PeCommand) -> Option<BTreeMap<u32, Sum>> {
    let mut sums: BTreeMap<u32, Sum> = BTreeMap::new();
    let mut complete = std::collections::BTreeSet::new();
    for visit in &command.visits {
        let vector: Sum = visit
            .vector
            .iter()
            .map(|&e| widen(e, config.element))
            .collect();
        let mut asked = std::collections::BTreeSet::new();
        for request in &visit.requests {
            for lane in lanes(config, request.mask) {
                let query = request.row * config.lookups_per_cycle + lane;
                let fresh = asked.insert(query) && !complete.contains(&query);
                if !fresh || query >= command.queries {
                    return None;
                }
                if request.last >> lane & 1 == 1 && !command.retain {
                    complete.insert(query);
                }
                match sums.get_mut(&query) {
                    None => drop(sums.insert(query, vector.clone())),
                    Some(sum) => {
                        sum.iter_mut()
                            .zip(&vector)
                            .for_each(|(sum, &v)| *sum = add(*sum, v, config.element));
                    }
                }
            }
        }
    }
    let fits = sums.len() <= config.slots as usize;
    (fits && (command.retain || complete.len() == sums.len())).then_some(sums)
}

/// The rows of an update; takes their gradients away.
fn rows(
    config: &PeConfig,
    command: &PeCommand,
    gradients: &mut BTreeMap<u32, Sum>,
) -> Option<Vec<(u64, Vec<u64>)>> {
    let rate = f32::from_bits(command.lr);
    let rows = command.visits.iter().map(|visit| {
        let [request] = visit.requests[..] else {
            return None;
        };
        let mut asking = lanes(config, request.mask);
        let (Some(lane), None) = (asking.next(), asking.next()) else {
            return None;
        };
        let query = request.row * config.lookups_per_cycle + lane;
        let gradient = gradients
            .remove(&query)
            .filter(|_| query < command.queries)?;
        let updated: Vec<u32> = visit
            .vector
            .iter()
            .zip(gradient)
            .map(|(&weight, gradient)| {
                let weight = f32::from_bits(widen(weight, config.element));
                let step = f32::from_bits(bits(rate * f32::from_bits(gradient)));
                let row = bits(weight - step);
                if config.element == Element::Bf16 {
                    f32_to_bf16(row).into()
                } else {
                    row
                }
            })
            .collect();
        Some((visit.id, pack(&updated, config)))
    });
    rows.collect()
}

fn lanes(config: &PeConfig, mask: u32) -> impl Iterator<Item = u32> + use<> {
    (0..config.lookups_per_cycle).filter(move |lane| mask >> lane & 1 == 1)
}

fn widen(element: u32, kind: Element) -> u32 {
    match kind {
        Element::Fp32 | Element::Int32 => element,
        Element::Bf16 => element << 16,
        Element::Int8 => element as u8 as i8 as i32 as u32,
    }
}

fn add(a: u32, b: u32, kind: Element) -> u32 {
    if kind.is_float() {
        bits(f32::from_bits(a) + f32::from_bits(b))
    } else {
        a.wrapping_add(b)
    }
}

/// Every NaN result is the same.
fn bits(value: f32) -> u32 {
    if value.is_nan() {
        0x7fc0_0000
    } else {
        value.to_bits()
    }
}

/// Checks the outputs against the expected results.
pub(super) struct Results {
    lookups: u32,
    lanes: usize,
    beats: usize,
    res: ResultPins,
    wb: Option<WritePins>,
    deliveries: std::vec::IntoIter<Delivery>,
    now: Option<Delivery>,
    /// Beat of the current result or row.
    beat: usize,
    /// The current row.
    row: usize,
}

impl Results {
    pub fn new(config: &PeConfig, pins: &Pins, expected: Expected) -> Self {
        Self {
            lookups: config.lookups_per_cycle,
            lanes: config.sum_lanes() as usize,
            beats: config.beats() as usize,
            res: pins.res.clone(),
            wb: pins.wb.clone(),
            deliveries: expected.0.into_iter(),
            now: None,
            beat: 0,
            row: 0,
        }
    }

    /// A beat of a result.
    pub fn result(&mut self, outputs: &[u64]) -> Result<(), String> {
        let (row, mask) = (outputs[self.res.row] as u32, outputs[self.res.mask] as u32);
        let Some(Delivery::Results(sums)) = &mut self.now else {
            return Err(format!("a result for row {row}, where none is expected"));
        };
        let data = &outputs[self.res.data.clone()];
        let last = self.beat + 1 == self.beats;
        for lane in (0..self.lookups).filter(|lane| mask >> lane & 1 == 1) {
            let query = row * self.lookups + lane;
            let sum = sums
                .get(&query)
                .ok_or_else(|| format!("a second result of query {query}"))?;
            check(sum, data, self.beat, self.lanes)
                .map_err(|wrong| format!("result of query {query} beat {} {wrong}", self.beat))?;
            if last {
                sums.remove(&query);
            }
        }
        self.beat = if last { 0 } else { self.beat + 1 };
        Ok(())
    }

    /// A beat of an updated row.
    pub fn written(&mut self, outputs: &[u64]) -> Result<(), String> {
        let wrong = || Err("an updated row, where none is expected".to_owned());
        let (Some(wb), Some(Delivery::Rows(rows))) = (&self.wb, &self.now) else {
            return wrong();
        };
        let Some((id, packed)) = rows.get(self.row) else {
            return wrong();
        };
        if outputs[wb.id] != *id {
            return Err(format!(
                "updated row {:#x} instead of {id:#x}",
                outputs[wb.id]
            ));
        }
        let words = wb.data.len();
        let expected = &packed[self.beat * words..][..words];
        if &outputs[wb.data.clone()] != expected {
            let (got, beat) = (&outputs[wb.data.clone()], self.beat);
            return Err(format!(
                "updated row {id:#x} beat {beat}: {got:x?}, not {expected:x?}"
            ));
        }
        self.beat = (self.beat + 1) % self.beats;
        self.row += usize::from(self.beat == 0);
        Ok(())
    }

    /// The next command was accepted: the results of the last one must be complete.
    pub fn next_command(&mut self) -> Result<(), String> {
        let missing = match &self.now {
            Some(Delivery::Results(sums)) => sums.len(),
            Some(Delivery::Rows(rows)) => rows.len() - self.row,
            None => 0,
        };
        if missing != 0 {
            return Err(format!(
                "{missing} results or rows of the command are missing"
            ));
        }
        self.now = self.deliveries.next();
        (self.beat, self.row) = (0, 0);
        Ok(())
    }

    /// The episode is over.
    pub fn finish(&mut self) -> Result<(), String> {
        self.next_command()
    }
}

/// Compares one beat of 32-bit lanes with a slice.
fn check(sum: &[u32], data: &[u64], beat: usize, lanes: usize) -> Result<(), String> {
    for (lane, expected) in sum[beat * lanes..][..lanes].iter().enumerate() {
        let got = (data[lane / 2] >> (32 * (lane % 2))) as u32;
        if got != *expected {
            return Err(format!("lane {lane}: {got:#010x}, not {expected:#010x}"));
        }
    }
    Ok(())
}
