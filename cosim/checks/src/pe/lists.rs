//! The lists of ids that a PE with the match tracker takes in place of requests.

use std::collections::HashMap;

use blocks::pe::PeConfig;

use super::command::PeCommand;

/// One beat of the `req` stream of such a PE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub query: u32,
    pub id: u64,
    /// Last id of this query.
    pub last: bool,
    /// Last beat of the command's lists.
    pub end: bool,
}

/// The ids of a command's queries, each query's together and in visiting order; the queries in the
/// order of their first requests.
fn lists(config: &PeConfig, command: &PeCommand) -> Vec<Entry> {
    let mut entries = Vec::new();
    for visit in &command.visits {
        for (at, request) in visit.requests.iter().enumerate() {
            for lane in (0..config.lookups_per_cycle).filter(|lane| request.mask >> lane & 1 == 1) {
                let query = request.row * config.lookups_per_cycle + lane;
                entries.push(Entry {
                    query,
                    id: visit.listed.unwrap_or(visit.id),
                    last: request.last >> lane & 1 == 1,
                    // A visit with a wrong end: the lists end there too.
                    end: request.end != (at + 1 == visit.requests.len()),
                });
            }
        }
    }
    let mut order = HashMap::new();
    for entry in &entries {
        let next = order.len();
        order.entry(entry.query).or_insert(next);
    }
    entries.sort_by_key(|entry| order[&entry.query]);
    entries
}

/// The beats that carry a command's lists; the last one is their end.
pub(super) fn beats(config: &PeConfig, command: &PeCommand) -> Vec<Entry> {
    let mut entries = lists(config, command);
    if entries.is_empty() && command.announced != 0 {
        // No query requests a vector, but the PE waits for an end.
        entries.push(Entry {
            query: 0,
            id: 0,
            last: true,
            end: false,
        });
    }
    if let Some(entry) = entries.last_mut() {
        entry.end = !entry.end;
    }
    // A list without a last id runs on into the next ones. The one at the end must have one, or the
    // PE would read words that were never written, and whatever these hold is right.
    for lists in entries.chunk_by_mut(|entry, _| !entry.end) {
        for at in (0..lists.len()).rev() {
            lists[at].last = true;
            if at > 0 && lists[at - 1].query == lists[at].query {
                break;
            }
        }
    }
    entries
}

/// Ids of lists of these lengths that go to the list memory: all but each list's first.
pub(super) fn words(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.map(|length| length.saturating_sub(1)).sum()
}

/// Whether the lists of a command give its requests: they fit the list memory, and each vector finds
/// at the heads just the queries that request it.
pub(super) fn regular(config: &PeConfig, command: &PeCommand) -> bool {
    let entries = lists(config, command);
    let all: Vec<&[Entry]> = entries.chunk_by(|a, b| a.query == b.query).collect();
    let ended = |list: &&[Entry]| list.iter().position(|e| e.last) == Some(list.len() - 1);
    let fit = words(all.iter().map(|list| list.len())) <= config.match_ids as usize;
    if !fit || !all.iter().all(ended) {
        return false;
    }
    // By id the lists whose head it is, each with what is left of it.
    let mut heads: HashMap<u64, Vec<&[Entry]>> = HashMap::new();
    for list in all {
        heads.entry(list[0].id).or_default().push(list);
    }
    command.visits.iter().all(|visit| {
        let asked: u32 = visit
            .requests
            .iter()
            .map(|request| request.mask.count_ones())
            .sum();
        let hits = heads.remove(&visit.id).unwrap_or_default();
        let right = hits.len() == asked as usize;
        for rest in hits
            .into_iter()
            .map(|list| &list[1..])
            .filter(|rest| !rest.is_empty())
        {
            heads.entry(rest[0].id).or_default().push(rest);
        }
        right
    })
}
