//! The stimulus on the model: no hangs, right sums wherever they are known, every case reached; and
//! the harness on two models, one of which is broken.

use blocks::adc_switch::AdcSwitchConfig;
use contract::Clocked;
use contract::{BlockConfig, PortLayout};
use cosim::{Agent, Dut, Episode, ModelAlone, Monitor, Pair, Sample, play};
use models::adc_switch::AdcSwitchModel;
use recross::{Order, Placement};
use traces::batch::Bags;

use super::{AdcSwitchAgent, AdcSwitchCommand, AdcSwitchMonitor, episode, random};

/// What the random episodes reach.
#[derive(Default)]
struct Reached {
    errors: u64,
    queries_in_flight: usize,
    /// By number of rows: activations taken.
    counts: Vec<u32>,
}

/// The agent's monitor, and a look at what is reached.
struct Both<'a> {
    monitor: AdcSwitchMonitor,
    reached: &'a mut Reached,
    layout: &'a PortLayout,
    in_flight: usize,
}

impl Monitor for Both<'_> {
    fn cycle(&mut self, sample: &Sample<'_>) -> Result<(), String> {
        self.reached.errors |= sample.outputs[self.layout.word("err_o")];
        if sample.disturbed {
            self.in_flight = 0;
        } else {
            if sample.transfers & 1 == 1 {
                let rows = self.layout.slot("act_rows_i");
                let words = &sample.inputs[rows.word..][..rows.words];
                let count: u32 = words.iter().map(|word| word.count_ones()).sum();
                self.reached.counts[count as usize] += 1;
                self.in_flight += sample.inputs[self.layout.word("act_last_i")] as usize;
            }
            if sample.transfers & 2 == 2 {
                let last = sample.outputs[self.layout.word("res_last_o")] as usize;
                self.in_flight = self.in_flight.saturating_sub(last);
            }
            let most = &mut self.reached.queries_in_flight;
            *most = (*most).max(self.in_flight);
        }
        self.monitor.cycle(sample)
    }

    fn finish(&mut self) -> Result<(), String> {
        self.monitor.finish()
    }
}

#[test]
fn random_episodes_end_and_sums_are_right() {
    for (name, config) in AdcSwitchConfig::named() {
        let agent = AdcSwitchAgent::new(&config);
        let (mut cycles, mut checked) = (0, 0);
        let mut reached = Reached {
            counts: vec![0; config.rows as usize + 1],
            ..Reached::default()
        };
        for seed in 0..150 {
            let episode = random(&config, seed);
            let mut monitor = Both {
                monitor: agent.monitor(&episode),
                reached: &mut reached,
                layout: agent.layout(),
                in_flight: 0,
            };
            let mut model = ModelAlone(agent.model());
            let outcome = play(&agent, &episode, &mut model, &mut monitor, 1_000_000);
            if let Some(failure) = outcome.failure {
                let divergence = failure.divergence(agent.layout());
                panic!("{name} seed {seed}: {divergence:?}");
            }
            assert!(
                outcome.cycles < 1_000_000,
                "{name} seed {seed} does not end"
            );
            cycles += outcome.cycles;
            checked += monitor.monitor.checked();
        }
        let never = reached.counts.iter().filter(|&&count| count == 0).count();
        println!("{name}: {cycles} cycles, {checked} beats checked, {never} row counts missed");
        assert!(checked > 2000, "{name}: {checked} beats are checked");
        assert_eq!(never, 0, "{name}: numbers of rows that never occur");
        assert_eq!(reached.errors, 0xf, "{name}: errors that occur");
        assert!(reached.queries_in_flight >= 4, "{name}");
    }
}

/// A model as a design, with a bug if there is to be one.
struct Twin {
    model: AdcSwitchModel,
    inputs: Vec<u64>,
    bug: Option<(usize, u64)>,
}

impl Dut for Twin {
    fn layout(&self) -> &PortLayout {
        self.model.layout()
    }

