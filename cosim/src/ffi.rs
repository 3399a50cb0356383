//! The only place where compiled C++ is called: loading models, and moving bits in and out.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;

use hdl_gen::{Dir, PortLayout, Role};

use crate::verilate::{ABI, clock_and_reset};
use crate::{Dut, Error};

/// The function table that every compiled model exports (`embertl_table` in C).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Table {
    abi: u32,
    ports: u32,
    create: unsafe extern "C" fn(u32) -> *mut c_void,
    destroy: unsafe extern "C" fn(*mut c_void),
    eval: unsafe extern "C" fn(*mut c_void),
    locate: unsafe extern "C" fn(*mut c_void, *mut *mut c_void),
    complaint: unsafe extern "C" fn(*mut c_void) -> *const c_char,
    trace_open: unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int,
    trace_dump: unsafe extern "C" fn(*mut c_void, u64),
    trace_close: unsafe extern "C" fn(*mut c_void),
}

/// The one symbol a model exports.
pub type Entry = unsafe extern "C" fn() -> *const Table;

/// The code of a verilated design, from which any number of instances can be made.
#[derive(Clone, Debug)]
pub struct Model {
    table: Table,
    layout: Arc<PortLayout>,
    /// Keeps the code loaded; none if it is linked into the program.
    _code: Option<Arc<libloading::Library>>,
}

impl Model {
    /// Loads a shared object that [`crate::verilate()`] has built with these ports.
    pub(crate) fn load(path: &Path, layout: PortLayout) -> Result<Self, Error> {
        let fail = |cause: String| Error::Load {
            path: path.to_owned(),
            cause,
        };
        // SAFETY: the file was built by `verilate`; its initialisers are those of Verilator's
        // runtime, which have no preconditions.
        let library = unsafe { libloading::Library::new(path) }.map_err(|e| fail(e.to_string()))?;
        // SAFETY: the symbol, if there, has the type `Entry`: the shim defines it so.
        let entry = unsafe { library.get::<Entry>(b"embertl_dut\0") };
        let entry = *entry.map_err(|e| fail(e.to_string()))?;
        // SAFETY: `entry` comes from a shim, whose code stays loaded as long as `code` lives.
        let model = unsafe { Self::new(entry, layout, Some(Arc::new(library))) };
        model.ok_or_else(|| fail("it was built for another version of this program".to_owned()))
    }

    /// A model that is linked into the program. `None` if it isn't one of this version with these
    /// ports.
    ///
    /// # Safety
    /// `entry` must be the entry function of a shim that was generated for exactly these ports.
    pub unsafe fn linked(entry: Entry, layout: PortLayout) -> Option<Self> {
        // SAFETY: handed on to the caller.
        unsafe { Self::new(entry, layout, None) }
    }

    /// # Safety
    /// As [`Self::linked`], and `code` must hold `entry`.
    unsafe fn new(
        entry: Entry,
        layout: PortLayout,
        code: Option<Arc<libloading::Library>>,
    ) -> Option<Self> {
        // SAFETY: a shim's entry function has no preconditions and returns the address of its
        // static table, whose first two fields are the same in all versions.
        let (abi, ports) = unsafe { ((*entry()).abi, (*entry()).ports) };
        if abi != ABI || ports as usize != layout.ports.len() {
            return None;
        }
        // SAFETY: the table has our version, hence our type.
        let table = unsafe { *entry() };
        Some(Self {
            table,
            layout: Arc::new(layout),
            _code: code,
        })
    }

    /// Layout of the frames.
    pub fn layout(&self) -> &PortLayout {
        &self.layout
    }

    /// A fresh instance whose registers and memories hold random bits drawn from `seed`.
    pub fn instance(&self, seed: u32) -> Verilated {
        Verilated::new(self.clone(), seed)
    }
}

