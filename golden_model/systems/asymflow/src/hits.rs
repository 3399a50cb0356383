//! Hit rate of L2 per table: Che's approximation, line by line over all tables.

use crate::machine::Machine;
use crate::params::{BATCHES, LINE};
use crate::profile::Profile;
use crate::workload::Table;

/// Lines with the same rate.
struct Lines {
    count: f64,
    /// Look-ups per line and batch.
    rate: f64,
}

/// Share of each table's row reads that hit in L2, in the batch that counts.
///
/// A line is there if it was used within the characteristic time, or since the run began: the batches
/// before warm L2 only as far as they go.
pub fn hit_rates(
    machine: &Machine,
    tables: &[Table],
    profiles: &[Profile],
    batch: f64,
) -> Vec<f64> {
    let all: Vec<Vec<Lines>> = tables
        .iter()
        .zip(profiles)
        .map(|(table, profile)| lines(table, profile, batch * table.lookups))
        .collect();
    let capacity = machine.l2_bytes / LINE;
    let held = |time: f64| -> f64 {
        let lines = all.iter().flatten();
        lines
            .map(|lines| -lines.count * (-lines.rate * time).exp_m1())
            .sum()
    };
    // Batches, on a logarithmic scale; more than the run has makes no difference.
    let begun = BATCHES as f64 - 0.5;
    let (mut low, mut high) = (-20.0_f64, begun.ln());
    if held(begun) > capacity {
        for _ in 0..50 {
            let middle = (low + high) / 2.0;
            match held(middle.exp()) > capacity {
                true => high = middle,
                false => low = middle,
            }
        }
    }
    let time = high.exp();
    all.iter()
        .map(|lines| {
            let weighted = |lines: &Lines| lines.count * lines.rate;
            let total: f64 = lines.iter().map(weighted).sum();
            let hits: f64 = lines
                .iter()
                .map(|l| -weighted(l) * (-l.rate * time).exp_m1())
                .sum();
            hits / total.max(f64::MIN_POSITIVE)
        })
        .collect()
}

fn lines(table: &Table, profile: &Profile, lookups: f64) -> Vec<Lines> {
    let row = f64::from(table.row_bytes());
    let rows = f64::from(table.rows);
    let (per_line, per_row) = ((LINE / row).max(1.0), (row / LINE).max(1.0));
    let neighbours = (per_line - 1.0) / (rows - 1.0).max(1.0);
    let (mut left, mut shared) = ((rows / per_line).max(1.0), 1.0_f64);
    let mut lines = Vec::new();
    for group in profile.groups() {
        let count = group.rows.min(left);
        if count <= 0.0 {
            break;
        }
        left -= count;
        // The last lines take what is left.
        let share = match left > 0.0 {
            true => (group.share + (1.0 - group.share) * neighbours).min(shared / count),
            false => shared / count,
        };
        shared = (shared - share * count).max(0.0);
        lines.push(Lines {
            count: count * per_row,
            rate: lookups * share,
        });
    }
    lines
}
