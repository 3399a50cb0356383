//! The tensor-train core for the harness.

use blocks::tt_core::{Pins, TtCoreConfig};
use contract::{BlockConfig, PortLayout};
use cosim::{Agent, Beats, Episode};
use models::tt_core::TtCoreModel;

use super::command::TtCoreCommand;
use super::monitor::TtCoreMonitor;
use super::{content, shape};

/// Knows a configuration's streams.
pub struct TtCoreAgent {
    pub config: TtCoreConfig,
    layout: PortLayout,
    pins: Pins,
}

impl TtCoreAgent {
    /// For a configuration that is valid.
    pub fn new(config: &TtCoreConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        Self {
            config: config.clone(),
            pins: Pins::new(config),
            layout,
        }
    }
}

impl Agent for TtCoreAgent {
    type Command = TtCoreCommand;
    type Model = TtCoreModel;
    type Monitor = TtCoreMonitor;

    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn model(&self) -> TtCoreModel {
        TtCoreModel::new(&self.config)
    }

    fn monitor(&self, _: &Episode<TtCoreCommand>) -> TtCoreMonitor {
        TtCoreMonitor::new(&self.config)
    }

    fn beats(&self, command: &TtCoreCommand, beats: &mut Beats) {
        let bits = |value: u32, width: u32| u64::from(value) & u64::MAX >> (64 - width);
        let config = &self.config;
        match command {
            TtCoreCommand::Load(load) => {
                for beat in content::beats(config, load) {
                    let table = bits(beat.table, config.table_bits());
                    let fields = [u64::from(beat.start), u64::from(beat.last), table];
                    beats.push(self.pins.load.index, fields);
                    beats.push(self.pins.load.index, beat.data);
                }
            }
            TtCoreCommand::Rows(rows) => {
                for row in rows {
                    let fields = [
                        bits(row.table, config.table_bits()),
                        bits(row.id, config.id_bits()),
                        bits(row.bag, config.bag_bits()),
                    ];
                    beats.push(self.pins.row.index, fields);
                    let last = config.pooling.then(|| u64::from(row.last));
                    beats.push(self.pins.row.index, last);
                }
            }
        }
    }

    fn done(&self, outputs: &[u64]) -> bool {
        outputs[self.pins.busy] == 0
    }

    /// Rows of open bags come out of the queue, all that it holds, and nothing moves.
    fn patience(&self) -> u64 {
        let slowest = shape::steps(&self.config).into_iter().max().unwrap_or(1);
        2000 + u64::from(64 + self.config.row_queue) * slowest.max(16)
    }

    fn describe(&self, command: &TtCoreCommand) -> String {
        match command {
            TtCoreCommand::Load(load) => {
                let broken = match &load.broken[..] {
                    [] => String::new(),
                    broken => format!(", broken: {broken:?}"),
                };
                format!("load of table {}, {} rows{broken}", load.table, load.rows)
            }
            TtCoreCommand::Rows(rows) => {
                let shown = rows.iter().take(8).map(|row| {
                    let last = if row.last { " last" } else { "" };
                    format!("{}:{} bag {}{last}", row.table, row.id, row.bag)
                });
                let shown: Vec<_> = shown.collect();
                format!("{} rows: {}", rows.len(), shown.join(", "))
            }
        }
    }

    fn parts(&self, command: &TtCoreCommand) -> usize {
        match command {
            TtCoreCommand::Load(_) => 1,
            TtCoreCommand::Rows(rows) => rows.len().max(1),
        }
    }

    fn keep(&self, command: &TtCoreCommand, keep: &[bool]) -> Option<TtCoreCommand> {
        match command {
            TtCoreCommand::Rows(rows) if rows.len() == keep.len() => {
                let kept = rows.iter().zip(keep).filter(|&(_, &keep)| keep);
                Some(TtCoreCommand::Rows(kept.map(|(row, _)| *row).collect()))
            }
            _ => None,
        }
    }
}
