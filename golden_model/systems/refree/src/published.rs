//! What REFREE (DAC'24) itself gives: results, and the area and power of its PE.

use report::unit::RATIO;
use report::{Published, Unit};

use super::figures::Name;

/// An average of section 5.2.
const fn average(value: f64) -> Published {
    Published::new(value, RATIO, "section 5.2")
}

/// Speed, figure 6: averages of REFREE and REFREE-B over each system.
pub const SPEEDUP: [(Name, Published, Published); 4] = [
    (Name::CpuGpu, average(25.1), average(5.5)),
    (Name::RecNmp, average(18.5), average(4.1)),
    (Name::Fafnir, average(17.6), average(3.8)),
    (Name::Fae, average(10.9), average(2.4)),
];
/// REFREE over REFREE-B, derived from both over CPU-GPU.
pub const ELIMINATION: Published = Published::new(
    SPEEDUP[0].1.value / SPEEDUP[0].2.value,
    RATIO,
    "section 5.2, derived",
);
/// Energy, figure 7: averages of REFREE over each system.
pub const ENERGY: [(Name, Published); 4] = [
    (Name::CpuGpu, average(12.5)),
    (Name::RecNmp, average(9.8)),
    (Name::Fafnir, average(9.6)),
    (Name::Fae, average(5.3)),
];
/// Memory accesses, REFREE-B's over REFREE's, average of figure 8.
pub const ACCESSES: Published = average(9.65);
/// Vector additions, REFREE-B's over REFREE's, average of figure 9.
pub const ADDITIONS: Published = average(1.5);

/// Area of a PE at 32 nm.
pub const AREA: Published = Published::new(0.26, Unit::new("mm2", 2), "section 5.4");
/// Power of a PE at 32 nm.
pub const POWER: Published = Published::new(0.18, Unit::new("W", 2), "section 5.4");
