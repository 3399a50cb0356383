//! Output error on imperfect devices, with switched ADCs and without.
//!
//! The controller's model runs against the device model, so that every code passes through the
//! whole back end. Both see the same devices (cells and ADCs are drawn from the same seed) and the
//! same queries: each one activation of random rows, over random elements.

use blocks::adc_switch::AdcSwitchConfig;
use serde::Serialize;

use crate::model::Controller;
use contract::SplitMix64;
use models::adc_switch::Rows;
use models::adc_switch::device::{Crossbar, Elements, Imperfections};

/// Standard deviations of the logarithm of a cell's conductance.
const SPREADS: &[f64] = &[0.0, 0.01, 0.02, 0.05, 0.1, 0.2];
/// Standard deviations of a conversion's noise, in steps.
const NOISES: &[f64] = &[0.0, 0.1, 0.2, 0.3, 0.5, 1.0];
/// Devices for each point.
const TILES: u64 = 8;
/// Queries on each device.
const QUERIES: usize = 64;

/// What is varied; everything else is ideal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// Conductance spread.
    Spread,
    /// ADC noise.
    Noise,
}

/// Error of result elements, relative to the root mean square of the exact ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Deviation {
    /// Root mean square.
    pub rms: f64,
    /// Largest.
    pub worst: f64,
}

/// One point of the study.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    pub cause: Cause,
    /// How much of it.
    pub sigma: f64,
    /// Active rows.
    pub rows: u32,
    pub switched: Deviation,
    pub fixed: Deviation,
}

/// Errors by cause, rows and sigma.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorStudy {
    pub config: String,
    pub seed: u64,
    pub tiles: u64,
    pub queries_a_tile: u64,
    pub points: Vec<Point>,
}

/// Measures all points on devices that follow from `seed`.
pub fn study(name: &str, config: &AdcSwitchConfig, seed: u64) -> ErrorStudy {
    // READ, few rows and all rows.
    let mut sizes = vec![1, config.rows / 8, config.rows];
    sizes.dedup();
    let causes = [(Cause::Spread, SPREADS), (Cause::Noise, NOISES)];
    let mut points = Vec::new();
    for (cause, sigmas) in causes {
        for &rows in &sizes {
            for &sigma in sigmas {
                let measured = |switching| {
                    let config = AdcSwitchConfig {
                        switching,
                        ..config.clone()
                    };
                    measure(&config, rows, cause, sigma, seed)
                };
                points.push(Point {
                    cause,
                    sigma,
                    rows,
                    switched: measured(true),
                    fixed: measured(false),
                });
            }
        }
    }
    ErrorStudy {
        config: name.to_owned(),
        seed,
        tiles: TILES,
        queries_a_tile: QUERIES as u64,
        points,
    }
}

fn measure(config: &AdcSwitchConfig, rows: u32, cause: Cause, sigma: f64, seed: u64) -> Deviation {
    let mut rng = SplitMix64::new(seed);
    let (mut square, mut exact_square, mut worst) = (0.0_f64, 0.0_f64, 0.0_f64);
    let mut count = 0_u64;
    for _ in 0..TILES {
        let elements = Elements::from_seed(config, rng.next_u64());
        let mut imperfections = Imperfections {
            seed: rng.next_u64(),
            ..Imperfections::default()
        };
        match cause {
            Cause::Spread => imperfections.spread = sigma,
            Cause::Noise => imperfections.noise = sigma,
        }
        let device = Crossbar::new(config, &elements, &imperfections);
        let mut controller = Controller::new(config, Some(device));
        let mut exact = Vec::new();
        for _ in 0..QUERIES {
            let lines = choose(config.rows, rows, &mut rng);
            controller.query(&[lines]);
            let sum = |element: usize| -> i64 {
                let rows = lines.iter();
                rows.map(|row| i64::from(elements.row(row)[element])).sum()
            };
            exact.extend((0..config.elements() as usize).map(sum));
        }
        controller.drain();
        for (&exact, &result) in exact.iter().zip(&controller.results) {
            let off = (result - exact) as f64;
            square += off * off;
            exact_square += (exact * exact) as f64;
            worst = worst.max(off.abs());
            count += 1;
        }
    }
    let scale = (exact_square / count as f64).sqrt();
    Deviation {
        rms: (square / count as f64).sqrt() / scale,
        worst: worst / scale,
    }
}

/// `count` random word lines of `all`.
fn choose(all: u32, count: u32, rng: &mut SplitMix64) -> Rows {
    let mut wanted = u64::from(count);
    let taken = (0..u64::from(all)).filter(|line| {
        let take = rng.below(u64::from(all) - line) < wanted;
        wanted -= u64::from(take);
        take
    });
    taken.map(|line| line as usize).collect()
}

#[cfg(test)]
mod tests {
    use contract::BlockConfig;

    use super::*;

    #[test]
    fn lines_are_as_many_as_asked_for() {
        let mut rng = SplitMix64::new(1);
        for count in 0..=16 {
            assert_eq!(choose(16, count, &mut rng).count(), count);
        }
    }

    /// Ideal devices are exact, errors grow with their cause, and a resolution that holds no more
    /// than an ideal value clips what is above it.
    #[test]
    fn errors_follow_their_causes() {
        let (name, config) = AdcSwitchConfig::named().remove(2);
        let study = study(name, &config, 3);
        assert_eq!(study.points.len(), 36);
        for sweep in study.points.chunk_by(|a, b| a.sigma < b.sigma) {
            let [first, .., last] = sweep else {
                panic!("a sweep has several points");
            };
            assert_eq!((first.switched, first.fixed), Default::default());
            for error in [last.switched, last.fixed] {
                assert!(error.rms > 0.0 && error.worst > error.rms);
            }
            if last.rows == 1 {
                assert!(last.switched.rms < last.fixed.rms);
            }
            assert!(
                sweep
                    .windows(2)
                    .all(|pair| pair[0].fixed.rms <= pair[1].fixed.rms)
            );
        }
    }
}
