//! The minimal 45 nm cell library: one table of figures, and the Liberty text made from it.
//!
//! The figures are facts of the public Nangate 45 nm open cell library (typical corner, 1.1 V,
//! 25 C): cell area, leakage, mean input capacitance, and a straight line fitted to the delay and
//! the output slew of each cell over rise and fall. `own45.lib` beside this file is the text that
//! [`text`] returns; a test keeps the two equal (`UPDATE_OWN45=1 cargo test own45` rewrites it).

use std::fmt::Write;

/// `a + b*s + c*C`: picoseconds from input slew `s` in ps and load `C` in fF.
#[derive(Clone, Copy)]
struct Line(f64, f64, f64);

impl Line {
    /// Value in ns at slew `s` in ns and load `c` in fF.
    fn at(self, s: f64, c: f64) -> f64 {
        (self.0 + self.1 * s * 1e3 + self.2 * c) / 1e3
    }

    /// Load in fF at which the line reaches `ps` for a fast input.
    fn load_at(self, ps: f64) -> f64 {
        (ps - self.0) / self.2
    }
}

/// How an output follows the inputs of its cell.
#[derive(Clone, Copy)]
enum Sense {
    Positive,
    Negative,
    Both,
}

impl Sense {
    fn liberty(self) -> &'static str {
        match self {
            Self::Positive => "positive_unate",
            Self::Negative => "negative_unate",
            Self::Both => "non_unate",
        }
    }
}

/// A combinational cell; all its arcs share one delay line and one slew line.
struct Comb {
    name: &'static str,
    /// Outputs: pin, function (Liberty: `+` or, `*` and, `^` exclusive or), sense.
    outputs: &'static [(&'static str, &'static str, Sense)],
    inputs: &'static str,
    /// Area in um2, leakage in nW, input capacitance in fF.
    figures: [f64; 3],
    delay: Line,
    slew: Line,
}

/// A flip-flop on the rising edge of CK, or a latch open while G is high.
struct Seq {
    name: &'static str,
    /// Active-low asynchronous pin and what it forces, if the cell has one.
    force: Option<(&'static str, &'static str)>,
    latch: bool,
    figures: [f64; 3],
    delay: Line,
    slew: Line,
}

/// Setup time of the flip-flops in ns.
const SETUP_NS: f64 = 0.035;
/// Output slew that defines the largest load of a cell, in ps (our choice).
const MAX_SLEW_PS: f64 = 100.0;
/// Our index grid: the fits are straight, so interpolation between any points is exact.
const SLEWS_NS: [f64; 3] = [0.002, 0.04, 0.32];
const LOADS_FF: [f64; 3] = [0.25, 8.0, 128.0];

macro_rules! comb {
    ($name:literal, [$(($pin:literal, $f:literal, $s:ident)),+], $in:literal,
     $fig:expr, ($($d:literal),+), ($($w:literal),+)) => {
        Comb {
            name: $name,
            outputs: &[$(($pin, $f, Sense::$s)),+],
            inputs: $in,
            figures: $fig,
            delay: Line($($d),+),
            slew: Line($($w),+),
        }
    };
}

