//! Drives the model's streams with random gaps and collects what leaves.

use super::super::PeModel;
use super::super::request::Request;
use blocks::pe::PeConfig;
use contract::Clocked;
use contract::SplitMix64;

/// One command with its streams.
#[derive(Clone, Debug, Default)]
pub struct Job {
    pub op: u64,
    pub retain: bool,
    pub queries: u64,
    pub visits: u64,
    pub lr: u32,
    pub requests: Vec<Request>,
    /// Vectors or rows: id and elements in memory format, all beats.
    pub vectors: Vec<(u64, Vec<u32>)>,
}

/// How often, in percent, each side is willing.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    pub requests: u64,
    pub vectors: u64,
    pub outputs: u64,
}

impl Pace {
    pub const FULL: Self = Self {
        requests: 100,
        vectors: 100,
        outputs: 100,
    };
}

/// What a command gave.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Query and sum.
    pub results: Vec<(u32, Vec<u32>)>,
    /// Row id and elements in memory format.
    pub rows: Vec<(u64, Vec<u32>)>,
}

/// The model with its harness.
pub struct Driver {
    pub model: PeModel,
    config: PeConfig,
    pace: Pace,
    rng: SplitMix64,
    pub inputs: Vec<u64>,
    pub outputs: Vec<u64>,
    job: Job,
    beats: Vec<(u64, Vec<u64>)>,
    commands: usize,
    next_request: usize,
    next_beat: usize,
    partial: Vec<u32>,
    outcome: Outcome,
    stalled: Option<Vec<u64>>,
}

impl Driver {
    pub fn new(config: &PeConfig, pace: Pace, seed: u64) -> Self {
        let model = PeModel::new(config);
        Self {
            inputs: vec![0; model.layout().input_words],
            outputs: vec![0; model.layout().output_words],
            model,
            config: config.clone(),
            pace,
            rng: SplitMix64::new(seed),
            job: Job::default(),
            beats: Vec::new(),
            commands: 0,
            next_request: 0,
            next_beat: 0,
            partial: Vec::new(),
            outcome: Outcome::default(),
            stalled: None,
        }
    }

    fn input(&mut self, name: &str) -> &mut u64 {
        &mut self.inputs[self.model.layout().word(name)]
    }

    /// Word of the output `name` as last evaluated.
    pub fn output(&self, name: &str) -> u64 {
        self.outputs[self.model.layout().word(name)]
    }

    /// Offers a job's command and streams from the next cycle on.
    pub fn offer(&mut self, job: &Job) {
        let bits = self.config.element.bits();
        let lanes = self.config.sum_lanes() as usize;
        self.job = job.clone();
        self.beats.clear();
        for (id, elements) in &job.vectors {
            for (number, beat) in elements.chunks(lanes).enumerate() {
                let mut words = vec![0_u64; self.config.vec_width().div_ceil(64) as usize];
                for (i, &e) in beat.iter().enumerate() {
                    let at = i * bits as usize;
                    words[at / 64] |= u64::from(e) << (at % 64);
                }
                // Only the first beat's id counts.
                let id = if number == 0 { *id } else { !id & 0xf };
                self.beats.push((id, words));
            }
        }
        self.commands = usize::from(job.op != 0);
        (self.next_request, self.next_beat) = (0, 0);
        self.outcome = Outcome::default();
        *self.input("cmd_valid_i") = 0;
        *self.input("req_valid_i") = 0;
        *self.input("vec_valid_i") = 0;
    }

    fn willing(&mut self, percent: u64) -> bool {
        percent >= 100 || self.rng.below(100) < percent
    }

    /// One cycle.
    pub fn tick(&mut self) {
        let update = self.config.has_update();
        if self.commands > 0 {
            let (op, retain) = (self.job.op, u64::from(self.job.retain));
            let (queries, visits, lr) = (self.job.queries, self.job.visits, self.job.lr);
            *self.input("cmd_valid_i") = 1;
            *self.input("cmd_op_i") = op;
            *self.input("cmd_retain_i") = retain;
            *self.input("cmd_queries_i") = queries;
            *self.input("cmd_visits_i") = visits;
            if update {
                *self.input("cmd_lr_i") = lr.into();
            }
        }
        if *self.input("req_valid_i") == 0
            && let Some(&beat) = self.job.requests.get(self.next_request)
            && self.willing(self.pace.requests)
        {
            *self.input("req_valid_i") = 1;
            // With the match tracker a beat holds a query and its id in these two.
            let [row, mask] = if self.config.has_match() {
                ["req_query_i", "req_id_i"]
            } else {
                ["req_row_i", "req_mask_i"]
            };
            *self.input(row) = beat.row.into();
            *self.input(mask) = beat.mask.into();
            *self.input("req_last_i") = beat.last.into();
            *self.input("req_end_i") = beat.end.into();
        }
        if *self.input("vec_valid_i") == 0
            && self.next_beat < self.beats.len()
            && self.willing(self.pace.vectors)
        {
            let (id, words) = self.beats[self.next_beat].clone();
            let at = self.model.layout().word("vec_data_i");
            self.inputs[at..at + words.len()].copy_from_slice(&words);
            if update || self.config.has_match() {
                *self.input("vec_id_i") = id;
            }
            *self.input("vec_valid_i") = 1;
        }
        let ready = self.willing(self.pace.outputs);
        *self.input("res_ready_i") = ready.into();
        if update {
            *self.input("wb_ready_i") = ready.into();
        }

        self.model.eval(&self.inputs, &mut self.outputs);
        if *self.input("cmd_valid_i") == 1 && self.output("cmd_ready_o") == 1 {
            self.commands = 0;
        }
        if *self.input("req_valid_i") == 1 && self.output("req_ready_o") == 1 {
            self.next_request += 1;
        }
        if *self.input("vec_valid_i") == 1 && self.output("vec_ready_o") == 1 {
            self.next_beat += 1;
        }
        self.collect(ready);
        self.model.clock(&self.inputs);
        if self.output("cmd_ready_o") == 1 {
            *self.input("cmd_valid_i") = 0;
        }
        if self.output("req_ready_o") == 1 {
            *self.input("req_valid_i") = 0;
        }
        if self.output("vec_ready_o") == 1 {
            *self.input("vec_valid_i") = 0;
        }
    }

