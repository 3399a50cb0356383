//! Type-erased blocks, for commands that work on any of them.

use std::marker::PhantomData;

use crate::block::Block;
use crate::emit::{Emitted, emit};
use crate::error::Error;
use blocks::adc_switch::AdcSwitchConfig;
use blocks::pe::PeConfig;
use blocks::tt_core::TtCoreConfig;
use contract::ParamDoc;
use contract::Port;
use contract::load::{ConfigSpec, Named, hash, load, to_toml};

/// A block, whatever the type of its configuration.
pub trait AnyBlock: Sync {
    /// Short name, as in `--block NAME`.
    fn name(&self) -> &'static str;

    /// Name of the top-level module.
    fn top(&self) -> &'static str;

    /// Documentation of every parameter.
    fn params(&self) -> &'static [ParamDoc];

    /// Names of the named configurations; the first is the default.
    fn config_names(&self) -> Vec<&'static str>;

    /// Loads, changes, checks and names a configuration.
    ///
    /// # Errors
    /// See [`contract::load::load`].
    fn load(&self, request: &ConfigSpec) -> Result<Box<dyn AnyConfig>, Error>;
}

/// A checked configuration of some block, with its name.
pub trait AnyConfig {
    /// Name of the configuration.
    fn name(&self) -> &str;

    /// Name of the block.
    fn block(&self) -> &'static str;

    /// Top-level ports, clock and reset first.
    fn ports(&self) -> Vec<Port>;

    /// Hash of the parameters, 64 hexadecimal digits.
    fn hash(&self) -> String;

    /// The configuration as a file that can be loaded.
    fn to_toml(&self) -> String;

    /// All files, in memory.
    ///
    /// # Errors
    /// See [`crate::emit::emit`].
    fn emit(&self) -> Result<Emitted, Error>;

    /// The typed configuration, for callers that know its type.
    fn as_any(&self) -> &dyn std::any::Any;
}

/// The type-erased block with configuration `C`: `BlockOf::<MyConfig>::DYN` wherever a command
/// takes blocks.
pub struct BlockOf<C>(PhantomData<fn() -> C>);

impl<C: Block + 'static> BlockOf<C> {
    /// The type-erased block as every command takes it.
    pub const DYN: &'static dyn AnyBlock = &Self::new();
}

impl<C> BlockOf<C> {
    /// The type-erased block.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<C> Default for BlockOf<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: Block + 'static> AnyBlock for BlockOf<C> {
    fn name(&self) -> &'static str {
        C::BLOCK
    }

    fn top(&self) -> &'static str {
        C::TOP
    }

    fn params(&self) -> &'static [ParamDoc] {
        C::params()
    }

    fn config_names(&self) -> Vec<&'static str> {
        C::named().into_iter().map(|(name, _)| name).collect()
    }

    fn load(&self, request: &ConfigSpec) -> Result<Box<dyn AnyConfig>, Error> {
        Ok(Box::new(load::<C>(request)?))
    }
}

impl<C: Block + 'static> AnyConfig for Named<C> {
    fn name(&self) -> &str {
        &self.name
    }

    fn block(&self) -> &'static str {
        C::BLOCK
    }

    fn ports(&self) -> Vec<Port> {
        self.config.ports()
    }

    fn hash(&self) -> String {
        hash(&self.config)
    }

    fn to_toml(&self) -> String {
        to_toml(&self.config)
    }

    fn emit(&self) -> Result<Emitted, Error> {
        emit(&self.name, &self.config)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        &self.config
    }
}

/// The blocks of this crate; the first is the default.
pub fn blocks() -> Vec<&'static dyn AnyBlock> {
    vec![
        BlockOf::<PeConfig>::DYN,
        BlockOf::<AdcSwitchConfig>::DYN,
        BlockOf::<TtCoreConfig>::DYN,
    ]
}

/// The block called `name` among `blocks`.
///
/// # Errors
/// An unknown name.
pub fn find<'a>(blocks: &[&'a dyn AnyBlock], name: &str) -> Result<&'a dyn AnyBlock, Error> {
    blocks
        .iter()
        .find(|b| b.name() == name)
        .copied()
        .ok_or_else(|| {
            let known: Vec<_> = blocks.iter().map(|b| b.name()).collect();
            Error::NoBlock {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
}
