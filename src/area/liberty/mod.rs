//! A cell library as area and timing analysis need it, read from a Liberty file.

mod syntax;
mod table;

use std::collections::{BTreeMap, HashMap};

pub use table::Table;

use syntax::Group;

/// A Liberty file that can't be used.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum LibertyError {
    #[error("line {line}: {what}")]
    Syntax { line: usize, what: String },
    #[error("{0}")]
    Content(String),
}

/// Rising and falling value of one quantity.
pub type Edges<T> = [T; 2];
pub const RISE: usize = 0;
pub const FALL: usize = 1;

/// Cells by name; times in ns, capacitances in fF.
#[derive(Debug)]
pub struct Library {
    pub name: String,
    pub cells: HashMap<String, Cell>,
    flop: String,
    /// The smallest buffer: what drives inputs while mapping.
    pub buffer: String,
}

#[derive(Debug, Default)]
pub struct Cell {
    /// In um2; a cell that doesn't state it has none, which is not the same as zero.
    pub area: Option<f64>,
    pub pins: BTreeMap<String, Pin>,
    /// Has an `ff` group.
    pub flop: bool,
    pub dont_use: bool,
}

#[derive(Debug, Default)]
pub struct Pin {
    pub output: bool,
    pub cap_ff: f64,
    pub function: Option<String>,
    pub arcs: Vec<Arc>,
}

#[derive(Debug)]
pub struct Arc {
    pub related: Vec<String>,
    pub kind: ArcKind,
    pub sense: Sense,
    /// Delay over (input slew, load), or constraint over (clock slew, data slew).
    pub delay: Edges<Option<Table>>,
    /// Output slew over (input slew, load).
    pub slew: Edges<Option<Table>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArcKind {
    Combinational,
    /// From a clock edge.
    Edge,
    Setup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    Positive,
    Negative,
    Both,
}

impl Library {
    /// Reads a Liberty text.
    pub fn parse(text: &str) -> Result<Self, LibertyError> {
        let lib = syntax::parse(text)?;
        let units = Units::of(&lib)?;
        let templates: HashMap<&str, &Group> = lib
            .groups("lu_table_template")
            .filter_map(|g| Some((g.args.first()?.as_str(), g)))
            .collect();
        let mut cells = HashMap::new();
        for group in lib.groups("cell") {
            let name = group.args.first().cloned().unwrap_or_default();
            cells.insert(name, cell(group, &units, &templates)?);
        }
        let name = lib.args.first().cloned().unwrap_or_default();
        let mut lib = Self {
            name,
            cells,
            flop: String::new(),
            buffer: String::new(),
        };
        lib.flop = lib.smallest("flip-flop (a cell with an ff group)", |c| c.flop)?;
        lib.buffer = lib.smallest("buffer (an output whose function is the one input)", |c| {
            let mut inputs = c.pins.iter().filter(|(_, p)| !p.output);
            let mut outputs = c.pins.values().filter(|p| p.output);
            match (inputs.next(), inputs.next(), outputs.next(), outputs.next()) {
                (Some((name, _)), None, Some(out), None) => {
                    out.function.as_deref().map(str::trim) == Some(name) && !out.arcs.is_empty()
                }
                _ => false,
            }
        })?;
        Ok(lib)
    }

    /// The smallest flip-flop: what stands outside the ports.
    pub fn plain_flop(&self) -> &Cell {
        &self.cells[&self.flop]
    }

    fn smallest(&self, what: &str, is: impl Fn(&Cell) -> bool) -> Result<String, LibertyError> {
        let usable = self.cells.iter().filter(|(_, c)| !c.dont_use && is(c));
        let with_area = usable.filter_map(|(name, c)| Some((c.area?, name)));
        with_area
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)))
            .map(|(_, name)| name.clone())
            .ok_or_else(|| LibertyError::Content(format!("no {what} with an area")))
    }
}

struct Units {
    ns: f64,
    ff: f64,
}

