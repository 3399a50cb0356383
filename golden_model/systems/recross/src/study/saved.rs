//! A mapping in a file.

use std::path::Path;

use contract::input::{Wanted, read_text};
use serde::{Deserialize, Serialize};

use super::workload::Workload;
use crate::map::{Assignment, Mapping, NONE, Recipe};

/// Longest file read: ten digits for each of 2^28 rows.
const LIMIT: u64 = 3 << 30;

/// What the file says.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Rows of the trace, N.
    rows: usize,
    /// Of the trace.
    hash: String,
    /// Word lines of a tile.
    lines: u32,
    mapping: Mapping,
    refine: u32,
    seed: u64,
    /// Rows of each tile.
    tiles: Vec<Vec<u32>>,
}

impl Saved {
    pub fn new(workload: &Workload, assignment: &Assignment, recipe: Recipe) -> Self {
        Self {
            rows: workload.rows,
            hash: workload.hash.clone(),
            lines: assignment.capacity,
            mapping: recipe.mapping,
            refine: recipe.refine,
            seed: recipe.seed,
            tiles: assignment.members(),
        }
    }

    /// Writes it, whole or not at all.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write(&self, path: &Path) -> Result<(), String> {
        let text = report::json(self);
        contract::write_file(path, &text)
            .map_err(|error| format!("--save {}: {error}", path.display()))
    }

    /// Reads a mapping of this trace onto tiles of `lines` word lines.
    ///
    /// # Errors
    /// One line that names the file and the row if a row is missing or twice, a tile is too full, or the mapping
    /// is of another trace.
    pub fn read(
        path: &Path,
        workload: &Workload,
        lines: u32,
    ) -> Result<(Assignment, Mapping), String> {
        let failed = |why: String| format!("--load {}: {why}", path.display());
        let wanted = Wanted {
            what: "a saved mapping",
            save: "give a file that `recross map --save` wrote",
        };
        let text =
            read_text(path, wanted, LIMIT).map_err(|error| failed(error.fault.to_string()))?;
        let saved: Self = serde_json::from_str(&text).map_err(|error| {
            failed(format!(
                "{error}; give a file that `recross map --save` wrote"
            ))
        })?;
        saved
            .assignment(workload, lines)
            .map_err(failed)
            .map(|it| (it, saved.mapping))
    }

    fn assignment(&self, workload: &Workload, lines: u32) -> Result<Assignment, String> {
        let again = "make it again with `recross map --save`";
        if self.rows != workload.rows || self.hash != workload.hash {
            return Err(format!(
                "is of another trace ({} rows, hash {}; this one has {} and {}); {again}",
                self.rows, self.hash, workload.rows, workload.hash
            ));
        }
        if self.lines != lines {
            return Err(format!(
                "is for tiles of {} word lines, the configuration has {lines}; {again}",
                self.lines
            ));
        }
        let mut tile = vec![NONE; self.rows];
        for (number, rows) in (0..).zip(&self.tiles) {
            for (at, &row) in rows.iter().enumerate() {
                if at as u32 >= lines {
                    return Err(format!(
                        "row {row} is row {} of tile {number}, which holds {lines}; {again}",
                        at + 1
                    ));
                }
                match tile.get_mut(row as usize) {
                    None => {
                        return Err(format!(
                            "row {row} does not exist: the trace has {} rows; {again}",
                            self.rows
                        ));
                    }
                    Some(tile) if *tile != NONE => {
                        return Err(format!(
                            "row {row} is on tile {tile} and again on tile {number}; {again}"
                        ));
                    }
                    Some(tile) => *tile = number,
                }
            }
        }
        if let Some(row) = tile.iter().position(|&tile| tile == NONE) {
            return Err(format!("row {row} is on no tile; {again}"));
        }
        Ok(Assignment {
            tile,
            tiles: self.tiles.len() as u32,
            capacity: lines,
        })
    }
}
