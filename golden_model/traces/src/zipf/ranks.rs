//! Ranks drawn by Zipf's law, from tables of up to 2^28 rows in a fixed amount of memory.
//!
//! The first 2^16 ranks have a running sum each. Ranks beyond stand in buckets, 64 an octave, each
//! with its weight as an integral; within a bucket a rank is drawn evenly and kept with the
//! probability that makes its weight exact. At most 0.6 MB a table, and one draw takes one search
//! and (beyond the head) 1.1 trials at most on average. Only `+ - * /` and `sqrt` are used.

use super::config::scaled;
use super::power::power;
use contract::SplitMix64;

/// Ranks with a running sum of their own.
const HEAD: u32 = 1 << 16;
/// A bucket spans this part of its first rank.
const SPLIT: u32 = 64;

/// Rank k of `rows`, from 0, with weight (k + 1)^-s.
#[derive(Clone, Debug)]
pub struct Ranks {
    rows: u32,
    /// s times 2^16.
    exponent: u32,
    /// Running sums of the weights of the head.
    head: Vec<f64>,
    /// The rest, in order.
    tail: Vec<Bucket>,
}

/// Some neighbouring ranks.
#[derive(Clone, Debug)]
struct Bucket {
    /// First rank plus one, and the number of ranks.
    first: u32,
    ranks: u32,
    /// The weight of all ranks up to and with this bucket.
    sum: f64,
    /// `first` to the power s.
    power: f64,
    /// What the bucket's last rank weighs against its first: below this all are kept.
    least: f64,
}

impl Ranks {
    /// `rows` ranks, at least one and at most 2^28, of an exponent from 0 to 8.
    pub fn of(rows: u32, exponent: f64) -> Self {
        Self::new(rows, scaled(exponent))
    }

    /// Prepares `rows` ranks, at least one, of exponent `exponent` / 2^16.
    pub(super) fn new(rows: u32, exponent: u32) -> Self {
        let head: Vec<f64> = (1..=rows.min(HEAD))
            .scan(0.0, |sum, rank| {
                *sum += 1.0 / power(f64::from(rank), exponent);
                Some(*sum)
            })
            .collect();
        let mut sum = head.last().copied().unwrap_or_default();
        let mut tail = Vec::new();
        let mut first = HEAD + 1;
        while first <= rows {
            let ranks = (first / SPLIT).min(rows - first + 1);
            sum += integral(first, ranks, exponent);
            let low = power(f64::from(first), exponent);
            tail.push(Bucket {
                first,
                ranks,
                sum,
                power: low,
                least: low / power(f64::from(first + ranks - 1), exponent),
            });
            first += ranks;
        }
        Self {
            rows,
            exponent,
            head,
            tail,
        }
    }

    /// Number of ranks.
    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    /// Draws a rank.
    pub fn draw(&self, rng: &mut SplitMix64) -> u32 {
        let head = self.head.last().copied().unwrap_or_default();
        let total = self.tail.last().map_or(head, |bucket| bucket.sum);
        let point = rng.unit() * total;
        if point >= head && !self.tail.is_empty() {
            let bucket = self.tail.partition_point(|bucket| bucket.sum <= point);
            return self.tail[bucket.min(self.tail.len() - 1)].draw(self.exponent, rng);
        }
        // The product may round up to the total.
        self.head
            .partition_point(|&sum| sum <= point)
            .min(self.head.len() - 1) as u32
    }
}

impl Bucket {
    fn draw(&self, exponent: u32, rng: &mut SplitMix64) -> u32 {
        loop {
            let rank = self.first + rng.below(u64::from(self.ranks)) as u32;
            let kept = rng.unit();
            if kept <= self.least || kept * power(f64::from(rank), exponent) <= self.power {
                return rank - 1;
            }
        }
    }
}

/// The weight of `ranks` ranks from `first` (counted from 1) on: the integral of x^-s from half a
/// rank before to half a rank behind, by Simpson's rule. Where ranks exceed 2^16 the two steps
/// together are off by less than 2e-7 of the weight, and 1e-9 for s up to 1.5.
fn integral(first: u32, ranks: u32, exponent: u32) -> f64 {
    let start = f64::from(first) - 0.5;
    let width = f64::from(ranks);
    let weight = |at: f64| 1.0 / power(at, exponent);
    width / 6.0 * (weight(start) + 4.0 * weight(start + width / 2.0) + weight(start + width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_weigh_what_their_ranks_do() {
        for exponent in [0, 52_429, 65_536, 91_750, 8 << 16] {
            let ranks = Ranks::new(300_000, exponent);
            let total: f64 = (1..=300_000)
                .map(|rank| 1.0 / power(f64::from(rank), exponent))
                .sum();
            let found = ranks.tail.last().expect("a tail").sum;
            assert!(
                (found / total - 1.0).abs() < 1e-9,
                "{exponent}: {found} {total}"
            );
        }
    }

    #[test]
    fn the_tail_follows_the_law() {
        let ranks = Ranks::new(1 << 20, 65_536);
        let mut rng = SplitMix64::new(3);
        let draws = 400_000;
        let mut count = [0u32; 5];
        for _ in 0..draws {
            let octave = (ranks.draw(&mut rng) + 1).ilog2();
            if octave >= 15 {
                count[octave as usize - 15] += 1;
            }
        }
        let harmonic = |n: f64| n.ln() + 0.577_215_665 + 0.5 / n;
        for (octave, &found) in count.iter().enumerate() {
            let start = f64::from(1 << (15 + octave));
            let share =
                (harmonic(2.0 * start - 1.0) - harmonic(start - 1.0)) / harmonic(1_048_576.0);
            let expected = share * f64::from(draws);
            assert!(
                (f64::from(found) - expected).abs() < 5.0 * expected.sqrt(),
                "octave {octave}: {found} {expected}"
            );
        }
    }

    #[test]
    fn the_largest_table() {
        let ranks = Ranks::new(1 << 28, 0);
        assert!(ranks.tail.len() < 1000);
        let mut rng = SplitMix64::new(1);
        let half = (0..10_000)
            .filter(|_| ranks.draw(&mut rng) < 1 << 27)
            .count();
        assert!((4_750..5_250).contains(&half), "{half}");
        assert!((0..10_000).all(|_| ranks.draw(&mut rng) < 1 << 28));
    }
}