/// One row a cell: outputs, inputs, area / leakage / capacitance, delay line, slew line.
#[allow(clippy::approx_constant)] // 3.14 is a delay here
#[rustfmt::skip]
const COMB: &[Comb] = &[
    comb!("INV_X1", [("ZN", "!A", Negative)], "A",
        [0.532, 14.4, 1.70], (2.6, 0.32, 2.05), (2.0, 0.16, 1.54)),
    comb!("INV_X2", [("ZN", "!A", Negative)], "A",
        [0.798, 28.7, 3.25], (2.8, 0.32, 1.03), (2.0, 0.16, 0.77)),
    comb!("INV_X4", [("ZN", "!A", Negative)], "A",
        [1.330, 57.4, 6.26], (2.9, 0.32, 0.52), (2.0, 0.16, 0.39)),
    comb!("BUF_X1", [("Z", "A", Positive)], "A",
        [0.798, 21.4, 0.97], (17.4, 0.38, 1.98), (3.6, 0.02, 1.58)),
    comb!("BUF_X2", [("Z", "A", Positive)], "A",
        [1.064, 43.1, 1.78], (16.7, 0.36, 0.98), (3.6, 0.02, 0.79)),
    comb!("BUF_X4", [("Z", "A", Positive)], "A",
        [1.862, 86.1, 3.40], (16.0, 0.35, 0.49), (3.5, 0.02, 0.40)),
    comb!("NAND2_X1", [("ZN", "!(A1 * A2)", Negative)], "A1 A2",
        [0.798, 17.4, 1.63], (6.3, 0.36, 2.39), (4.1, 0.12, 1.90)),
    comb!("NAND2_X2", [("ZN", "!(A1 * A2)", Negative)], "A1 A2",
        [1.330, 34.8, 3.25], (6.4, 0.36, 1.20), (4.2, 0.12, 0.95)),
    comb!("NAND3_X1", [("ZN", "!(A1 * A2 * A3)", Negative)], "A1 A2 A3",
        [1.064, 18.1, 1.62], (10.1, 0.36, 2.78), (6.3, 0.09, 2.30)),
    comb!("NAND4_X1", [("ZN", "!(A1 * A2 * A3 * A4)", Negative)], "A1 A2 A3 A4",
        [1.330, 18.1, 1.60], (15.0, 0.37, 3.20), (9.5, 0.07, 2.70)),
    comb!("NOR2_X1", [("ZN", "!(A1 + A2)", Negative)], "A1 A2",
        [0.798, 21.2, 1.68], (8.3, 0.29, 3.48), (4.7, 0.14, 2.71)),
    comb!("NOR2_X2", [("ZN", "!(A1 + A2)", Negative)], "A1 A2",
        [1.330, 42.4, 3.32], (8.3, 0.29, 1.75), (4.7, 0.14, 1.35)),
    comb!("NOR3_X1", [("ZN", "!(A1 + A2 + A3)", Negative)], "A1 A2 A3",
        [1.064, 26.8, 1.68], (14.9, 0.28, 4.89), (8.4, 0.11, 3.98)),
    comb!("NOR4_X1", [("ZN", "!(A1 + A2 + A3 + A4)", Negative)], "A1 A2 A3 A4",
        [1.330, 32.6, 1.66], (24.8, 0.28, 6.31), (14.4, 0.10, 5.32)),
    comb!("AND2_X1", [("ZN", "A1 * A2", Positive)], "A1 A2",
        [1.064, 25.1, 0.95], (23.1, 0.40, 2.05), (4.5, 0.02, 1.55)),
    comb!("AND3_X1", [("ZN", "A1 * A2 * A3", Positive)], "A1 A2 A3",
        [1.330, 26.5, 0.92], (30.1, 0.40, 2.18), (5.7, 0.01, 1.54)),
    comb!("OR2_X1", [("ZN", "A1 + A2", Positive)], "A1 A2",
        [1.064, 22.7, 0.94], (28.3, 0.36, 2.16), (5.5, 0.01, 1.61)),
    comb!("OR3_X1", [("ZN", "A1 + A2 + A3", Positive)], "A1 A2 A3",
        [1.330, 24.4, 0.94], (42.5, 0.35, 2.37), (7.6, 0.01, 1.65)),
    comb!("AOI21_X1", [("ZN", "!(A + (B1 * B2))", Negative)], "A B1 B2",
        [1.064, 27.9, 1.65], (12.9, 0.34, 3.45), (7.6, 0.11, 2.77)),
    comb!("AOI22_X1", [("ZN", "!((A1 * A2) + (B1 * B2))", Negative)], "A1 A2 B1 B2",
        [1.330, 32.6, 1.65], (15.0, 0.35, 3.60), (9.0, 0.09, 2.91)),
    comb!("AOI211_X1", [("ZN", "!((C1 * C2) + B + A)", Negative)], "A B C1 C2",
        [1.330, 34.6, 1.65], (22.1, 0.32, 4.79), (13.1, 0.09, 3.99)),
    comb!("OAI21_X1", [("ZN", "!(A * (B1 + B2))", Negative)], "A B1 B2",
        [1.064, 22.6, 1.63], (10.7, 0.35, 2.97), (6.4, 0.12, 2.33)),
    comb!("OAI22_X1", [("ZN", "!((A1 + A2) * (B1 + B2))", Negative)], "A1 A2 B1 B2",
        [1.330, 34.0, 1.63], (15.3, 0.34, 3.73), (9.7, 0.09, 3.08)),
    comb!("OAI211_X1", [("ZN", "!((C1 + C2) * A * B)", Negative)], "A B C1 C2",
        [1.330, 22.0, 1.61], (14.5, 0.36, 3.14), (8.8, 0.10, 2.54)),
    comb!("XOR2_X1", [("Z", "A ^ B", Both)], "A B",
        [1.596, 36.2, 2.32], (25.7, 0.34, 3.63), (9.3, 0.05, 2.97)),
    comb!("XNOR2_X1", [("ZN", "!(A ^ B)", Both)], "A B",
        [1.596, 36.4, 2.40], (21.2, 0.36, 3.10), (7.6, 0.06, 2.50)),
    comb!("MUX2_X1", [("Z", "(S * B) + (A * !S)", Both)], "A B S",
        [1.862, 35.9, 1.27], (39.6, 0.35, 2.28), (6.8, 0.00, 1.58)),
    comb!("HA_X1", [("CO", "A * B", Positive), ("S", "A ^ B", Both)], "A B",
        [2.660, 61.2, 3.32], (27.3, 0.36, 2.07), (10.6, 0.04, 1.40)),
    comb!("FA_X1", [("CO", "(A * B) + (CI * (A + B))", Positive), ("S", "CI ^ (A ^ B)", Both)],
        "A B CI", [4.256, 75.8, 3.33], (64.4, 0.37, 2.40), (8.5, 0.00, 1.61)),
];

