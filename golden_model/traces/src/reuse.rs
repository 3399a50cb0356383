//! The generator fitted to reuse histograms, as Meta publishes them with its embedding look-ups
//! (facebookresearch/dlrm_datasets): how many rows of a batch are looked up once, twice, ...
//!
//! All tables are taken to be alike: `rows` rows under one Zipf exponent, which two published figures
//! decide: unique rows for so many look-ups, and the part of these that is looked up once. The
//! other steps of the histogram follow, and [`ReuseFit::steps`] says how near they come. Not matched:
//! differences between tables, and co-occurrence, of which histograms say nothing (it is 0).

use serde::Serialize;

use super::zipf::{MAX_TABLE, ZipfConfig};

/// Steps that are compared: rows with at most so many look-ups.
const STEPS: [u32; 6] = [1, 2, 4, 8, 16, 32];
/// Look-ups of a query in one table are whole: uniform from 1 to what gives the mean.
const SHORTEST: u32 = 1;
/// Ranks with a term of their own.
const HEAD: u32 = 1 << 10;

/// One part of the file: one batch of look-ups over some tables.
#[derive(Clone, Debug, PartialEq)]
pub struct Reuse {
    /// Its name, such as `fbgemm_t856_bs65536.pt`: 856 tables, 65536 queries.
    pub name: String,
    /// Tables.
    pub tables: u32,
    /// Queries.
    pub queries: u32,
    /// Look-ups over all tables.
    pub lookups: f64,
    /// Rows looked up.
    pub unique: f64,
    /// The part of these with at most as many look-ups as in [`STEPS`].
    pub steps: [f64; STEPS.len()],
}

/// Why a file has no such part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} (expected are parts of a name with _t<tables>_bs<queries>, `Avg # of indices: `, `Avg # of unique cols: ` and a `Histogram of col sizes:` from `(0, 1]: ` to `(16, 32]: `)"
)]
pub struct ReuseError {
    /// What is missing where.
    what: String,
}

/// The fitted generator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReuseFit {
    /// The part of the file.
    pub name: String,
    /// The parameters, of as many tables as asked for.
    pub config: ZipfConfig,
    /// Queries of the batch that the figures belong to.
    pub queries: u32,
    /// For each step: most look-ups of a row, part of the rows published, and by the fit.
    pub steps: Vec<(u32, f64, f64)>,
}

/// Reads all parts of a file.
///
/// # Errors
/// If there is none, or one is not as it must be.
pub fn parse(text: &str) -> Result<Vec<Reuse>, ReuseError> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let starts = (0..lines.len()).filter(|&at| lines[at].ends_with(".pt"));
    let starts: Vec<usize> = starts.collect();
    if starts.is_empty() {
        let what = "no line ends in .pt".to_owned();
        return Err(ReuseError { what });
    }
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let parts = starts.iter().zip(ends);
    parts
        .map(|(&start, end)| part(&lines[start..end]))
        .collect()
}

fn part(lines: &[&str]) -> Result<Reuse, ReuseError> {
    let name = lines[0];
    let missing = |what: &str| ReuseError {
        what: format!("`{name}`: no {what}"),
    };
    let from_name = |mark: &str| -> Option<u32> {
        let words = name.trim_end_matches(".pt").split('_');
        let mut found = words.filter_map(|word| word.strip_prefix(mark)?.parse().ok());
        found.next().filter(|&number| number > 0)
    };
    let value = |lines: &[&str], front: &str| -> Option<f64> {
        let mut found = lines
            .iter()
            .filter_map(|line| line.strip_prefix(front)?.trim().parse().ok());
        found
            .next()
            .filter(|number: &f64| number.is_finite() && *number >= 0.0)
    };
    let histogram = lines
        .iter()
        .position(|line| *line == "Histogram of col sizes:");
    let histogram = &lines[histogram.ok_or_else(|| missing("histogram"))?..];
    let mut steps = [0.0; STEPS.len()];
    let mut sum = 0.0;
    for (step, &most) in steps.iter_mut().zip(&STEPS) {
        let front = format!("({}, {most}]:", most / 2);
        sum += value(histogram, &front).ok_or_else(|| missing(&front))?;
        *step = sum;
    }
    Ok(Reuse {
        name: name.to_owned(),
        tables: from_name("t").ok_or_else(|| missing("number of tables"))?,
        queries: from_name("bs").ok_or_else(|| missing("number of queries"))?,
        lookups: value(lines, "Avg # of indices:").ok_or_else(|| missing("number of indices"))?,
        unique: value(lines, "Avg # of unique cols:")
            .ok_or_else(|| missing("number of unique columns"))?,
        steps,
    })
}