impl Units {
    fn of(lib: &Group) -> Result<Self, LibertyError> {
        let time = lib.attr("time_unit").unwrap_or("1ns");
        let split = time
            .find(|c: char| c.is_ascii_alphabetic())
            .unwrap_or(time.len());
        let scale = match time[split..].trim() {
            "ns" => 1.0,
            "ps" => 1e-3,
            "us" => 1e3,
            _ => {
                return Err(LibertyError::Content(format!(
                    "time_unit {time:?} is not in ps or ns"
                )));
            }
        };
        let ns = number(&time[..split])? * scale;
        let cap = lib.values("capacitive_load_unit").unwrap_or(&[]);
        let ff = match cap {
            [] => 1e3,
            [n, unit] if unit.eq_ignore_ascii_case("ff") => number(n)?,
            [n, unit] if unit.eq_ignore_ascii_case("pf") => number(n)? * 1e3,
            _ => {
                let what = format!("capacitive_load_unit {cap:?} is not in ff or pf");
                return Err(LibertyError::Content(what));
            }
        };
        Ok(Self { ns, ff })
    }
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
        .flat_map(|v| v.split([',', ' ', '\t', '\n']))
        .filter(|v| !v.trim().is_empty())
        .map(|v| Ok(number(v)? * scale))
        .collect()
}

fn cell(
    group: &Group,
    units: &Units,
    templates: &HashMap<&str, &Group>,
) -> Result<Cell, LibertyError> {
    let name = group.args.first().map_or("?", String::as_str);
    let inside = |e| LibertyError::Content(format!("cell {name}: {e}"));
    let area = group.attr("area").map(number).transpose().map_err(inside)?;
    let mut cell = Cell {
        area: area.filter(|&a| a >= 0.0),
        flop: group.groups("ff").next().is_some(),
        dont_use: group.attr("dont_use") == Some("true"),
        ..Cell::default()
    };
    for pin in group.groups("pin") {
        let cap = pin
            .attr("capacitance")
            .map(number)
            .transpose()
            .map_err(inside)?;
        for name in &pin.args {
            let arcs: Result<Vec<_>, _> = pin
                .groups("timing")
                .filter_map(|g| arc(g, units, templates).transpose())
                .collect();
            cell.pins.insert(
                name.clone(),
                Pin {
                    output: pin.attr("direction") == Some("output"),
                    cap_ff: cap.unwrap_or(0.0) * units.ff,
                    function: pin.attr("function").map(str::to_owned),
                    arcs: arcs.map_err(inside)?,
                },
            );
        }
    }
    Ok(cell)
}

