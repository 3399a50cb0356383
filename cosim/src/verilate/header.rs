//! Reads the ports of a verilated class out of its generated header.

use contract::{Dir, Port};

use crate::Error;

/// A port as Verilator found it in the RTL.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    name: String,
    dir: Dir,
    width: u32,
}

/// Compares the generated class with the port list: every mistake is told before a C++ compiler
/// would stumble over it.
pub(crate) fn check(top: &str, ports: &[Port], class_header: &str) -> Result<(), Error> {
    let found: Vec<Found> = class_header.lines().filter_map(port).collect();
    let fail = |what: String| {
        Err(Error::Ports {
            top: top.to_owned(),
            what,
        })
    };
    let show = |dir: Dir, width: u32| {
        let dir = if dir == Dir::Input { "input" } else { "output" };
        format!(
            "an {dir} of {width} bit{}",
            if width == 1 { "" } else { "s" }
        )
    };
    for port in ports {
        let Some(rtl) = found.iter().find(|f| f.name == port.name) else {
            return fail(format!("it has no port `{}`", port.name));
        };
        if (rtl.dir, rtl.width) != (port.dir, port.width) {
            let (is, must) = (show(rtl.dir, rtl.width), show(port.dir, port.width));
            return fail(format!("port `{}` is {is}, not {must}", port.name));
        }
    }
    match found
        .iter()
        .find(|f| ports.iter().all(|port| port.name != f.name))
    {
        Some(extra) => fail(format!("it has an extra port `{}`", extra.name)),
        None => Ok(()),
    }
}

/// A line such as `VL_INW(&data_i,127,0,4);`.
fn port(line: &str) -> Option<Found> {
    let line = line.trim();
    let (dir, rest) = if let Some(rest) = line.strip_prefix("VL_IN") {
        (Dir::Input, rest)
    } else {
        (Dir::Output, line.strip_prefix("VL_OUT")?)
    };
    let (_, arguments) = rest.split_once("(&")?;
    let mut fields = arguments.trim_end_matches(");").split(',');
    let name = fields.next()?.trim().to_owned();
    let mut bound = || fields.next()?.trim().parse::<u32>().ok();
    let (msb, lsb) = (bound()?, bound()?);
    Some(Found {
        name,
        dir,
        width: msb.checked_sub(lsb)? + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "
    VL_IN8(&clk_i,0,0);
    VL_INW(&data_i,127,0,4);
    VL_OUT(&sum_o,31,0);
    Vdut___024root* const rootp;";

    fn ports() -> Vec<Port> {
        vec![
            Port::clock_and_reset().remove(0),
            Port::level("data_i", Dir::Input, 128, ""),
            Port::level("sum_o", Dir::Output, 32, ""),
        ]
    }

    fn message(ports: &[Port]) -> String {
        check("dut", ports, HEADER).unwrap_err().to_string()
    }

    #[test]
    fn equal_ports_pass() {
        check("dut", &ports(), HEADER).unwrap();
    }

    #[test]
    fn differences_are_named() {
        let mut wrong = ports();
        wrong[1].width = 64;
        assert_eq!(
            message(&wrong),
            "module `dut` doesn't match its configuration: port `data_i` is an input of 128 bits, \
             not an input of 64 bits"
        );
        wrong[1] = Port::level("more_i", Dir::Input, 1, "");
        assert!(message(&wrong).ends_with("it has no port `more_i`"));
        assert!(message(&ports()[..2]).ends_with("it has an extra port `sum_o`"));
    }
}