#[rustfmt::skip]
const SEQ: &[Seq] = &[
    Seq { name: "DFF_X1", force: None, latch: false, figures: [4.522, 79.1, 1.04],
        delay: Line(69.3, 0.32, 2.12), slew: Line(6.5, 0.00, 1.56) },
    Seq { name: "DFFR_X1", force: Some(("RN", "clear")), latch: false, figures: [5.320, 86.2, 1.29],
        delay: Line(81.8, 0.43, 2.17), slew: Line(7.0, 0.01, 1.53) },
    Seq { name: "DFFS_X1", force: Some(("SN", "preset")), latch: false, figures: [5.320, 84.4, 1.16],
        delay: Line(131.4, 0.40, 2.31), slew: Line(12.1, 0.00, 1.52) },
    Seq { name: "DLH_X1", force: None, latch: true, figures: [2.660, 40.9, 0.95],
        delay: Line(45.6, 0.31, 2.33), slew: Line(7.0, 0.00, 1.58) },
];

/// Tie cells: name and constant; 0.532 um2, no leakage.
const TIES: [(&str, &str); 2] = [("LOGIC0_X1", "0"), ("LOGIC1_X1", "1")];
const TIE_AREA: f64 = 0.532;

const HEADER: &str = "\
/* own45: a minimal 45 nm standard-cell library (typical corner, 1.1 V, 25 C).
 *
 * Written by this project from published facts of the Nangate 45 nm open cell library: area,
 * leakage, mean input capacitance, and straight lines fitted to delay and output slew over rise
 * and fall. It is a library for estimates, not for tape-out: no wire model, no power tables, no
 * hold times, one corner. Made from the table in own45.rs; a test keeps the two equal.
 */
";

