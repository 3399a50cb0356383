//! Server processors.

use crate::{Basis, Figure, Unit};

const fn skylake(name: &'static str, value: f64, unit: Unit) -> Figure {
    Figure {
        name,
        value,
        unit,
        node_nm: None,
        basis: Basis::DataSheet,
        source: "18-core Skylake server (RecNMP's host)",
    }
}

const fn assumed(name: &'static str, value: f64, unit: Unit) -> Figure {
    Figure {
        basis: Basis::Assumed,
        source: "assumed for the 18-core Skylake server: 10 bytes per core and cycle at 2.7 GHz",
        ..skylake(name, value, unit)
    }
}

figures! {
    /// Cores.
    SKYLAKE_CORES = skylake("18-core Skylake server, cores", 18.0, Unit::Count);
    /// Last-level cache per core: 1.375 MB.
    SKYLAKE_LLC_PER_CORE = skylake("18-core Skylake server, LLC per core", 1408.0, Unit::Kibibyte);
    /// Ways of the last-level cache.
    SKYLAKE_LLC_WAYS = skylake("18-core Skylake server, LLC ways", 11.0, Unit::Count);
    /// Clock of the last-level cache.
    SKYLAKE_CLOCK = assumed("18-core Skylake server, LLC clock", 2.7, Unit::Gigahertz);
    /// Bandwidth of the last-level cache per core.
    SKYLAKE_LLC_BANDWIDTH = assumed("18-core Skylake server, LLC bandwidth per core", 10.0, Unit::BytePerCycle);
    /// Thermal design power.
    SKYLAKE_POWER = skylake("18-core Skylake server, thermal design power", 165.0, Unit::Watt);
    /// Bandwidth of the memory of a server with eight channels of DDR4-2400.
    HOST_MEMORY = Figure {
        basis: Basis::Assumed,
        source: "assumed: 8 channels of DDR4-2400, 19.2 GB/s each",
        ..skylake("server memory, bandwidth", 153.6, Unit::GigabytePerSecond)
    };
    /// Energy per bit of that memory, channel included.
    HOST_MEMORY_ENERGY = Figure {
        basis: Basis::Assumed,
        source: "assumed, of the order that is usual for DDR4",
        ..skylake("server memory, transfer", 16.0, Unit::PicojoulePerBit)
    };
}

/// Capacity of the last-level cache in bytes.
pub const fn skylake_llc_bytes() -> u64 {
    SKYLAKE_CORES.count() * SKYLAKE_LLC_PER_CORE.bytes()
}

/// Bandwidth of the last-level cache in bytes/s, all cores.
pub const fn skylake_llc_bytes_per_s() -> f64 {
    SKYLAKE_CORES.in_unit(Unit::Count)
        * SKYLAKE_LLC_BANDWIDTH.in_unit(Unit::BytePerCycle)
        * SKYLAKE_CLOCK.hertz()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_of_all_cores() {
        // 24.75 MB.
        assert_eq!(skylake_llc_bytes(), 99 * (1 << 20) / 4);
        assert_eq!(skylake_llc_bytes_per_s(), 486e9);
    }
}
