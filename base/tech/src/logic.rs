//! Arithmetic.

use crate::{Basis, Figure, Unit};

figures! {
    /// Energy of a binary32 addition.
    FP32_ADD = Figure {
        name: "binary32 adder, addition",
        value: 0.9,
        unit: Unit::Picojoule,
        node_nm: Some(45),
        basis: Basis::Published,
        source: "Horowitz, ISSCC'14",
    };
}
