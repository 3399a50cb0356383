//! Shrinks the stimulus of a failure while it still fails.

use std::time::{Duration, Instant};

use crate::agent::Agent;
use crate::episode::{Episode, Level, Pacing};
use crate::run::{Failure, Outcome};

/// A smaller episode that still fails.
#[derive(Clone, Debug)]
pub struct Shrunk<C> {
    pub episode: Episode<C>,
    /// How it fails.
    pub failure: Failure,
    /// Parts of commands before and after.
    pub parts: (usize, usize),
}

/// Shrinks `episode`, which fails with `outcome`, for at most `budget`: leaves out steps, then parts
/// of their commands, then injections and pacing. A candidate counts if it fails in the same way
/// ([`Failure::place`]).
pub fn shrink<A: Agent>(
    agent: &A,
    episode: &Episode<A::Command>,
    failure: &Failure,
    touched: usize,
    budget: Duration,
    replay: &mut dyn FnMut(&Episode<A::Command>, u64) -> Outcome,
) -> Shrunk<A::Command> {
    let mut search = Search {
        agent,
        best: episode.clone(),
        failure: failure.clone(),
        place: failure.place(agent.layout()),
        deadline: Instant::now() + budget,
        replay,
    };
    let before = search.parts();
    // What was never sent had no part in it.
    let sent = search.best.steps[..touched.min(episode.steps.len())].to_vec();
    search.accept(Episode {
        steps: sent,
        ..episode.clone()
    });
    search.steps();
    search.inside();
    search.calm();
    search.steps();
    let parts = (before, search.parts());
    Shrunk {
        episode: search.best,
        failure: search.failure,
        parts,
    }
}

struct Search<'a, A: Agent> {
    agent: &'a A,
    best: Episode<A::Command>,
    failure: Failure,
    place: String,
    deadline: Instant,
    replay: &'a mut dyn FnMut(&Episode<A::Command>, u64) -> Outcome,
}

impl<A: Agent> Search<'_, A> {
    fn parts(&self) -> usize {
        self.best
            .steps
            .iter()
            .map(|step| self.agent.parts(&step.command))
            .sum()
    }

    /// Takes the candidate if it fails at the same place.
    fn accept(&mut self, candidate: Episode<A::Command>) -> bool {
        if Instant::now() > self.deadline {
            return false;
        }
        // A smaller stimulus that needs much longer is no improvement.
        let limit = 2 * self.failure.cycle + 2 * self.agent.patience();
        let outcome = (self.replay)(&candidate, limit);
        match outcome.failure {
            Some(failure) if failure.place(self.agent.layout()) == self.place => {
                (self.best, self.failure) = (candidate, failure);
                true
            }
            _ => false,
        }
    }

    fn steps(&mut self) {
        let from = self.best.clone();
        ddmin(from.steps.len(), |keep| {
            let kept = from.steps.iter().zip(keep).filter(|&(_, &keep)| keep);
            let steps = kept.map(|(step, _)| step.clone()).collect();
            self.accept(Episode {
                steps,
                ..from.clone()
            })
        });
    }

    /// Parts of the commands, last command first: the failing one is usually the last.
    fn inside(&mut self) {
        for index in (0..self.best.steps.len()).rev() {
            let from = self.best.clone();
            ddmin(self.agent.parts(&from.steps[index].command), |keep| {
                let Some(command) = self.agent.keep(&from.steps[index].command, keep) else {
                    return false;
                };
                let mut candidate = from.clone();
                candidate.steps[index].command = command;
                self.accept(candidate)
            });
        }
    }

    /// Disturbances, pacing and levels.
    fn calm(&mut self) {
        for index in 0..self.best.steps.len() {
            if self.best.steps[index].injection.is_some() {
                let mut candidate = self.best.clone();
                candidate.steps[index].injection = None;
                self.accept(candidate);
            }
        }
        for index in 0..self.best.pacing.len() {
            let mut candidate = self.best.clone();
            if std::mem::take(&mut candidate.pacing[index]) != Pacing::Full {
                self.accept(candidate);
            }
        }
        for index in 0..self.best.levels.len() {
            let mut candidate = self.best.clone();
            if std::mem::take(&mut candidate.levels[index]) != Level::Low {
                self.accept(candidate);
            }
        }
    }
}

/// Zeller and Hildebrandt's minimising delta debugging over `count` units: leaves out ever smaller
/// groups of units as long as `fails` says that the rest still fails.
fn ddmin(count: usize, mut fails: impl FnMut(&[bool]) -> bool) {
    let mut kept: Vec<usize> = (0..count).collect();
    let mut groups = 2;
    while kept.len() >= 2 {
        let size = kept.len().div_ceil(groups);
        let mut smaller = None;
        for start in (0..kept.len()).step_by(size) {
            let end = (start + size).min(kept.len());
            let mut keep = vec![false; count];
            kept.iter()
                .enumerate()
                .filter(|(at, _)| !(start..end).contains(at))
                .for_each(|(_, &unit)| keep[unit] = true);
            if fails(&keep) {
                smaller = Some(start..end);
                break;
            }
        }
        match smaller {
            Some(group) => {
                kept.drain(group);
                groups = groups.saturating_sub(1).max(2);
            }
            None if size == 1 => return,
            None => groups = (2 * groups).min(kept.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ddmin;

    #[test]
    fn finds_the_units_that_matter() {
        let mut last = Vec::new();
        ddmin(100, |keep| {
            let fails = keep[17] && keep[63];
            if fails {
                last = keep.to_vec();
            }
            fails
        });
        let kept: Vec<usize> = (0..100).filter(|&unit| last[unit]).collect();
        assert_eq!(kept, [17, 63]);
    }
}
