//! The PE for the harness.

use blocks::pe::{PeConfig, Pins};
use contract::{BlockConfig, PortLayout};
use cosim::{Agent, Beats, Episode};
use models::pe::PeModel;

use super::command::{PeCommand, UPDATE, pack};
use super::lists;
use super::monitor::PeMonitor;

/// Knows a PE configuration's streams.
pub struct PeAgent {
    pub config: PeConfig,
    layout: PortLayout,
    pins: Pins,
    /// Words of the output frame that are 0 when idle: `busy_o` and the valid outputs.
    at_work: Vec<usize>,
}

impl PeAgent {
    /// For a configuration that is valid.
    pub fn new(config: &PeConfig) -> Self {
        let layout = PortLayout::new(config.ports());
        let pins = Pins::new(config);
        let mut at_work = vec![pins.busy, pins.res.stream.valid];
        at_work.extend(pins.wb.iter().map(|wb| wb.stream.valid));
        Self {
            config: config.clone(),
            layout,
            pins,
            at_work,
        }
    }
}

impl Agent for PeAgent {
    type Command = PeCommand;
    type Model = PeModel;
    type Monitor = PeMonitor;

    fn layout(&self) -> &PortLayout {
        &self.layout
    }

    fn model(&self) -> PeModel {
        PeModel::new(&self.config)
    }

    fn monitor(&self, episode: &Episode<PeCommand>) -> PeMonitor {
        PeMonitor::new(&self.config, episode)
    }

    fn beats(&self, command: &PeCommand, beats: &mut Beats) {
        let PeCommand {
            op,
            retain,
            queries,
            announced,
            lr,
            visits,
        } = command;
        let update = self.config.has_update();
        let fields = [
            *op as u64,
            u64::from(*retain),
            u64::from(*queries),
            u64::from(*announced),
        ];
        beats.push(self.pins.cmd.index, fields);
        if update {
            beats.push(self.pins.cmd.index, [u64::from(*lr)]);
        }
        let matches = self.config.has_match();
        if matches {
            for entry in lists::beats(&self.config, command) {
                let (last, end) = (u64::from(entry.last), u64::from(entry.end));
                beats.push(
                    self.pins.req.index,
                    [u64::from(entry.query), entry.id, last, end],
                );
            }
        }
        for visit in visits {
            for request in visit.requests.iter().filter(|_| !matches) {
                let (row, mask, last) = (request.row, request.mask, request.last);
                let fields = [row, mask, last, u32::from(request.end)].map(u64::from);
                beats.push(self.pins.req.index, fields);
            }
            let words = self.config.vec_width().div_ceil(64) as usize;
            for beat in pack(&visit.vector, &self.config).chunks(words) {
                if update || matches {
                    beats.push(self.pins.vec.index, [visit.id]);
                }
                beats.push(self.pins.vec.index, beat.iter().copied());
            }
        }
    }

    fn done(&self, outputs: &[u64]) -> bool {
        self.at_work.iter().all(|&word| outputs[word] == 0)
    }

    /// Clearing and sweeping the tables take a few cycles per entry, without a transfer.
    fn patience(&self) -> u64 {
        2000 + 4 * u64::from(self.config.slots + self.config.queries)
    }

    fn describe(&self, command: &PeCommand) -> String {
        let PeCommand {
            op,
            retain,
            queries,
            announced,
            visits,
            ..
        } = command;
        let name = match *op {
            super::command::GNR => "GNR",
            UPDATE => "UPDATE",
            _ => "illegal",
        };
        let requests: usize = visits.iter().map(|visit| visit.requests.len()).sum();
        format!(
            "{name} (op {op}) retain={} queries={queries} visits={announced}; {} vectors, \
             {requests} requests sent with it",
            u8::from(*retain),
            visits.len()
        )
    }

    fn parts(&self, command: &PeCommand) -> usize {
        command.visits.len().max(1)
    }

    fn keep(&self, command: &PeCommand, keep: &[bool]) -> Option<PeCommand> {
        (command.visits.len() == keep.len()).then(|| command.keep(keep))
    }
}
