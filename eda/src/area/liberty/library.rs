//! One library of all parts.

use std::collections::HashMap;

use super::cell::{Cell, Part};
use super::error::LibertyError;
use super::{read, syntax};

/// Cells by name; times in ns, capacitances in fF.
#[derive(Debug)]
pub struct Library {
    pub cells: HashMap<String, Cell>,
    /// Names of the cells in the order of the files.
    pub(super) order: Vec<String>,
    /// The least of the libraries' limits to slew, in ns.
    pub(super) max_slew_ns: Option<f64>,
    pub(super) flop: String,
    /// The smallest buffer: what drives inputs while mapping.
    pub buffer: String,
}

/// The library groups of a Liberty text.
pub fn parts(text: &str) -> Result<Vec<Part>, LibertyError> {
    syntax::parse(text)?.iter().map(read::part).collect()
}

impl Library {
    /// Reads a Liberty text.
    #[cfg(test)]
    pub fn parse(text: &str) -> Result<Self, LibertyError> {
        Self::of(parts(text)?.into_iter().map(|p| ("the file", p)).collect())
    }

    /// One library of all parts, each with the name of its file.
    pub fn of(parts: Vec<(&str, Part)>) -> Result<Self, LibertyError> {
        let mut lib = Self {
            cells: HashMap::new(),
            order: Vec::new(),
            max_slew_ns: None,
            flop: String::new(),
            buffer: String::new(),
        };
        let mut places: HashMap<String, (&str, usize)> = HashMap::new();
        for (file, part) in parts {
            lib.max_slew_ns = [lib.max_slew_ns, part.max_slew_ns]
                .into_iter()
                .flatten()
                .reduce(f64::min);
            for (name, line, cell) in part.cells {
                if let Some((other, before)) = places.insert(name.clone(), (file, line)) {
                    return Err(LibertyError::Content(format!(
                        "cell {name} is in {other}, line {before}, and in {file}, line {line}; leave one out"
                    )));
                }
                lib.order.push(name.clone());
                lib.cells.insert(name, cell);
            }
        }
        lib.flop = lib.choose(
            "flip-flop on the rising edge of a clock (a cell with an ff group)",
            Cell::stand_in,
        )?;
        lib.buffer = lib.choose("buffer (an output whose function is the one input)", |c| {
            c.is_buffer().then_some(0)
        })?;
        Ok(lib)
    }

    /// The smallest flip-flop: what stands outside the ports.
    pub fn plain_flop(&self) -> &Cell {
        &self.cells[&self.flop]
    }

    /// The cell of the lowest rank, and of those the smallest.
    fn choose(
        &self,
        what: &str,
        rank: impl Fn(&Cell) -> Option<u8>,
    ) -> Result<String, LibertyError> {
        self.cells
            .iter()
            .filter_map(|(name, c)| Some((rank(c)?, c.area?, name)))
            .min_by(|a, b| {
                let by_area = a.1.total_cmp(&b.1);
                a.0.cmp(&b.0).then(by_area).then(a.2.cmp(b.2))
            })
            .map(|(_, _, name)| name.clone())
            .ok_or_else(|| LibertyError::Content(format!("no {what} with an area and timing")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::{ArcKind, FALL, RISE, Sense};
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
                                        "3, 4"); }
                cell_fall (t) { values ("1, 2", "3, 4"); }
                rise_transition (t) { values ("1, 2", "3, 4"); }
                fall_transition (t) { values ("1, 2", "3, 4"); } } }
          }
          cell (f) { area : 4; ff (q, qn) { next_state : "D"; clocked_on : "C"; }
            pin (C) { direction : input; }
            pin (D) { timing () { timing_type : setup_rising; rise_constraint (scalar) { values ("1"); } } }
            pin (Q) { direction : output; function : "q";
              timing () { timing_type : rising_edge; cell_rise (scalar) { values ("1"); } } } }
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
            "line 23: expected a value, found the end of the file"
        );
        let no_buffer = Library::parse(&SMALL.replace("\" A \"", "\"!A\"")).unwrap_err();
        assert_eq!(
            no_buffer.to_string(),
            "no buffer (an output whose function is the one input) with an area and timing"
        );
        let broken = SMALL.replace("\" A \"", "\"A +\"");
        assert_eq!(
            Library::parse(&broken).unwrap_err().to_string(),
            "line 8: cell b: function \"A +\": it ends too early"
        );
        let second = Library::parse(&format!("{SMALL}\nlibraryx (l) {{}}")).unwrap_err();
        assert_eq!(
            second.to_string(),
            "line 25: only another library(..) { may follow the first"
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
        let unit = Library::parse("library(x) { time_unit : \"1min\"; }").unwrap_err();
        assert_eq!(
            unit.to_string(),
            "time_unit \"1min\" is not in ns, ps or fs"
        );
    }
}
