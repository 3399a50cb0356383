//! The C face of a verilated model: a table of functions, and pointers to all ports.

use std::fmt::Write;

use hdl_gen::{Port, Role};

/// The function table, as C. [`crate::ffi::Table`] is its Rust twin.
pub(crate) const TABLE: &str = "\
typedef struct embertl_table {
  uint32_t abi;                                  /* version of this table */
  uint32_t ports;                                /* ports of the model, clock and reset included */
  void *(*create)(uint32_t seed);                /* random initial state from seed */
  void (*destroy)(void *model);
  void (*eval)(void *model);
  void (*locate)(void *model, void **ports);     /* address of each port, in port order */
  const char *(*complaint)(void *model);         /* failed assertion or $stop, null if none */
  int (*trace_open)(void *model, const char *file);
  void (*trace_dump)(void *model, uint64_t time);
  void (*trace_close)(void *model);
} embertl_table;
";

/// Version of [`TABLE`].
pub(crate) const ABI: u32 = 1;

/// The model's own translation unit: the generated `sources`, and behind them the shim, whose one
/// exported function is `entry`.
pub(crate) fn unit(prefix: &str, entry: &str, ports: &[Port], sources: &[String]) -> String {
    let locate: String = ports
        .iter()
        .enumerate()
        .map(|(index, port)| format!("  ports[{index}] = &top->{};\n", port.name))
        .collect();
    let shim = SHIM
        .replace("@TABLE@", TABLE)
        .replace("@CLASS@", prefix)
        .replace("@SEED@", SEED)
        .replace("@ENTRY@", entry)
        .replace("@ABI@", &ABI.to_string())
        .replace("@PORTS@", &ports.len().to_string())
        .replace("@LOCATE@\n", &locate);
    format!(
        "#include <cstdint>\n#include <memory>\n#include <string>\n{}#include \"{prefix}.h\"\n{shim}",
        unity(sources)
    )
}

/// Several sources as one.
pub(crate) fn unity(sources: &[String]) -> String {
    sources.iter().fold(String::new(), |mut text, source| {
        let _ = writeln!(text, "#include \"{source}\"");
        text
    })
}

/// Index of the clock and of the reset in a port list.
pub(crate) fn clock_and_reset(ports: &[Port]) -> Option<(usize, usize)> {
    let find = |role| ports.iter().position(|port| port.role == role);
    Some((find(Role::Clock)?, find(Role::Reset)?))
}

/// Overrides of the runtime's habit of ending the process: a failed assertion or `$stop` is noted,
/// and the harness asks for it. Compiled once with the runtime, not with each model.
pub(crate) const RUNTIME: &str = r#"#include "verilated.h"
#include "embertl_runtime.h"

thread_local std::string *embertl_complaint = nullptr;

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
extern thread_local std::string *embertl_complaint;\n";

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
  return model.release();
}

void destroy(void *model) {
  embertl_complaint = nullptr;
  delete self(model);
}

void eval(void *model) {
  embertl_complaint = &self(model)->complaint;
  self(model)->top->eval();
}

void locate(void *model, void **ports) {
  @CLASS@ *top = self(model)->top.get();
@LOCATE@
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

const embertl_table table = {@ABI@,   @PORTS@,    create,     destroy,   eval,
                             locate, complaint, trace_open, trace_dump, trace_close};

}  // namespace

extern "C" __attribute__((visibility("default"))) const embertl_table *@ENTRY@(void) {
  return &table;
}
"#;
