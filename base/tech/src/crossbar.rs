//! Crossbar tiles of resistive cells and what carries vectors to and from them, ADCs apart ([`crate::adc`]).

use crate::{Basis, Figure, Unit};

const ISAAC: &str = "ISAAC (ISCA'16), its table of components at 32 nm";

const fn isaac(name: &'static str, value: f64, unit: Unit) -> Figure {
    Figure {
        name,
        value,
        unit,
        node_nm: Some(32),
        basis: Basis::Published,
        source: ISAAC,
    }
}

const fn other(
    name: &'static str,
    value: f64,
    unit: Unit,
    basis: Basis,
    source: &'static str,
) -> Figure {
    Figure {
        basis,
        source,
        ..isaac(name, value, unit)
    }
}

figures! {
    /// Driving one word line of 128 columns with one bit.
    DRIVE = other(
        "crossbar, drive of a word line",
        0.417,
        Unit::Picojoule,
        Basis::Inferred,
        "inferred from ISAAC's 1-bit DACs (4 mW for 8 x 128), use included",
    );
    /// One selected cell for 100 ns; proportional to the time of the array.
    CELL_100NS = other(
        "crossbar, selected cell for 100 ns",
        1.83,
        Unit::Femtojoule,
        Basis::Inferred,
        "inferred from ISAAC's array of 128 x 128 cells, 0.3 mW for 100 ns",
    );
    /// Writing one cell of two bits, verification included.
    CELL_WRITE = other(
        "crossbar, write of a cell",
        10.0,
        Unit::Picojoule,
        Basis::Assumed,
        "assumed: of the order of resistive cells that are written and verified",
    );
    /// Shift-and-add of one converted column.
    SHIFT_ADD = isaac("crossbar, shift-and-add of a code", 0.021, Unit::Picojoule);
    /// One bit over the bus of a bank of tiles.
    BUS = isaac("eDRAM bus, bit", 0.054, Unit::PicojoulePerBit);
    /// One flit of 256 bits through a router.
    ROUTER_FLIT = isaac("router, flit of 256 bits", 20.74, Unit::Picojoule);
    /// One access to eDRAM, 256 bits.
    EDRAM_ACCESS = isaac("eDRAM 64 KB, access of 256 bits", 20.45, Unit::Picojoule);
    /// Addition of one 16-bit element.
    MERGE_ADD = other(
        "16-bit adder, addition",
        0.05,
        Unit::Picojoule,
        Basis::Assumed,
        "assumed",
    );
    /// Read of a vector of 256 bits from a small SRAM.
    VECTOR_READ = other(
        "SRAM buffer of vectors, read of 256 bits",
        10.0,
        Unit::Picojoule,
        Basis::Assumed,
        "assumed: half of an access to eDRAM",
    );
    /// Cycle of such an SRAM, one vector per port.
    VECTOR_CYCLE = other(
        "SRAM buffer of vectors, cycle",
        1.0,
        Unit::Nanosecond,
        Basis::Assumed,
        "assumed: 1 GHz, as the controller's clock",
    );
}

/// Bits of a flit and of an eDRAM access.
pub const FLIT_BITS: u32 = 256;

const fn pj(figure: &Figure) -> f64 {
    figure.in_unit(Unit::Picojoule)
}

/// Energy in pJ of driving `rows` word lines.
pub fn drive_pj(rows: u32) -> f64 {
    pj(&DRIVE) * f64::from(rows)
}

/// Energy in pJ of `rows` x `columns` selected cells over an access of `array_ns`.
pub fn cells_pj(rows: u32, columns: u32, array_ns: f64) -> f64 {
    let cell = CELL_100NS.in_unit(Unit::Femtojoule) / 1000.0;
    f64::from(rows) * f64::from(columns) * cell * array_ns / 100.0
}

/// Energy in pJ of writing `cells`.
pub fn write_pj(cells: u64) -> f64 {
    pj(&CELL_WRITE) * cells as f64
}

/// Energy in pJ of shifting and adding the codes of `columns`.
pub fn shift_add_pj(columns: u32) -> f64 {
    pj(&SHIFT_ADD) * f64::from(columns)
}

/// Energy in pJ of `bits` over the bus.
pub fn bus_pj(bits: u32) -> f64 {
    BUS.in_unit(Unit::PicojoulePerBit) * f64::from(bits)
}

/// Energy in pJ of `bits` through a router.
pub fn router_pj(bits: u32) -> f64 {
    pj(&ROUTER_FLIT) * f64::from(bits) / f64::from(FLIT_BITS)
}

/// Energy in pJ of `bits` written to eDRAM.
pub fn edram_pj(bits: u32) -> f64 {
    pj(&EDRAM_ACCESS) * f64::from(bits) / f64::from(FLIT_BITS)
}

/// Energy in pJ of adding a vector of `elements`.
pub fn merge_pj(elements: u32) -> f64 {
    pj(&MERGE_ADD) * f64::from(elements)
}

/// Energy in pJ of reading a vector of `bits` from a buffer.
pub fn vector_read_pj(bits: u32) -> f64 {
    pj(&VECTOR_READ) * f64::from(bits) / f64::from(FLIT_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_of_64_by_64() {
        let near = |pj: f64, to: f64| assert!((pj - to).abs() < 1e-9, "{pj}, not {to}");
        near(drive_pj(3), 1.251);
        near(cells_pj(3, 64, 25.0), 3.0 * 64.0 * 0.00183 * 0.25);
        near(shift_add_pj(64), 1.344);
        near(bus_pj(256), 13.824);
        near(router_pj(512), 41.48);
        near(edram_pj(256), 20.45);
        near(merge_pj(16), 0.8);
    }
}
