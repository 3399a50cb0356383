//! The library as Liberty text for Yosys and abc: what they map to, in the plainest form.
//!
//! Files from foundries hold much that neither reads, and some that only newer versions read. So they
//! get a text of their own: one library in ns and fF whatever the files are in, one arc per input,
//! functions with `!`, `*`, `+`, `^` and parentheses. Latches, macros and cells not to be used are
//! left out.

use std::collections::BTreeSet;
use std::fmt::{self, Write};

use super::cell::{Arc, Cell, FALL, FlipFlop, Pin, RISE, Role, Sense};
use super::{Function, Library, Table};

const HEADER: &str = "library(cells) {
  delay_model : table_lookup;
  time_unit : \"1ns\";
  voltage_unit : \"1V\";
  current_unit : \"1mA\";
  leakage_power_unit : \"1nW\";
  pulling_resistance_unit : \"1kohm\";
  capacitive_load_unit(1, ff);
";

impl Library {
    /// The text for Yosys.
    pub fn text(&self) -> String {
        let mut text = Text::default();
        // Writing to a string does not fail.
        let _ = text.cells(self);
        let mut whole = String::from(HEADER);
        if let Some(slew) = self.max_slew_ns {
            let _ = writeln!(whole, "  default_max_transition : {slew};");
        }
        for (slews, loads) in text.sizes {
            let points = |n: usize| list(&(0..n).map(|i| i as f64).collect::<Vec<_>>());
            let _ = writeln!(
                whole,
                "  lu_table_template(slew_load_{slews}x{loads}) {{
    variable_1 : input_net_transition;
    variable_2 : total_output_net_capacitance;
    index_1(\"{}\");
    index_2(\"{}\");
  }}",
                points(slews),
                points(loads)
            );
        }
        whole + &text.cells + "}\n"
    }
}

/// Cells, and the sizes of their tables: abc wants a template of the same size for each.
#[derive(Default)]
struct Text {
    cells: String,
    sizes: BTreeSet<(usize, usize)>,
}

impl Text {
    fn cells(&mut self, library: &Library) -> fmt::Result {
        for name in &library.order {
            let cell = &library.cells[name];
            let (Some(area), false) = (cell.area, matches!(cell.role, Role::Other)) else {
                continue;
            };
            let name = quoted(name);
            writeln!(self.cells, "  cell({name}) {{\n    area : {area};")?;
            if let Role::Flop(ff) = &cell.role {
                flip_flop(&mut self.cells, ff)?;
            }
            for name in &cell.pin_order {
                self.pin(name, cell)?;
            }
            self.cells.push_str("  }\n");
        }
        Ok(())
    }

    fn pin(&mut self, name: &str, cell: &Cell) -> fmt::Result {
        let t = &mut self.cells;
        let pin = &cell.pins[name];
        if !pin.output {
            let clock = match &cell.role {
                Role::Flop(ff) if ff.clocked_on.literal().is_some_and(|(n, _)| n == name) => {
                    " clock : true;"
                }
                _ => "",
            };
            return writeln!(
                t,
                "    pin({}) {{ direction : input;{clock} capacitance : {}; }}",
                quoted(name),
                pin.cap_ff
            );
        }
        writeln!(t, "    pin({}) {{\n      direction : output;", quoted(name))?;
        for (name, limit) in [
            ("max_capacitance", pin.max_cap_ff),
            ("max_transition", pin.max_slew_ns),
        ] {
            if let Some(limit) = limit {
                writeln!(t, "      {name} : {limit};")?;
            }
        }
        if let Some(function) = &pin.function {
            let text = match (&cell.role, function.literal()) {
                // The complement by its own name.
                (Role::Flop(ff), Some((state, false))) if ff.states.iter().any(|s| s == state) => {
                    let [q, qn] = &ff.states;
                    if state == q { qn } else { q }.clone()
                }
                (Role::Flop(_), _) => plain(function),
                _ => function.to_string(),
            };
            writeln!(t, "      function : \"{text}\";")?;
        }
        if matches!(cell.role, Role::Gate) {
            self.arcs(pin, cell)?;
        }
        self.cells.push_str("    }\n");
        Ok(())
    }

