//! Real work for a PE: a batch of queries as the commands that a host would send.

use blocks::pe::PeConfig;
use traces::batch::{Backward, Bags, LanesError, Schedule, backward, schedule};

use super::command::{GNR, PeCommand, Request, UPDATE, Visit};
use super::content;
use super::lists;

/// Rows and gradients with equal numbers hold different values.
const ROWS: u64 = 0;
const GRADIENTS: u64 = 0x6772_6164;

/// The commands for a batch.
pub struct Work {
    pub commands: Vec<PeCommand>,
    /// Additions that the commands must take: the nodes of their prefix trees.
    pub additions_shared: u64,
}

/// Forward: queries sum embedding rows. As many commands as the query table needs.
pub fn forward(config: &PeConfig, batch: &Bags) -> Work {
    let mut tiles = Vec::new();
    let mut tile = Bags::new();
    for bag in batch.iter().filter(|bag| !bag.is_empty()) {
        let with_bag = fits(config, tile.iter().chain([bag]).map(<[u32]>::len));
        if tile.len() == capacity(config) || !tile.is_empty() && !with_bag {
            tiles.push(std::mem::take(&mut tile));
        }
        tile.push(bag.iter().copied());
    }
    tiles.extend((!tile.is_empty()).then_some(tile));
    let plan = |tile: &Bags| checked(schedule(tile, config.lookups_per_cycle));
    let plans: Vec<Schedule> = tiles.iter().map(plan).collect();
    Work {
        commands: plans
            .iter()
            .map(|plan| gather(config, plan, ROWS, false))
            .collect(),
        additions_shared: plans.iter().map(Schedule::additions_shared).sum(),
    }
}

/// Backward and update, in turn: rows sum the gradients of the queries that hold them, then the rows
/// themselves are updated.
pub fn backward_and_update(config: &PeConfig, batch: &Bags) -> Work {
    let tiles = tiles(config, &backward(batch), capacity(config));
    let plan = |tile: &Backward| checked(tile.schedule(config.lookups_per_cycle));
    let plans: Vec<Schedule> = tiles.iter().map(plan).collect();
    let commands = tiles.iter().zip(&plans).flat_map(|(tile, plan)| {
        [
            gather(config, plan, GRADIENTS, true),
            update(config, plan, &tile.rows),
        ]
    });
    Work {
        commands: commands.collect(),
        additions_shared: plans.iter().map(Schedule::additions_shared).sum(),
    }
}

/// Most queries of one command: each may need a slot of its own.
fn capacity(config: &PeConfig) -> usize {
    config.queries.min(config.slots) as usize
}

/// Whether lists of these lengths fit the list memory of a match tracker.
fn fits(config: &PeConfig, lengths: impl Iterator<Item = usize>) -> bool {
    !config.has_match() || lists::words(lengths) <= config.match_ids as usize
}

/// Tiles of at most `most` rows that fit. A row that alone does not is a tile of its own.
fn tiles(config: &PeConfig, work: &Backward, most: usize) -> Vec<Backward> {
    let tiles = work.tiles(most).into_iter().flat_map(|tile| {
        if most == 1 || fits(config, tile.bags.iter().map(<[u32]>::len)) {
            vec![tile]
        } else {
            self::tiles(config, &tile, most / 2)
        }
    });
    tiles.collect()
}

/// A valid configuration takes a power of two of look-ups from 1 to 32.
fn checked(plan: Result<Schedule, LanesError>) -> Schedule {
    plan.expect("a valid configuration")
}

fn gather(config: &PeConfig, plan: &Schedule, salt: u64, retain: bool) -> PeCommand {
    let visits = plan.visits.iter().map(|visit| {
        let count = visit.requests.len();
        let requests = visit
            .requests
            .iter()
            .enumerate()
            .map(|(at, request)| Request {
                row: request.row,
                mask: request.mask,
                last: request.last,
                end: at + 1 == count,
            });
        let id = u64::from(visit.id);
        Visit {
            id: id & id_mask(config),
            listed: None,
            requests: requests.collect(),
            vector: content::vector(config, salt, id),
        }
    });
    PeCommand::new(GNR, retain, plan.queries, visits.collect())
}

/// The rows of a tile.
fn update(config: &PeConfig, plan: &Schedule, rows: &[u32]) -> PeCommand {
    let visits = plan
        .updates(config.lookups_per_cycle)
        .into_iter()
        .map(|visit| {
            let id = u64::from(rows[visit.id as usize]);
            let request = visit.requests[0];
            Visit {
                id: id & id_mask(config),
                listed: None,
                requests: vec![Request {
                    row: request.row,
                    mask: request.mask,
                    last: request.last,
                    end: true,
                }],
                vector: content::vector(config, ROWS, id),
            }
        });
    PeCommand::new(UPDATE, false, plan.queries, visits.collect())
}

fn id_mask(config: &PeConfig) -> u64 {
    u64::MAX >> (64 - config.id_bits)
}
