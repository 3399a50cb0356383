//! From groups of a Liberty file to cells, in our units.

use std::collections::HashMap;

use super::cell::{Arc, ArcKind, Cell, Edges, FALL, FlipFlop, Part, Pin, RISE, Role, Sense};
use super::error::LibertyError;
use super::function::Function;
use super::syntax::Group;
use super::table::Table;

/// Cells with one of these are of no use to logic.
const NOT_LOGIC: [&str; 6] = [
    "dont_use",
    "pad_cell",
    "is_level_shifter",
    "is_isolation_cell",
    "always_on",
    "is_macro_cell",
];

/// Groups of cells that hold state other than one flip-flop, or have more than single pins.
const NOT_PLAIN: [&str; 6] = [
    "latch",
    "latch_bank",
    "ff_bank",
    "statetable",
    "bus",
    "bundle",
];

/// Reads one library group.
pub fn part(lib: &Group) -> Result<Part, LibertyError> {
    if lib.values("include_file").is_some() {
        return Err(LibertyError::Content(
            "include_file is not followed; give each file with --liberty, or put them together"
                .into(),
        ));
    }
    let context = Context {
        units: Units::of(lib)?,
        templates: lib
            .groups("lu_table_template")
            .filter_map(|g| Some((g.args.first()?.as_str(), g)))
            .collect(),
        input_cap: lib
            .attr("default_input_pin_cap")
            .and_then(|v| number(v).ok()),
        types: lib
            .groups("type")
            .filter_map(|g| Some((g.args.first()?.as_str(), g)))
            .collect(),
    };
    let mut cells = Vec::new();
    for group in lib.groups("cell") {
        let name = group.args.first().cloned().unwrap_or_default();
        let cell = context
            .cell(group)
            .map_err(|e| LibertyError::Content(format!("line {}: cell {name}: {e}", group.line)))?;
        cells.push((name, group.line, cell));
    }
    let slew = lib.attr("default_max_transition");
    Ok(Part {
        name: lib.args.first().cloned().unwrap_or_default(),
        cells,
        max_slew_ns: slew.map(number).transpose()?.map(|v| v * context.units.ns),
    })
}

struct Units {
    ns: f64,
    ff: f64,
}

impl Units {
    fn of(lib: &Group) -> Result<Self, LibertyError> {
        let time = lib.text("time_unit").unwrap_or_else(|| "1ns".into());
        let (count, unit) = split(&time);
        let scale = match unit.to_ascii_lowercase().as_str() {
            "s" => 1e9,
            "ms" => 1e6,
            "us" => 1e3,
            "ns" => 1.0,
            "ps" => 1e-3,
            "fs" => 1e-6,
            _ => {
                return Err(LibertyError::Content(format!(
                    "time_unit {time:?} is not in ns, ps or fs"
                )));
            }
        };
        let ns = count? * scale;
        let cap = lib
            .text("capacitive_load_unit")
            .unwrap_or_else(|| "1 pf".into());
        let (count, unit) = split(&cap);
        let ff = match unit.to_ascii_lowercase().as_str() {
            "ff" => count?,
            "pf" => count? * 1e3,
            "nf" => count? * 1e6,
            _ => {
                return Err(LibertyError::Content(format!(
                    "capacitive_load_unit {cap:?} is not in ff or pf"
                )));
            }
        };
        let unit = |name: &str, value: f64| {
            (value > 0.0)
                .then_some(value)
                .ok_or_else(|| LibertyError::Content(format!("{name} is not above 0")))
        };
        Ok(Self {
            ns: unit("time_unit", ns)?,
            ff: unit("capacitive_load_unit", ff)?,
        })
    }
}

/// `10ps`, `1 pf`, `1e-1ns`: a number and its unit.
fn split(text: &str) -> (Result<f64, LibertyError>, &str) {
    let text = text.trim();
    let unit = text
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |at| at + 1);
    let count = text[..unit].trim();
    (
        if count.is_empty() {
            Ok(1.0)
        } else {
            number(count)
        },
        &text[unit..],
    )
}

fn number(text: &str) -> Result<f64, LibertyError> {
    let value: Option<f64> = text.trim().parse().ok();
    value
        .filter(|v| v.is_finite())
        .ok_or_else(|| LibertyError::Content(format!("{:?} is not a number", text.trim())))
}

fn numbers(values: &[String], scale: f64) -> Result<Vec<f64>, LibertyError> {
    values
        .iter()
        .flat_map(|v| v.split(|c: char| c == ',' || c.is_whitespace()))
        .filter(|v| !v.is_empty())
        .map(|v| Ok(number(v)? * scale))
        .collect()
}

fn function(text: &str) -> Result<Function, LibertyError> {
    Function::parse(text)
        .map_err(|why| LibertyError::Content(format!("function \"{}\": {why}", text.trim())))
}

/// What the cells of a library share.
struct Context<'a> {
    units: Units,
    templates: HashMap<&'a str, &'a Group>,
    input_cap: Option<f64>,
    types: HashMap<&'a str, &'a Group>,
}

