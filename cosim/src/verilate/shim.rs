//! The C face of a verilated model: a table of functions.

use std::fmt::Write;

use contract::{Dir, Port, PortLayout, Role};

/// The function table, as C. [`crate::ffi::Table`] is its Rust twin.
pub(crate) const TABLE: &str = "\
typedef struct embertl_table {
  uint32_t abi;                                  /* version of this table */
  uint32_t ports;                                /* ports of the model, clock and reset included */
  void *(*create)(uint32_t seed);                /* random initial state from seed */
  void (*destroy)(void *model);
  void (*reset)(void *model, uint8_t level);
  void (*drive)(void *model, const uint64_t *f); /* all inputs, from a frame */
  void (*eval)(void *model, uint8_t level);      /* settles with the clock at this level */
  void (*sample)(void *model, uint64_t *f);      /* all outputs, into a frame */
  void (*respond)(void *model, const uint64_t *in, uint64_t *out); /* drive, eval 0, sample */
  void (*cycle)(void *model, const uint64_t *in, uint64_t *out);   /* the same, then eval 1 */
  const char *(*complaint)(void *model);         /* failed assertion or $stop, null if none */
  int (*trace_open)(void *model, const char *file);
  void (*trace_dump)(void *model, uint64_t time);
  void (*trace_close)(void *model);
} embertl_table;
";

/// Version of [`TABLE`].
pub(crate) const ABI: u32 = 3;

/// The model's own translation unit: the generated `sources`, and behind them the shim, whose one
/// exported function is `entry`.
pub(crate) fn unit(prefix: &str, entry: &str, ports: &[Port], sources: &[String]) -> String {
    let layout = PortLayout::new(ports.to_vec());
    let copies = Copies::new(&layout, "top.");
    let sample = copies.sample(|word, value| format!("  f[{word}] = {value};\n"));
    let shim = SHIM
        .replace("@TABLE@", TABLE)
        .replace("@CLASS@", prefix)
        .replace("@SEED@", SEED)
        .replace("@ENTRY@", entry)
        .replace("@ABI@", &ABI.to_string())
        .replace("@PORTS@", &ports.len().to_string())
        .replace("@CLOCK@", copies.clock)
        .replace("@RESET@", copies.reset)
        .replace("@DRIVE@\n", &copies.drive)
        .replace("@SAMPLE@\n", &sample);
    format!(
        "#include <cstdint>\n#include <memory>\n#include <string>\n{}#include \"{prefix}.h\"\n{shim}",
        unity(sources)
    )
}

/// C++ that moves frames into a model and out.
pub(crate) struct Copies<'a> {
    pub clock: &'a str,
    pub reset: &'a str,
    /// Statements that drive all inputs from the frame `f`.
    pub drive: String,
    /// The words of the output frame, as expressions.
    pub outputs: Vec<String>,
}

impl<'a> Copies<'a> {
    /// `top` stands before the name of a port.
    pub fn new(layout: &'a PortLayout, top: &str) -> Self {
        let mut copies = Self {
            clock: "",
            reset: "",
            drive: String::new(),
            outputs: Vec::new(),
        };
        for (port, slot) in layout.ports.iter().zip(&layout.slots) {
            let name = format!("{top}{}", port.name);
            match (port.role, slot) {
                (Role::Clock, _) => copies.clock = &port.name,
                (Role::Reset, _) => copies.reset = &port.name,
                (_, Some(slot)) if port.dir == Dir::Input => {
                    copies.input(&name, slot.word, slot.width)
                }
                (_, Some(slot)) => copies.output(&name, slot.width),
                (_, None) => {}
            }
        }
        copies
    }

    /// Verilator has ports of more than 64 bits as arrays of 32-bit words.
    fn input(&mut self, name: &str, word: usize, width: u32) {
        if width <= 64 {
            let _ = writeln!(self.drive, "  {name} = f[{word}];");
            return;
        }
        for half in 0..width.div_ceil(32) as usize {
            let (word, shift) = (word + half / 2, 32 * (half % 2));
            let _ = writeln!(self.drive, "  {name}[{half}] = f[{word}] >> {shift};");
        }
    }

    fn output(&mut self, name: &str, width: u32) {
        if width <= 64 {
            self.outputs.push(name.to_owned());
            return;
        }
        let halves = width.div_ceil(32);
        for low in (0..halves).step_by(2) {
            self.outputs.push(match low + 1 {
                high if high < halves => {
                    format!("({name}[{low}] | uint64_t({name}[{high}]) << 32)")
                }
                _ => format!("{name}[{low}]"),
            });
        }
    }

    /// A statement for each word of the output frame.
    pub fn sample(&self, statement: impl Fn(usize, &str) -> String) -> String {
        let words = self.outputs.iter().enumerate();
        words.map(|(word, value)| statement(word, value)).collect()
    }
}

/// Several sources as one.
pub(crate) fn unity(sources: &[String]) -> String {
    sources.iter().fold(String::new(), |mut text, source| {
        let _ = writeln!(text, "#include \"{source}\"");
        text
    })
}