/// The [`Model`] that a build script has linked into the program: `linked_model!(entry, layout)` with
/// the entry function that [`crate::verilate::export`] declares, and the layout of the same ports.
#[macro_export]
macro_rules! linked_model {
    ($entry:path, $layout:expr) => {{
        #[allow(unsafe_code)]
        // SAFETY: `export` has generated the entry function, and the bindings that name it, for
        // these ports; a table of another version or with another number of ports is refused.
        let model = unsafe { $crate::Model::linked($entry, $layout) };
        model
    }};
}

/// A port of at most 64 bits: its address and its word in the frame.
type Narrow<T> = Vec<(NonNull<T>, usize)>;

/// Ports of one direction, by the type that Verilator gives them.
#[derive(Debug, Default)]
struct Copies {
    bytes: Narrow<u8>,
    shorts: Narrow<u16>,
    longs: Narrow<u32>,
    quads: Narrow<u64>,
    /// Wide ports as pairs of 32-bit words, and the odd last words.
    pairs: Narrow<[u32; 2]>,
}

impl Copies {
    fn add(&mut self, address: NonNull<c_void>, word: usize, width: u32) {
        match width {
            1..=8 => self.bytes.push((address.cast(), word)),
            9..=16 => self.shorts.push((address.cast(), word)),
            17..=32 => self.longs.push((address.cast(), word)),
            33..=64 => self.quads.push((address.cast(), word)),
            _ => {
                let halves = width.div_ceil(32) as usize;
                let base = address.cast::<u32>();
                for pair in 0..halves / 2 {
                    // SAFETY: inside the port's array of `halves` 32-bit words.
                    let at = unsafe { base.add(2 * pair) };
                    self.pairs.push((at.cast(), word + pair));
                }
                if halves % 2 == 1 {
                    // SAFETY: the last of the `halves` words.
                    self.longs
                        .push((unsafe { base.add(halves - 1) }, word + halves / 2));
                }
            }
        }
    }
}

/// An instance of a verilated design.
#[derive(Debug)]
pub struct Verilated {
    model: Model,
    handle: NonNull<c_void>,
    clock: NonNull<u8>,
    reset: NonNull<u8>,
    inputs: Copies,
    outputs: Copies,
    tracing: bool,
}

impl Verilated {
    fn new(model: Model, seed: u32) -> Self {
        let ports = model.layout.ports.len();
        let mut addresses = vec![std::ptr::null_mut(); ports];
        // SAFETY: `create` has no preconditions; `locate` gets what it returned and room for the
        // `ports` addresses that it writes.
        let handle = unsafe {
            let handle = (model.table.create)(seed);
            (model.table.locate)(handle, addresses.as_mut_ptr());
            NonNull::new(handle).expect("create returns a model")
        };
        let address = |index: usize| NonNull::new(addresses[index]).expect("ports have addresses");
        let (clock, reset) =
            clock_and_reset(&model.layout.ports).expect("blocks have a clock and a reset");
        let (clock, reset) = (address(clock).cast(), address(reset).cast());
        let (mut inputs, mut outputs) = (Copies::default(), Copies::default());
        for (index, (port, slot)) in model
            .layout
            .ports
            .iter()
            .zip(&model.layout.slots)
            .enumerate()
        {
            let copies = match port.dir {
                Dir::Input => &mut inputs,
                Dir::Output => &mut outputs,
            };
            if let Some(slot) = slot {
                copies.add(address(index), slot.word, slot.width);
            }
            debug_assert_eq!(
                slot.is_none(),
                matches!(port.role, Role::Clock | Role::Reset)
            );
        }
        let mut dut = Self {
            model,
            handle,
            clock,
            reset,
            inputs,
            outputs,
            tracing: false,
        };
        dut.write_bit(dut.clock, false);
        // Released at first, so that asserting it is an edge.
        dut.write_bit(dut.reset, true);
        dut.eval();
        dut
    }

    fn write_bit(&mut self, port: NonNull<u8>, value: bool) {
        // SAFETY: `clock` and `reset` are ports of one bit, alive as long as the model.
        unsafe { port.write(u8::from(value)) }
    }

    fn eval(&mut self) {
        // SAFETY: `handle` is a live model of this table.
        unsafe { (self.model.table.eval)(self.handle.as_ptr()) }
    }

