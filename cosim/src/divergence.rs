//! The first divergence, port by port.

use contract::{Dir, PortLayout, Role, Slot};
use serde::Serialize;

use crate::run::{Failure, Kind};
use crate::target::Wrong;

/// Ports wider than this are compared lane by lane in reports.
const LANE_BITS: u32 = 32;

/// Where and how design and model diverge, in the words of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Divergence {
    pub cycle: u64,
    /// The first port, in port order, that differs; the stream if its protocol is broken; `hang`.
    pub port: String,
    /// What the design drives.
    pub rtl: String,
    /// What the model drives.
    pub model: String,
}

impl Failure {
    /// The first divergence of this failure.
    pub fn divergence(&self, layout: &PortLayout) -> Divergence {
        let at = |port: &str, rtl: String, model: &str| Divergence {
            cycle: self.cycle,
            port: port.to_owned(),
            rtl,
            model: model.to_owned(),
        };
        match &self.kind {
            Kind::Wrong(Wrong::Differs(expected)) => {
                let differing = differing(layout, &self.outputs, expected);
                let Some(&(name, slot)) = differing.first() else {
                    return at("none", String::new(), "");
                };
                at(name, hex(&self.outputs, slot), &hex(expected, slot))
            }
            Kind::Wrong(Wrong::Protocol { stream, what }) => {
                at(stream, (*what).to_owned(), "stable until transferred")
            }
            Kind::Wrong(Wrong::AssertionFailure(text)) => at("assertion", text.clone(), "holds"),
            Kind::Result(text) => at("result", text.clone(), "plain sums"),
            Kind::Hang { idle, stalled } => {
                let what = format!("nothing moved for {idle} cycles; {}", stalled.join(", "));
                at("hang", what, "the same, but work is left")
            }
        }
    }

    /// What the failure is about, without its cycle and values: two failures at one place are
    /// probably the same.
    pub fn place(&self, layout: &PortLayout) -> String {
        self.divergence(layout).port
    }

    /// The ports that differ beside the first, and how the lanes of the first differ if it is wide.
    pub(crate) fn details(&self, layout: &PortLayout) -> Vec<String> {
        let Kind::Wrong(Wrong::Differs(expected)) = &self.kind else {
            return Vec::new();
        };
        let differing = differing(layout, &self.outputs, expected);
        let Some(((_, first), others)) = differing.split_first() else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        if first.width > LANE_BITS * 2 {
            lines.push(lanes(&self.outputs, expected, *first));
        }
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|(name, _)| *name).collect();
            lines.push(format!("also differ: {}", names.join(", ")));
        }
        lines
    }
}

/// The compared output ports that differ, in port order.
fn differing<'a>(
    layout: &'a PortLayout,
    outputs: &[u64],
    expected: &[u64],
) -> Vec<(&'a str, Slot)> {
    let placed = layout.ports.iter().zip(&layout.slots);
    let outputs_only = placed.filter(|(port, _)| port.dir == Dir::Output);
    outputs_only
        .filter_map(|(port, slot)| {
            let slot = (*slot)?;
            let words = slot.range();
            let compared = port.role != Role::Payload || is_valid(layout, outputs, port.stream);
            let differs = outputs[words.clone()] != expected[words];
            (compared && differs).then_some((port.name.as_str(), slot))
        })
        .collect()
}

fn is_valid(layout: &PortLayout, outputs: &[u64], stream: Option<&str>) -> bool {
    let mut placed = layout.ports.iter().zip(&layout.slots);
    let valid = placed.find(|(port, _)| port.stream == stream && port.role == Role::Valid);
    valid
        .and_then(|(_, slot)| *slot)
        .is_some_and(|slot| outputs[slot.word] & 1 == 1)
}

/// The lanes that differ, e.g. `lane 5: rtl 0x1, model 0x2; the other 7 lanes are equal`.
fn lanes(outputs: &[u64], expected: &[u64], slot: Slot) -> String {
    let lane = |frame: &[u64], lane: u32| {
        frame[slot.word + lane as usize / 2] >> (LANE_BITS * (lane % 2)) & u64::from(u32::MAX)
    };
    let count = slot.width.div_ceil(LANE_BITS);
    let wrong: Vec<u32> = (0..count)
        .filter(|&at| lane(outputs, at) != lane(expected, at))
        .collect();
    let show = |&at: &u32| {
        format!(
            "lane {at}: rtl {:#010x}, model {:#010x}",
            lane(outputs, at),
            lane(expected, at)
        )
    };
    let shown: Vec<String> = wrong.iter().take(4).map(show).collect();
    let equal = count as usize - wrong.len();
    format!(
        "{}; {equal} of {count} 32-bit lanes are equal",
        shown.join("; ")
    )
}

/// The value of a port, in hex with all its digits.
pub(crate) fn hex(frame: &[u64], slot: Slot) -> String {
    let digits = slot.width.div_ceil(4) as usize;
    let all: String = (0..slot.words)
        .rev()
        .map(|word| format!("{:016x}", frame[slot.word + word]))
        .collect();
    format!("0x{}", &all[all.len() - digits..])
}
