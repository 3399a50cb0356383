//! The paper's figures beside ours.

use report::unit::RATIO;
use report::{Comparison, Published};
use serde::{Serialize, Serializer};

use super::super::figures::{Figures, Name};
use super::super::params;
use super::super::published::{ACCESSES, ADDITIONS, ELIMINATION, ENERGY, POWER, SPEEDUP};

/// One line of a figure: a ratio, for each workload and on average.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub what: String,
    /// The paper's average; none if it gives none.
    #[serde(serialize_with = "value")]
    pub paper: Option<Published>,
    /// In the order of workloads.
    pub ours: Vec<f64>,
    /// Arithmetic mean over REFREE's models, RM1 to RM4, or over all workloads without these.
    pub average: f64,
}

/// A figure of the paper.
#[derive(Clone, Debug, Serialize)]
pub struct Table {
    pub figure: &'static str,
    pub title: &'static str,
    pub lines: Vec<Line>,
    /// Where what goes into it comes from.
    pub inputs: Vec<String>,
    /// What explains the difference.
    pub notes: Vec<String>,
}

fn value<S: Serializer>(paper: &Option<Published>, serializer: S) -> Result<S::Ok, S::Error> {
    paper.map(|paper| paper.value).serialize(serializer)
}

impl Table {
    /// The figure with a column for each workload.
    pub fn shown(&self, workloads: &[&str]) -> report::Table {
        let title = format!("{}: {}", self.figure, self.title);
        let mut comparison = Comparison::new(title).ours("average");
        for Line {
            what,
            paper,
            ours,
            average,
        } in &self.lines
        {
            let mut line = report::Line::new(what.as_str()).ours(*average, RATIO);
            if let Some(paper) = paper {
                line = line.paper(paper);
            }
            for (workload, &value) in workloads.iter().zip(ours) {
                line = line.against(*workload, value);
            }
            comparison = comparison.line(line);
        }
        let mut table = comparison.table();
        for input in &self.inputs {
            table.input(input.clone());
        }
        for note in &self.notes {
            table.note(note.clone());
        }
        table
    }
}

/// Sentences below a table.
fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).into()
}

/// Inputs that several figures have.
const QUERIES: &str = "queries: logs as given; RM1 to RM4 generated, their exponents and co-occurrence calibrated to \
                       the averages of figures 8 and 9 (golden_model/traces/src/models.rs)";
const MACHINE: &str = "DDR5 timings: REFREE's table 2, the rest chosen (golden_model/dram/src/ddr5_4800.json); PE: its \
                       table 2 and docs/pe.md, clock chosen (--ratio), the paper gives none";
const OTHERS: &str = "RecNMP's cache, FAFNIR's batch, FAE's GPU memory, host's LLC: golden_model/systems/refree/src/params.rs, \
                      each with its source";

fn line(
    all: &[Figures],
    what: String,
    paper: Option<Published>,
    ratio: impl Fn(&Figures) -> f64,
) -> Line {
    let ours: Vec<f64> = all.iter().map(ratio).collect();
    let models: Vec<f64> = all
        .iter()
        .zip(&ours)
        .filter(|(figures, _)| figures.is_model)
        .map(|(_, &value)| value)
        .collect();
    let averaged = if models.is_empty() { &ours } else { &models };
    Line {
        what,
        paper,
        average: averaged.iter().sum::<f64>() / averaged.len().max(1) as f64,
        ours,
    }
}

fn speed(all: &[Figures], of: Name, over: Name, paper: Option<Published>, dense: bool) -> Line {
    let seconds = |figures: &Figures, name| {
        let dense = if dense { figures.dense_s } else { 0.0 };
        figures.system(name).embedding_s.mean + dense
    };
    let what = format!("{} over {}", of.text(), over.text());
    line(all, what, paper, |f| seconds(f, over) / seconds(f, of))
}

/// Figure 6: speed.
pub fn speedup(all: &[Figures]) -> Table {
    let mut lines = Vec::new();
    for (of, paper) in [(Name::Refree, 1), (Name::RefreeB, 2)] {
        for (over, full, plain) in SPEEDUP {
            let paper = if paper == 1 { full } else { plain };
            lines.push(speed(all, of, over, Some(paper), false));
        }
    }
    Table {
        figure: "figure 6",
        title: "speed of the embedding layer, forward and backward",
        lines,
        inputs: texts([QUERIES, MACHINE, OTHERS]),
        notes: texts([
            "The baselines are bound by DRAM traffic alone: no framework, kernel or synchronisation \
             overhead is charged to the CPU, which the paper's CPU-GPU system has (it runs DLRM \
             \"without any optimization\"). Of the difference to 25.1x this explains what REFREE-B falls \
             short of its 5.5x; the larger part is what elimination gains: REFREE over REFREE-B, below.",
            "REFREE is charged with what the paper leaves out or does not state: results and \
             gradients cross the memory channel that two ranks share, each rank writes the gradients \
             it needs to its DRAM and reads them back, rows are read and written in the update, the \
             PE adds one beat of 128 bits a cycle, and the slowest of eight ranks counts.",
        ]),
    }
}

