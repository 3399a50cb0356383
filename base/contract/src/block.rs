//! A block as the generator sees it.

use crate::port::Port;

/// A configuration that can't be built: the field, its value, why, and what is accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} = {value}: {why}; {remedy}")]
pub struct ConfigError {
    /// Parameter name as in the configuration file.
    pub field: String,
    pub value: String,
    pub why: String,
    /// What is accepted, e.g. "use a power of two from 32 to 1024".
    pub remedy: String,
}

/// Documentation of one parameter: the command-line help and the manifest are made from it.
#[derive(Clone, Copy, Debug)]
pub struct ParamDoc {
    /// Field name in the configuration; the flag is `--<block>-<name>` with dashes.
    pub name: &'static str,
    /// One sentence of the form "What it is, with its unit: legal values."
    pub doc: &'static str,
    /// Where the default comes from, e.g. "REFREE table 2".
    pub source: &'static str,
}

impl ParamDoc {
    /// Name, documentation and source of one parameter.
    pub const fn new(name: &'static str, doc: &'static str, source: &'static str) -> Self {
        Self { name, doc, source }
    }
}

/// A typed block configuration: the single source of everything the generator derives.
pub trait BlockConfig:
    Clone + std::fmt::Debug + PartialEq + serde::Serialize + serde::de::DeserializeOwned
{
    /// Short name of the block, also the name of its template folder (`"pe"`).
    const BLOCK: &'static str;
    /// Name of the top-level module.
    const TOP: &'static str = Self::BLOCK;

    /// Named configurations; every one gives every parameter. The first is the default.
    fn named() -> Vec<(&'static str, Self)>;

    /// One entry per parameter, in the order of the fields.
    fn params() -> &'static [ParamDoc];

    /// Adjusts parameters that follow others by default, after the parameters in `given` were
    /// changed one by one. A parameter that was given stays.
    fn settle(&mut self, given: &[&str]) {
        let _ = given;
    }

    /// Refuses a configuration that can't be built.
    fn validate(&self) -> Result<(), ConfigError>;

    /// Top-level ports of this configuration, clock and reset first.
    fn ports(&self) -> Vec<Port>;
}
