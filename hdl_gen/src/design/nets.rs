//! What a composition becomes: nets, instances, assignments.

use super::param::ParamValue;

/// Nets, instances and assignments of a composed module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Netlist {
    pub groups: Vec<NetGroup>,
    pub instances: Vec<Connected>,
    /// Outputs of the module that are more than a net: name and value.
    pub assigns: Vec<(String, String)>,
}

/// The nets that one instance drives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NetGroup {
    pub driver: String,
    /// Width and name.
    pub nets: Vec<(u32, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Connected {
    pub of: String,
    pub name: String,
    pub comment: Vec<String>,
    pub params: Vec<(String, ParamValue)>,
    /// Port and what it is connected to.
    pub pins: Vec<(String, String)>,
}
