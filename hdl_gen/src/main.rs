//! The `hdl_gen` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    hdl_gen::command::run(&hdl_gen::blocks(), std::env::args_os())
}
