//! Links between chips.

use crate::{Basis, Figure, Unit};

figures! {
    /// Energy per bit between the buffer chip of a DIMM and the host.
    MEMORY_CHANNEL = Figure {
        name: "memory channel, transfer between buffer chip and host",
        value: 22.0,
        unit: Unit::PicojoulePerBit,
        node_nm: None,
        basis: Basis::Published,
        source: "RecNMP (ISCA'20), table of energies: for DDR4",
    };
    /// Bandwidth of PCIe 4.0 x16 in one direction.
    PCIE4_X16 = Figure {
        name: "PCIe 4.0 x16, one direction, raw",
        value: 31.5,
        unit: Unit::GigabytePerSecond,
        node_nm: None,
        basis: Basis::DataSheet,
        source: "PCI Express 4.0: 16 GT/s per lane, 128b/130b code",
    };
}
