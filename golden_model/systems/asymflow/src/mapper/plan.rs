//! Cores with their pieces of tables.

use super::problem::Problem;
use crate::schedule::{Phase, Share};

/// A part of a table on a core.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub table: usize,
    /// Index among the table's choices.
    pub choice: usize,
    /// Part of the batch, above 0.
    pub share: f64,
}

/// A core: its pieces, at most one of each table and choice, with their cycles and bytes.
#[derive(Clone, Debug, Default)]
pub struct Core {
    pub pieces: Vec<Piece>,
    pub load: f64,
    pub l1: f64,
}

/// Which core serves what.
#[derive(Clone, Debug)]
pub struct Plan {
    pub cores: Vec<Core>,
}

impl Core {
    /// Load with this piece in addition, joined to the piece of the same table and choice.
    pub fn with(&self, problem: &Problem, piece: Piece) -> (f64, f64) {
        let cost = &problem.tables[piece.table][piece.choice].cost;
        match self.find(piece) {
            Some(at) => {
                let has = self.pieces[at].share;
                (
                    self.load - cost.cycles(has) + cost.cycles(has + piece.share),
                    self.l1,
                )
            }
            None => (self.load + cost.cycles(piece.share), self.l1 + cost.l1),
        }
    }

    fn find(&self, piece: Piece) -> Option<usize> {
        let same = |p: &Piece| p.table == piece.table && p.choice == piece.choice;
        self.pieces.iter().position(same)
    }

    /// Adds a piece.
    pub fn add(&mut self, problem: &Problem, piece: Piece) {
        (self.load, self.l1) = self.with(problem, piece);
        match self.find(piece) {
            Some(at) => self.pieces[at].share += piece.share,
            None => self.pieces.push(piece),
        }
    }

    /// Takes a piece away.
    pub fn remove(&mut self, problem: &Problem, at: usize) -> Piece {
        let piece = self.pieces.remove(at);
        let cost = &problem.tables[piece.table][piece.choice].cost;
        self.load -= cost.cycles(piece.share);
        self.l1 -= cost.l1;
        piece
    }
}

impl Plan {
    /// Cycles by the formulas: the fullest core, or what cores that share a table need to meet.
    pub fn cycles(&self, problem: &Problem) -> f64 {
        let fullest = self.cores.iter().map(|core| core.load).fold(0.0, f64::max);
        let mut users = vec![0_u32; problem.tables.len()];
        let mut meet = vec![0.0_f64; problem.tables.len()];
        for piece in self.cores.iter().flat_map(|core| &core.pieces) {
            let of = problem.tables[piece.table][piece.choice].cost.meet;
            if of > 0.0 {
                users[piece.table] += 1;
                meet[piece.table] = meet[piece.table].max(of);
            }
        }
        let met = users
            .iter()
            .zip(&meet)
            .filter(|&(&users, _)| users > 1)
            .map(|(_, &meet)| meet);
        met.fold(fullest, f64::max)
    }

    /// The plan as shares of neighbouring queries: each table is covered from 0 to 1 once.
    pub fn phase(&self, problem: &Problem) -> Phase {
        let mut parts: Vec<Vec<(usize, Piece)>> = vec![Vec::new(); problem.tables.len()];
        for (core, pieces) in self.cores.iter().enumerate() {
            for &piece in &pieces.pieces {
                parts[piece.table].push((core, piece));
            }
        }
        let mut phase: Phase = vec![Vec::new(); self.cores.len()];
        for parts in &parts {
            let (mut at, last) = (0.0, parts.len().saturating_sub(1));
            for (index, &(core, piece)) in parts.iter().enumerate() {
                // Rounding must not leave a gap at the end.
                let to = if index == last {
                    1.0
                } else {
                    f64::min(at + piece.share, 1.0)
                };
                let how = problem.tables[piece.table][piece.choice].how;
                phase[core].push(Share {
                    table: piece.table,
                    how,
                    from: at,
                    to,
                });
                at = to;
            }
        }
        phase
    }
}