    fn collect(&mut self, ready: bool) {
        let row = self.config.has_update() && self.output("wb_valid_o") == 1;
        let result = self.output("res_valid_o") == 1;
        assert!(!(row && result));
        if !row && !result {
            assert!(self.stalled.is_none(), "a stalled beat vanished");
            return;
        }
        let (stream, bits) = if row {
            ("wb", self.config.element.bits())
        } else {
            ("res", 32)
        };
        let label = if row { "wb_id_o" } else { "res_row_o" };
        let data = format!("{stream}_data_o");
        let words = &self.outputs[self.model.layout().words(&data)];
        let mask = if row { 0 } else { self.output("res_mask_o") };
        let last = self.output(&format!("{stream}_last_o"));
        let mut beat = words.to_vec();
        beat.extend([self.output(label), mask, last]);
        if let Some(before) = self.stalled.take() {
            assert_eq!(before, beat, "a stalled beat changed");
        }
        if !ready {
            self.stalled = Some(beat);
            return;
        }
        for i in 0..self.config.sum_lanes() as usize {
            let at = i * bits as usize;
            let lane = words[at / 64] >> (at % 64) & ((1 << bits) - 1);
            self.partial.push(lane as u32);
        }
        let full = self.partial.len() == (self.config.beats() * self.config.sum_lanes()) as usize;
        assert_eq!(full, last == 1, "`last` is on the last beat");
        if full {
            let slice = std::mem::take(&mut self.partial);
            if row {
                self.outcome.rows.push((self.output(label), slice));
            } else {
                let lanes = self.config.lookups_per_cycle;
                let first = self.output(label) as u32 * lanes;
                for lane in (0..lanes).filter(|l| mask >> l & 1 == 1) {
                    self.outcome.results.push((first + lane, slice.clone()));
                }
            }
        }
    }

    /// Runs a job to its end: the PE is idle again and has taken everything.
    pub fn run(&mut self, job: &Job) -> Outcome {
        self.offer(job);
        let work = job.requests.len() + self.beats.len() + 200;
        let slowest = [self.pace.requests, self.pace.vectors, self.pace.outputs];
        let slowest = *slowest.iter().min().unwrap() as usize;
        let tables = (self.config.slots + self.config.queries) as usize * 8;
        let limit = (work * 60 + tables * (job.visits as usize + 4)) * 100 / slowest;
        for _ in 0..limit {
            self.tick();
            let fed = self.next_request == job.requests.len() && self.next_beat == self.beats.len();
            if self.commands == 0 && fed && self.idle() {
                return std::mem::take(&mut self.outcome);
            }
        }
        panic!("no end after {limit} cycles");
    }

    fn idle(&mut self) -> bool {
        self.model.eval(&self.inputs, &mut self.outputs);
        self.output("busy_o") == 0
    }

    /// One cycle with `abort_i` or `clear_i` high.
    pub fn cut(&mut self, level: &str) {
        *self.input(level) = 1;
        self.model.clock(&self.inputs);
        *self.input(level) = 0;
        self.stalled = None;
        self.partial.clear();
        self.model.eval(&self.inputs, &mut self.outputs);
        assert_eq!(self.output("busy_o"), 1);
        assert_eq!(self.output("res_valid_o"), 0);
    }

    pub fn counter(&mut self, select: u64) -> u32 {
        *self.input("ctr_sel_i") = select;
        self.model.eval(&self.inputs, &mut self.outputs);
        self.output("ctr_o") as u32
    }

    pub fn error(&mut self) -> u64 {
        self.model.eval(&self.inputs, &mut self.outputs);
        self.output("err_o")
    }

    /// Nothing is held or in progress, as after reset.
    pub fn assert_clean(&self) {
        assert_eq!(self.model.tracker.live, 0);
        assert_eq!(self.model.tracker.slots.held(), 0);
        assert!(self.model.tracker.queries.iter().all(|&w| w == 0));
        assert!(self.model.vectors.is_empty());
    }
}
