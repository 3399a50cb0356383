//! Graphics processors.

use crate::{Basis, Figure, Unit};

const fn a100(name: &'static str, value: f64, unit: Unit) -> Figure {
    Figure {
        name,
        value,
        unit,
        node_nm: None,
        basis: Basis::DataSheet,
        source: "A100, data sheet",
    }
}

figures! {
    /// Bandwidth of the HBM2 of the 40 GB part.
    A100_BANDWIDTH = a100("A100 40 GB, HBM2 bandwidth", 1555.0, Unit::GigabytePerSecond);
    /// Throughput of FP32 without tensor cores.
    A100_FP32 = a100("A100, FP32 without tensor cores", 19.5, Unit::TeraflopPerSecond);
}
