//! DRAM devices: supply of DDR5, energy of HBM2. Timings of a memory system are a configuration, not here.

use crate::{Basis, Figure, Unit};

const RAMULATOR: &str = "Ramulator 2's DDR5 power model, preset Default: src/dram/impl/DDR5-VRR.cpp of \
     CMU-SAFARI/ramulator2";

const fn ddr5(name: &'static str, value: f64, unit: Unit) -> Figure {
    Figure {
        name,
        value,
        unit,
        node_nm: None,
        basis: Basis::Tool,
        source: RAMULATOR,
    }
}

figures! {
    /// Supply voltage. VPP is left out.
    DDR5_VDD = ddr5("DDR5 device, VDD", 1.1, Unit::Volt);
    /// Current of a loop of ACT and PRE.
    DDR5_IDD0 = ddr5("DDR5 device, IDD0", 60.0, Unit::Milliampere);
    /// Standby without an open row.
    DDR5_IDD2N = ddr5("DDR5 device, IDD2N", 50.0, Unit::Milliampere);
    /// Standby with open rows.
    DDR5_IDD3N = ddr5("DDR5 device, IDD3N", 55.0, Unit::Milliampere);
    /// Read bursts.
    DDR5_IDD4R = ddr5("DDR5 device, IDD4R", 145.0, Unit::Milliampere);
    /// Write bursts.
    DDR5_IDD4W = ddr5("DDR5 device, IDD4W", 145.0, Unit::Milliampere);
    /// Refresh.
    DDR5_IDD5B = ddr5("DDR5 device, IDD5B", 362.0, Unit::Milliampere);
    /// Energy per bit read from or written to HBM2.
    HBM2 = Figure {
        name: "HBM2, transfer",
        value: 3.92,
        unit: Unit::PicojoulePerBit,
        node_nm: None,
        basis: Basis::Published,
        source: "O'Connor et al., MICRO'17",
    };
}
