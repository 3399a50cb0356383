//! Paths of small netlists against figures worked out from the library's lines by hand.

use std::collections::HashMap;

use super::setting::EDGE_SLEW_NS;
use super::*;
use crate::area::census::Memory;
use crate::area::liberty::Library;
use crate::area::netlist::Netlist;
use crate::area::own45;
use serde_json::{Value, json};

fn cell(kind: &str, pins: &[(&str, u32)]) -> Value {
    let connections: serde_json::Map<_, _> = pins
        .iter()
        .map(|(pin, net)| ((*pin).to_owned(), json!([net])))
        .collect();
    json!({ "type": kind, "connections": connections })
}

fn module(ports: Value, cells: Value) -> Value {
    json!({ "ports": ports, "cells": cells, "netnames": {
        "clk_i": { "hide_name": 0, "bits": [2] },
        "a_q": { "hide_name": 0, "bits": [10, 11] },
        "z": { "hide_name": 1, "bits": [14] },
    } })
}

fn memory_cell(pins: &[(&str, u32)]) -> Value {
    let mut memory = cell("sram", pins);
    let directions: serde_json::Map<_, _> = pins
        .iter()
        .map(|(pin, _)| {
            (
                (*pin).to_owned(),
                json!(if *pin == "rdata_o" { "output" } else { "input" }),
            )
        })
        .collect();
    memory["port_directions"] = directions.into();
    memory
}

fn paths(modules: Value) -> Result<Vec<Path>, StaError> {
    let netlist: Netlist =
        serde_json::from_value(json!({ "creator": "test", "modules": modules })).unwrap();
    let library = Library::parse(&own45::text()).unwrap();
    let memory = Memory {
        area_um2: Some(1.0),
        access_ns: Some(0.4),
    };
    let memories = HashMap::from([("sram".to_owned(), memory)]);
    longest_paths(
        &netlist,
        "top",
        &Setting {
            library: &library,
            memories: &memories,
        },
    )
}

fn clock() -> Value {
    json!({ "clk_i": { "direction": "input", "bits": [2] } })
}

/// `a + b*s + c*C` in ns.
fn line(figures: [f64; 3], slew_ns: f64, load_ff: f64) -> f64 {
    (figures[0] + figures[1] * slew_ns * 1e3 + figures[2] * load_ff) / 1e3
}

#[test]
fn register_to_register_is_clock_to_output_logic_and_setup() {
    let cells = json!({
        "first": cell("DFFR_X1", &[("CK", 2), ("RN", 3), ("D", 13), ("Q", 10)]),
        "gate": cell("NAND2_X1", &[("A1", 10), ("A2", 10), ("ZN", 12)]),
        "invert": cell("INV_X1", &[("A", 12), ("ZN", 13)]),
    });
    let found = paths(json!({ "top": module(clock(), cells) })).unwrap();
    let [path] = found.as_slice() else {
        panic!("{found:?}")
    };

    let gate_load = 2.0 * 1.63;
    let q = line([81.8, 0.43, 2.17], EDGE_SLEW_NS, gate_load);
    let q_slew = line([7.0, 0.01, 1.53], EDGE_SLEW_NS, gate_load);
    let gate = line([6.3, 0.36, 2.39], q_slew, 1.70);
    let gate_slew = line([4.1, 0.12, 1.90], q_slew, 1.70);
    let invert = line([2.6, 0.32, 2.05], gate_slew, 1.29);
    let expected = q + gate + invert + 0.035;
    assert!((path.ns - expected).abs() < 1e-5, "{} {expected}", path.ns);
    assert_eq!((path.start, path.setup_ns), (Start::Register, 0.035));
    assert_eq!(path.from, "a_q[0]");
    let kinds: Vec<_> = path.steps.iter().map(|s| s.cell.as_deref()).collect();
    assert_eq!(kinds, [None, Some("NAND2_X1"), Some("INV_X1")]);
    assert_eq!(path.steps[0].fanout, 2);
}

#[test]
fn memory_access_counts_from_the_clock_and_its_inputs_end_paths() {
    let cells = json!({
        "u_ram": memory_cell(&[("clk_i", 2), ("rdata_o", 10), ("addr_i", 12)]),
        "gate": cell("INV_X1", &[("A", 10), ("ZN", 11)]),
        "$auto$1": cell("DFF_X1", &[("CK", 2), ("D", 11), ("Q", 14)]),
        "back": cell("INV_X1", &[("A", 14), ("ZN", 12)]),
    });
    let found = paths(json!({ "top": module(clock(), cells) })).unwrap();
    let [memory, register] = found.as_slice() else {
        panic!("{found:?}")
    };
    let invert = line([2.6, 0.32, 2.05], EDGE_SLEW_NS, 1.04);
    assert!(
        (memory.ns - (0.4 + invert + 0.035)).abs() < 1e-5,
        "{}",
        memory.ns
    );
    // A register without a name of its own is called by what it drives.
    assert_eq!(
        (memory.start, memory.from.as_str(), memory.to.as_str()),
        (Start::Memory, "u_ram", "z")
    );
    assert_eq!(
        (register.start, register.to.as_str()),
        (Start::Register, "u_ram")
    );
}

#[test]
fn clock_and_reset_are_no_paths_however_many_pins_they_drive() {
    let ports = json!({
        "clk_i": { "direction": "input", "bits": [2] },
        "rst_ni": { "direction": "input", "bits": [3] },
    });
    let flop = |d: u32, q: u32| cell("DFFR_X1", &[("CK", 2), ("RN", 3), ("D", d), ("Q", q)]);
    let child = module(
        ports.clone(),
        json!({ "f": flop(10, 11), "g": flop(11, 10) }),
    );
    let mut instance = cell("child", &[("clk_i", 2), ("rst_ni", 3)]);
    instance["port_directions"] = json!({ "clk_i": "input", "rst_ni": "input" });
    let cells = json!({ "u_a": instance, "u_b": instance });
    let found = paths(json!({ "top": module(ports, cells), "child": child })).unwrap();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn ports_are_registered_outside() {
    let ports = json!({
        "a_i": { "direction": "input", "bits": [10] },
        "b_o": { "direction": "output", "bits": [11] },
    });
    let cells = json!({ "gate": cell("INV_X1", &[("A", 10), ("ZN", 11)]) });
    let found = paths(json!({ "top": module(ports, cells) })).unwrap();
    let q = line([69.3, 0.32, 2.12], EDGE_SLEW_NS, 1.70);
    let slew = line([6.5, 0.0, 1.56], EDGE_SLEW_NS, 1.70);
    let expected = q + line([2.6, 0.32, 2.05], slew, PORT_LOAD_FF) + 0.035;
    assert!(
        (found[0].ns - expected).abs() < 1e-5,
        "{} {expected}",
        found[0].ns
    );
    assert_eq!(
        (found[0].start, found[0].to.as_str()),
        (Start::Input, "b_o")
    );
}

#[test]
fn loops_and_unknown_cells_are_errors() {
    let cells = json!({
        "x": cell("INV_X1", &[("A", 10), ("ZN", 11)]),
        "y": cell("INV_X1", &[("A", 11), ("ZN", 10)]),
    });
    let error = paths(json!({ "top": module(json!({}), cells) })).unwrap_err();
    assert_eq!(
        error.to_string(),
        "module top: combinational loop through a_q[0]"
    );
    let cells = json!({ "x": cell("$_DLATCH_P_", &[("D", 10)]) });
    let error = paths(json!({ "top": module(json!({}), cells) })).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("neither in the library nor a macro"),
        "{error}"
    );
}
