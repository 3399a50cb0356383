//! REFREE's models: what is published of them, and that their calibration is what it says.

use traces::Stats;
use traces::models::{CALIBRATED, Model, rm};
use traces::zipf::Zipf;

fn models() -> Vec<Model> {
    (1..=4).map(|n| rm(n).expect("one of the four")).collect()
}

#[test]
fn published_sizes() {
    let models = models();
    let rows: Vec<u64> = models.iter().map(Model::rows).collect();
    assert_eq!(rows, [5_159_457, 9_449_467, 33_762_601, 266_000_000]);
    let dims: Vec<u32> = models.iter().map(|model| model.dim).collect();
    assert_eq!(dims, [16, 16, 16, 64]);
    assert_eq!(models[0].config.mean_lookups(), 41.0);
    for number in [0, 5] {
        let message = rm(number).expect_err("no such model").to_string();
        assert!(message.ends_with("must be 1 to 4"), "{message}");
    }
}

#[test]
fn calibration_is_as_stated() {
    let (mut memory, mut computation) = (0.0, 0.0);
    for (model, stated) in models().into_iter().zip(CALIBRATED) {
        let mut zipf = Zipf::new(model.config).expect("valid");
        let mut stats = Stats::default();
        for _ in 0..8 {
            stats.add(&zipf.batch(2048));
        }
        let mut both = stats.forward;
        both += stats.backward;
        let reads = both.reads as f64 / both.reads_unique as f64;
        let additions = both.additions as f64 / both.additions_shared as f64;
        assert!(
            (reads - stated.mem_both).abs() <= 0.005,
            "{} {reads}",
            model.name
        );
        assert!(
            (additions - stated.comp_all).abs() <= 0.0005,
            "{} {additions}",
            model.name
        );
        memory += reads / 4.0;
        computation += additions / 4.0;
    }
    assert!((memory / 9.65 - 1.0).abs() < 0.01, "{memory}");
    assert!((computation / 1.5 - 1.0).abs() < 0.01, "{computation}");
}