/// The library as Liberty text.
pub fn text() -> String {
    let mut t = String::from(HEADER);
    let grid = |v: &[f64]| v.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
    let (slews, loads) = (grid(&SLEWS_NS), grid(&LOADS_FF));
    let _ = writeln!(
        t,
        "library(own45) {{
  delay_model : table_lookup;
  time_unit : \"1ns\";
  voltage_unit : \"1V\";
  current_unit : \"1mA\";
  leakage_power_unit : \"1nW\";
  pulling_resistance_unit : \"1kohm\";
  capacitive_load_unit(1, ff);
  nom_process : 1;
  nom_temperature : 25;
  nom_voltage : 1.1;
  input_threshold_pct_rise : 50;
  input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50;
  output_threshold_pct_fall : 50;
  slew_lower_threshold_pct_rise : 30;
  slew_lower_threshold_pct_fall : 30;
  slew_upper_threshold_pct_rise : 70;
  slew_upper_threshold_pct_fall : 70;
  slew_derate_from_library : 1;
  lu_table_template(slew_load) {{
    variable_1 : input_net_transition;
    variable_2 : total_output_net_capacitance;
    index_1(\"{slews}\");
    index_2(\"{loads}\");
  }}"
    );
    COMB.iter().for_each(|c| comb(&mut t, c));
    SEQ.iter().for_each(|c| seq(&mut t, c));
    for (name, value) in TIES {
        open(&mut t, name, TIE_AREA, 0.0);
        let _ = writeln!(
            t,
            "    pin(Z) {{ direction : output; function : \"{value}\"; }}\n  }}"
        );
    }
    t.push_str("}\n");
    t
}

fn open(t: &mut String, name: &str, area: f64, leak: f64) {
    let _ = writeln!(
        t,
        "  cell({name}) {{\n    area : {area:.3};\n    cell_leakage_power : {leak:.1};"
    );
}

fn comb(t: &mut String, cell: &Comb) {
    let [area, leak, cap] = cell.figures;
    open(t, cell.name, area, leak);
    for pin in cell.inputs.split(' ') {
        let _ = writeln!(
            t,
            "    pin({pin}) {{ direction : input; capacitance : {cap:.2}; }}"
        );
    }
    for (pin, function, sense) in cell.outputs {
        output(t, pin, function, cell.slew);
        for related in cell.inputs.split(' ') {
            arc(
                t,
                related,
                &format!("timing_sense : {};", sense.liberty()),
                cell.delay,
                cell.slew,
            );
        }
        t.push_str("    }\n");
    }
    t.push_str("  }\n");
}

fn seq(t: &mut String, cell: &Seq) {
    let [area, leak, cap] = cell.figures;
    open(t, cell.name, area, leak);
    let (group, clock) = if cell.latch {
        ("latch", "G")
    } else {
        ("ff", "CK")
    };
    let (data, event) = if cell.latch {
        ("data_in", "enable")
    } else {
        ("next_state", "clocked_on")
    };
    let _ = writeln!(
        t,
        "    {group}(IQ, IQN) {{\n      {data} : \"D\";\n      {event} : \"{clock}\";"
    );
    if let Some((pin, action)) = cell.force {
        let _ = writeln!(t, "      {action} : \"!{pin}\";");
        let _ = writeln!(
            t,
            "    }}\n    pin({pin}) {{ direction : input; capacitance : {cap:.2}; }}"
        );
    } else {
        t.push_str("    }\n");
    }
    let _ = writeln!(
        t,
        "    pin({clock}) {{ direction : input; clock : true; capacitance : {cap:.2}; }}
    pin(D) {{
      direction : input;
      capacitance : {cap:.2};
      timing() {{
        related_pin : \"{clock}\";
        timing_type : setup_{};
        rise_constraint(scalar) {{ values(\"{SETUP_NS}\"); }}
        fall_constraint(scalar) {{ values(\"{SETUP_NS}\"); }}
      }}
    }}",
        if cell.latch { "falling" } else { "rising" }
    );
    let edge = "timing_type : rising_edge; timing_sense : non_unate;";
    output(t, "Q", "IQ", cell.slew);
    arc(t, clock, edge, cell.delay, cell.slew);
    if cell.latch {
        arc(
            t,
            "D",
            "timing_sense : positive_unate;",
            cell.delay,
            cell.slew,
        );
    } else {
        t.push_str("    }\n");
        output(t, "QN", "IQN", cell.slew);
        arc(t, clock, edge, cell.delay, cell.slew);
    }
    t.push_str("    }\n  }\n");
}

fn output(t: &mut String, pin: &str, function: &str, slew: Line) {
    let _ = writeln!(
        t,
        "    pin({pin}) {{
      direction : output;
      function : \"{function}\";
      max_capacitance : {:.1};",
        slew.load_at(MAX_SLEW_PS)
    );
}

fn arc(t: &mut String, related: &str, kind: &str, delay: Line, slew: Line) {
    let _ = writeln!(
        t,
        "      timing() {{\n        related_pin : \"{related}\"; {kind}"
    );
    for (table, line) in [
        ("cell_rise", delay),
        ("cell_fall", delay),
        ("rise_transition", slew),
        ("fall_transition", slew),
    ] {
        let rows: Vec<String> = SLEWS_NS
            .iter()
            .map(|&s| {
                let row: Vec<String> = LOADS_FF
                    .iter()
                    .map(|&c| format!("{:.5}", line.at(s, c)))
                    .collect();
                format!("\"{}\"", row.join(", "))
            })
            .collect();
        let _ = writeln!(
            t,
            "        {table}(slew_load) {{ values({}); }}",
            rows.join(", ")
        );
    }
    t.push_str("      }\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own45_lib_is_made_from_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/area/own45.lib");
        if std::env::var_os("UPDATE_OWN45").is_some() {
            std::fs::write(path, text()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert!(
            committed == text(),
            "own45.lib is stale: UPDATE_OWN45=1 cargo test own45"
        );
    }
}
