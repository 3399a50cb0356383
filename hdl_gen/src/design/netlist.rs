//! A composition that has passed its checks, ready to be printed.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::compose::{Compose, Placed};
use super::error::DesignError;
use super::module::{Body, Module};
use super::nets::{Connected, NetGroup, Netlist};
use super::pin::Pin;
use super::signal::Signal;
use super::stream::base;
use contract::Dir;

impl Compose {
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
        let netlist = check(&mut self)?;
        let module = Module {
            name: self.name,
            doc: self.doc,
            notes: Vec::new(),
            params: Vec::new(),
            ports: self.ports,
            body: Body::Composed(netlist),
        };
        module.check_names()?;
        Ok(module)
    }
}

/// Every port driven once, every output used, every name free: then the nets.
pub(super) fn check(compose: &mut Compose) -> Result<Netlist, DesignError> {
    fan_out_clock_and_reset(compose);
    let users = users(compose);
    every_taker_is_driven(compose)?;
    every_driver_is_used(compose, &users)?;
    let names = Names::new(compose)?;
    let groups = compose
        .instances
        .iter()
        .map(|i| names.group(compose, i))
        .collect();
    let instances = compose
        .instances
        .iter()
        .map(|i| connected(compose, i, &names))
        .collect();
    let assigns = own(compose, Dir::Output)
        .filter_map(|p| {
            let value = compose.drives[&p.name].text(&|path| names.net(path));
            (value != p.name).then(|| (p.name.clone(), value))
        })
        .collect();
    Ok(Netlist {
        groups,
        instances,
        assigns,
    })
}

fn own(compose: &Compose, dir: Dir) -> impl Iterator<Item = &Pin> {
    compose.pins.iter().filter(move |p| p.dir == dir)
}

/// Paths of the ports of all instances that have direction `dir`.
fn inner(compose: &Compose, dir: Dir) -> impl Iterator<Item = String> {
    let paths = move |i: &Placed| -> Vec<String> {
        let pins = i.pins().iter().filter(|p| p.dir == dir);
        pins.map(|p| format!("{}.{}", i.name, p.name)).collect()
    };
    compose.instances.iter().flat_map(paths)
}

fn fan_out_clock_and_reset(compose: &mut Compose) {
    for common in ["clk_i", "rst_ni"] {
        if !own(compose, Dir::Input).any(|p| p.name == common) {
            continue;
        }
        let takers: Vec<String> = inner(compose, Dir::Input)
            .filter(|path| {
                path.rsplit_once('.')
                    .is_some_and(|(_, port)| port == common)
            })
            .collect();
        for path in takers {
            compose
                .drives
                .entry(path)
                .or_insert_with(|| Signal::from(common));
        }
    }
}

/// Driver's path -> one of its takers.
fn users(compose: &Compose) -> HashMap<String, String> {
    let mut users = HashMap::new();
    for (taker, signal) in &compose.drives {
        signal.for_each_pin(&mut |pin| {
            let port = pin.split_once('#').map_or(pin, |(port, _)| port);
            users.insert(port.to_owned(), taker.clone());
        });
    }
    users
}

fn every_taker_is_driven(compose: &Compose) -> Result<(), DesignError> {
    let outputs = own(compose, Dir::Output).map(|p| p.name.clone());
    match inner(compose, Dir::Input)
        .chain(outputs)
        .find(|t| !compose.drives.contains_key(t))
    {
        Some(to) => Err(DesignError::Undriven {
            module: compose.name.clone(),
            to,
        }),
        None => Ok(()),
    }
}

