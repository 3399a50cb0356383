//! The `golden_model` command: what can be learnt without any RTL.

use std::process::ExitCode;

fn main() -> ExitCode {
    let about = "Models and analyses that need no RTL";
    let program = shell::program("golden_model", env!("CARGO_PKG_VERSION"), about);
    shell::run(program, golden_model::commands())
}
