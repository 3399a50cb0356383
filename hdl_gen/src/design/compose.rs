//! Composition: instances and what connects them, checked before a line is printed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::error::DesignError;
use super::header::ModulePort;
use super::module::{Body, Module, ParamValue, Pin};
use super::netlist;
pub(super) use super::netlist::Netlist;
use super::signal::Signal;
use super::stream::{Stream, base, streams};
use crate::port::{Dir, Port};

/// A module made of instances. Paths name ports: `"u_ctrl.busy_o"` of an instance, `"abort_i"` of
/// the module itself; and streams: `"u_tracker.op"`, `"u_queue"` (its unnamed stream), `"req"`.
/// Nets are named after their driver, so no name is made up. `clk_i` and `rst_ni` reach every
/// instance that has them.
///
/// A mistake is kept and returned by [`Compose::finish`]; the first one counts.
///
/// ```
/// use hdl_gen::design::{Compose, Design, Module, Signal};
/// use hdl_gen::{Dir, Port};
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
/// # // A reset that reaches nobody would be refused.
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
    doc: String,
    ports: Vec<ModulePort>,
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
    error: Option<DesignError>,
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

/// An end of a stream connection, looked up.
struct End {
    /// As written by the caller.
    path: String,
    /// Instance, or none for the module itself.
    instance: Option<usize>,
    stream: Stream,
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
            ports: netlist::declare(ports),
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

    /// Connects a chain of streams: the first end gives, the last takes, those in between are
    /// carriers with an unnamed stream in and one out. All named ends must have the same fields.
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

    /// Says that nobody uses the output `from`.
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