fn every_driver_is_used(
    compose: &Compose,
    users: &HashMap<String, String>,
) -> Result<(), DesignError> {
    let inputs = own(compose, Dir::Input).map(|p| p.name.clone());
    for from in inner(compose, Dir::Output).chain(inputs) {
        let module = compose.name.clone();
        match (users.get(&from), compose.open.contains(&from)) {
            (None, false) => return Err(DesignError::Unused { module, from }),
            (Some(to), true) => {
                return Err(DesignError::NotOpen {
                    module,
                    from,
                    to: to.clone(),
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Net names of all drivers.
struct Names {
    nets: BTreeMap<String, String>,
    /// Ports of the module that serve as nets.
    ports: HashSet<String>,
}

impl Names {
    /// A driver that alone drives an output of the module is named by that; an input of the
    /// module names itself; all others are named after instance and port.
    fn new(compose: &Compose) -> Result<Self, DesignError> {
        let mut nets = BTreeMap::new();
        for output in own(compose, Dir::Output) {
            if let Signal::Pin(driver) = &compose.drives[&output.name] {
                let driven_inside = driver.contains('.');
                if driven_inside {
                    nets.entry(driver.clone())
                        .or_insert_with(|| output.name.clone());
                }
            }
        }
        for input in own(compose, Dir::Input) {
            nets.insert(input.name.clone(), input.name.clone());
        }
        let ports: HashSet<String> = compose.pins.iter().map(|p| p.name.clone()).collect();
        let mut taken: HashSet<String> = compose
            .instances
            .iter()
            .map(|i| i.name.clone())
            .chain(ports.clone())
            .collect();
        for placed in &compose.instances {
            for path in outputs(compose, placed) {
                if nets.contains_key(&path) {
                    continue;
                }
                let port = path.rsplit_once('.').map_or("", |(_, port)| port);
                let name = match compose.names.get(&path) {
                    Some(name) => name.clone(),
                    None => format!("{}_{}", placed.stem(), base(port)),
                };
                let open = compose.open.contains(&path);
                let name = if open { format!("unused_{name}") } else { name };
                if !taken.insert(name.clone()) {
                    let module = compose.name.clone();
                    return Err(DesignError::Duplicate {
                        module,
                        what: "net",
                        name,
                    });
                }
                nets.insert(path, name);
            }
        }
        Ok(Self { nets, ports })
    }

    fn net(&self, path: &str) -> String {
        self.nets.get(path).cloned().unwrap_or_default()
    }

    fn group(&self, compose: &Compose, placed: &Placed) -> NetGroup {
        let nets = outputs(compose, placed)
            .into_iter()
            .filter(|path| !self.ports.contains(&self.net(path)))
            .map(|path| (compose.driver_width(&path).unwrap_or(0), self.net(&path)))
            .collect();
        NetGroup {
            driver: placed.name.clone(),
            nets,
        }
    }
}

/// Paths of the nets that an instance drives: its outputs, or their fields.
fn outputs(compose: &Compose, placed: &Placed) -> Vec<String> {
    let mut paths = Vec::new();
    for pin in placed.pins().iter().filter(|p| p.dir == Dir::Output) {
        let path = format!("{}.{}", placed.name, pin.name);
        match compose.splits.get(&path) {
            Some(fields) => paths.extend(fields.iter().map(|(f, _)| format!("{path}#{f}"))),
            None => paths.push(path),
        }
    }
    paths
}

fn connected(compose: &Compose, placed: &Placed, names: &Names) -> Connected {
    let pins = placed.pins().iter().map(|pin| {
        let path = format!("{}.{}", placed.name, pin.name);
        let to = match (pin.dir, compose.splits.get(&path)) {
            (Dir::Input, _) => compose.drives[&path].text(&|p| names.net(p)),
            (Dir::Output, None) => names.net(&path),
            (Dir::Output, Some(fields)) => {
                let nets: Vec<String> = fields
                    .iter()
                    .map(|(f, _)| names.net(&format!("{path}#{f}")))
                    .collect();
                format!("{{{}}}", nets.join(", "))
            }
        };
        (pin.name.clone(), to)
    });
    Connected {
        of: placed.module.name().to_owned(),
        name: placed.name.clone(),
        comment: placed.comment.clone(),
        params: placed.params.clone(),
        pins: pins.collect(),
    }
}
