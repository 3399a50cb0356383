//! What `golden_model bench` measures is what it says.

use golden_model::bench::{batch, dram};

/// The sequential traces are those of the reference, so their last completions are as well.
#[test]
fn dram_rows() {
    let speed = dram().expect("good configurations");
    let cycles = |config: &str| {
        let mut rows = speed.rows.iter();
        let row = rows.find(|row| row.config.starts_with(config) && row.pattern == "sequential");
        row.expect("a row").cycles
    };
    assert_eq!((cycles("C_"), cycles("D_")), (174_549, 181_116));
    assert_eq!(speed.rows.len(), 8);
    let mut rows = speed.rows.iter();
    assert!(rows.all(|row| row.requests_per_s >= speed.slowest_requests_per_s));
    assert!(speed.slowest_requests_per_s <= speed.median_requests_per_s);
}

#[test]
fn batch_sizes() {
    let speeds = batch(&[260, 2600]).expect("good lanes");
    let sizes = speeds.iter().map(|speed| (speed.lookups, speed.queries));
    assert!(sizes.eq([(260, 10), (2600, 100)]));
    for speed in speeds {
        assert!(speed.unique > 1 && speed.unique <= speed.lookups);
        assert!(speed.ns_a_lookup.total > 0.0 && speed.over_first > 0.0);
    }
}
