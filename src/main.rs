//! The `embertl` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    embertl::cli::run(&embertl::blocks(), std::env::args_os())
}
