//! Composition: instances and what connects them, checked before a line is printed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::declare::declare;
use super::error::DesignError;
use super::header::ModulePort;
use super::module::Module;
use super::param::ParamValue;
use super::pin::Pin;
use super::signal::Signal;
use contract::{Dir, Port};

/// A module made of instances. Paths name ports: `"u_ctrl.busy_o"` of an instance, `"abort_i"` of
/// the module itself; and streams: `"u_tracker.op"`, `"u_queue"` (its unnamed stream), `"req"`.
/// Nets are named after their driver, so no name is made up. `clk_i` and `rst_ni` reach every
/// instance that has them.
///
/// A mistake is kept and returned by [`Compose::finish`]; the first one counts.
///
/// ```
/// use hdl_gen::design::{Compose, Design, Module, Signal};
/// use contract::{Dir, Port};
///
/// # fn main() -> Result<(), hdl_gen::design::DesignError> {
/// let queue = Module::leaf_text(
///     "// Keeps words in order.
/// module queue #(
///   parameter int Width = 8  // bits of a word
/// ) (
///   input  logic clk_i,
///   input  logic valid_i,
///   output logic ready_o,
///   input  logic [Width-1:0] data_i,
///   output logic valid_o,
///   input  logic ready_i,
///   output logic [Width-1:0] data_o
/// );
/// endmodule",
/// )?;
/// let mut ports = Port::clock_and_reset();
/// ports.extend(Port::stream("req", Dir::Input, &[("row", 3, "Row."), ("end", 1, "Last.")]));
/// ports.extend(Port::stream("res", Dir::Output, &[("row", 3, "Row."), ("end", 1, "Last.")]));
/// let mut top = Compose::new("top", "Hands requests on in order.", &ports);
/// top.instance("u_queue", &queue).param("Width", 4).comment("Requests wait here.");
/// top.stream(&["req", "u_queue", "res"]);
/// # // A reset that reaches no instance would be refused.
/// # let reset = Module::leaf_text("// Ends here.\nmodule sink (\n  input logic rst_ni\n);\nendmodule")?;
/// # top.instance("u_sink", &reset);
/// let design = Design::new(top.finish()?, [queue, reset])?;
/// assert_eq!(design.top().name(), "top");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Compose {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) ports: Vec<ModulePort>,
    pub(super) pins: Vec<Pin>,
    pub(super) instances: Vec<Placed>,
    /// Taker's path -> what drives it.
    pub(super) drives: BTreeMap<String, Signal>,
    /// Output of a carrier -> the fields it is split into, highest first. The path of a field is
    /// `<port>#<field>`.
    pub(super) splits: BTreeMap<String, Vec<(String, u32)>>,
    /// Driver's path -> name of its net, where the rule "after the driver" is not enough.
    pub(super) names: HashMap<String, String>,
    pub(super) open: BTreeSet<String>,
    pub(super) error: Option<DesignError>,
}

#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub name: String,
    pub module: Module,
    pub params: Vec<(String, ParamValue)>,
    pub comment: Vec<String>,
    /// Ports with their widths, or what keeps them from having one.
    pub pins: Result<Vec<Pin>, DesignError>,
}

impl Placed {
    pub fn pins(&self) -> &[Pin] {
        self.pins.as_deref().unwrap_or_default()
    }

    /// Name without the `u_` of instances: what its nets are called after.
    pub fn stem(&self) -> &str {
        self.name.strip_prefix("u_").unwrap_or(&self.name)
    }
}

/// An instance just placed.
pub struct Instance<'a> {
    owner: &'a mut Compose,
    at: usize,
}

impl Instance<'_> {
    /// Sets a parameter; the others keep their defaults.
    pub fn param(self, name: &str, value: impl Into<ParamValue>) -> Self {
        let placed = &mut self.owner.instances[self.at];
        let known = placed
            .module
            .params()
            .iter()
            .any(|p| p.name == name && !p.local);
        let twice = placed.params.iter().any(|(n, _)| n == name);
        placed.params.push((name.to_owned(), value.into()));
        placed.pins = placed.module.pins(&placed.params);
        let (path, of) = (
            format!("{}.{name}", placed.name),
            placed.module.name().to_owned(),
        );
        let module = self.owner.name.clone();
        if !known {
            let known = format!("module `{of}` does not have it");
            self.owner.fail(DesignError::Unknown {
                module,
                what: "parameter",
                name: path,
                known,
            });
        } else if twice {
            self.owner.fail(DesignError::Duplicate {
                module,
                what: "parameter",
                name: path,
            });
        }
        self
    }

    /// A comment line above the instance.
    pub fn comment(self, line: &str) -> Self {
        self.owner.instances[self.at].comment.push(line.to_owned());
        self
    }
}

impl Compose {
    /// A module `name` that guarantees `doc` (one sentence) and has `ports`.
    pub fn new(name: &str, doc: &str, ports: &[Port]) -> Self {
        let pin = |p: &Port| Pin {
            name: p.name.clone(),
            dir: p.dir,
            width: p.width,
        };
        Self {
            name: name.to_owned(),
            doc: doc.to_owned(),
            ports: declare(ports),
            pins: ports.iter().map(pin).collect(),
            instances: Vec::new(),
            drives: BTreeMap::new(),
            splits: BTreeMap::new(),
            names: HashMap::new(),
            open: BTreeSet::new(),
            error: None,
        }
    }

