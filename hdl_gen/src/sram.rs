//! Single-ported memory macros: size, module, area and access time.

/// A memory of `words` words of `bits` bits with one port that reads or writes (1RW).
///
/// Ports of the module: `clk_i`, `req_i`, `we_i`, `addr_i`, `wdata_i`, `rdata_o`. With `req_i` high
/// at the rising edge, `we_i` high stores `wdata_i`; low, `rdata_o` is the word from then until the
/// next access. A second port would double the area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SramSpec {
    pub words: u32,
    pub bits: u32,
}

impl SramSpec {
    pub fn new(words: u32, bits: u32) -> Self {
        Self { words, bits }
    }

    /// Name of the macro and of its module.
    pub fn name(&self) -> String {
        format!("sram_1rw_{}x{}", self.words, self.bits)
    }

    /// Bits of an address, at least 1. `words` need not be a power of two.
    pub fn addr_bits(&self) -> u32 {
        self.words
            .saturating_sub(1)
            .checked_ilog2()
            .map_or(1, |bits| bits + 1)
    }

    /// Bits stored.
    pub fn capacity(&self) -> u64 {
        u64::from(self.words) * u64::from(self.bits)
    }

    /// Area in um2 at 45 nm.
    pub fn area_um2_45nm(&self) -> f64 {
        tech::sram::area_um2_45nm(self.words, self.bits)
    }

    /// Access time (clock to read data) in ns at 45 nm.
    pub fn access_ns_45nm(&self) -> f64 {
        tech::sram::access_ns_45nm(self.words, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_and_access_are_those_of_words_and_bits() {
        let close = |a: f64, b: f64, tolerance: f64| (a / b - 1.0).abs() < tolerance;
        let (small, large) = (SramSpec::new(256, 128), SramSpec::new(8192, 128));
        assert!(close(small.area_um2_45nm(), 14_280.0, 1e-9));
        assert!(close(large.area_um2_45nm(), 357_000.0, 1e-9));
        assert!(close(small.access_ns_45nm(), 0.2491, 1e-3));
        assert!(close(large.access_ns_45nm(), 0.71, 1e-9));
    }

    #[test]
    fn any_number_of_words() {
        assert_eq!(SramSpec::new(2, 1).addr_bits(), 1);
        assert_eq!(SramSpec::new(1000, 8).addr_bits(), 10);
        assert_eq!(SramSpec::new(1024, 8).addr_bits(), 10);
        assert_eq!(SramSpec::new(1025, 8).addr_bits(), 11);
        for (words, bits) in [(2, 1), (3, 1), (1000, 77)] {
            let module = SramSpec::new(words, bits).module().unwrap();
            assert_eq!(module.name(), format!("sram_1rw_{words}x{bits}"));
            assert_eq!(module.sram_spec(), Some(&SramSpec::new(words, bits)));
        }
        let error = SramSpec::new(1, 8).module().unwrap_err();
        assert_eq!(
            error.to_string(),
            "module `sram_1rw_1x8`, line 1: a memory has at least two words of one bit"
        );
    }
}
