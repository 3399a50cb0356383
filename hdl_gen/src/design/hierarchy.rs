//! The closed set of modules under a top.

use std::collections::BTreeMap;

use super::error::DesignError;
use super::instances::LeafInstance;
use super::module::{Body, Module};
use contract::Port;

/// A top module and everything under it, each module once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// Children before parents; the top is last.
    modules: Vec<Module>,
}

impl Design {
    /// The design with `top` above `others`. The same module may be listed more than once.
    ///
    /// # Errors
    /// A module that is missing, unreached, recursive or there in two versions; an instance in a
    /// leaf that does not fit its module.
    pub fn new(top: Module, others: impl IntoIterator<Item = Module>) -> Result<Self, DesignError> {
        let top_name = top.name.clone();
        let mut known: BTreeMap<String, Module> = BTreeMap::new();
        for module in others.into_iter().chain([top]) {
            match known.get(&module.name) {
                Some(same) if *same == module => {}
                Some(_) => return Err(DesignError::TwoTexts(module.name)),
                None => _ = known.insert(module.name.clone(), module),
            }
        }
        for module in known.values() {
            if let Body::Leaf { instances, .. } = &module.body {
                for instance in instances {
                    check(&module.name, instance, known.get(&instance.of))?;
                }
            }
        }
        let mut order = Vec::new();
        visit(&top_name, &known, &mut Vec::new(), &mut order)?;
        if let Some(name) = known.keys().find(|name| !order.contains(name)) {
            return Err(DesignError::Unreached(name.clone()));
        }
        let modules = order.iter().filter_map(|name| known.remove(name)).collect();
        Ok(Self { modules })
    }

    /// The top module.
    ///
    /// # Panics
    /// Never: a design has a top.
    pub fn top(&self) -> &Module {
        self.modules.last().expect("a design has a top")
    }

    /// All modules, children before parents.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// Checks that the top's header says what the block's port list says.
    pub(crate) fn check_top(&self, name: &str, ports: &[Port]) -> Result<(), DesignError> {
        let error = |why: String| DesignError::Top {
            top: name.to_owned(),
            why,
        };
        let top = self.top();
        if top.name != name {
            return Err(error(format!("the design's top is `{}`", top.name)));
        }
        let pins = top.pins(&[])?;
        for (at, port) in ports.iter().enumerate() {
            let pin = pins
                .get(at)
                .ok_or_else(|| error(format!("port `{}` is missing", port.name)))?;
            let same = pin.name == port.name && pin.dir == port.dir && pin.width == port.width;
            if !same {
                let listed = format!("{:?} `{}` of {} bits", port.dir, port.name, port.width);
                let found = format!("{:?} `{}` of {} bits", pin.dir, pin.name, pin.width);
                return Err(error(format!(
                    "the port list has {listed} where the RTL has {found}"
                )));
            }
        }
        match pins.get(ports.len()) {
            Some(extra) => Err(error(format!(
                "port `{}` is not in the port list",
                extra.name
            ))),
            None => Ok(()),
        }
    }
}

/// Depth first, so that children come before parents.
fn visit(
    name: &str,
    known: &BTreeMap<String, Module>,
    above: &mut Vec<String>,
    order: &mut Vec<String>,
) -> Result<(), DesignError> {
    if order.iter().any(|n| n == name) {
        return Ok(());
    }
    if above.iter().any(|n| n == name) {
        return Err(DesignError::Recursive(name.to_owned()));
    }
    let Some(module) = known.get(name) else {
        let (module, name) = (above.last().cloned().unwrap_or_default(), name.to_owned());
        let known = "it is not in the design's list".to_owned();
        return Err(DesignError::Unknown {
            module,
            what: "module",
            name,
            known,
        });
    };
    above.push(name.to_owned());
    for child in module.children() {
        visit(child, known, above, order)?;
    }
    above.pop();
    order.push(name.to_owned());
    Ok(())
}

/// Checks one instance of `parent` against the module that it names.
pub(super) fn check(
    parent: &str,
    instance: &LeafInstance,
    of: Option<&Module>,
) -> Result<(), DesignError> {
    let error = |why: String| DesignError::Instance {
        module: parent.to_owned(),
        line: instance.line,
        instance: instance.name.clone(),
        of: instance.of.clone(),
        why,
    };
    let Some(of) = of else {
        return Err(error("the design has no such module".into()));
    };
    if instance.positional {
        return Err(error("connections must be by name".into()));
    }
    for (i, name) in instance.params.iter().enumerate() {
        match of.params().iter().find(|p| p.name == *name) {
            None => return Err(error(format!("the module has no parameter `{name}`"))),
            Some(p) if p.local => {
                return Err(error(format!("`{name}` is a localparam and can't be set")));
            }
            _ if instance.params[..i].contains(name) => {
                return Err(error(format!("parameter `{name}` is set twice")));
            }
            _ => {}
        }
    }
    for (i, name) in instance.ports.iter().enumerate() {
        if !of.ports().iter().any(|p| p.name == *name) {
            return Err(error(format!("the module has no port `{name}`")));
        }
        if instance.ports[..i].contains(name) {
            return Err(error(format!("port `{name}` is connected twice")));
        }
    }
    match of
        .ports()
        .iter()
        .find(|p| !instance.ports.contains(&p.name))
    {
        Some(open) => Err(error(format!("port `{}` is left open", open.name))),
        None => Ok(()),
    }
}
