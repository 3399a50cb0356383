//! Floating-point units of many lanes, mapped one lane at a time.
//!
//! The lanes of a unit are equal and independent, and a large design has hundreds of them: to map
//! each anew takes hours and finds the same. Here a unit becomes a shell around as many instances of
//! its one-lane form as it has lanes, and the hierarchy keeps that form. What is lost is logic shared
//! over the boundary; paths are exact as long as registers feed every lane, which is checked (a lane
//! ends in a register by itself).

use std::collections::HashSet;
use std::fmt::Write as _;

use super::liberty::Library;
use super::netlist::{Direction, Instance, Netlist};

/// Units with a parameter `Lanes`.
const UNITS: [&str; 3] = ["fp_add", "fp_mul", "bf16_mul"];

/// A unit's text as a shell around its one-lane form and that form; `None` for all other modules.
pub fn split(text: &str) -> Option<String> {
    let unit = UNITS
        .into_iter()
        .find(|u| text.contains(&format!("\nmodule {u} #(\n")))?;
    let start = text.find(&format!("module {unit} #("))?;
    let end = start + text[start..].find("\n);\n")? + "\n);\n".len();
    let header = &text[start..end];
    let (mut parameters, mut pins) = (Vec::new(), Vec::new());
    for line in header.lines().map(|l| l.split("//").next().unwrap_or("")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["parameter", _, name, ..] if *name != "Lanes" => {
                parameters.push(format!(".{name}({name}), "));
            }
            ["input" | "output", .., name] => {
                let name = name.trim_end_matches(',');
                // One lane's bits of a port, or all of a port that the lanes share.
                let width = line
                    .split_once("[Lanes*")
                    .and_then(|(_, rest)| rest.split_once("-1:0]"))
                    .map(|(width, _)| width);
                pins.push(width.map_or_else(
                    || format!(".{name}({name})"),
                    |w| format!(".{name}({name}[{w}*l +: {w}])"),
                ));
            }
            _ => {}
        }
    }
    let mut split = String::new();
    let _ = write!(
        split,
        "{header}  for (genvar l = 0; l < Lanes; l = l + 1) begin : gen_lane
    {unit}_lane #({}.Lanes(1)) u_lane ({});
  end
endmodule

(* keep_hierarchy *)
module {unit}_lane{}",
        parameters.concat(),
        pins.join(", "),
        &text[start + "module ".len() + unit.len()..],
    );
    Some(split)
}

/// The first input of a kept lane in `module` that neither a register, another lane nor a port of the
/// module drives: instance and port.
pub fn unregistered(
    netlist: &Netlist,
    module: &str,
    library: &Library,
) -> Option<(String, String)> {
    let module = &netlist.modules[module];
    let kept = |kind: &str| netlist.modules.get(kind).is_some_and(|m| !m.is_blackbox());
    // Gates and memories: all that is neither a flip-flop nor a lane.
    let mut logic = HashSet::new();
    for cell in module.cells.values() {
        let flop = library.cells.get(&cell.kind).is_some_and(|c| c.flop);
        if !flop && !kept(&cell.kind) {
            logic.extend(nets(cell, Direction::Output).map(|(_, net)| net));
        }
    }
    module
        .cells
        .iter()
        .filter(|(_, cell)| kept(&cell.kind))
        .find_map(|(name, cell)| {
            nets(cell, Direction::Input)
                .find(|(_, net)| logic.contains(net))
                .map(|(port, _)| (name.clone(), port.to_owned()))
        })
}

/// Port and net of every pin of a direction.
fn nets(cell: &Instance, direction: Direction) -> impl Iterator<Item = (&str, u32)> {
    cell.connections
        .iter()
        .filter(move |(port, _)| cell.port_directions.get(*port) == Some(&direction))
        .flat_map(|(port, bits)| bits.iter().map(move |b| (port.as_str(), b)))
        .filter_map(|(port, bit)| Some((port, bit.net()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_becomes_a_shell_of_lanes() {
        let unit = "// Adds.
module fp_add #(
  parameter  int ExpW   = 8,
  parameter  int Lanes  = 1,  // pairs
  localparam int W      = 1 + ExpW
) (
  input  logic               clk_i,
  input  logic [Lanes*W-1:0] a_i,  // a
  output logic [Lanes*W-1:0] sum_o
);
  body
endmodule
";
        let text = split(unit).unwrap();
        assert!(text.contains(
            "fp_add_lane #(.ExpW(ExpW), .Lanes(1)) u_lane \
             (.clk_i(clk_i), .a_i(a_i[W*l +: W]), .sum_o(sum_o[W*l +: W]));"
        ));
        assert!(text.starts_with("module fp_add #("));
        assert!(text.ends_with("  body\nendmodule\n"));
        assert_eq!(text.matches("module fp_add_lane #(").count(), 1);
        assert_eq!(split("\nmodule fifo #(\n) (\n);\nendmodule\n"), None);
    }
}
