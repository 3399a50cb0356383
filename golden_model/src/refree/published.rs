//! What REFREE (DAC'24) itself gives: results, and the area and power of its PE.

use super::figures::Name;

/// Speed, section 5.2: averages of REFREE and REFREE-B over each system.
pub const SPEEDUP: [(Name, f64, f64); 4] = [
    (Name::CpuGpu, 25.1, 5.5),
    (Name::RecNmp, 18.5, 4.1),
    (Name::Fafnir, 17.6, 3.8),
    (Name::Fae, 10.9, 2.4),
];
/// Energy, figure 7: averages of REFREE over each system.
pub const ENERGY: [(Name, f64); 4] = [
    (Name::CpuGpu, 12.5),
    (Name::RecNmp, 9.8),
    (Name::Fafnir, 9.6),
    (Name::Fae, 5.3),
];
/// Memory accesses, REFREE-B's over REFREE's, average of figure 8.
pub const ACCESSES: f64 = 9.65;
/// Vector additions, REFREE-B's over REFREE's, average of figure 9.
pub const ADDITIONS: f64 = 1.5;

/// Area of a PE in mm2 at 32 nm, section 5.4.
pub const PE_MM2: f64 = 0.26;
/// Power of a PE in W at 32 nm, section 5.4.
pub const PE_W: f64 = 0.18;
