//! Memory macros as modules: behaviour for simulation, a black box for synthesis.

use askama::Template;

use super::error::DesignError;
use super::module::Module;
use crate::sram::SramSpec;

#[derive(Template)]
#[template(path = "common/sram_1rw.sv")]
struct Behaviour<'a> {
    name: &'a str,
    words: u32,
    bits: u32,
    addr: &'a str,
    word: &'a str,
}

#[derive(Template)]
#[template(path = "common/sram_1rw_stub.sv")]
struct Stub<'a> {
    words: u32,
    bits: u32,
    area: String,
    access: String,
    provenance: &'a str,
    header: String,
}

impl SramSpec {
    /// The module with its behaviour for simulation.
    ///
    /// # Errors
    /// Fewer than two words or no bits.
    pub fn module(&self) -> Result<Module, DesignError> {
        let name = self.name();
        if self.words < 2 || self.bits < 1 {
            let why = "a memory has at least two words of one bit".to_owned();
            return Err(DesignError::Header {
                module: name,
                line: 1,
                why,
            });
        }
        let range = |bits: u32| {
            if bits > 1 {
                format!("[{}:0]", bits - 1)
            } else {
                String::new()
            }
        };
        let behaviour = Behaviour {
            name: &name,
            words: self.words,
            bits: self.bits,
            addr: &range(self.addr_bits()),
            word: &range(self.bits),
        };
        let text = behaviour
            .render()
            .map_err(|e| DesignError::Template(e.to_string()))?;
        Module::sram(&text, *self)
    }

    /// The black box for synthesis: same name and ports, no contents.
    pub(crate) fn stub(&self, header: String, provenance: &str) -> String {
        let stub = Stub {
            words: self.words,
            bits: self.bits,
            area: format!("{:.0}", self.area_um2_45nm()),
            access: format!("{:.3}", self.access_ns_45nm()),
            provenance,
            header,
        };
        // Rendering into a string can't fail.
        stub.render().unwrap_or_default()
    }
}
