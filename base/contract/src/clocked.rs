//! A golden model as the lock-step harness sees it.

use crate::PortLayout;

/// A block's model, written from its specification: state, outputs as a function of state and
/// inputs, and a rising edge.
///
/// Frames are flat arrays of 64-bit words laid out by [`PortLayout`]. One cycle is: the harness
/// drives the inputs, calls [`Clocked::eval`], compares every output, then calls
/// [`Clocked::clock`] with the same inputs.
pub trait Clocked {
    /// Layout of the input and output frames.
    fn layout(&self) -> &PortLayout;

    /// Asynchronous reset: the state while `rst_ni` is low.
    fn reset(&mut self);

    /// Outputs for these inputs in the present state. Writes every output word; payload whose
    /// `valid` is low may hold anything.
    fn eval(&self, inputs: &[u64], outputs: &mut [u64]);

    /// The rising edge that ends the cycle.
    fn clock(&mut self, inputs: &[u64]);
}

/// A device outside the block, such as a crossbar and its ADCs: it sees the block's outputs and
/// drives those inputs that belong to no stream.
///
/// One cycle is: [`Device::drive`], then the block settles, then [`Device::clock`] with the block's
/// outputs. So an answer is visible one cycle later at the earliest, and a design and its model
/// get the same answers as long as their outputs agree.
pub trait Device {
    /// Sets the inputs that it answers on, which are 0 before.
    fn drive(&self, inputs: &mut [u64]);

    /// The rising edge that ends the cycle.
    fn clock(&mut self, outputs: &[u64]);
}
