//! The commands of this crate.

use hdl_gen::AnyBlock;
use shell::{Command, Done, Failure};

use crate::{area, lint};

/// `area` and `lint` over these blocks, of which `area` takes the first if none is named.
pub fn commands(blocks: Vec<&'static dyn AnyBlock>) -> Vec<Box<dyn Command>> {
    let linted = blocks.clone();
    let area = move |args: &area::AreaArgs| {
        area::run(&blocks, args)
            .map(Done::from)
            .map_err(Failure::of)
    };
    let lint = move |args: &lint::LintArgs| lint::run(&linted, args).map_err(Failure::of);
    vec![shell::command(area), shell::command(lint)]
}
