//! A tile's work as an episode.

use blocks::adc_switch::AdcSwitchConfig;
use cosim::{Episode, Level, Step};
use recross::TileWork;

use super::command::{AdcSwitchCommand, Query, Tile};

/// The queries one behind the other on an ideal tile, everything ready at all times.
pub fn episode(work: &TileWork, config: &AdcSwitchConfig, seed: u64) -> Episode<AdcSwitchCommand> {
    let tile = Tile {
        rows: work.rows.clone(),
        ..Tile::default()
    };
    let tags = (u32::from(u16::MAX) >> (16 - config.tag_bits)) as usize + 1;
    let query = |(at, activations): (usize, &Vec<Vec<u16>>)| {
        AdcSwitchCommand::Query(Query::new((at % tags) as u16, activations.clone()))
    };
    let queries = work.queries.iter().enumerate().map(query);
    Episode {
        seed,
        pacing: Vec::new(),
        levels: vec![Level::Low, Level::Low, Level::Low, Level::Count],
        steps: std::iter::once(AdcSwitchCommand::Tile(tile))
            .chain(queries)
            .map(Step::new)
            .collect(),
    }
}