    fn reset(&mut self, asserted: bool) {
        if asserted {
            self.model.reset();
        }
    }

    fn drive(&mut self, inputs: &[u64]) {
        self.inputs = inputs.to_vec();
    }

    fn settle(&mut self) {}

    fn sample(&self, outputs: &mut [u64]) {
        self.model.eval(&self.inputs, outputs);
        if let Some((word, bits)) = self.bug
            && outputs[word] != 0
        {
            outputs[word] ^= bits;
        }
    }

    fn clock(&mut self) {
        self.model.clock(&self.inputs);
    }
}

fn twins(
    agent: &AdcSwitchAgent,
    episode: &Episode<AdcSwitchCommand>,
    bug: Option<(usize, u64)>,
) -> Option<String> {
    let dut = Twin {
        model: agent.model(),
        inputs: vec![0; agent.layout().input_words],
        bug,
    };
    let mut pair = Pair::new(dut, agent.model());
    let mut monitor = agent.monitor(episode);
    let outcome = play(agent, episode, &mut pair, &mut monitor, 100_000);
    let failure = outcome.failure?;
    Some(failure.divergence(agent.layout()).port)
}

/// Two models agree; a wrong pin is seen, in every word of the word lines.
#[test]
fn every_pin_is_compared() {
    let (_, config) = AdcSwitchConfig::named().remove(1);
    let agent = AdcSwitchAgent::new(&config);
    let episode = random(&config, 1);
    assert_eq!(twins(&agent, &episode, None), None);
    let lines = agent.layout().slot("wl_o");
    assert_eq!(lines.words, 2);
    for word in lines.word..lines.word + lines.words {
        assert_eq!(
            twins(&agent, &episode, Some((word, 1))).as_deref(),
            Some("wl_o")
        );
    }
    for pin in ["adc_en_o", "adc_col_o", "adc_start_o", "sample_o", "busy_o"] {
        let word = agent.layout().word(pin);
        assert_eq!(
            twins(&agent, &episode, Some((word, 1))).as_deref(),
            Some(pin)
        );
    }
}

#[test]
fn rows_are_placed_on_tiles() {
    let (_, config) = AdcSwitchConfig::named().remove(2);
    let bags: [&[u32]; 4] = [&[0, 5, 40], &[40, 40, 41], &[], &[40, 5]];
    let batches = [bags.into_iter().collect::<Bags>()];
    let plain = Placement::new(Order::Plain, &batches).tiles(&config, &batches[0]);
    let numbers: Vec<u32> = plain.iter().map(|tile| tile.tile).collect();
    assert_eq!(numbers, [0, 2]);
    assert_eq!(plain[0].rows, (0..16).collect::<Vec<_>>());
    assert_eq!(plain[0].queries, [vec![vec![0, 5]], vec![vec![5]]]);
    assert_eq!(plain[1].rows[8], 40);
    // A row that is requested twice is activated twice.
    assert_eq!(
        plain[1].queries,
        [vec![vec![8]], vec![vec![8, 9], vec![8]], vec![vec![8]]]
    );

    let frequency = Placement::new(Order::Frequency, &batches).tiles(&config, &batches[0]);
    let [tile] = &frequency[..] else {
        panic!("{frequency:?}");
    };
    assert_eq!(tile.rows[..4], [40, 5, 0, 41]);
    assert_eq!(
        tile.queries,
        [
            vec![vec![0, 1, 2]],
            vec![vec![0, 3], vec![0]],
            vec![vec![0, 1]]
        ]
    );

    let agent = AdcSwitchAgent::new(&config);
    for tile in plain.iter().chain(&frequency) {
        let episode = self::episode(tile, &config, 1);
        let mut monitor = agent.monitor(&episode);
        let mut model = ModelAlone(agent.model());
        let outcome = play(&agent, &episode, &mut model, &mut monitor, 100_000);
        assert!(outcome.failure.is_none());
        assert_eq!(monitor.checked(), tile.queries.len() as u64 * 2);
    }
}
