//! Commands of traces and memories, which are libraries and know no user. A system has its own command.

mod bench;
mod dram;
mod trace;

use shell::Command;

/// Every command that needs no RTL.
pub fn commands() -> Vec<Box<dyn Command>> {
    vec![
        bench::command(),
        dram::command(),
        recross::command(),
        refree::command(),
        screc::command(),
        trace::command(),
    ]
}
