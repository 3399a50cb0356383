//! What an episode is made of: the tile, and queries on it.

use blocks::adc_switch::AdcSwitchConfig;
use models::adc_switch::Rows;
use models::adc_switch::device::{Elements, Imperfections};
use serde::{Deserialize, Serialize};

/// A step of an episode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AdcSwitchCommand {
    /// The tile that the controller drives. Sends nothing; the first one of an episode counts.
    Tile(Tile),
    Query(Query),
}

/// A tile: what it holds, and how well.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tile {
    /// Rows with equal numbers hold different elements under different seeds.
    pub seed: u64,
    /// The row that each word line holds. A word line without an entry holds the row of its number.
    pub rows: Vec<u32>,
    pub imperfections: Imperfections,
}

/// Activations as the host sends them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub activations: Vec<Activation>,
}

/// One beat of `act`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// Numbers of word lines.
    pub rows: Vec<u16>,
    pub tag: u16,
    pub last: bool,
}

impl Tile {
    /// The elements of all word lines.
    pub fn elements(&self, config: &AdcSwitchConfig) -> Elements {
        let row = |line: u32| {
            let row = self.rows.get(line as usize).copied().unwrap_or(line);
            Elements::row_of(config, self.seed, row.into())
        };
        Elements::from_rows(config, row)
    }
}

impl Query {
    /// A query of these activations, legal in itself.
    pub fn new(tag: u16, activations: Vec<Vec<u16>>) -> Self {
        let count = activations.len();
        let activation = |(at, rows)| Activation {
            rows,
            tag,
            last: at + 1 == count,
        };
        Self {
            activations: activations
                .into_iter()
                .enumerate()
                .map(activation)
                .collect(),
        }
    }

    /// The query with only these activations; it still ends if it did.
    pub fn keep(&self, keep: &[bool]) -> Self {
        let kept = self.activations.iter().zip(keep).filter(|&(_, &keep)| keep);
        let mut activations: Vec<Activation> = kept.map(|(kept, _)| kept.clone()).collect();
        if let (Some(end), Some(last)) = (activations.last_mut(), self.activations.last()) {
            end.last |= last.last;
        }
        Self { activations }
    }
}

impl Activation {
    pub fn bitmap(&self) -> Rows {
        self.rows.iter().map(|&row| usize::from(row)).collect()
    }
}