    /// Places an instance of `module`; `name` begins with `u_`.
    pub fn instance(&mut self, name: &str, module: &Module) -> Instance<'_> {
        if self.instances.iter().any(|i| i.name == name) {
            let (module, name) = (self.name.clone(), name.to_owned());
            self.fail(DesignError::Duplicate {
                module,
                what: "instance",
                name,
            });
        }
        if !name.starts_with("u_") {
            let (module, name) = (self.name.clone(), name.to_owned());
            self.fail(DesignError::InstanceName { module, name });
        }
        self.instances.push(Placed {
            name: name.to_owned(),
            module: module.clone(),
            params: Vec::new(),
            comment: Vec::new(),
            pins: module.pins(&[]),
        });
        Instance {
            at: self.instances.len() - 1,
            owner: self,
        }
    }

    /// Connects a chain of streams: the first end gives, the last takes, those in between have a
    /// stream of that name in and one out. All ends must have the same fields; only one whose
    /// single field is `data` carries any payload of its width, packed with the first field
    /// highest.
    pub fn stream(&mut self, chain: &[&str]) {
        if let Err(error) = self.try_stream(chain) {
            self.fail(error);
        }
    }

    /// Connects the output `from` to the inputs `to`.
    pub fn wire(&mut self, from: &str, to: &[&str]) {
        for taker in to {
            self.drive(taker, from);
        }
    }

    /// Drives the input `to` with `signal`.
    pub fn drive(&mut self, to: &str, signal: impl Into<Signal>) {
        if let Err(error) = self.try_drive(to, signal.into()) {
            self.fail(error);
        }
    }

    /// Says that the output `from` is unused.
    pub fn open(&mut self, from: &str) {
        match self.driver_width(from) {
            Ok(_) => _ = self.open.insert(from.to_owned()),
            Err(error) => self.fail(error),
        }
    }

    /// Connects all that two instances have in common by name, both ways: first their streams,
    /// then each output `X_o` of one to the input `X_i` of the other if nothing drives that yet.
    pub fn link(&mut self, first: &str, second: &str) {
        if let Err(error) = self.try_link(first, second) {
            self.fail(error);
        }
    }

    fn fail(&mut self, error: DesignError) {
        self.error.get_or_insert(error);
    }

    pub(super) fn unknown(
        &self,
        what: &'static str,
        name: &str,
        known: Vec<String>,
    ) -> DesignError {
        let known = match known.as_slice() {
            [] => "there is none".to_owned(),
            names => format!("there are {}", names.join(", ")),
        };
        DesignError::Unknown {
            module: self.name.clone(),
            what,
            name: name.to_owned(),
            known,
        }
    }

    /// The instance that `path` goes through, and what is named there.
    pub(super) fn split<'p>(&self, path: &'p str) -> Result<(Option<usize>, &'p str), DesignError> {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) => (name, rest),
            None if path.starts_with("u_") => (path, ""),
            None => return Ok((None, path)),
        };
        match self.instances.iter().position(|i| i.name == name) {
            Some(at) => Ok((Some(at), rest)),
            None => {
                let known = self.instances.iter().map(|i| i.name.clone()).collect();
                Err(self.unknown("instance", name, known))
            }
        }
    }

    pub(super) fn pins_of(&self, instance: Option<usize>) -> &[Pin] {
        instance.map_or(&self.pins, |at| self.instances[at].pins())
    }

    fn pin(&self, path: &str) -> Result<(Option<usize>, &Pin), DesignError> {
        let (instance, name) = self.split(path)?;
        let pins = self.pins_of(instance);
        let pin = pins.iter().find(|p| p.name == name).ok_or_else(|| {
            self.unknown("port", path, pins.iter().map(|p| p.name.clone()).collect())
        })?;
        Ok((instance, pin))
    }

    /// Width of a port (or field of one) that can drive.
    pub(super) fn driver_width(&self, path: &str) -> Result<u32, DesignError> {
        if let Some((port, field)) = path.split_once('#') {
            let fields = self.splits.get(port).map(Vec::as_slice).unwrap_or_default();
            return Ok(fields
                .iter()
                .find(|(name, _)| name == field)
                .map_or(0, |f| f.1));
        }
        let (instance, pin) = self.pin(path)?;
        self.role(
            path,
            pin.dir,
            if instance.is_some() {
                Dir::Output
            } else {
                Dir::Input
            },
        )?;
        Ok(pin.width)
    }

    fn taker_width(&self, path: &str) -> Result<u32, DesignError> {
        let (instance, pin) = self.pin(path)?;
        self.role(
            path,
            pin.dir,
            if instance.is_some() {
                Dir::Input
            } else {
                Dir::Output
            },
        )?;
        Ok(pin.width)
    }

    fn role(&self, path: &str, dir: Dir, needed: Dir) -> Result<(), DesignError> {
        if dir == needed {
            return Ok(());
        }
        let inside = path.contains('.');
        let role = if inside == (needed == Dir::Output) {
            "driver"
        } else {
            "taker"
        };
        Err(DesignError::Direction {
            module: self.name.clone(),
            name: path.to_owned(),
            role,
        })
    }

    pub(super) fn try_drive(&mut self, to: &str, signal: Signal) -> Result<(), DesignError> {
        let to_width = self.taker_width(to)?;
        let width = signal.width(&|pin| self.driver_width(pin))?;
        let from_width = width.map_err(|why| DesignError::Constant {
            module: self.name.clone(),
            of: to.to_owned(),
            expression: signal.to_string(),
            why,
        })?;
        let (module, from, to) = (self.name.clone(), signal.to_string(), to.to_owned());
        if from_width != to_width {
            return Err(DesignError::Width {
                module,
                from,
                from_width,
                to,
                to_width,
            });
        }
        if let Some(first) = self.drives.get(&to) {
            let first = first.to_string();
            return Err(DesignError::DrivenTwice {
                module,
                to,
                first,
                second: from,
            });
        }
        self.drives.insert(to, signal);
        Ok(())
    }
}