/// Fits `tables` equal tables.
pub fn fit(reuse: &Reuse, tables: u32) -> ReuseFit {
    let all = f64::from(reuse.tables);
    let (lookups, unique) = (reuse.lookups / all, reuse.unique / all);
    // More rows, more of them looked up; a larger exponent, more of them once.
    let rows = |exponent| {
        halve([unique.max(1.0).ln(), f64::from(MAX_TABLE).ln()], |log| {
            expected(log.exp(), exponent, lookups, 0) < unique
        })
        .exp()
        .round()
    };
    let once = |exponent| {
        let rows = rows(exponent);
        expected(rows, exponent, lookups, 1) / expected(rows, exponent, lookups, 0)
    };
    let exponent = halve([0.0, 4.0], |exponent| once(exponent) < reuse.steps[0]);
    let exponent = (exponent * 1e3).round() / 1e3;
    let rows = rows(exponent);
    let found = expected(rows, exponent, lookups, 0);
    let mean = lookups / f64::from(reuse.queries);
    let longest = (2.0 * mean).round() - f64::from(SHORTEST);
    let steps = STEPS.iter().zip(reuse.steps);
    ReuseFit {
        name: reuse.name.clone(),
        config: ZipfConfig {
            tables: vec![rows as u32; tables as usize],
            exponent,
            bag_min: SHORTEST,
            bag_max: longest.max(1.0) as u32,
            repeats: true,
            co_occurrence: 0.0,
            ..ZipfConfig::default()
        },
        queries: reuse.queries,
        steps: steps
            .map(|(&most, published)| {
                let share = expected(rows, exponent, lookups, most) / found;
                (most, published, share)
            })
            .collect(),
    }
}

/// The number between the two up to which `below` holds.
fn halve([mut low, mut high]: [f64; 2], below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..40 {
        let middle = (low + high) / 2.0;
        match below(middle) {
            true => low = middle,
            false => high = middle,
        }
    }
    low
}

/// Rows expected to be looked up at all (`most` = 0), or once to `most` times, by so many look-ups.
fn expected(rows: f64, exponent: f64, lookups: f64, most: u32) -> f64 {
    let total: f64 = ranks(rows)
        .map(|(rank, width)| width * rank.powf(-exponent))
        .sum();
    ranks(rows)
        .map(|(rank, width)| {
            let mean = lookups * rank.powf(-exponent) / total;
            // Poisson: none, and up to `most`.
            let none = (-mean).exp();
            if most == 0 {
                return width * (1.0 - none);
            }
            let mut term = none;
            let mut sum = 0.0;
            for times in 1..=most {
                term *= mean / f64::from(times);
                sum += term;
            }
            width * sum
        })
        .sum()
}

/// Ranks with the number of ranks that each stands for: one at first, then the 64th part of it.
fn ranks(rows: f64) -> impl Iterator<Item = (f64, f64)> {
    let head = (1..=HEAD)
        .map(f64::from)
        .take_while(move |&rank| rank <= rows);
    let mut start = f64::from(HEAD) + 0.5;
    let tail = std::iter::from_fn(move || {
        let width = (start / 64.0).min(rows + 0.5 - start);
        let middle = start + width / 2.0;
        start += width;
        (width > 1e-9 * start).then_some((middle, width))
    });
    head.map(|rank| (rank, 1.0)).chain(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::popularity::Popularity;
    use crate::zipf::Zipf;

    /// Histogram of a generator of known parameters.
    fn generated() -> String {
        let config = ZipfConfig {
            tables: vec![50_000],
            exponent: 0.9,
            bag_min: 1,
            bag_max: 19,
            repeats: true,
            co_occurrence: 0.0,
            ..ZipfConfig::default()
        };
        let batch = Zipf::new(config).expect("valid").batch(20_000);
        let mut counts = Popularity::new(50_000, 0);
        batch.iter().flatten().for_each(|&id| counts.add(id));
        let ranked = counts.ranked(0, u64::MAX);
        let mut text = format!(
            "gen_t1_bs20000.pt\nAvg # of indices: {}\nAvg # of unique cols: {}\nHistogram of col sizes:\n",
            batch.lookups(),
            ranked.len()
        );
        for most in STEPS {
            let part = ranked
                .iter()
                .filter(|&&n| n > most / 2 && n <= most)
                .count();
            let part = part as f64 / ranked.len() as f64;
            text += &format!("({}, {most}]: {part:.3}\n", most / 2);
        }
        text
    }

    #[test]
    fn known_parameters_are_found_again() {
        let parts = parse(&generated()).expect("well-formed");
        let fitted = fit(&parts[0], 2);
        let rows = f64::from(fitted.config.tables[1]);
        assert!((rows / 50_000.0 - 1.0).abs() < 0.05, "{rows}");
        assert!((fitted.config.exponent - 0.9).abs() < 0.02, "{fitted:?}");
        assert_eq!(fitted.config.bag_max, 19);
        for (most, published, ours) in fitted.steps {
            assert!((published - ours).abs() < 0.01, "{most} {published} {ours}");
        }
    }

    #[test]
    fn messages() {
        let says = |text: &str, what: &str| {
            let error = parse(text).expect_err("malformed").to_string();
            assert!(error.starts_with(what), "{error}");
        };
        says("", "no line ends in .pt (expected are parts");
        says("a_t5_bs9.pt\n", "`a_t5_bs9.pt`: no histogram");
        let good = generated();
        says(
            &good.replace("_t1", "_x"),
            "`gen_x_bs20000.pt`: no number of tables",
        );
        says(
            &good.replace("(8, 16]", "(8, 17]"),
            "`gen_t1_bs20000.pt`: no (8, 16]:",
        );
        says(
            &good.replace("indices: ", "indices: x"),
            "`gen_t1_bs20000.pt`: no number of indices",
        );
    }
}
