//! What a block is to the commands.

use clap::{ArgMatches, Command, FromArgMatches};
use hdl_gen::AnyBlock;

use crate::{Bench, Document, Error, Linked, LockstepArgs};

/// A block, or a system with a block in its loop, as the commands take it: what its RTL is to the
/// generator, its options, and how it is checked.
pub trait Checked: Sync {
    /// The face of its RTL in the generator: name, configurations, emission; see
    /// [`hdl_gen::BlockOf::DYN`].
    fn block(&self) -> &'static dyn AnyBlock;

    /// Its name on the command line.
    fn name(&self) -> &'static str {
        self.block().name()
    }

    /// `lockstep` with the options that this block has beside [`LockstepArgs`]. Blocks may share an
    /// option; its help is that of the first one, its possible values are each block's own.
    fn options(&self, lockstep: Command) -> Command {
        lockstep
    }

    /// Checks one configuration.
    ///
    /// # Errors
    /// A mistake of the user's; divergences are in the document.
    fn lockstep(&self, asked: &Asked) -> Result<Document, Error>;

    /// Measures a configuration, or the one that stands for the block.
    ///
    /// # Errors
    /// A tool that fails, or something that is no single block.
    fn bench(&self, config: Option<String>, linked: Linked) -> Result<Bench, Error>;

    /// The configurations that are checked when no block is named.
    fn default_configs(&self) -> Vec<&'static str> {
        self.block().config_names()
    }
}

/// What is asked of a block.
pub struct Asked<'a> {
    /// The options that every block has.
    pub args: &'a LockstepArgs,
    /// All options.
    pub(crate) matches: &'a ArgMatches,
    /// Designs that are linked into this program.
    pub linked: Linked,
}

impl Asked<'_> {
    /// Whether the user has named this block, instead of having all blocks checked.
    pub fn named(&self) -> bool {
        self.args.block.is_some()
    }

    /// The block's own options.
    ///
    /// # Errors
    /// A value that a block which shares the option takes and this one doesn't.
    pub fn own<A: FromArgMatches>(&self) -> Result<A, Error> {
        A::from_arg_matches(self.matches).map_err(|error| Error::Usage(error.to_string()))
    }
}

/// The block called `name`.
///
/// # Errors
/// An unknown name, with those that would do.
pub(crate) fn find<'a>(blocks: &[&'a dyn Checked], name: &str) -> Result<&'a dyn Checked, Error> {
    let found = blocks.iter().find(|block| block.name() == name);
    found.copied().ok_or_else(|| {
        let known: Vec<&str> = blocks.iter().map(|block| block.name()).collect();
        Error::Usage(format!(
            "there is no block `{name}`; use {}",
            known.join(", ")
        ))
    })
}
