//! A block that is checked on random stimulus alone.

use contract::{ConfigSpec, Named};
use cosim::{Agent, Episode};
use hdl_gen::{AnyBlock, Block, BlockOf};

use crate::{Asked, Bench, Check, Checked, Document, Error, Linked, measure};

/// Episodes that `bench` plays as one, so that it measures more than a start.
const EPISODES: u64 = 100;

/// The block with configuration `C`, checked by agent `A` on random stimulus: all that the commands
/// need to know of it.
pub struct RandomOnly<C, A: Agent> {
    agent: fn(&C) -> A,
    random: fn(&C, u64) -> Episode<A::Command>,
}

impl<C: Block, A: Agent> RandomOnly<C, A> {
    /// `agent` makes the agent of a valid configuration, `random` the episode of a seed.
    pub const fn new(agent: fn(&C) -> A, random: fn(&C, u64) -> Episode<A::Command>) -> Self {
        Self { agent, random }
    }

    fn load(config: Option<String>) -> Result<Named<C>, Error> {
        Ok(contract::load(&ConfigSpec::of(config))?)
    }
}

impl<C: Block + 'static, A: Agent> Checked for RandomOnly<C, A> {
    fn block(&self) -> &'static dyn AnyBlock {
        BlockOf::<C>::DYN
    }

    fn lockstep(&self, asked: &Asked) -> Result<Document, Error> {
        let named = Self::load(asked.args.config.clone())?;
        let mut check = Check::new(asked, &named, (self.agent)(&named.config))?;
        if !check.replay()? {
            check.random(|seed| (self.random)(&named.config, seed));
        }
        Ok(check.document(&[], &[]))
    }

    fn bench(&self, config: Option<String>, linked: Linked) -> Result<Bench, Error> {
        let named = Self::load(config)?;
        let mut episode = (self.random)(&named.config, 1);
        episode.pacing.clear();
        let more = (2..=EPISODES).map(|seed| (self.random)(&named.config, seed));
        episode.steps.extend(more.flat_map(|episode| episode.steps));
        measure(&(self.agent)(&named.config), &named, &episode, linked)
    }
}
