//! A simulated design as the harness sees it.

use contract::PortLayout;

/// A design under test with one clock `clk_i` and one asynchronous active-low reset `rst_ni`.
///
/// Frames are flat arrays of 64-bit words laid out by [`PortLayout`]. One cycle is:
/// [`drive`](Dut::drive), [`settle`](Dut::settle), [`sample`](Dut::sample), [`clock`](Dut::clock).
pub trait Dut {
    /// Layout of the input and output frames.
    fn layout(&self) -> &PortLayout;

    /// Drives `rst_ni`: low when `asserted`. Takes effect at the next [`settle`](Dut::settle).
    fn reset(&mut self, asserted: bool);

    /// Drives all inputs except clock and reset.
    fn drive(&mut self, inputs: &[u64]);

    /// Lets the design settle with the clock low.
    fn settle(&mut self);

    /// Reads all outputs.
    fn sample(&self, outputs: &mut [u64]);

    /// The rising edge that ends the cycle.
    fn clock(&mut self);

    /// Drives, settles and samples. A design that crosses a language boundary does it in one crossing.
    #[inline]
    fn respond(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.drive(inputs);
        self.settle();
        self.sample(outputs);
    }

    /// A whole cycle: [`respond`](Dut::respond), then [`clock`](Dut::clock). For those who need not
    /// look at the outputs before the edge.
    #[inline]
    fn cycle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.respond(inputs, outputs);
        self.clock();
    }

    /// What the design itself reported, e.g. an assertion of the RTL that failed.
    fn assertion_failure(&self) -> Option<String> {
        None
    }
}