    /// Starts writing waves (VCD) to a file. False if the model was built without tracing or the
    /// file can't be written.
    pub fn trace_open(&mut self, path: &Path) -> bool {
        let Ok(path) = CString::new(path.as_os_str().as_encoded_bytes()) else {
            return false;
        };
        let (open, model) = (self.model.table.trace_open, self.handle.as_ptr());
        // SAFETY: a live model and a C string.
        self.tracing = unsafe { open(model, path.as_ptr()) } != 0;
        self.tracing
    }

    /// Writes the values of all signals at `time`, if waves are being written.
    pub fn trace_dump(&mut self, time: u64) {
        if self.tracing {
            // SAFETY: a live model whose trace is open.
            unsafe { (self.model.table.trace_dump)(self.handle.as_ptr(), time) }
        }
    }

    /// Ends the waves.
    pub fn trace_close(&mut self) {
        if std::mem::take(&mut self.tracing) {
            // SAFETY: a live model whose trace is open.
            unsafe { (self.model.table.trace_close)(self.handle.as_ptr()) }
        }
    }
}

impl Drop for Verilated {
    fn drop(&mut self) {
        self.trace_close();
        // SAFETY: `handle` came from `create` of this table and is not used again.
        unsafe { (self.model.table.destroy)(self.handle.as_ptr()) }
    }
}

impl Dut for Verilated {
    fn layout(&self) -> &PortLayout {
        &self.model.layout
    }

    fn reset(&mut self, asserted: bool) {
        self.write_bit(self.reset, !asserted);
    }

    fn drive(&mut self, inputs: &[u64]) {
        assert_eq!(
            inputs.len(),
            self.model.layout.input_words,
            "a frame of another block"
        );
        let Copies {
            bytes,
            shorts,
            longs,
            quads,
            pairs,
        } = &self.inputs;
        // SAFETY: all addresses are inside ports of the live model, of the type that Verilator gives
        // to a port of that width; nothing else refers to them during the copies.
        unsafe {
            bytes
                .iter()
                .for_each(|&(port, word)| port.write(inputs[word] as u8));
            shorts
                .iter()
                .for_each(|&(port, word)| port.write(inputs[word] as u16));
            longs
                .iter()
                .for_each(|&(port, word)| port.write(inputs[word] as u32));
            quads
                .iter()
                .for_each(|&(port, word)| port.write(inputs[word]));
            for &(port, word) in pairs {
                let value = inputs[word];
                port.write([value as u32, (value >> 32) as u32]);
            }
        }
    }

    fn settle(&mut self) {
        self.write_bit(self.clock, false);
        self.eval();
    }

    fn sample(&self, outputs: &mut [u64]) {
        assert_eq!(
            outputs.len(),
            self.model.layout.output_words,
            "a frame of another block"
        );
        let Copies {
            bytes,
            shorts,
            longs,
            quads,
            pairs,
        } = &self.outputs;
        // SAFETY: as in `drive`.
        unsafe {
            bytes
                .iter()
                .for_each(|&(port, word)| outputs[word] = port.read().into());
            shorts
                .iter()
                .for_each(|&(port, word)| outputs[word] = port.read().into());
            longs
                .iter()
                .for_each(|&(port, word)| outputs[word] = port.read().into());
            quads
                .iter()
                .for_each(|&(port, word)| outputs[word] = port.read());
            for &(port, word) in pairs {
                let [low, high] = port.read();
                outputs[word] = u64::from(low) | u64::from(high) << 32;
            }
        }
    }

    fn clock(&mut self) {
        self.write_bit(self.clock, true);
        self.eval();
    }

    fn complaint(&self) -> Option<String> {
        // SAFETY: a live model; the string is copied before anything can change it.
        let text = unsafe { (self.model.table.complaint)(self.handle.as_ptr()) };
        // SAFETY: not null, hence a C string that the model owns.
        (!text.is_null()).then(|| {
            unsafe { CStr::from_ptr(text) }
                .to_string_lossy()
                .into_owned()
        })
    }
}