/// `None` for arcs that no path is made of: hold, recovery, preset, clear and the like.
fn arc(
    group: &Group,
    units: &Units,
    templates: &HashMap<&str, &Group>,
) -> Result<Option<Arc>, LibertyError> {
    let kind = match group.attr("timing_type").unwrap_or("combinational") {
        "combinational" | "combinational_rise" | "combinational_fall" | "three_state_enable" => {
            ArcKind::Combinational
        }
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
        let one = |name| {
            group
                .groups(name)
                .next()
                .map(|g| table(g, units, templates))
                .transpose()
        };
        Ok([one(names[RISE])?, one(names[FALL])?])
    };
    Ok(Some(Arc {
        related: group
            .attr("related_pin")
            .unwrap_or("")
            .split(' ')
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

fn table(
    group: &Group,
    units: &Units,
    templates: &HashMap<&str, &Group>,
) -> Result<Table, LibertyError> {
    let template = group.args.first().and_then(|n| templates.get(n.as_str()));
    let variable = |name| template.and_then(|t| t.attr(name)).unwrap_or("");
    let axis = |index: &str, variable: &str| -> Result<Vec<f64>, LibertyError> {
        let own = group
            .values(index)
            .or_else(|| template.and_then(|t| t.values(index)));
        let scale = if variable.contains("capacitance") {
            units.ff
        } else {
            units.ns
        };
        Ok(own
            .map(|v| numbers(v, scale))
            .transpose()?
            .unwrap_or_else(|| vec![0.0]))
    };
    let (first, second) = (variable("variable_1"), variable("variable_2"));
    let values = numbers(group.values("values").unwrap_or(&[]), units.ns)?;
    let table =
        Table::new(axis("index_1", first)?, axis("index_2", second)?, values).ok_or_else(|| {
            LibertyError::Content(format!("a {} table doesn't fit its axes", group.kind))
        })?;
    // Kept as (input slew, load) and (clock slew, data slew), whichever way the file has them.
    let turned = first.contains("capacitance") || first.contains("constrained_pin");
    Ok(if turned { table.transposed() } else { table })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::area::own45;

    #[test]
    fn own45_reads_back_as_the_figures_it_was_made_from() {
        let lib = Library::parse(&own45::text()).unwrap();
        assert_eq!(lib.cells.len(), 35);
        assert_eq!(lib.flop, "DFF_X1");
        assert_eq!(lib.buffer, "BUF_X1");
        let nand = &lib.cells["NAND2_X1"];
        assert_eq!(nand.area, Some(0.798));
        assert_eq!(nand.pins["A1"].cap_ff, 1.63);
        let arc = &nand.pins["ZN"].arcs[1];
        assert_eq!(
            (arc.related.as_slice(), arc.sense),
            (["A2".to_owned()].as_slice(), Sense::Negative)
        );
        let delay = arc.delay[RISE].as_ref().unwrap().at(0.03, 5.0);
        assert!(
            (delay - (6.3 + 0.36 * 30.0 + 2.39 * 5.0) / 1e3).abs() < 1e-6,
            "{delay}"
        );
        let setup = &lib.cells["DFFR_X1"].pins["D"].arcs[0];
        assert_eq!(setup.kind, ArcKind::Setup);
        assert_eq!(setup.delay[FALL].as_ref().unwrap().at(0.02, 0.02), 0.035);
    }

    const SMALL: &str = r#"
        library (l) { // units as in many foundry files
          time_unit : "1ps"; capacitive_load_unit (1.0, pf);
          lu_table_template (t) {
            variable_1 : total_output_net_capacitance; variable_2 : input_net_transition;
            index_1 ("0.001, 0.002"); index_2 ("10, 20");
          }
          cell (b) { area : 1.5
            pin (A) { direction : input; capacitance : 0.001; }
            pin (Y) { direction : output; function : " A ";
              timing () { related_pin : "A"; timing_sense : positive_unate;
                cell_rise (t) { values ("1, 2", \
                                        "3, 4"); } } }
          }
          cell (f) { area : 4; ff (q, qn) { next_state : "D"; } }
          cell (none) { pin (A) { direction : input; } }
        }"#;

    #[test]
    fn units_axis_order_and_continuation_lines() {
        let lib = Library::parse(SMALL).unwrap();
        assert_eq!(lib.cells["none"].area, None);
        assert_eq!(lib.cells["b"].area, Some(1.5));
        assert_eq!(lib.cells["b"].pins["A"].cap_ff, 1.0);
        // Slew 10 ps, load 2 fF: second row, first column, in ps.
        let rise = lib.cells["b"].pins["Y"].arcs[0].delay[RISE]
            .clone()
            .unwrap();
        assert!((rise.at(0.010, 2.0) - 0.003).abs() < 1e-12);
    }

    #[test]
    fn broken_files_say_where() {
        let cut = Library::parse(&SMALL[..SMALL.len() - 20]).unwrap_err();
        assert_eq!(
            cut.to_string(),
            "line 16: expected a value, found the end of the file"
        );
        let no_buffer =
            Library::parse("library(x) { cell(f) { area : 1; ff(q) {} } }").unwrap_err();
        assert_eq!(
            no_buffer.to_string(),
            "no buffer (an output whose function is the one input) with an area"
        );
        assert!(
            Library::parse("hello")
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
        assert!(
            Library::parse("")
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
        let unit = Library::parse("library(x) { time_unit : \"1fs\"; }").unwrap_err();
        assert_eq!(unit.to_string(), "time_unit \"1fs\" is not in ps or ns");
    }
}
