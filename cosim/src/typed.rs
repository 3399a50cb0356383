//! A design whose ports have names and types.

use crate::dut::Dut;
use crate::ffi::{Design, Verilated};

/// One side of a block's ports as a struct, laid out in words as its
/// [`PortLayout`](contract::PortLayout) says.
pub trait Frame: Default {
    /// Words of the frame.
    const WORDS: usize;

    /// Writes all ports into the frame.
    fn put(&self, frame: &mut [u64]);

    /// Reads all ports from the frame.
    fn get(frame: &[u64]) -> Self;
}

/// An instance with typed ports: set `inputs`, [`settle`](Self::settle), read `outputs`,
/// [`clock`](Self::clock).
#[derive(Debug)]
pub struct Typed<I, O> {
    pub inputs: I,
    /// As of the last [`settle`](Self::settle).
    pub outputs: O,
    dut: Verilated,
    frames: (Vec<u64>, Vec<u64>),
}

impl<I: Frame, O: Frame> Typed<I, O> {
    /// An instance with a random initial state, held in reset for one cycle; all inputs are 0.
    pub fn new(design: &Design, seed: u32) -> Self {
        let (inputs, outputs) = (I::default(), O::default());
        let frames = (vec![0; I::WORDS], vec![0; O::WORDS]);
        let mut typed = Self {
            inputs,
            outputs,
            dut: design.instance(seed),
            frames,
        };
        typed.dut.reset(true);
        typed.settle();
        typed.clock();
        typed.dut.reset(false);
        typed
    }

    /// Lets the design settle with the present inputs.
    pub fn settle(&mut self) -> &O {
        self.inputs.put(&mut self.frames.0);
        self.dut.respond(&self.frames.0, &mut self.frames.1);
        self.outputs = O::get(&self.frames.1);
        &self.outputs
    }

    /// The rising edge that ends the cycle.
    pub fn clock(&mut self) {
        self.dut.clock();
    }
}