impl Context<'_> {
    fn cell(&self, group: &Group) -> Result<Cell, LibertyError> {
        let area = group.attr("area").map(number).transpose()?;
        let mut cell = Cell {
            area: area.filter(|&a| a >= 0.0),
            flop: group
                .groups
                .iter()
                .any(|g| ["ff", "ff_bank"].contains(&g.kind.as_str())),
            ..Cell::default()
        };
        let unused = NOT_LOGIC.iter().any(|a| group.is_true(a))
            || group.attr("clock_gating_integrated_cell").is_some()
            || group
                .groups
                .iter()
                .any(|g| NOT_PLAIN.contains(&g.kind.as_str()))
            || group
                .groups("pin")
                .any(|p| p.is_true("is_pad") || p.attr("state_function").is_some());
        for pin in group.groups("pin") {
            self.pins(&mut cell, pin, None, unused)?;
        }
        for bus in group.groups("bus").chain(group.groups("bundle")) {
            self.bus(&mut cell, bus, group)?;
        }
        if !unused {
            cell.role = role(group, &cell)?;
        }
        Ok(cell)
    }

    /// The members of a bus or a bundle: those with groups of their own, or all.
    fn bus(&self, cell: &mut Cell, bus: &Group, owner: &Group) -> Result<(), LibertyError> {
        for pin in bus.groups("pin") {
            self.pins(cell, pin, Some(bus), true)?;
        }
        let kind = bus.attr("bus_type").unwrap_or("");
        let own = owner
            .groups("type")
            .find(|t| t.args.iter().any(|a| a == kind));
        let range = own.or_else(|| self.types.get(kind).copied()).map(|t| {
            let bit = |name| t.attr(name).unwrap_or("0").to_owned();
            (bit("bit_from"), bit("bit_to"))
        });
        let members: Vec<String> = match (bus.values("members"), range) {
            (Some(members), _) => {
                let names = members.iter().flat_map(|m| m.split([',', ' ']));
                names.filter(|m| !m.is_empty()).map(str::to_owned).collect()
            }
            (None, Some((from, to))) => bus
                .args
                .iter()
                .flat_map(|name| bits(&format!("{name}[{from}:{to}]")))
                .collect(),
            (None, None) => Vec::new(),
        };
        for name in members {
            if !cell.pins.contains_key(&name) {
                self.pin(cell, name, bus, Some(bus), true)?;
            }
        }
        Ok(())
    }

    fn pins(
        &self,
        cell: &mut Cell,
        pin: &Group,
        bus: Option<&Group>,
        unused: bool,
    ) -> Result<(), LibertyError> {
        for name in pin.args.iter().flat_map(|name| bits(name)) {
            self.pin(cell, name, pin, bus, unused)?;
        }
        Ok(())
    }

    /// One pin; functions and arcs of cells that are never used are not read.
    fn pin(
        &self,
        cell: &mut Cell,
        name: String,
        pin: &Group,
        bus: Option<&Group>,
        unused: bool,
    ) -> Result<(), LibertyError> {
        let attr = |name| pin.attr(name).or_else(|| bus.and_then(|b| b.attr(name)));
        let value = |name| attr(name).map(number).transpose();
        let direction = attr("direction").unwrap_or("input");
        let output = direction == "output";
        let cap = match value("capacitance")? {
            Some(cap) => cap,
            None => {
                let edges = [value("rise_capacitance")?, value("fall_capacitance")?];
                let default = self.input_cap.filter(|_| !output);
                edges
                    .into_iter()
                    .flatten()
                    .reduce(f64::max)
                    .or(default)
                    .unwrap_or(0.0)
            }
        };
        let mut made = Pin {
            output,
            odd: !["input", "output"].contains(&direction),
            three_state: pin.attr("three_state").is_some(),
            cap_ff: cap * self.units.ff,
            max_cap_ff: value("max_capacitance")?.map(|v| v * self.units.ff),
            max_slew_ns: value("max_transition")?.map(|v| v * self.units.ns),
            ..Pin::default()
        };
        if !unused {
            let text = pin.text("function").filter(|t| !t.trim().is_empty());
            made.function = text.map(|t| function(&t)).transpose()?;
            for timing in pin.groups("timing") {
                made.arcs.extend(self.arc(timing)?);
            }
        }
        cell.pin_order.retain(|n| *n != name);
        cell.pin_order.push(name.clone());
        cell.pins.insert(name, made);
        Ok(())
    }

    /// `None` for arcs that no path is made of: hold, recovery, preset, clear and the like.
    fn arc(&self, group: &Group) -> Result<Option<Arc>, LibertyError> {
        let kind = match group.attr("timing_type").unwrap_or("combinational") {
            "combinational" | "combinational_rise" | "combinational_fall"
            | "three_state_enable" => ArcKind::Combinational,
            "rising_edge" | "falling_edge" => ArcKind::Edge,
            "setup_rising" | "setup_falling" => ArcKind::Setup,
            _ => return Ok(None),
        };
        let [delay, slew] = match kind {
            ArcKind::Setup => [["rise_constraint", "fall_constraint"], ["", ""]],
            _ => [
                ["cell_rise", "cell_fall"],
                ["rise_transition", "fall_transition"],
            ],
        };
        let read = |names: [&str; 2]| -> Result<Edges<Option<Table>>, LibertyError> {
            let one = |name| group.groups(name).next().map(|g| self.table(g)).transpose();
            Ok([one(names[RISE])?, one(names[FALL])?])
        };
        Ok(Some(Arc {
            related: group
                .text("related_pin")
                .unwrap_or_default()
                .split([' ', ',', '\t'])
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
            kind,
            sense: match group.attr("timing_sense") {
                Some("positive_unate") => Sense::Positive,
                Some("negative_unate") => Sense::Negative,
                _ => Sense::Both,
            },
            delay: read(delay)?,
            slew: read(slew)?,
        }))
    }

    fn table(&self, group: &Group) -> Result<Table, LibertyError> {
        let template = group
            .args
            .first()
            .and_then(|n| self.templates.get(n.as_str()));
        let variable = |name| template.and_then(|t| t.attr(name)).unwrap_or("");
        let axis = |index: &str, variable: &str| -> Result<Vec<f64>, LibertyError> {
            let own = group
                .values(index)
                .or_else(|| template.and_then(|t| t.values(index)));
            let scale = if variable.contains("capacitance") {
                self.units.ff
            } else {
                self.units.ns
            };
            Ok(own
                .map(|v| numbers(v, scale))
                .transpose()?
                .unwrap_or_else(|| vec![0.0]))
        };
        let (first, second) = (variable("variable_1"), variable("variable_2"));
        // Without a template two axes are slew and load.
        let load = |v: &'static str| if template.is_some() { second } else { v };
        let values = numbers(group.values("values").unwrap_or(&[]), self.units.ns)?;
        let axes = (
            axis("index_1", first)?,
            axis("index_2", load("capacitance"))?,
        );
        let table = Table::new(axes.0, axes.1, values).ok_or_else(|| {
            LibertyError::Content(format!(
                "line {}: a {} table doesn't fit its axes",
                group.line, group.kind
            ))
        })?;
        // Kept as (input slew, load) and (clock slew, data slew), whichever way the file has them.
        let turned = first.contains("capacitance") || first.contains("constrained_pin");
        Ok(if turned { table.transposed() } else { table })
    }
}

