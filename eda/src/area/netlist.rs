//! A netlist as Yosys writes it (`write_json`).

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// One bit of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bit {
    /// The number of a net.
    Net(u32),
    /// "0", "1", "x" or "z" in the file.
    Const,
}

impl<'de> Deserialize<'de> for Bit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct BitVisitor;
        impl Visitor<'_> for BitVisitor {
            type Value = Bit;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a net number or a constant")
            }

            fn visit_u64<E: de::Error>(self, net: u64) -> Result<Bit, E> {
                let unexpected = || E::invalid_value(de::Unexpected::Unsigned(net), &self);
                net.try_into().map(Bit::Net).map_err(|_| unexpected())
            }

            fn visit_str<E>(self, _: &str) -> Result<Bit, E> {
                Ok(Bit::Const)
            }
        }
        deserializer.deserialize_any(BitVisitor)
    }
}

impl Bit {
    pub fn net(&self) -> Option<u32> {
        match self {
            Self::Net(net) => Some(*net),
            Self::Const => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Input,
    Output,
    Inout,
}

#[derive(Debug, serde::Deserialize)]
pub struct Port {
    pub direction: Direction,
    pub bits: Vec<Bit>,
}

#[derive(Debug, serde::Deserialize)]
pub struct Instance {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub port_directions: BTreeMap<String, Direction>,
    pub connections: BTreeMap<String, Vec<Bit>>,
}

#[derive(Debug, serde::Deserialize)]
pub struct NetName {
    pub hide_name: u8,
    pub bits: Vec<Bit>,
}

#[derive(Debug, serde::Deserialize)]
pub struct Module {
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Binary numbers, most significant bit first, or texts.
    #[serde(default)]
    pub parameter_default_values: BTreeMap<String, String>,
    pub ports: BTreeMap<String, Port>,
    pub cells: BTreeMap<String, Instance>,
    pub netnames: BTreeMap<String, NetName>,
}

#[derive(Debug, serde::Deserialize)]
pub struct Netlist {
    pub modules: BTreeMap<String, Module>,
}

impl Module {
    pub fn is_blackbox(&self) -> bool {
        self.attributes.contains_key("blackbox")
    }

    /// A name of the net that a reader of the source would know, with its bit if it has several.
    pub fn net_name(&self, net: u32) -> String {
        let mut best: Option<(u8, usize, String)> = None;
        for (name, n) in &self.netnames {
            let at = n
                .bits
                .iter()
                .position(|b| matches!(b, Bit::Net(i) if *i == net));
            let Some(at) = at else { continue };
            let text = if n.bits.len() == 1 {
                name.clone()
            } else {
                format!("{name}[{at}]")
            };
            let key = (n.hide_name, text.len(), text);
            if best.as_ref().is_none_or(|b| key < *b) {
                best = Some(key);
            }
        }
        best.map_or_else(|| format!("net {net}"), |(_, _, name)| name)
    }
}

/// A module's name as in the source, with the parameters it was elaborated with.
pub fn source_name(name: &str, module: Option<&Module>) -> String {
    let Some(rest) = name.strip_prefix("$paramod") else {
        return name.to_owned();
    };
    let base = rest.split('\\').nth(1).unwrap_or(rest);
    let Some(module) = module else {
        return base.to_owned();
    };
    let values: Vec<String> = module
        .parameter_default_values
        .iter()
        .map(|(k, v)| {
            let number =
                u128::from_str_radix(v, 2).map_or_else(|_| format!("{v:?}"), |n| n.to_string());
            format!("{k}={number}")
        })
        .collect();
    format!("{base} #({})", values.join(", "))
}
