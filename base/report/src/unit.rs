//! Units, and with how many decimals a number is shown in them.

/// Unit of a number and how it is shown. The number itself is always in this unit: nothing is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    symbol: &'static str,
    decimals: usize,
    /// As `1.23e-4`.
    exponent: bool,
    /// The symbol follows every number (`5.04x`) instead of the column's title (`forward us`).
    attached: bool,
}

/// `5.04x`: how many times more or less.
pub const RATIO: Unit = Unit::attached("x", 2);
/// `61.70%`; the number is 61.7.
pub const PERCENT: Unit = Unit::attached("%", 2);
/// Microseconds.
pub const US: Unit = Unit::new("us", 1);

impl Unit {
    /// A unit that stands once, behind the title of the column.
    pub const fn new(symbol: &'static str, decimals: usize) -> Self {
        Self {
            symbol,
            decimals,
            exponent: false,
            attached: false,
        }
    }

    /// A unit that stands behind every number, without a space unless the symbol begins with one.
    pub const fn attached(symbol: &'static str, decimals: usize) -> Self {
        Self {
            attached: true,
            ..Self::new(symbol, decimals)
        }
    }

    /// No unit, or one that the title names in its own way.
    pub const fn plain(decimals: usize) -> Self {
        Self::new("", decimals)
    }

    /// The same with so many decimals.
    #[must_use]
    pub const fn decimals(self, decimals: usize) -> Self {
        Self { decimals, ..self }
    }

    /// The same as `1.23e-4`.
    #[must_use]
    pub const fn exponent(self) -> Self {
        Self {
            exponent: true,
            ..self
        }
    }

    /// As in JSON: empty if there is no unit.
    pub fn symbol(self) -> &'static str {
        self.symbol.trim()
    }

    /// The number as it is shown.
    pub fn show(self, number: f64) -> String {
        let Self { decimals, .. } = self;
        let behind = if self.attached { self.symbol } else { "" };
        match self.exponent {
            true => format!("{number:.decimals$e}{behind}"),
            false => format!("{number:.decimals$}{behind}"),
        }
    }

    /// What the numbers do not say themselves.
    pub(crate) const fn beside(self) -> &'static str {
        if self.attached { "" } else { self.symbol }
    }
}