    /// The finished module.
    ///
    /// # Errors
    /// The first mistake: an unknown name, ends that do not fit, a port left open or driven twice.
    pub fn finish(mut self) -> Result<Module, DesignError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        for placed in &self.instances {
            placed.pins.as_ref().map_err(Clone::clone)?;
        }
        let netlist = netlist::check(&mut self)?;
        Ok(Module {
            name: self.name,
            doc: self.doc,
            notes: Vec::new(),
            params: Vec::new(),
            ports: self.ports,
            body: Body::Composed(netlist),
        })
    }

    fn fail(&mut self, error: DesignError) {
        self.error.get_or_insert(error);
    }

    fn unknown(&self, what: &'static str, name: &str, known: Vec<String>) -> DesignError {
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
    fn split<'p>(&self, path: &'p str) -> Result<(Option<usize>, &'p str), DesignError> {
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

    fn pins_of(&self, instance: Option<usize>) -> &[Pin] {
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

    fn try_drive(&mut self, to: &str, signal: Signal) -> Result<(), DesignError> {
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

    /// The stream at `path` that gives, or takes, seen from inside this module.
    fn end(&self, path: &str, gives: bool) -> Result<End, DesignError> {
        let (instance, name) = self.split(path)?;
        let dir = if instance.is_some() == gives {
            Dir::Output
        } else {
            Dir::Input
        };
        let all = streams(self.pins_of(instance));
        let known = all
            .iter()
            .filter(|s| s.dir == dir)
            .map(|s| format!("`{}`", s.name))
            .collect();
        let stream = all.into_iter().find(|s| s.name == name && s.dir == dir);
        let what = if gives {
            "giving stream"
        } else {
            "taking stream"
        };
        let stream = stream.ok_or_else(|| self.unknown(what, path, known))?;
        Ok(End {
            path: path.to_owned(),
            instance,
            stream,
        })
    }

    fn try_stream(&mut self, chain: &[&str]) -> Result<(), DesignError> {
        for pair in chain.windows(2) {
            let (from, to) = (self.end(pair[0], true)?, self.end(pair[1], false)?);
            let payload = self.payload(chain, &from, &to)?;
            self.connect(&from, &to, &payload)?;
        }
        Ok(())
    }

    /// What flows over one link of `chain`: the fields of its first end that names them.
    fn payload(
        &self,
        chain: &[&str],
        from: &End,
        to: &End,
    ) -> Result<Vec<(String, u32)>, DesignError> {
        let fields = |end: &End| end.stream.payload(self.pins_of(end.instance));
        let mut ends = Vec::new();
        for (at, path) in chain.iter().enumerate() {
            ends.push(self.end(path, at + 1 < chain.len())?);
        }
        let typed = ends
            .iter()
            .find(|e| !e.stream.is_carrier())
            .unwrap_or(&ends[0]);
        let payload = fields(typed);
        for end in [from, to] {
            let own = fields(end);
            let fits = if end.stream.is_carrier() {
                own.iter().map(|f| f.1).sum::<u32>() == payload.iter().map(|f| f.1).sum()
            } else {
                own.len() == payload.len() && own.iter().all(|f| payload.contains(f))
            };
            if !fits {
                return Err(DesignError::Payload {
                    module: self.name.clone(),
                    from: typed.path.clone(),
                    from_payload: describe(&payload),
                    to: end.path.clone(),
                    to_payload: describe(&own),
                });
            }
        }
        Ok(payload)
    }

    fn connect(
        &mut self,
        from: &End,
        to: &End,
        payload: &[(String, u32)],
    ) -> Result<(), DesignError> {
        let path = |compose: &Self, end: &End, pin: usize| match end.instance {
            None => compose.pins[pin].name.clone(),
            Some(at) => {
                let placed = &compose.instances[at];
                format!("{}.{}", placed.name, placed.pins()[pin].name)
            }
        };
        let port_of = |end: &End, field: &str| {
            end.stream
                .fields
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, pin)| *pin)
        };
        // Drivers of the fields.
        let mut sources = Vec::new();
        for (field, _) in payload {
            let source = if !from.stream.is_carrier() {
                port_of(from, field).map(|pin| path(self, from, pin))
            } else {
                let data = path(self, from, from.stream.fields[0].1);
                if payload.len() == 1 {
                    Some(data)
                } else {
                    let split = self.splits.entry(data.clone());
                    split.or_insert_with(|| payload.to_vec());
                    Some(format!("{data}#{field}"))
                }
            };
            sources.extend(source);
        }
        let valid = path(self, from, from.stream.valid);
        let ready = path(self, to, to.stream.ready);
        if let Some(at) = from.instance {
            let stem = self.instances[at].stem().to_owned();
            let join = |parts: [&str; 3]| {
                parts
                    .into_iter()
                    .filter(|p| !p.is_empty())
                    .collect::<Vec<_>>()
                    .join("_")
            };
            let name = |field: &str| join([&stem, &from.stream.name, field]);
            self.names.insert(valid.clone(), name("valid"));
            self.names.insert(ready.clone(), name("ready"));
            for (source, (field, _)) in sources.iter().zip(payload) {
                self.names.insert(source.clone(), name(field));
            }
        }
        self.try_drive(&path(self, to, to.stream.valid), valid.into())?;
        self.try_drive(&path(self, from, from.stream.ready), ready.into())?;
        if to.stream.is_carrier() {
            let data = path(self, to, to.stream.fields[0].1);
            let word = match sources.as_slice() {
                [single] => Signal::from(single.as_str()),
                several => Signal::concat(several.iter().map(String::as_str)),
            };
            return self.try_drive(&data, word);
        }
        for (source, (field, _)) in sources.into_iter().zip(payload) {
            if let Some(pin) = port_of(to, field) {
                self.try_drive(&path(self, to, pin), source.into())?;
            }
        }
        Ok(())
    }

    fn try_link(&mut self, first: &str, second: &str) -> Result<(), DesignError> {
        let mut linked = false;
        for (from, to) in [(first, second), (second, first)] {
            let (Some(a), Some(b)) = (self.split(from)?.0, self.split(to)?.0) else {
                let (first, second) = (first.to_owned(), second.to_owned());
                let module = self.name.clone();
                return Err(DesignError::NothingToLink {
                    module,
                    first,
                    second,
                });
            };
            let (gives, takes) = (
                self.pins_of(Some(a)).to_vec(),
                self.pins_of(Some(b)).to_vec(),
            );
            let taken = streams(&takes);
            for stream in streams(&gives).iter().filter(|s| s.dir == Dir::Output) {
                let same = |s: &&Stream| s.name == stream.name && s.dir == Dir::Input;
                let Some(other) = taken.iter().find(same) else {
                    continue;
                };
                let valid = format!("{to}.{}", takes[other.valid].name);
                if !stream.is_carrier() && !self.drives.contains_key(&valid) {
                    let name = &stream.name;
                    self.try_stream(&[&format!("{from}.{name}"), &format!("{to}.{name}")])?;
                    linked = true;
                }
            }
            for pin in gives.iter().filter(|p| p.dir == Dir::Output) {
                let fits = |t: &&Pin| t.dir == Dir::Input && base(&t.name) == base(&pin.name);
                let Some(taker) = takes.iter().find(fits) else {
                    continue;
                };
                let taker = format!("{to}.{}", taker.name);
                if !self.drives.contains_key(&taker) {
                    self.try_drive(&taker, format!("{from}.{}", pin.name).into())?;
                    linked = true;
                }
            }
        }
        if linked {
            return Ok(());
        }
        let (first, second) = (first.to_owned(), second.to_owned());
        Err(DesignError::NothingToLink {
            module: self.name.clone(),
            first,
            second,
        })
    }
}

/// `{row 8, mask 4}`.
fn describe(payload: &[(String, u32)]) -> String {
    let fields: Vec<String> = payload
        .iter()
        .map(|(name, width)| {
            if name.is_empty() {
                width.to_string()
            } else {
                format!("{name} {width}")
            }
        })
        .collect();
    format!("{{{}}}", fields.join(", "))
}
