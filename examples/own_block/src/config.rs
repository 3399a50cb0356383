//! The pooling unit for the generator: parameters, ports and RTL.

use askama::Template;
use contract::{BlockConfig, ConfigError, Dir, ParamDoc, Port, rules};
use hdl_gen::Block;
use hdl_gen::design::{Design, DesignError, Module};
use serde::{Deserialize, Serialize};

/// Parameters of one unit, and what its template sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Template)]
#[template(path = "pool.sv", escape = "none")]
pub struct PoolConfig {
    pub lanes: u32,
    pub bits: u32,
}

impl BlockConfig for PoolConfig {
    const BLOCK: &'static str = "pool";

    fn named() -> Vec<(&'static str, Self)> {
        let of = |lanes, bits| Self { lanes, bits };
        vec![("small", of(4, 8)), ("wide", of(32, 16))]
    }

    fn params() -> &'static [ParamDoc] {
        const LANES: ParamDoc = ParamDoc::new("lanes", "Elements of a row: 1 to 64.", "ours");
        const BITS: ParamDoc = ParamDoc::new("bits", "Bits of an element: 2 to 32.", "ours");
        &[LANES, BITS]
    }

    fn validate(&self) -> Result<(), ConfigError> {
        rules::range("lanes", self.lanes, 1, 64, "")?;
        rules::range("bits", self.bits, 2, 32, "")
    }

    fn ports(&self) -> Vec<Port> {
        let width = self.lanes * self.bits;
        let data = ("data", width, "Signed elements, the first one lowest.");
        let last = ("last", 1, "Last row of its bag.");
        [
            Port::clock_and_reset(),
            Port::stream("row", Dir::Input, &[data, last]),
            Port::stream("sum", Dir::Output, &[data]),
        ]
        .concat()
    }
}

impl Block for PoolConfig {
    fn design(&self) -> Result<Design, DesignError> {
        Design::new(Module::leaf(self)?, [])
    }
}