/// Figure 6, what each idea gives, and a host with a cache.
pub fn ideas(all: &[Figures]) -> Table {
    Table {
        figure: "figure 6, idea by idea",
        title: "speed of the embedding layer with one idea more",
        lines: vec![
            speed(all, Name::RefreeM, Name::RefreeB, None, false),
            speed(all, Name::Refree, Name::RefreeM, None, false),
            speed(all, Name::Refree, Name::RefreeB, Some(ELIMINATION), false),
            speed(all, Name::Refree, Name::CpuGpuCached, None, false),
        ],
        inputs: texts([QUERIES, MACHINE, OTHERS]),
        notes: texts([
            "REFREE/REFREE-B of the paper is derived from its two averages over CPU-GPU.",
            "REFREE-M reads each vector once: lines fall, additions stay, and so does the time where the \
             adders are the bound. Sharing then takes additions away: forward more than backward, \
             as rows have few gradients each. Gradient writes and the update are in all three.",
            &format!(
                "With an LLC of {:.2} MB a batch's rows, copies and gradients stay on the CPU: the \
             baseline that papers simulate without one is a weak one for batches of this size.",
                params::HOST_CACHE_BYTES as f64 / f64::from(1 << 20),
            ),
        ]),
    }
}

/// Figure 6 with the dense layers on the GPU in it.
pub fn step_speedup(all: &[Figures]) -> Table {
    let lines = SPEEDUP
        .into_iter()
        .map(|(over, ..)| speed(all, Name::Refree, over, None, true))
        .collect();
    Table {
        figure: "figure 6, whole step",
        title: "speed of the training step with dense layers on an A100 (FP32 roofline) and PCIe",
        lines,
        inputs: texts([
            QUERIES,
            MACHINE,
            OTHERS,
            "dense layers: DLRM's for Criteo, A100's data sheet; PCIe 4.0 x16 raw",
        ]),
        notes: texts([
            "The paper replays measured times of the dense layers but does not give them; a step in \
             which they take this share can't become 25 times faster by its embedding layer.",
        ]),
    }
}

/// Figure 7: energy.
pub fn energy(all: &[Figures]) -> Table {
    let mut lines = Vec::new();
    for (over, paper) in ENERGY {
        let what = format!("REFREE over {}", over.text());
        let ratio = |f: &Figures| {
            f.system(over).energy.memory_j() / f.system(Name::Refree).energy.memory_j()
        };
        lines.push(line(all, what, Some(paper), ratio));
    }
    for (over, _) in ENERGY {
        let what = format!("REFREE over {}, CPU included", over.text());
        let ratio =
            |f: &Figures| f.system(over).energy.total_j() / f.system(Name::Refree).energy.total_j();
        lines.push(line(all, what, None, ratio));
    }
    Table {
        figure: "figure 7",
        title: "energy of the embedding layer: DRAM, channel, PCIe, PEs",
        lines,
        inputs: texts([
            QUERIES,
            MACHINE,
            OTHERS,
            &format!(
                "DRAM: currents of Ramulator 2's DDR5 model; channel {:.0} pJ a bit (RecNMP); PE {} W \
                 (REFREE); CPU {} W (design power); HBM {:.2} pJ a bit (MICRO'17)",
                params::IO_J_PER_BIT * 1e12,
                POWER.value,
                params::CPU_W,
                params::HBM_J_PER_BIT * 1e12,
            ),
        ]),
        notes: texts([&format!(
            "The paper does not say whether the CPU's energy counts; both are given. The CPU draws \
                 {} W while it gathers, reduces and updates itself. For RecNMP's and REFREE's merges of sums, \
             and for REFREE's batch analysis, it is charged nothing: the analysis takes far longer than the \
             step (see host analysis), so the lines with the CPU are upper bounds.",
            params::CPU_W,
        )]),
    }
}

/// Figure 8: memory accesses.
pub fn accesses(all: &[Figures]) -> Table {
    let lines = vec![
        line(
            all,
            "2 L / (unique rows + gradients), joint batch".to_owned(),
            Some(ACCESSES),
            |f| f.access_reduction_joint,
        ),
        line(
            all,
            "vector reads as run on eight ranks".to_owned(),
            None,
            |f| f.access_reduction_run,
        ),
        line(
            all,
            "and gradient writes, row reads and writes of the update".to_owned(),
            None,
            |f| f.traffic_reduction_run,
        ),
    ];
    Table {
        figure: "figure 8",
        title: "memory accesses, REFREE-B over REFREE",
        lines,
        inputs: texts([
            QUERIES,
            "definitions: docs/refree.md and the README's section on traces",
        ]),
        notes: texts([
            "The paper's lowest is 5.5x. It does not define what it counts; the first line brackets \
             its figures. As run, every rank reads nearly every gradient once, and the update's \
             traffic is the same with and without elimination.",
            "RM1 to RM4 are generated with co-occurrence calibrated to these averages: \
             golden_model/traces/src/models.rs.",
        ]),
    }
}

/// Figure 9: additions.
pub fn additions(all: &[Figures]) -> Table {
    let lines = vec![
        line(
            all,
            "additions with shared partial sums, joint batch".to_owned(),
            Some(ADDITIONS),
            |f| f.computation_reduction_joint,
        ),
        line(
            all,
            "as run on eight ranks, the host's merges included".to_owned(),
            None,
            |f| f.computation_reduction_run,
        ),
    ];
    Table {
        figure: "figure 9",
        title: "vector additions, REFREE-B over REFREE",
        lines,
        inputs: texts([QUERIES, "additions as run: counters of the PEs"]),
        notes: texts([
            "The paper's lowest is 1.2x. Spreading rows over ranks cuts each query's list into eight \
             shorter ones, which agree more often, but adds merges on the host.",
        ]),
    }
}

/// All tables.
pub fn tables(all: &[Figures]) -> Vec<Table> {
    vec![
        speedup(all),
        ideas(all),
        step_speedup(all),
        energy(all),
        accesses(all),
        additions(all),
    ]
}