    /// One arc from each input that the output depends on.
    fn arcs(&mut self, pin: &Pin, cell: &Cell) -> fmt::Result {
        let support = pin.function.as_ref().map(Function::support);
        for input in &cell.pin_order {
            if !support
                .as_ref()
                .is_some_and(|s| s.contains(&input.as_str()))
            {
                continue;
            }
            let arcs: Vec<&Arc> = pin
                .arcs
                .iter()
                .filter(|a| a.related.iter().any(|r| r == input))
                .collect();
            let sense = arcs
                .iter()
                .map(|a| a.sense)
                .reduce(|a, b| if a == b { a } else { Sense::Both });
            let sense = match sense {
                Some(Sense::Positive) => "positive_unate",
                Some(Sense::Negative) => "negative_unate",
                _ => "non_unate",
            };
            writeln!(
                self.cells,
                "      timing() {{\n        related_pin : \"{input}\"; timing_sense : {sense};"
            )?;
            let of = |edge: usize| {
                let delay = arcs.iter().filter_map(move |a| a.delay[edge].as_ref());
                let slew = arcs.iter().filter_map(move |a| a.slew[edge].as_ref());
                [delay.collect::<Vec<_>>(), slew.collect::<Vec<_>>()]
            };
            let [[rise, rise_slew], [fall, fall_slew]] = [of(RISE), of(FALL)];
            self.table("cell_rise", &rise)?;
            self.table("cell_fall", &fall)?;
            self.table("rise_transition", &rise_slew)?;
            self.table("fall_transition", &fall_slew)?;
            self.cells.push_str("      }\n");
        }
        Ok(())
    }

    /// The worst of all tables (one per state of the other inputs), on the axes of the first.
    fn table(&mut self, kind: &str, tables: &[&Table]) -> fmt::Result {
        let Some(first) = tables.first() else {
            return Ok(());
        };
        let [slews, loads] = first.axes();
        self.sizes.insert((slews.len(), loads.len()));
        let rows: Vec<String> = slews
            .iter()
            .map(|&slew| {
                let worst = |load: f64| {
                    tables
                        .iter()
                        .map(|t| t.exact(slew, load))
                        .fold(f64::MIN, f64::max)
                };
                let row: Vec<f64> = loads.iter().map(|&load| worst(load)).collect();
                format!("\"{}\"", list(&row))
            })
            .collect();
        writeln!(
            self.cells,
            "        {kind}(slew_load_{}x{}) {{ index_1(\"{}\"); index_2(\"{}\"); values({}); }}",
            slews.len(),
            loads.len(),
            list(&slews),
            list(&loads),
            rows.join(", ")
        )
    }
}

fn list(values: &[f64]) -> String {
    let texts: Vec<String> = values.iter().map(f64::to_string).collect();
    texts.join(", ")
}

fn quoted(name: &str) -> String {
    if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        format!("{name:?}")
    }
}

/// As a literal where it is one: Yosys maps to flip-flops by the text of their functions.
fn plain(function: &Function) -> String {
    match function.literal() {
        Some((name, true)) => name.to_owned(),
        Some((name, false)) => format!("!{name}"),
        None => function.to_string(),
    }
}

fn flip_flop(t: &mut String, ff: &FlipFlop) -> fmt::Result {
    writeln!(t, "    ff({}, {}) {{", ff.states[0], ff.states[1])?;
    writeln!(t, "      next_state : \"{}\";", plain(&ff.next_state))?;
    writeln!(t, "      clocked_on : \"{}\";", plain(&ff.clocked_on))?;
    for (name, function) in [("clear", &ff.clear), ("preset", &ff.preset)] {
        if let Some(function) = function {
            writeln!(t, "      {name} : \"{}\";", plain(function))?;
        }
    }
    for (i, value) in ff.both.iter().enumerate() {
        if let Some(value) = value {
            writeln!(t, "      clear_preset_var{} : {value};", i + 1)?;
        }
    }
    t.push_str("    }\n");
    Ok(())
}
