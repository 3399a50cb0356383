//! TT-SVD (Oseledets, SIAM J. Sci. Comput. 2011): from a dense table to cores.
//!
//! Step k unfolds what is left into (rank, i_k, j_k) x the other digits and cuts its singular
//! values. They come from the eigenvalues of the Gram matrix over the shorter side, in f64: the
//! longer side is streamed in blocks, so that a table of a million rows needs little more memory than
//! itself. The price is an accuracy floor. Squares of singular values are known to 2^-52 of the
//! largest square, so singular values below about 1e-8 of the largest are noise.

use std::time::Instant;

use serde::Serialize;

use super::balance::balance;
use super::shape::list;
use super::unfolding::Unfolding;
use super::{
    Boundary, Deviation, NotCompressible, TtCores, TtError, TtShape, deviation, peak_memory,
};

/// Smallest relative error that may be requested: below it, noise of the Gram matrices would be
/// taken for rank.
pub const ERROR_FLOOR: f64 = 1e-7;

/// Target of a decomposition.
#[derive(Clone, Debug)]
pub struct Target {
    /// Inner ranks to take; else as many as the error takes.
    pub ranks: Option<Vec<usize>>,
    /// Relative Frobenius error not to be exceeded.
    pub max_error: Option<f64>,
    /// Cores with more parameters than this share of the table's elements are refused.
    pub max_share: f64,
}

/// Cores of a table and their error.
#[derive(Clone, Debug, Serialize)]
pub struct Decomposed {
    /// The cores, their axes left to right (rank, row digit, column digit, rank).
    #[serde(skip)]
    pub cores: TtCores,
    /// Their shape.
    pub shape: TtShape,
    /// Rows of the table.
    pub rows: usize,
    /// Elements of all cores.
    pub parameters: u64,
    /// Elements of the table over elements of the cores.
    pub compression: f64,
    /// Distance from the table, measured on all rows.
    pub error: Deviation,
    /// Singular values between the cores.
    pub boundaries: Vec<Boundary>,
    /// Time of the decomposition and of the measurement.
    pub seconds: f64,
    /// Time of the measurement alone.
    pub seconds_measuring: f64,
    /// Largest resident set of the process, in bytes.
    pub peak_memory: Option<u64>,
}

/// Decomposes a row-major `table` of `rows` rows. `done(k)` is called after each of the d steps (d - 1
/// cuts, then the measurement).
///
/// # Errors
/// If sizes don't fit, the table holds no numbers, the requested error is below [`ERROR_FLOOR`], or
/// the table is not compressible: never a table that is worse than requested.
pub fn decompose(
    table: &[f32],
    rows: usize,
    p: &[usize],
    q: &[usize],
    target: &Target,
    mut done: impl FnMut(usize),
) -> Result<Decomposed, TtError> {
    let started = Instant::now();
    let d = p.len();
    let ranks = target.ranks.clone();
    let frame = TtShape::new(p, q, ranks.as_deref().unwrap_or(&vec![1; d.max(1) - 1]))?;
    check(table, rows, &frame, target)?;
    let norm = table.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>();
    let budget = target.max_error.map(|e| e * e * norm / (d as f64 - 1.0));
    let columns = frame.columns();
    let refusal = |boundaries: &[Boundary]| NotCompressible {
        rows,
        columns,
        parameters: None,
        max_share: target.max_share,
        error: None,
        max_error: target.max_error,
        boundaries: boundaries.to_vec(),
    };
    let refuse_size = |boundaries: &[Boundary], parameters: u64| {
        if parameters as f64 <= target.max_share * rows as f64 * columns as f64 {
            return Ok(());
        }
        Err(TtError::NotCompressible(NotCompressible {
            parameters: Some(parameters),
            ..refusal(boundaries)
        }))
    };

    let mut parts: Vec<Vec<f64>> = Vec::new();
    let mut boundaries = Vec::new();
    let (mut parameters, mut left, mut rest) = (0, 1, Vec::new());
    for k in 0..d - 1 {
        let unfolding = match k {
            0 => Unfolding::of_table(table, &frame),
            _ => Unfolding::of_rest(std::mem::take(&mut rest), left * p[k] * q[k]),
        };
        let largest = unfolding.largest_rank();
        let spectrum = unfolding.spectrum()?;
        let needed = budget.map(|budget| needed(&spectrum.values, budget));
        let rank = match &ranks {
            Some(ranks) if ranks[k] > largest => {
                let why = format!(
                    "rank {} can be at most {largest}, the smaller side of its unfolding",
                    k + 1
                );
                return Err(TtError::value("ranks", list(ranks), why));
            }
            Some(ranks) => ranks[k],
            None => needed.unwrap_or(largest),
        };
        let cut = spectrum.values[rank..]
            .iter()
            .fold(0.0, |sum, value| sum + value);
        let ends = |at: usize| spectrum.values[at].sqrt();
        boundaries.push(Boundary {
            rank,
            largest,
            needed,
            cut: (cut / norm.max(f64::MIN_POSITIVE)).sqrt(),
            smallest_to_largest: ends(largest - 1) / ends(0).max(f64::MIN_POSITIVE),
        });
        parameters += (left * p[k] * q[k] * rank) as u64;
        // Before the product is made: it is as large as the table.
        refuse_size(&boundaries, parameters)?;
        let core;
        (core, rest) = unfolding.split(&spectrum, rank);
        parts.push(core);
        left = rank;
        done(k);
    }
    refuse_size(&boundaries, parameters + rest.len() as u64)?;
    parts.push(rest);

    let inner: Vec<usize> = boundaries.iter().map(|boundary| boundary.rank).collect();
    let shape = TtShape::new(p, q, &inner)?;
    balance(&shape, &mut parts);
    let narrow = |core: Vec<f64>| core.into_iter().map(|element| element as f32).collect();
    let cores = TtCores::new(shape, rows, parts.into_iter().map(narrow).collect())?;
    let measuring = Instant::now();
    let error = deviation(&cores, table)?;
    done(d - 1);
    if let Some(max_error) = target.max_error.filter(|&max| error.relative > max) {
        return Err(TtError::NotCompressible(NotCompressible {
            error: Some(error.relative),
            max_error: Some(max_error),
            ..refusal(&boundaries)
        }));
    }
    Ok(Decomposed {
        shape: cores.shape().clone(),
        rows,
        parameters: cores.shape().parameters(),
        compression: cores.compression(),
        cores,
        error,
        boundaries,
        seconds: started.elapsed().as_secs_f64(),
        seconds_measuring: measuring.elapsed().as_secs_f64(),
        peak_memory: peak_memory(),
    })
}

