//! Arrival times, and the longest paths.

use super::super::liberty::{Edges, FALL, RISE, Sense};
use super::super::netlist::Netlist;
use super::graph::Graph;
use super::ideal::Ideal;
use super::setting::{Setting, StaError, Start, look_up, setup_ns};

/// One net of a path and the cell that drives it (none: the path's start).
#[derive(Clone, Debug, serde::Serialize)]
pub struct Step {
    pub cell: Option<String>,
    pub net: String,
    pub fanout: usize,
    pub arrival_ns: f64,
}

/// The longest path of one kind of start.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Path {
    pub start: Start,
    pub ns: f64,
    pub from: String,
    pub to: String,
    pub setup_ns: f64,
    pub steps: Vec<Step>,
}

/// The longest path from each kind of start, longest first; none for a module without paths.
pub fn longest_paths(
    netlist: &Netlist,
    module: &str,
    setting: &Setting,
) -> Result<Vec<Path>, StaError> {
    let mut ideal = Ideal::new(netlist, setting);
    let graph = Graph::build(netlist, module, setting, ideal.nets(module))?;
    let order = graph.order()?;
    let mut paths: Vec<Path> = [Start::Register, Start::Memory, Start::Input]
        .into_iter()
        .filter_map(|start| Propagation::new(&graph, &order, start).longest())
        .collect();
    paths.sort_by(|a, b| b.ns.total_cmp(&a.ns));
    Ok(paths)
}

/// Net, edge and cell before a net on a path.
type Previous<'g> = (usize, usize, &'g str);

/// Arrival times and slews of every net, from the sources of one kind.
struct Propagation<'g> {
    graph: &'g Graph<'g>,
    start: Start,
    arrival: Vec<Edges<f64>>,
    slew: Vec<Edges<f64>>,
    /// Net, edge and cell that the latest arrival came through.
    from: Vec<Edges<Option<Previous<'g>>>>,
}

impl<'g> Propagation<'g> {
    fn new(graph: &'g Graph<'g>, order: &[usize], start: Start) -> Self {
        let n = graph.nets.len();
        let mut p = Self {
            graph,
            start,
            arrival: vec![[f64::NEG_INFINITY; 2]; n],
            slew: vec![[0.0; 2]; n],
            from: vec![[None; 2]; n],
        };
        for s in graph.sources.iter().filter(|s| s.start == start) {
            for e in [RISE, FALL] {
                p.arrival[s.net][e] = p.arrival[s.net][e].max(s.arrival[e]);
                p.slew[s.net][e] = p.slew[s.net][e].max(s.slew[e]);
            }
        }
        for &net in order {
            p.leave(net);
        }
        p
    }

    /// Passes a net's final times on through the cells that it feeds.
    fn leave(&mut self, net: usize) {
        for edge in &self.graph.edges[net] {
            let (to, load) = (edge.to, self.graph.load[edge.to]);
            for &(e_in, e_out) in edge.arc.sense.pairs() {
                // An arc may be of one edge only (`combinational_rise`).
                let delay = &edge.arc.delay;
                let other_edge = delay[e_out].is_none() && delay.iter().any(Option::is_some);
                if self.arrival[net][e_in] == f64::NEG_INFINITY || other_edge {
                    continue;
                }
                let slew = self.slew[net][e_in];
                let at = self.arrival[net][e_in] + look_up(&edge.arc.delay, e_out, slew, load);
                let slew = look_up(&edge.arc.slew, e_out, slew, load);
                self.slew[to][e_out] = self.slew[to][e_out].max(slew);
                if at > self.arrival[to][e_out] {
                    self.arrival[to][e_out] = at;
                    self.from[to][e_out] = Some((net, e_in, edge.cell));
                }
            }
        }
    }

    fn longest(&self) -> Option<Path> {
        let mut worst: Option<(f64, f64, usize, usize, &str)> = None;
        for sink in &self.graph.sinks {
            for e in [RISE, FALL] {
                let setup = match sink.setup.as_slice() {
                    [] => self.graph.port_setup,
                    arcs => arcs
                        .iter()
                        .map(|a| setup_ns(a, e, self.slew[sink.net][e]))
                        .fold(0.0, f64::max),
                };
                let total = self.arrival[sink.net][e] + setup;
                if total.is_finite() && worst.is_none_or(|w| total > w.0) {
                    worst = Some((total, setup, sink.net, e, sink.label));
                }
            }
        }
        let (ns, setup_ns, net, edge, to) = worst?;
        let (from, steps) = self.back(net, edge);
        Some(Path {
            start: self.start,
            ns,
            from,
            to: self.graph.place(to),
            setup_ns,
            steps,
        })
    }

    /// The start of the path that ends at a net, and its nets in order.
    fn back(&self, net: usize, edge: usize) -> (String, Vec<Step>) {
        let g = self.graph;
        let (mut net, mut edge) = (net, edge);
        let mut steps = Vec::new();
        loop {
            let previous = self.from[net][edge];
            steps.push(Step {
                cell: previous.map(|p| p.2.to_owned()),
                net: g.net_name(net),
                fanout: g.fanout[net],
                arrival_ns: self.arrival[net][edge],
            });
            let Some((n, e, _)) = previous else { break };
            (net, edge) = (n, e);
        }
        steps.reverse();
        let memory = g
            .sources
            .iter()
            .find(|s| s.net == net && self.start == Start::Memory);
        (
            memory.map_or_else(|| g.net_name(net), |s| s.label.to_owned()),
            steps,
        )
    }
}

impl Sense {
    /// Input edges and the output edges that they cause.
    fn pairs(self) -> &'static [(usize, usize)] {
        match self {
            Self::Positive => &[(RISE, RISE), (FALL, FALL)],
            Self::Negative => &[(FALL, RISE), (RISE, FALL)],
            Self::Both => &[(RISE, RISE), (FALL, FALL), (FALL, RISE), (RISE, FALL)],
        }
    }
}
