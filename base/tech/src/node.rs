//! Scaling between nodes.

use crate::{Basis, Figure, Unit};

figures! {
    /// Area from 45 to 32 nm.
    STILLMAKER_45_TO_32 = Figure {
        name: "area from 45 to 32 nm",
        value: 0.46,
        unit: Unit::Factor,
        node_nm: Some(32),
        basis: Basis::Published,
        source: "Stillmaker and Baas, Integration 58 (2017)",
    };
}

/// What an area at `from_nm` is multiplied by for `to_nm`, as the square of the feature size.
pub const fn geometric_area(from_nm: u32, to_nm: u32) -> f64 {
    let (from, to) = (from_nm as f64, to_nm as f64);
    (to * to) / (from * from)
}

/// What an area at `from_nm` is multiplied by for `to_nm` after Stillmaker and Baas; none for a pair
/// whose factor is not in the table.
pub const fn stillmaker_area(from_nm: u32, to_nm: u32) -> Option<f64> {
    match (from_nm, to_nm) {
        (45, 32) => Some(STILLMAKER_45_TO_32.in_unit(Unit::Factor)),
        _ if from_nm == to_nm => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pairs() {
        assert_eq!(stillmaker_area(45, 32), Some(0.46));
        assert_eq!(geometric_area(45, 32), 1024.0 / 2025.0);
        assert_eq!(geometric_area(32, 16), 0.25);
    }

    #[test]
    fn a_node_to_itself_is_one() {
        for nm in [7, 28, 32, 45, 130] {
            assert_eq!(geometric_area(nm, nm), 1.0);
            assert_eq!(stillmaker_area(nm, nm), Some(1.0));
        }
    }

    #[test]
    fn geometric_there_and_back_is_one() {
        let back = geometric_area(45, 130) * geometric_area(130, 45);
        assert!((back - 1.0).abs() < 1e-12);
    }

    #[test]
    fn no_factor_is_made_up() {
        assert_eq!(stillmaker_area(32, 45), None);
        assert_eq!(stillmaker_area(130, 32), None);
    }
}
