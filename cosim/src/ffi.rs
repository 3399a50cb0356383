//! The only place where compiled C++ is called: loading designs, and moving bits in and out.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;

use contract::PortLayout;

use crate::verilate::ABI;
use crate::{Dut, Error};

/// The function table that every compiled design exports (`embertl_table` in C).
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Table {
    abi: u32,
    ports: u32,
    create: unsafe extern "C" fn(u32) -> *mut c_void,
    destroy: unsafe extern "C" fn(*mut c_void),
    reset: unsafe extern "C" fn(*mut c_void, u8),
    drive: unsafe extern "C" fn(*mut c_void, *const u64),
    eval: unsafe extern "C" fn(*mut c_void, u8),
    sample: unsafe extern "C" fn(*mut c_void, *mut u64),
    respond: unsafe extern "C" fn(*mut c_void, *const u64, *mut u64),
    cycle: unsafe extern "C" fn(*mut c_void, *const u64, *mut u64),
    assertion_failure: unsafe extern "C" fn(*mut c_void) -> *const c_char,
    trace_open: unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int,
    trace_dump: unsafe extern "C" fn(*mut c_void, u64),
    trace_close: unsafe extern "C" fn(*mut c_void),
}

/// The one symbol that a design exports.
pub type Entry = unsafe extern "C" fn() -> *const Table;

/// The code of a verilated design, from which any number of instances can be made.
#[derive(Clone, Debug)]
pub struct Design {
    table: Table,
    layout: Arc<PortLayout>,
    /// Keeps the code loaded; none if it is linked into the program.
    _code: Option<Arc<libloading::Library>>,
}

impl Design {
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
        let design = unsafe { Self::new(entry, layout, Some(Arc::new(library))) };
        design.ok_or_else(|| fail("it was built for another version of this program".to_owned()))
    }

    /// A design that is linked into the program. `None` if it isn't one of this version with these
    /// ports.
    ///
    /// # Safety
    /// `entry` must be the entry function of a shim that was generated for exactly these ports.
    pub unsafe fn linked(entry: Entry, layout: PortLayout) -> Option<Self> {
        // SAFETY: the caller's obligation.
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

/// The [`Design`] that a build script has linked into the program: `linked_design!(entry, layout)` with
/// the entry function that [`crate::verilate::export`] declares, and the layout of the same ports.
#[macro_export]
macro_rules! linked_design {
    ($entry:path, $layout:expr) => {{
        #[allow(unsafe_code)]
        // SAFETY: `export` has generated the entry function, and the bindings that name it, for
        // these ports; a table of another version or with another number of ports is refused.
        let design = unsafe { $crate::Design::linked($entry, $layout) };
        design
    }};
}

/// An instance of a verilated design.
#[derive(Debug)]
pub struct Verilated {
    design: Design,
    handle: NonNull<c_void>,
    tracing: bool,
}

impl Verilated {
    fn new(design: Design, seed: u32) -> Self {
        // SAFETY: `create` has no preconditions.
        let handle = unsafe { (design.table.create)(seed) };
        Self {
            design,
            handle: NonNull::new(handle).expect("create returns a model"),
            tracing: false,
        }
    }

    #[inline]
    fn eval(&mut self, clock: u8) {
        // SAFETY: `handle` is a live instance of this table.
        unsafe { (self.design.table.eval)(self.handle.as_ptr(), clock) }
    }

    /// That the frames have the layout's lengths, which the model relies on.
    #[inline]
    fn check(&self, inputs: &[u64], outputs: &[u64]) {
        let layout = &self.design.layout;
        let words = (layout.input_words, layout.output_words);
        assert_eq!(
            (inputs.len(), outputs.len()),
            words,
            "frames of another block"
        );
    }

    /// Starts writing waves (VCD) to a file. False if the model was built without tracing or the
    /// file can't be written.
    pub fn trace_open(&mut self, path: &Path) -> bool {
        let Ok(path) = CString::new(path.as_os_str().as_encoded_bytes()) else {
            return false;
        };
        let (open, handle) = (self.design.table.trace_open, self.handle.as_ptr());
        // SAFETY: a live instance and a C string.
        self.tracing = unsafe { open(handle, path.as_ptr()) } != 0;
        self.tracing
    }

    /// Writes the values of all signals at `time`, if waves are being written.
    pub fn trace_dump(&mut self, time: u64) {
        if self.tracing {
            // SAFETY: a live instance whose trace is open.
            unsafe { (self.design.table.trace_dump)(self.handle.as_ptr(), time) }
        }
    }

    /// Ends the waves.
    pub fn trace_close(&mut self) {
        if std::mem::take(&mut self.tracing) {
            // SAFETY: a live instance whose trace is open.
            unsafe { (self.design.table.trace_close)(self.handle.as_ptr()) }
        }
    }
}

impl Drop for Verilated {
    fn drop(&mut self) {
        self.trace_close();
        // SAFETY: `handle` came from `create` of this table and is not used again.
        unsafe { (self.design.table.destroy)(self.handle.as_ptr()) }
    }
}

impl Dut for Verilated {
    fn layout(&self) -> &PortLayout {
        &self.design.layout
    }

    #[inline]
    fn reset(&mut self, asserted: bool) {
        // SAFETY: as in `eval`.
        unsafe { (self.design.table.reset)(self.handle.as_ptr(), u8::from(!asserted)) }
    }

    #[inline]
    fn drive(&mut self, inputs: &[u64]) {
        assert_eq!(
            inputs.len(),
            self.design.layout.input_words,
            "a frame of another block"
        );
        // SAFETY: a live instance, which reads this many words.
        unsafe { (self.design.table.drive)(self.handle.as_ptr(), inputs.as_ptr()) }
    }

    #[inline]
    fn settle(&mut self) {
        self.eval(0);
    }

    #[inline]
    fn sample(&self, outputs: &mut [u64]) {
        assert_eq!(
            outputs.len(),
            self.design.layout.output_words,
            "a frame of another block"
        );
        // SAFETY: a live instance, which writes this many words.
        unsafe { (self.design.table.sample)(self.handle.as_ptr(), outputs.as_mut_ptr()) }
    }

    #[inline]
    fn clock(&mut self) {
        self.eval(1);
    }

    #[inline]
    fn respond(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.check(inputs, outputs);
        let (respond, handle) = (self.design.table.respond, self.handle.as_ptr());
        // SAFETY: a live instance, which reads and writes this many words.
        unsafe { respond(handle, inputs.as_ptr(), outputs.as_mut_ptr()) }
    }

    #[inline]
    fn cycle(&mut self, inputs: &[u64], outputs: &mut [u64]) {
        self.check(inputs, outputs);
        let (cycle, handle) = (self.design.table.cycle, self.handle.as_ptr());
        // SAFETY: as in `respond`.
        unsafe { cycle(handle, inputs.as_ptr(), outputs.as_mut_ptr()) }
    }

    fn assertion_failure(&self) -> Option<String> {
        // SAFETY: a live instance; the string is copied before anything can change it.
        let text = unsafe { (self.design.table.assertion_failure)(self.handle.as_ptr()) };
        // SAFETY: not null, hence a C string that the model owns.
        (!text.is_null()).then(|| {
            unsafe { CStr::from_ptr(text) }
                .to_string_lossy()
                .into_owned()
        })
    }
}
