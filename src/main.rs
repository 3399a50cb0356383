//! The `embertl` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    embertl::cli::run()
}