/// `A[1:0]` as A[1], A[0]; other names as they are.
fn bits(name: &str) -> Vec<String> {
    let range = name.strip_suffix(']').and_then(|n| n.rsplit_once('['));
    let ends = range.and_then(|(base, range)| {
        let (from, to) = range.split_once(':')?;
        let end = |text: &str| text.trim().parse::<u32>().ok();
        Some((base, end(from)?, end(to)?))
    });
    match ends {
        // A wider range is not a real one.
        Some((base, from, to)) if from.abs_diff(to) < 1 << 16 => {
            let bit = |i| format!("{base}[{i}]");
            if from > to {
                (to..=from).rev().map(bit).collect()
            } else {
                (from..=to).map(bit).collect()
            }
        }
        _ => vec![name.to_owned()],
    }
}

/// What the flow can do with a cell of single pins that may be used.
fn role(group: &Group, cell: &Cell) -> Result<Role, LibertyError> {
    let outputs = || cell.pins.values().filter(|p| p.output);
    let odd = cell.pins.values().any(|p| p.odd || p.three_state);
    if cell.area.is_none() || odd || outputs().count() == 0 {
        return Ok(Role::Other);
    }
    let ffs: Vec<&Group> = group.groups("ff").collect();
    match ffs.as_slice() {
        [] if outputs().all(|out| is_timed(cell, out)) => Ok(Role::Gate),
        [ff] if ff.values("clocked_on_also").is_none() => {
            let given = |name| ff.text(name).map(|t| function(&t)).transpose();
            let (Some(next_state), Some(clocked_on)) = (given("next_state")?, given("clocked_on")?)
            else {
                return Ok(Role::Other);
            };
            let state =
                |i: usize, other: &str| ff.args.get(i).cloned().unwrap_or_else(|| other.to_owned());
            Ok(Role::Flop(Box::new(FlipFlop {
                states: [state(0, "IQ"), state(1, "IQN")],
                next_state,
                clocked_on,
                clear: given("clear")?,
                preset: given("preset")?,
                both: ["clear_preset_var1", "clear_preset_var2"]
                    .map(|name| ff.attr(name).map(str::to_owned)),
            })))
        }
        _ => Ok(Role::Other),
    }
}

/// Whether an output has a function, and both delays and slews from each input that it needs.
fn is_timed(cell: &Cell, out: &Pin) -> bool {
    let Some(function) = &out.function else {
        return false;
    };
    function.support().iter().all(|input| {
        let arcs = || {
            out.arcs
                .iter()
                .filter(|a| a.related.iter().any(|r| r == input))
        };
        cell.pins.get(*input).is_some_and(|p| !p.output)
            && [RISE, FALL]
                .into_iter()
                .all(|edge| arcs().any(|a| a.delay[edge].is_some() && a.slew[edge].is_some()))
    })
}
