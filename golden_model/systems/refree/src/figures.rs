//! The results of a study.

use serde::{Serialize, Serializer};

use super::baselines::Measured;
use super::model::energy::Energy;

/// The systems compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    CpuGpu,
    CpuGpuCached,
    Fae,
    RecNmp,
    Fafnir,
    RefreeB,
    RefreeM,
    Refree,
}

impl Name {
    /// In the order of tables.
    pub const ALL: [Self; 8] = [
        Self::CpuGpu,
        Self::CpuGpuCached,
        Self::RecNmp,
        Self::Fafnir,
        Self::Fae,
        Self::RefreeB,
        Self::RefreeM,
        Self::Refree,
    ];

    /// As printed.
    pub fn text(self) -> &'static str {
        match self {
            Self::CpuGpu => "CPU-GPU",
            Self::CpuGpuCached => "CPU-GPU with LLC",
            Self::Fae => "FAE",
            Self::RecNmp => "RecNMP",
            Self::Fafnir => "FAFNIR",
            Self::RefreeB => "REFREE-B",
            Self::RefreeM => "REFREE-M",
            Self::Refree => "REFREE",
        }
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

/// Mean and standard deviation over batches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Mean {
    pub mean: f64,
    pub deviation: f64,
}

impl Mean {
    /// Of these values.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>();
        Self {
            mean,
            deviation: (squares / n).sqrt(),
        }
    }
}

/// One system's step.
#[derive(Clone, Debug, Serialize)]
pub struct SystemFigures {
    pub name: Name,
    pub forward_s: Mean,
    pub backward_s: Mean,
    /// Both.
    pub embedding_s: Mean,
    /// A batch's mean.
    pub energy: Energy,
    /// Lines read, a batch's mean.
    pub lines_read: f64,
    /// Vector additions of a batch, near memory and on the host (not the GPU's).
    pub additions: f64,
}

/// Everything about one workload.
#[derive(Clone, Debug, Serialize)]
pub struct Figures {
    pub workload: String,
    /// One of REFREE's models.
    pub is_model: bool,
    pub source: String,
    pub dim: u32,
    pub queries: u64,
    pub lookups: f64,
    pub batches: usize,
    /// Dense layers on the GPU and PCIe, the same for all systems.
    pub dense_s: f64,
    pub systems: Vec<SystemFigures>,
    /// Fewer vector reads, forward and backward, over the joint batch: 2 L / (unique rows + gradients).
    pub access_reduction_joint: f64,
    /// Fewer lines read as run on the ranks: REFREE-B's over REFREE's.
    pub access_reduction_run: f64,
    /// The same with the update's reads and writes.
    pub traffic_reduction_run: f64,
    pub computation_reduction_joint: f64,
    /// Fewer additions as run on the ranks, the host's merges included on both sides.
    pub computation_reduction_run: f64,
    /// Share of queries that FAE trains on the GPU alone.
    pub fae_hot_share: f64,
    /// Most look-ups of a rank over the mean.
    pub imbalance: f64,
    /// Host time to plan a batch for all ranks, measured on one core.
    pub analysis_s: f64,
    /// The same step, measured on this host's CPU.
    pub measured_cpu: Measured,
    /// Where REFREE's time goes, of the slowest rank, in seconds: forward, gradients to the ranks,
    /// backward, update.
    pub phases_s: [f64; 4],
    /// Power of a PE by its activity in REFREE, in W.
    pub pe_w: f64,
}

impl Figures {
    /// A system's figures: every system is in every study.
    ///
    /// # Panics
    /// If the figures are not those of a study.
    pub fn system(&self, name: Name) -> &SystemFigures {
        let mut systems = self.systems.iter();
        let found = systems.find(|system| system.name == name);
        found.expect("every system is in every study")
    }
}