/// Fewest values, at least one, whose rest sums to at most `budget`.
fn needed(values: &[f64], budget: f64) -> usize {
    let mut tail = 0.0;
    let mut rank = values.len();
    for value in values.iter().rev() {
        tail += value;
        if tail > budget {
            break;
        }
        rank -= 1;
    }
    rank.max(1)
}

fn check(table: &[f32], rows: usize, frame: &TtShape, target: &Target) -> Result<(), TtError> {
    frame.check_rows(rows)?;
    let columns = frame.columns();
    if table.len() != rows * columns {
        let why = format!("q = {} makes rows of {columns}", list(frame.q()));
        return Err(TtError::value(
            "columns of the table",
            table.len() / rows,
            why,
        ));
    }
    if let Some(at) = table.iter().position(|element| !element.is_finite()) {
        let why = format!(
            "in row {}, column {} of the table; elements must be finite",
            at / columns,
            at % columns
        );
        return Err(TtError::value("element", table[at], why));
    }
    if let Some(error) = target.max_error.filter(|e| !(ERROR_FLOOR..1.0).contains(e)) {
        let why = format!(
            "give {ERROR_FLOOR:e} to 1: singular values come from Gram matrices in f64, which know \
             nothing smaller"
        );
        return Err(TtError::value("max-error", format!("{error:e}"), why));
    }
    if !(target.max_share > 0.0 && target.max_share <= 1.0) {
        let why = "give a number above 0, at most 1";
        return Err(TtError::value("max-share", target.max_share, why));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dense_table, random_cores};
    use contract::SplitMix64;

    fn known(p: &[usize], q: &[usize], r: &[usize], rows: usize) -> Vec<f32> {
        let shape = TtShape::new(p, q, r).expect("valid");
        dense_table(&random_cores(shape, rows, 7).expect("fits"))
    }

    fn target(ranks: Option<&[usize]>, max_error: Option<f64>) -> Target {
        Target {
            ranks: ranks.map(<[usize]>::to_vec),
            max_error,
            max_share: 1.0,
        }
    }

    /// Both sides of an unfolding are the shorter one in turn; the last rows may be padding.
    #[test]
    fn known_ranks_are_found() {
        for (p, q, r, rows) in [
            (&[30, 20][..], &[4, 4][..], &[5][..], 600),
            (&[100, 3], &[4, 2], &[4], 300),
            (&[12, 10, 15], &[2, 4, 2], &[6, 5], 1800),
            (&[60, 3, 5], &[4, 2, 2], &[7, 4], 900),
            (&[3, 3, 80], &[2, 2, 4], &[3, 8], 720),
            (&[6, 7, 8, 5], &[2, 2, 2, 2], &[3, 4, 5], 1680),
        ] {
            let table = known(p, q, r, rows);
            let mut steps = Vec::new();
            let found = decompose(&table, rows, p, q, &target(None, Some(1e-5)), |k| {
                steps.push(k)
            });
            let found = found.expect("compressible");
            assert_eq!(&found.shape.r()[1..p.len()], r);
            assert!(found.error.relative < 2e-7, "{:?}", found.error);
            assert_eq!(steps, (0..p.len()).collect::<Vec<_>>());
        }
    }

    /// Padding with zero rows may raise the ranks, but not the error.
    #[test]
    fn padded_tables() {
        let (p, q) = ([12, 10, 15], [2, 4, 2]);
        let table = known(&p, &q, &[3, 3], 1733);
        let found = decompose(&table, 1733, &p, &q, &target(None, Some(1e-5)), |_| ());
        let found = found.expect("compressible");
        assert_eq!((found.rows, found.cores.rows()), (1733, 1733));
        assert!(found.error.relative < 2e-7, "{:?}", found.error);
        let zero = decompose(
            &[0.0; 16],
            4,
            &[2, 2],
            &[2, 2],
            &target(None, Some(1e-5)),
            |_| (),
        );
        let zero = zero.expect("rank 1");
        assert_eq!((zero.shape.r(), zero.error.relative), (&[1, 1, 1][..], 0.0));
    }

    #[test]
    fn the_error_is_what_is_cut() {
        let (p, q) = ([12, 10, 15], [2, 4, 2]);
        let mut rng = SplitMix64::new(3);
        let mut table = known(&p, &q, &[4, 4], 1800);
        table
            .iter_mut()
            .for_each(|x| *x += 0.01 * (rng.unit() - 0.5) as f32);
        let found = decompose(&table, 1800, &p, &q, &target(Some(&[4, 4]), None), |_| ());
        let found = found.expect("no error asked");
        let cut = found
            .boundaries
            .iter()
            .map(|b| b.cut * b.cut)
            .sum::<f64>()
            .sqrt();
        assert!((1e-3..1e-2).contains(&cut));
        assert!((found.error.relative / cut - 1.0).abs() < 1e-3);
        // Asking for that error gives these ranks, and asking for less of these ranks is refused.
        let asked = decompose(&table, 1800, &p, &q, &target(None, Some(5e-3)), |_| ());
        assert_eq!(asked.expect("compressible").shape.r(), [1, 4, 4, 1]);
        let missed = decompose(
            &table,
            1800,
            &p,
            &q,
            &target(Some(&[4, 4]), Some(1e-4)),
            |_| (),
        );
        let message = missed.expect_err("refused").to_string();
        assert!(
            message.starts_with("not compressible: the table of 1800 x 16 has error"),
            "{message}"
        );
        assert!(
            message.contains("more than --max-error 1e-4; rank 1 is 4 of 24 (24 needed)"),
            "{message}"
        );
    }

    #[test]
    fn full_rank_is_not_compressible() {
        let mut rng = SplitMix64::new(3);
        let table: Vec<f32> = (0..1800 * 16).map(|_| rng.unit() as f32 - 0.5).collect();
        let target = Target {
            max_share: 0.5,
            ..target(None, Some(1e-3))
        };
        let refused = decompose(&table, 1800, &[12, 10, 15], &[2, 4, 2], &target, |_| ());
        let Err(TtError::NotCompressible(facts)) = refused else {
            panic!("{refused:?}");
        };
        assert!(
            facts
                .parameters
                .is_some_and(|parameters| parameters > 14_400)
        );
        assert_eq!(facts.boundaries[0].rank, 24);
        assert!(facts.boundaries[0].smallest_to_largest > 0.1);
    }

    #[test]
    fn what_can_not_be_decomposed() {
        let table = known(&[4, 4], &[2, 2], &[2], 16);
        let message = |table: &[f32], p: &[usize], q: &[usize], target: &Target| {
            let refused = decompose(table, table.len() / 4, p, q, target, |_| ());
            refused.expect_err("refused").to_string()
        };
        let plain = target(None, Some(1e-5));
        assert_eq!(
            message(&table, &[3, 4], &[2, 2], &plain),
            "rows = 16: p = 3,4 addresses 12 rows; enlarge p"
        );
        assert_eq!(
            message(&table, &[4, 4], &[2, 3], &plain),
            "columns of the table = 4: q = 2,3 makes rows of 6"
        );
        assert_eq!(
            message(&table, &[4, 4], &[2, 2], &target(Some(&[9]), None)),
            "ranks = 9: rank 1 can be at most 8, the smaller side of its unfolding"
        );
        let tiny = message(&table, &[4, 4], &[2, 2], &target(None, Some(1e-9)));
        assert!(
            tiny.starts_with("max-error = 1e-9: give 1e-7 to 1: "),
            "{tiny}"
        );
        let share = Target {
            max_share: 0.0,
            ..plain.clone()
        };
        assert_eq!(
            message(&table, &[4, 4], &[2, 2], &share),
            "max-share = 0: give a number above 0, at most 1"
        );
        let mut bad = table.clone();
        bad[22] = f32::INFINITY;
        assert_eq!(
            message(&bad, &[4, 4], &[2, 2], &plain),
            "element = inf: in row 5, column 2 of the table; elements must be finite"
        );
    }
}
