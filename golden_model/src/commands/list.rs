//! Every command.

use shell::Command;

use super::{bench, dram, trace};

/// Every command that needs no RTL.
pub fn commands() -> Vec<Box<dyn Command>> {
    vec![
        asymflow::command(),
        bench::command(),
        dram::command(),
        recross::command(),
        refree::command(),
        screc::command(),
        trace::command(),
    ]
}
