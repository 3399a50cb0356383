//! Where designs come from: the program, or RTL that is emitted or given.

use contract::{Named, Port};
use cosim::{Cache, Design, Effort, Options, Rtl, verilate};
use hdl_gen::Block;

use crate::{Error, LockstepArgs};

/// The design of exactly this RTL, if it is linked into the program.
pub type Linked = fn(&Rtl) -> Option<Design>;

/// None is linked.
pub fn unlinked(_: &Rtl) -> Option<Design> {
    None
}

/// The emitted RTL of a configuration.
///
/// # Errors
/// A mistake in the block.
pub fn emitted<B: Block>(named: &Named<B>) -> Result<Rtl, Error> {
    let emitted = hdl_gen::emit(&named.name, &named.config)?;
    let files = emitted
        .sources()
        .map(|file| (file.path.clone(), file.text.clone()));
    Ok(Rtl::emitted(B::TOP, files))
}

/// Cycles from which an optimised design pays.
const LONG_RUN: u64 = 5_000_000;

/// Where the RTL of a configuration comes from.
pub struct Source {
    rtl: Rtl,
    ports: Vec<Port>,
    cache: Cache,
    effort: Effort,
    linked: Linked,
}

impl Source {
    /// The emitted RTL, or that of `--rtl`.
    ///
    /// # Errors
    /// A folder without RTL, or a mistake in the block.
    pub fn new<B: Block>(
        args: &LockstepArgs,
        named: &Named<B>,
        linked: Linked,
    ) -> Result<Self, Error> {
        let rtl = match &args.rtl {
            Some(dir) => Rtl::from_dir(B::TOP, dir)?,
            None => emitted(named)?,
        };
        // Below that many cycles optimising takes longer than it saves.
        let effort = match args.random_cycles() {
            0..LONG_RUN => Effort::Quick,
            _ => Effort::Full,
        };
        Ok(Self {
            rtl,
            ports: named.config.ports(),
            cache: Cache::from_env(),
            effort,
            linked,
        })
    }

    /// The design: one that is linked into this program, or else built now.
    ///
    /// # Errors
    /// A tool that fails, or RTL that it refuses.
    pub fn design(&self) -> Result<Design, Error> {
        match (self.linked)(&self.rtl) {
            Some(design) => Ok(design),
            None => self.build(false).map_err(Error::from),
        }
    }

    pub(crate) fn build(&self, trace: bool) -> Result<Design, cosim::Error> {
        let effort = if trace { Effort::Quick } else { self.effort };
        verilate(
            &self.rtl,
            &self.ports,
            Options { effort, trace },
            &self.cache,
        )
    }
}
