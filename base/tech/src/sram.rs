//! Single-ported SRAM (1RW): area, access time, energy per access and leakage.

use crate::{Basis, Figure, Unit};

const CACTI_45: &str = "CACTI 7: itrs-hp, 1RW, one bank, 128-bit bus, 350 K, weighted for area";
const CACTI_32: &str = "CACTI 7, 32 nm, single-ported, 128 bits per access";

const fn figure(name: &'static str, value: f64, unit: Unit, node_nm: u32) -> Figure {
    Figure {
        name,
        value,
        unit,
        node_nm: Some(node_nm),
        basis: Basis::Tool,
        source: match node_nm {
            45 => CACTI_45,
            _ => CACTI_32,
        },
    }
}

figures! {
    /// Area of 4 KB.
    AREA_4KB = figure("SRAM 4 KB, area", 14_280.0, Unit::SquareMicron, 45);
    /// Area of 128 KB.
    AREA_128KB = figure("SRAM 128 KB, area", 357_000.0, Unit::SquareMicron, 45);
    /// Access time of 4 KB, known at 32 nm only.
    ACCESS_4KB = figure("SRAM 4 KB, access time at 32 nm", 0.20, Unit::Nanosecond, 32);
    /// Access time of 128 KB at 32 nm.
    ACCESS_128KB_32NM = figure("SRAM 128 KB, access time at 32 nm", 0.57, Unit::Nanosecond, 32);
    /// Access time of 128 KB at 45 nm.
    ACCESS_128KB = figure("SRAM 128 KB, access time", 0.71, Unit::Nanosecond, 45);
    /// Energy of an access to 4 KB, 128 bits.
    ENERGY_4KB = figure("SRAM 4 KB, access of 128 bits", 2.0, Unit::Picojoule, 32);
    /// Energy of an access to 128 KB, 128 bits.
    ENERGY_128KB = figure("SRAM 128 KB, access of 128 bits", 31.3, Unit::Picojoule, 32);
    /// Leakage of 4 KB.
    LEAKAGE_4KB = figure("SRAM 4 KB, leakage", 1.46, Unit::Milliwatt, 32);
    /// Leakage of 128 KB.
    LEAKAGE_128KB = figure("SRAM 128 KB, leakage", 36.0, Unit::Milliwatt, 32);
}

/// A memory whose area and access time are known.
struct Anchor {
    bits: f64,
    /// Area at 45 nm in um2.
    area: f64,
    /// Access time at 45 nm in ns.
    access: f64,
}

/// The access time of 4 KB is known at 32 nm only and scaled as that of 128 KB.
const SMALL: Anchor = Anchor {
    bits: 32_768.0,
    area: AREA_4KB.in_unit(Unit::SquareMicron),
    access: ACCESS_4KB.in_unit(Unit::Nanosecond) * ACCESS_128KB.in_unit(Unit::Nanosecond)
        / ACCESS_128KB_32NM.in_unit(Unit::Nanosecond),
};
const LARGE: Anchor = Anchor {
    bits: 1_048_576.0,
    area: AREA_128KB.in_unit(Unit::SquareMicron),
    access: ACCESS_128KB.in_unit(Unit::Nanosecond),
};

/// Bits of a memory of `words` words of `bits` bits.
fn capacity(words: u32, bits: u32) -> f64 {
    (u64::from(words) * u64::from(bits)) as f64
}

/// Area in um2 at 45 nm of `words` words of `bits` bits: `a * capacity + b * sqrt(capacity)`, cells and
/// periphery, through [`AREA_4KB`] and [`AREA_128KB`] (a = 0.31998, b = 20.98).
pub fn area_um2_45nm(words: u32, bits: u32) -> f64 {
    let (small, large) = (SMALL.bits.sqrt(), LARGE.bits.sqrt());
    // Divided by sqrt(capacity) the model is a straight line in sqrt(capacity).
    let cells = (LARGE.area / large - SMALL.area / small) / (large - small);
    let periphery = SMALL.area / small - cells * small;
    let capacity = capacity(words, bits);
    cells * capacity + periphery * capacity.sqrt()
}

/// Access time (clock to read data) in ns at 45 nm of `words` words of `bits` bits:
/// `c + d * sqrt(capacity)`, decoder and wires, through the same two memories.
pub fn access_ns_45nm(words: u32, bits: u32) -> f64 {
    let (small, large) = (SMALL.bits.sqrt(), LARGE.bits.sqrt());
    let wires = (LARGE.access - SMALL.access) / (large - small);
    SMALL.access + wires * (capacity(words, bits).sqrt() - small)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, tolerance: f64) -> bool {
        (a / b - 1.0).abs() < tolerance
    }

    #[test]
    fn area_and_access_go_through_the_known_memories() {
        assert!(close(area_um2_45nm(256, 128), 14_280.0, 1e-9));
        assert!(close(area_um2_45nm(8192, 128), 357_000.0, 1e-9));
        assert!(close(access_ns_45nm(256, 128), 0.2491, 1e-3));
        assert!(close(access_ns_45nm(8192, 128), 0.71, 1e-9));
        // In between, and not a power of two: the coefficients as documented.
        let bits = 77_000.0_f64;
        let by_hand = 0.31998 * bits + 20.98 * bits.sqrt();
        assert!(close(area_um2_45nm(1000, 77), by_hand, 1e-3));
        let access = access_ns_45nm(1000, 77);
        assert!(access > 0.25 && access < 0.71);
    }

    #[test]
    fn only_the_capacity_counts() {
        assert_eq!(area_um2_45nm(256, 128), area_um2_45nm(1024, 32));
        assert_eq!(access_ns_45nm(256, 128), access_ns_45nm(1024, 32));
    }
}
