//! The query generator: reproducible, skewed as requested, and sharing more the more queries
//! co-occur.

use traces::batch::{count_backward, count_forward};
use traces::zipf::{Zipf, ZipfConfig};

fn zipf(config: ZipfConfig) -> Zipf {
    Zipf::new(config).expect("valid parameters")
}

#[test]
fn a_seed_means_the_same_queries_for_ever() {
    let lines: Vec<String> = zipf(ZipfConfig {
        tables: vec![100; 4],
        bag_min: 0,
        bag_max: 3,
        ..ZipfConfig::default()
    })
    .take(4)
    .map(|query| query.to_string())
    .collect();
    assert_eq!(
        lines,
        [
            "14,17;99,4,0;;",
            "2;29,8;;",
            "23,49,74;63,10;93;19,0,1",
            "3,47;14,39;97,76;73,85,45",
        ]
    );
}

#[test]
fn seeds_differ() {
    let first = |seed| {
        zipf(ZipfConfig {
            seed,
            ..ZipfConfig::default()
        })
        .batch(10)
    };
    assert_eq!(first(1), first(1));
    assert_ne!(first(1), first(2));
}

#[test]
fn popularity_follows_the_law() {
    let config = ZipfConfig {
        tables: vec![1000],
        exponent: 1.0,
        co_occurrence: 0.0,
        ..ZipfConfig::default()
    };
    let queries = 100_000;
    let mut count = vec![0u32; 1000];
    for query in zipf(config).take(queries) {
        query
            .iter()
            .flatten()
            .for_each(|&row| count[row as usize] += 1);
    }
    let harmonic: f64 = (1..=1000).map(|rank| 1.0 / f64::from(rank)).sum();
    for (row, &found) in count.iter().take(20).enumerate() {
        let expected = queries as f64 / harmonic / (row + 1) as f64;
        // Five standard deviations of a binomial.
        assert!(
            (f64::from(found) - expected).abs() < 5.0 * expected.sqrt(),
            "row {row}: {found}"
        );
    }
}

#[test]
fn bags_have_the_length_asked_for() {
    let config = ZipfConfig {
        tables: vec![9, 1000],
        exponent: 4.0,
        bag_min: 2,
        bag_max: 9,
        co_occurrence: 0.5,
        ..ZipfConfig::default()
    };
    let mut lengths = std::collections::BTreeSet::new();
    for query in zipf(config).take(1000) {
        assert_eq!(query.tables(), 2);
        for bag in query.iter() {
            lengths.insert(bag.len());
            let mut rows = bag.to_vec();
            rows.sort_unstable();
            rows.dedup();
            assert_eq!(rows.len(), bag.len(), "a row twice in {bag:?}");
        }
    }
    assert!(lengths.into_iter().eq(2..=9));
}

#[test]
fn repeats_are_possible() {
    let config = ZipfConfig {
        tables: vec![1],
        bag_max: 3,
        bag_min: 3,
        repeats: true,
        ..ZipfConfig::default()
    };
    assert_eq!(zipf(config).query().to_string(), "0,0,0");
}

#[test]
fn co_occurrence_makes_partial_sums_equal() {
    let shared = |co_occurrence| {
        let counts = count_forward(
            &zipf(ZipfConfig {
                co_occurrence,
                ..ZipfConfig::default()
            })
            .batch(2048),
        );
        counts.additions as f64 / counts.additions_shared as f64
    };
    let gains = [shared(0.0), shared(0.7), shared(1.0)];
    assert!(gains.is_sorted_by(|a, b| a * 1.1 < *b), "{gains:?}");
}

/// The default input stands in for a real click log, which reads 3.9x less and shares 1.34x forward
/// and 1.27x backward.
#[test]
fn the_default_resembles_a_click_log() {
    let batch = zipf(ZipfConfig::default()).batch(2048);
    let (forward, backward) = (count_forward(&batch), count_backward(&batch));
    let ratio = |before: u64, after: u64| before as f64 / after as f64;
    let reads = ratio(forward.reads, forward.reads_unique);
    let shared = ratio(forward.additions, forward.additions_shared);
    let shared_backward = ratio(backward.additions, backward.additions_shared);
    assert!((3.5..5.0).contains(&reads), "{reads}");
    assert!((1.25..1.45).contains(&shared), "{shared}");
    assert!((1.1..1.3).contains(&shared_backward), "{shared_backward}");
}

#[test]
fn impossible_parameters() {
    let default = ZipfConfig::default;
    let cases = [
        (
            ZipfConfig {
                tables: vec![],
                ..default()
            },
            "`tables` of the generator is empty, but must be at least one table",
        ),
        (
            ZipfConfig {
                tables: vec![5, 0],
                ..default()
            },
            "`tables` of the generator is 0 rows, but must be 1 to 268435456 rows each",
        ),
        (
            ZipfConfig {
                tables: vec![3],
                bag_max: 4,
                ..default()
            },
            "`tables` of the generator is 3 rows, but must be 4 to 268435456 rows each",
        ),
        (
            ZipfConfig {
                exponent: f64::NAN,
                ..default()
            },
            "`exponent` of the generator is NaN, but must be 0 to 8",
        ),
        (
            ZipfConfig {
                bag_min: 0,
                bag_max: 0,
                ..default()
            },
            "`bag_max` of the generator is 0, but must be 1 to 65536",
        ),
        (
            ZipfConfig {
                bag_min: 2,
                ..default()
            },
            "`bag_min` of the generator is 2, but must be 0 to 1 (bag_max)",
        ),
        (
            ZipfConfig {
                co_occurrence: 1.5,
                ..default()
            },
            "`co_occurrence` of the generator is 1.5, but must be 0 to 1",
        ),
        (
            ZipfConfig {
                copied: -0.5,
                ..default()
            },
            "`copied` of the generator is -0.5, but must be 0 to 1",
        ),
        (
            ZipfConfig {
                templates: 0,
                ..default()
            },
            "`templates` of the generator is 0, but must be 1 to 16777216",
        ),
    ];
    for (config, expected) in cases {
        assert_eq!(
            Zipf::new(config).expect_err("impossible").to_string(),
            expected
        );
    }
}
