//! What a PE must survive.

use super::super::command::{PeCommand, UPDATE};
use super::generator::{Generator, lane_bits};

impl Generator<'_> {
    /// Makes the contents illegal; commands and streams still match.
    pub fn spoil(&mut self, command: &mut PeCommand) {
        // An update takes each beat for a row: only then do visits of one beat still match.
        let single = command.visits.iter().all(|visit| visit.requests.len() == 1);
        if self.one_in(8) {
            let op = self.below(8) as u8;
            command.op = if op == UPDATE && !single { 0 } else { op };
        }
        if self.one_in(8) {
            command.queries = self.below(2 * u64::from(self.config.queries)) as u32;
        }
        if self.one_in(8) {
            command.retain = !command.retain;
        }
        let lanes = self.config.lookups_per_cycle;
        let rows = u64::from(self.config.rows());
        let rate = 1 + self.below(60);
        if command.op != UPDATE && self.config.has_match() && self.one_in(2) {
            // Queries find ids of others, or wait for ids that never come. Not in an update, where
            // two rows of one id would take two vectors.
            let ids: Vec<u64> = command.visits.iter().map(|visit| visit.id).collect();
            for visit in &mut command.visits {
                if self.one_in(rate) {
                    visit.id = ids[self.rng.below(ids.len() as u64) as usize];
                }
                if self.one_in(2 * rate) {
                    visit.listed = Some(self.id());
                }
            }
        }
        if command.op != UPDATE && self.one_in(2) {
            self.repeat(command, rate);
        }
        for request in command
            .visits
            .iter_mut()
            .flat_map(|visit| &mut visit.requests)
        {
            if !self.one_in(rate) {
                continue;
            }
            let bits = self.rng.next_u64() as u32 & lane_bits(lanes);
            match self.below(5) {
                0 => request.mask ^= bits,
                1 => request.last ^= bits,
                2 => request.row = self.rng.below(rows) as u32,
                3 => request.mask = 0,
                _ => request.last = 0,
            }
        }
    }

    /// Queries request a vector twice, the second time at the end of its visit.
    pub fn repeat(&mut self, command: &mut PeCommand, rate: u64) {
        for visit in &mut command.visits {
            if self.one_in(rate) && !visit.requests.is_empty() {
                let at = self.rng.below(visit.requests.len() as u64) as usize;
                let mut again = visit.requests[at];
                again.end = true;
                visit
                    .requests
                    .iter_mut()
                    .for_each(|request| request.end = false);
                visit.requests.push(again);
            }
        }
    }

    /// Makes commands and streams disagree.
    pub fn misuse(&mut self, command: &mut PeCommand) {
        match self.below(4) {
            0 => command.announced = self.below(1 << 24) as u32,
            1 => command.announced = self.below(1 + u64::from(command.announced)) as u32,
            2 => command.op = UPDATE,
            _ => {}
        }
        for request in command
            .visits
            .iter_mut()
            .flat_map(|visit| &mut visit.requests)
        {
            if self.one_in(8) {
                request.end = !request.end;
            }
        }
    }
}
