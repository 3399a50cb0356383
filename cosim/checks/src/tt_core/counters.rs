//! Counters as a core shows them, against what it must have counted.

/// Selections of `ctr_sel_i`.
pub(super) const COUNTERS: usize = 16;
/// Selections of section 11 of `docs/tt_core.md`.
pub(super) const BUSY: usize = 0;
pub(super) const GOOD: usize = 1;
pub(super) const BAD: usize = 2;
pub(super) const RESULTS: usize = 3;
pub(super) const LINES: usize = 4;
pub(super) const OPS: usize = 9;
pub(super) const HITS: usize = 12;
/// Those that depend on cycles: only the model knows them.
const WAITS: std::ops::Range<usize> = 5..9;

/// How many times each has happened, in total.
pub(super) type Happened = [u64; COUNTERS];

pub(super) struct Counters {
    mask: u64,
    /// What a counter shows beyond what has happened; `None`: not known since an abort.
    offset: [Option<u64>; COUNTERS],
    sample: [u64; COUNTERS],
    totals: [u64; COUNTERS],
}

impl Counters {
    pub fn new(bits: u32) -> Self {
        Self {
            mask: u64::MAX >> (64 - bits),
            offset: [Some(0); COUNTERS],
            sample: [0; COUNTERS],
            totals: [0; COUNTERS],
        }
    }

    /// All counters are 0 now.
    pub fn clear(&mut self, happened: &Happened) {
        self.offset = happened.map(|times| Some(times.wrapping_neg()));
    }

    /// What was in flight was lost, and how far it had come is unknown. Only busy cycles are seen
    /// outside.
    pub fn abort(&mut self) {
        self.offset[BUSY + 1..].fill(None);
    }

    /// A counter is shown; `rest`: nothing is in flight.
    pub fn shown(
        &mut self,
        chosen: usize,
        value: u64,
        happened: &Happened,
        rest: bool,
    ) -> Result<(), String> {
        // Right as long as each is read before it wraps.
        let more = value.wrapping_sub(self.sample[chosen]) & self.mask;
        self.totals[chosen] += more;
        self.sample[chosen] = value;
        if WAITS.contains(&chosen) || !(rest || chosen == BUSY) {
            return Ok(());
        }
        let times = happened[chosen];
        let offset = *self.offset[chosen].get_or_insert(value.wrapping_sub(times));
        let expected = times.wrapping_add(offset) & self.mask;
        match value == expected {
            true => Ok(()),
            false => Err(format!("counter {chosen} is {value}, not {expected}")),
        }
    }

    /// What each has counted in all. Right for an undisturbed episode if `ctr_sel_i` counts.
    pub fn totals(&self) -> [u64; COUNTERS] {
        self.totals
    }
}
