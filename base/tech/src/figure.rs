//! What a figure is.

use std::fmt;

use serde::{Serialize, Serializer};

/// A figure of a component, in the unit that its source gives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// The component and what of it; unique in the table.
    pub name: &'static str,
    /// In `unit`.
    pub value: f64,
    pub unit: Unit,
    /// Feature size in nm, where the figure depends on it and the source gives it.
    pub node_nm: Option<u32>,
    pub basis: Basis,
    /// Who gives it, and how it was derived if nobody does.
    pub source: &'static str,
}

/// How far a figure can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// In a paper, of a component that was built or designed.
    Published,
    /// Stated by the manufacturer or a standard.
    DataSheet,
    /// Computed by a tool of the field, such as CACTI or Ramulator.
    Tool,
    /// Derived here from figures of the other kinds.
    Inferred,
    /// Nobody's: a default of this project.
    Assumed,
}

/// Units of the table. Prefixes are decimal, but for KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    SquareMicron,
    Nanosecond,
    Femtojoule,
    Picojoule,
    PicojoulePerBit,
    Milliwatt,
    Watt,
    Volt,
    Milliampere,
    Gigahertz,
    Kibibyte,
    BytePerCycle,
    /// 10^9 bytes/s.
    GigabytePerSecond,
    /// 10^12 FLOP/s.
    TeraflopPerSecond,
    /// A number of like parts: cores, ways.
    Count,
    /// What a figure of another node is multiplied by.
    Factor,
}

impl Unit {
    /// As printed.
    pub const fn text(self) -> &'static str {
        match self {
            Self::SquareMicron => "um2",
            Self::Nanosecond => "ns",
            Self::Femtojoule => "fJ",
            Self::Picojoule => "pJ",
            Self::PicojoulePerBit => "pJ/bit",
            Self::Milliwatt => "mW",
            Self::Watt => "W",
            Self::Volt => "V",
            Self::Milliampere => "mA",
            Self::Gigahertz => "GHz",
            Self::Kibibyte => "KiB",
            Self::BytePerCycle => "B/cycle",
            Self::GigabytePerSecond => "GB/s",
            Self::TeraflopPerSecond => "TFLOP/s",
            Self::Count => "",
            Self::Factor => "x",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(self.text())
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

/// Values by quantity. A figure of another quantity is a fault of the program: used for a constant,
/// as they should be, these functions then fail to compile.
///
/// Small prefixes are divided out: 10^12 is exact in binary and 10^-12 is not, so that 0.9 pJ is the
/// nearest number to 0.9e-12 J.
impl Figure {
    /// Value in the stated unit, which must be `unit`.
    ///
    /// # Panics
    /// If the figure is stated in another unit.
    pub const fn in_unit(&self, unit: Unit) -> f64 {
        assert!(
            self.unit as u8 == unit as u8,
            "the figure is stated in another unit"
        );
        self.value
    }

    /// Energy in J.
    ///
    /// # Panics
    /// If the figure is no energy.
    pub const fn joules(&self) -> f64 {
        match self.unit {
            Unit::Femtojoule => self.value / 1e15,
            Unit::Picojoule => self.value / 1e12,
            _ => panic!("the figure is no energy"),
        }
    }

    /// Energy per bit in J.
    ///
    /// # Panics
    /// If the figure is no energy per bit.
    pub const fn joules_per_bit(&self) -> f64 {
        self.in_unit(Unit::PicojoulePerBit) / 1e12
    }

    /// Power in W.
    ///
    /// # Panics
    /// If the figure is no power.
    pub const fn watts(&self) -> f64 {
        match self.unit {
            Unit::Milliwatt => self.value / 1e3,
            Unit::Watt => self.value,
            _ => panic!("the figure is no power"),
        }
    }

    /// Frequency in Hz.
    ///
    /// # Panics
    /// If the figure is no frequency.
    pub const fn hertz(&self) -> f64 {
        self.in_unit(Unit::Gigahertz) * 1e9
    }

    /// Bandwidth in bytes/s.
    ///
    /// # Panics
    /// If the figure is no bandwidth.
    pub const fn bytes_per_s(&self) -> f64 {
        self.in_unit(Unit::GigabytePerSecond) * 1e9
    }

    /// Arithmetic throughput in FLOP/s.
    ///
    /// # Panics
    /// If the figure is none.
    pub const fn flop_per_s(&self) -> f64 {
        self.in_unit(Unit::TeraflopPerSecond) * 1e12
    }

    /// Capacity in bytes.
    ///
    /// # Panics
    /// If the figure is no capacity.
    pub const fn bytes(&self) -> u64 {
        self.in_unit(Unit::Kibibyte) as u64 * 1024
    }

    /// A number of parts.
    ///
    /// # Panics
    /// If the figure is no such number.
    pub const fn count(&self) -> u64 {
        self.in_unit(Unit::Count) as u64
    }
}

/// Constants of type [`Figure`], and `FIGURES`, the list of them: none can be left out of the table.
macro_rules! figures {
    ($($(#[$doc:meta])* $name:ident = $figure:expr;)+) => {
        $($(#[$doc])* pub const $name: $crate::Figure = $figure;)+

        /// All figures of this module.
        pub const FIGURES: &[$crate::Figure] = &[$($name),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn figure(value: f64, unit: Unit) -> Figure {
        Figure {
            name: "a figure",
            value,
            unit,
            node_nm: None,
            basis: Basis::Assumed,
            source: "this test",
        }
    }

    #[test]
    fn quantities_are_in_base_units() {
        assert_eq!(figure(0.9, Unit::Picojoule).joules(), 0.9e-12);
        assert_eq!(figure(15.1, Unit::Femtojoule).joules(), 15.1e-15);
        let bit = figure(3.92, Unit::PicojoulePerBit);
        assert_eq!(bit.joules_per_bit(), 3.92e-12);
        assert_eq!(figure(1.46, Unit::Milliwatt).watts(), 1.46e-3);
        assert_eq!(figure(165.0, Unit::Watt).watts(), 165.0);
        assert_eq!(figure(2.7, Unit::Gigahertz).hertz(), 2.7e9);
        let link = figure(31.5, Unit::GigabytePerSecond);
        assert_eq!(link.bytes_per_s(), 31.5e9);
        let flop = figure(19.5, Unit::TeraflopPerSecond);
        assert_eq!(flop.flop_per_s(), 19.5e12);
        assert_eq!(figure(1408.0, Unit::Kibibyte).bytes(), 1_441_792);
        assert_eq!(figure(18.0, Unit::Count).count(), 18);
        assert_eq!(
            figure(0.71, Unit::Nanosecond).in_unit(Unit::Nanosecond),
            0.71
        );
    }

    #[test]
    #[should_panic(expected = "the figure is no power")]
    fn energy_is_no_power() {
        let _ = figure(1.0, Unit::Picojoule).watts();
    }

    #[test]
    #[should_panic(expected = "the figure is stated in another unit")]
    fn nanoseconds_are_no_square_microns() {
        let _ = figure(1.0, Unit::Nanosecond).in_unit(Unit::SquareMicron);
    }
}
