//! The PE as a rank drives it.

use contract::Clocked;
use contract::PortLayout;

/// A PE, model or simulated RTL.
pub trait Pe {
    /// Layout of its frames.
    fn layout(&self) -> &PortLayout;
    /// Outputs for these inputs.
    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]);
    /// The rising edge.
    fn edge(&mut self, inputs: &[u64]);
}

impl<M: Clocked> Pe for M {
    fn layout(&self) -> &PortLayout {
        Clocked::layout(self)
    }

    fn settle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.eval(inputs, outputs);
    }

    fn edge(&mut self, inputs: &[u64]) {
        self.clock(inputs);
    }
}
