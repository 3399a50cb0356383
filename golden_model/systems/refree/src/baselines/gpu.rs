//! The dense layers of a training step on a GPU, by its roofline.

use crate::params::{GPU_BYTES_PER_S, GPU_FLOP_PER_S, PCIE_BYTES_PER_S};

/// DLRM's layers (facebookresearch/dlrm, run_and_time scripts for Criteo): inputs and outputs of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dense {
    layers: Vec<(u64, u64)>,
    row_bytes: u64,
}

/// Numbers that come with a query of Criteo. The other logs are given as many.
const NUMBERS: u64 = 13;

impl Dense {
    /// For rows of `dim` elements from `tables` tables: bottom 13-512-256-64-dim and top 512-256-1, or
    /// from 64 elements on 13-512-256-dim and 512-512-256-1; features interact by dot products.
    pub fn dlrm(tables: u64, dim: u64) -> Self {
        let wide = dim >= 64;
        let bottom: &[u64] = if wide { &[512, 256] } else { &[512, 256, 64] };
        let top: &[u64] = if wide {
            &[512, 512, 256, 1]
        } else {
            &[512, 256, 1]
        };
        let features = tables + 1;
        let joined = dim + features * (features - 1) / 2;
        let mut layers = Vec::new();
        for (first, rest) in [(NUMBERS, [bottom, &[dim]].concat()), (joined, top.to_vec())] {
            let mut inputs = first;
            for outputs in rest {
                layers.push((inputs, outputs));
                inputs = outputs;
            }
        }
        Self {
            layers,
            row_bytes: 4 * dim,
        }
    }

    /// Seconds for a batch, forward and backward: each layer takes the longer of arithmetic and
    /// memory, three times (forward, gradient of inputs, gradient of weights). No launch overhead.
    pub fn seconds(&self, queries: u64) -> f64 {
        let layer = |&(inputs, outputs): &(u64, u64)| {
            let flop = (2 * queries * inputs * outputs) as f64 / GPU_FLOP_PER_S;
            let values = inputs * outputs + queries * (inputs + outputs);
            let bytes = (4 * values) as f64 / GPU_BYTES_PER_S;
            3.0 * flop.max(bytes)
        };
        self.layers.iter().map(layer).sum()
    }

    /// Bytes over PCIe: the sums of all queries to the GPU, and their gradients back.
    pub fn pcie_bytes(&self, queries: u64) -> f64 {
        (2 * queries * self.row_bytes) as f64
    }

    /// Seconds of these.
    pub fn pcie_seconds(&self, queries: u64) -> f64 {
        self.pcie_bytes(queries) / PCIE_BYTES_PER_S
    }
}