/// Overrides of the runtime's habit of ending the process: a failed assertion or `$stop` is noted,
/// and the harness asks for it. Compiled once with the runtime, not with each model.
pub(crate) const RUNTIME: &str = r#"#include "verilated.h"
#include "embertl_runtime.h"

__thread std::string *embertl_complaint = nullptr;

static void note(const char *what, const char *file, int line, const char *scope) {
  if (!embertl_complaint || !embertl_complaint->empty()) return;
  *embertl_complaint = std::string{what} + " at " + file + ":" + std::to_string(line);
  if (scope && *scope) *embertl_complaint += std::string{" ("} + scope + ")";
}

void vl_finish(const char *file, int line, const char *scope) VL_MT_UNSAFE {
  note("$finish", file, line, scope);
}
void vl_stop(const char *file, int line, const char *scope) VL_MT_UNSAFE {
  note("assertion failure or $stop", file, line, scope);
}
void vl_fatal(const char *file, int line, const char *scope, const char *text) VL_MT_UNSAFE {
  note(text && *text ? text : "fatal", file, line, scope);
}
"#;

/// Declarations shared by the runtime and the models.
pub(crate) const RUNTIME_HEADER: &str = "#pragma once\n#include <string>\n
// Where the model that is being evaluated by this thread notes what it complains about.
// Set in every evaluation: `thread_local` would ask each time whether it has been initialised.
extern __thread std::string *embertl_complaint;\n";

/// Verilator takes only positive seeds; equal seeds give equal initial states.
pub(crate) const SEED: &str = "static_cast<int>(seed % 0x7fffffffu) + 1";

const SHIM: &str = r#"
#include "embertl_runtime.h"

extern "C" {
@TABLE@}

namespace {

struct Model {
  VerilatedContext context;
  std::string complaint;
  std::unique_ptr<@CLASS@> top;
#if VM_TRACE
  std::unique_ptr<VerilatedVcdC> vcd;
#endif
};

Model *self(void *model) { return static_cast<Model *>(model); }

void *create(uint32_t seed) {
  std::unique_ptr<Model> model{new Model};
  embertl_complaint = &model->complaint;
  model->context.randReset(2);
  model->context.randSeed(@SEED@);
#if VM_TRACE
  model->context.traceEverOn(true);
#endif
  Verilated::threadContextp(&model->context);
  model->top.reset(new @CLASS@{&model->context});
  // Reset is released at first, so that asserting it is an edge.
  model->top->@CLOCK@ = 0;
  model->top->@RESET@ = 1;
  model->top->eval();
  return model.release();
}

void destroy(void *model) {
  embertl_complaint = nullptr;
  delete self(model);
}

inline void put(@CLASS@ &top, const uint64_t *f) {
@DRIVE@
}

inline void settle(@CLASS@ &top, uint8_t level) {
  top.@CLOCK@ = level;
  top.eval();
}

inline void get(const @CLASS@ &top, uint64_t *f) {
@SAMPLE@
}

void reset(void *model, uint8_t level) { self(model)->top->@RESET@ = level; }

void drive(void *model, const uint64_t *f) { put(*self(model)->top, f); }

void eval(void *model, uint8_t level) {
  embertl_complaint = &self(model)->complaint;
  settle(*self(model)->top, level);
}

void sample(void *model, uint64_t *f) { get(*self(model)->top, f); }

void respond(void *model, const uint64_t *in, uint64_t *out) {
  @CLASS@ &top = *self(model)->top;
  embertl_complaint = &self(model)->complaint;
  put(top, in);
  settle(top, 0);
  get(top, out);
}

void cycle(void *model, const uint64_t *in, uint64_t *out) {
  @CLASS@ &top = *self(model)->top;
  embertl_complaint = &self(model)->complaint;
  put(top, in);
  settle(top, 0);
  get(top, out);
  settle(top, 1);
}

const char *complaint(void *model) {
  const std::string &text = self(model)->complaint;
  return text.empty() ? nullptr : text.c_str();
}

#if VM_TRACE
int trace_open(void *model, const char *file) {
  self(model)->vcd.reset(new VerilatedVcdC);
  self(model)->top->trace(self(model)->vcd.get(), 99);
  self(model)->vcd->open(file);
  return self(model)->vcd->isOpen();
}
void trace_dump(void *model, uint64_t time) { self(model)->vcd->dump(time); }
void trace_close(void *model) { self(model)->vcd.reset(); }
#else
int trace_open(void *, const char *) { return 0; }
void trace_dump(void *, uint64_t) {}
void trace_close(void *) {}
#endif

const embertl_table table = {@ABI@, @PORTS@, create, destroy, reset, drive, eval, sample,
                             respond, cycle, complaint, trace_open, trace_dump, trace_close};

}  // namespace

extern "C" __attribute__((visibility("default"))) const embertl_table *@ENTRY@(void) {
  return &table;
}
"#;
