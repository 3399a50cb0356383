//! The controller for the harness.

use blocks::adc_switch::{AdcSwitchConfig, Pins};
use contract::Device;
use contract::{BlockConfig, PortLayout};
use cosim::{Agent, Beats, Episode, Level, Streams};
use models::adc_switch::AdcSwitchModel;
use models::adc_switch::device::Crossbar;

use super::command::{AdcSwitchCommand, Tile};
use super::monitor::AdcSwitchMonitor;

/// Knows a configuration's streams, and its device.
pub struct AdcSwitchAgent {
    pub config: AdcSwitchConfig,
    layout: PortLayout,
    pins: Pins,
    /// Number of the codes among the level inputs.
    codes: usize,
}

impl AdcSwitchAgent {
    /// For a configuration that is valid.
    pub fn new(config: &AdcSwitchConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        let streams = Streams::new(&layout);
        let codes = streams.levels.iter();
        Self {
            config: config.clone(),
            pins: Pins::new(config),
            codes: codes.take_while(|level| level.name != Pins::CODES).count(),
            layout,
        }
    }

    /// The tile of an episode, unless there is no device and codes are random.
    pub(super) fn tile(&self, episode: &Episode<AdcSwitchCommand>) -> Option<Tile> {
        if episode.levels.get(self.codes) == Some(&Level::Random) {
            return None;
        }
        let tile = episode.steps.iter().find_map(|step| match &step.command {
            AdcSwitchCommand::Tile(tile) => Some(tile.clone()),
            AdcSwitchCommand::Query(_) => None,
        });
        Some(tile.unwrap_or_default())
    }
}

impl Agent for AdcSwitchAgent {
    type Command = AdcSwitchCommand;
    type Model = AdcSwitchModel;
    type Monitor = AdcSwitchMonitor;

    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn model(&self) -> AdcSwitchModel {
        AdcSwitchModel::new(&self.config)
    }

    fn monitor(&self, episode: &Episode<AdcSwitchCommand>) -> AdcSwitchMonitor {
        AdcSwitchMonitor::new(&self.config, self.tile(episode).as_ref())
    }

    fn device(&self, episode: &Episode<AdcSwitchCommand>) -> Option<Box<dyn Device>> {
        let tile = self.tile(episode)?;
        let elements = tile.elements(&self.config);
        let device = Crossbar::new(&self.config, &elements, &tile.imperfections);
        Some(Box::new(device))
    }

    fn beats(&self, command: &AdcSwitchCommand, beats: &mut Beats) {
        let AdcSwitchCommand::Query(query) = command else {
            return;
        };
        for activation in &query.activations {
            let bitmap = activation.bitmap();
            beats.push(
                self.pins.act.index,
                bitmap.words()[..self.pins.act_rows.len()].iter().copied(),
            );
            let fields = [u64::from(activation.tag), u64::from(activation.last)];
            beats.push(self.pins.act.index, fields);
        }
    }

    fn done(&self, outputs: &[u64]) -> bool {
        outputs[self.pins.busy] == 0
    }

    /// As many accesses as an activation of all rows is split into at most: longer than a halted
    /// controller waits for its injection, too.
    fn patience(&self) -> u64 {
        let c = &self.config;
        let access = c.array_latency + c.columns_per_adc() * c.adc_bits + c.rows;
        2000 + 256 * u64::from(access)
    }

    fn describe(&self, command: &AdcSwitchCommand) -> String {
        match command {
            AdcSwitchCommand::Tile(tile) => format!("a tile, seed {:#x}", tile.seed),
            AdcSwitchCommand::Query(query) => {
                let shown = query.activations.iter().take(8).map(|activation| {
                    let last = if activation.last { " last" } else { "" };
                    format!(
                        "{} rows tag {}{last}",
                        activation.rows.len(),
                        activation.tag
                    )
                });
                let count = query.activations.len();
                format!(
                    "{count} activations: {}",
                    shown.collect::<Vec<_>>().join(", ")
                )
            }
        }
    }

    fn parts(&self, command: &AdcSwitchCommand) -> usize {
        match command {
            AdcSwitchCommand::Tile(_) => 1,
            AdcSwitchCommand::Query(query) => query.activations.len().max(1),
        }
    }

    fn keep(&self, command: &AdcSwitchCommand, keep: &[bool]) -> Option<AdcSwitchCommand> {
        match command {
            AdcSwitchCommand::Query(query) if query.activations.len() == keep.len() => {
                Some(AdcSwitchCommand::Query(query.keep(keep)))
            }
            _ => None,
        }
    }
}
