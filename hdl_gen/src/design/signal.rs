//! Typed glue between ports: what an instance's input may be connected to besides a single net.

use std::fmt;

/// A value of known width. A bare name is the driver's port: `"u_ctrl.drop_o"` or, for an input of
/// the composed module itself, `"abort_i"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    Pin(String),
    Lit { width: u32, value: u64 },
    Bits { of: String, high: u32, low: u32 },
    Concat(Vec<Signal>),
    Not(Box<Signal>),
    And(Vec<Signal>),
    Or(Vec<Signal>),
}

impl Signal {
    /// A constant of `width` bits.
    pub fn lit(width: u32, value: u64) -> Self {
        Self::Lit { width, value }
    }

    /// Bits `high` down to `low` of the port called `of`.
    pub fn bits(of: impl Into<String>, high: u32, low: u32) -> Self {
        Self::Bits {
            of: of.into(),
            high,
            low,
        }
    }

    /// The parts side by side, the first one highest.
    pub fn concat<S: Into<Self>>(parts: impl IntoIterator<Item = S>) -> Self {
        Self::Concat(parts.into_iter().map(Into::into).collect())
    }

    /// Bitwise complement.
    pub fn inverted(of: impl Into<Self>) -> Self {
        Self::Not(Box::new(of.into()))
    }

    /// Bitwise and of parts of the same width.
    pub fn and<S: Into<Self>>(parts: impl IntoIterator<Item = S>) -> Self {
        Self::And(parts.into_iter().map(Into::into).collect())
    }

    /// Bitwise or of parts of the same width.
    pub fn or<S: Into<Self>>(parts: impl IntoIterator<Item = S>) -> Self {
        Self::Or(parts.into_iter().map(Into::into).collect())
    }

    /// The SystemVerilog text, each port name through `name`.
    pub(super) fn text(&self, name: &dyn Fn(&str) -> String) -> String {
        let list = |parts: &[Self], between: &str| {
            let texts: Vec<String> = parts.iter().map(|p| p.operand(name)).collect();
            texts.join(between)
        };
        match self {
            Self::Pin(pin) => name(pin),
            Self::Lit { width: 1, value } => format!("1'b{value}"),
            Self::Lit { width, value } => format!("{width}'d{value}"),
            Self::Bits { of, high, low } if high == low => format!("{}[{low}]", name(of)),
            Self::Bits { of, high, low } => format!("{}[{high}:{low}]", name(of)),
            Self::Concat(parts) => {
                let texts: Vec<String> = parts.iter().map(|p| p.text(name)).collect();
                format!("{{{}}}", texts.join(", "))
            }
            Self::Not(of) => format!("~{}", of.operand(name)),
            Self::And(parts) => list(parts, " & "),
            Self::Or(parts) => list(parts, " | "),
        }
    }

    fn operand(&self, name: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::And(_) | Self::Or(_) => format!("({})", self.text(name)),
            _ => self.text(name),
        }
    }

    /// Calls `visit` with every port name in the signal.
    pub(super) fn for_each_pin<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Pin(pin) | Self::Bits { of: pin, .. } => visit(pin),
            Self::Lit { .. } => {}
            Self::Not(of) => of.for_each_pin(visit),
            Self::Concat(parts) | Self::And(parts) | Self::Or(parts) => {
                parts.iter().for_each(|p| p.for_each_pin(visit));
            }
        }
    }

    /// Width in bits; `pin` gives that of a port.
    ///
    /// # Errors
    /// Those of `pin`, and as a sentence: bits out of range, parts of different widths, a constant
    /// that does not fit.
    pub(super) fn width<E>(
        &self,
        pin: &dyn Fn(&str) -> Result<u32, E>,
    ) -> Result<Result<u32, String>, E> {
        Ok(match self {
            Self::Pin(name) => Ok(pin(name)?),
            Self::Lit { width, value } => match width {
                0 => Err("a constant of no bits".into()),
                1..64 if value >> width != 0 => Err(format!("{value} does not fit {width} bits")),
                _ => Ok(*width),
            },
            Self::Bits { of, high, low } => match pin(of)? {
                width if low <= high && *high < width => Ok(high - low + 1),
                width => Err(format!("`{of}` has bits {}:0, not {high}:{low}", width - 1)),
            },
            Self::Not(of) => of.width(pin)?,
            Self::Concat(parts) => {
                let mut total = 0;
                for part in parts {
                    match part.width(pin)? {
                        Ok(width) => total += width,
                        error => return Ok(error),
                    }
                }
                Ok(total)
            }
            Self::And(parts) | Self::Or(parts) => {
                let mut widths = Vec::new();
                for part in parts {
                    match part.width(pin)? {
                        Ok(width) => widths.push(width),
                        error => return Ok(error),
                    }
                }
                match widths.first() {
                    Some(first) if widths.iter().all(|w| w == first) => Ok(*first),
                    _ => Err(format!("`{self}` mixes the widths {widths:?}")),
                }
            }
        })
    }
}

impl From<&str> for Signal {
    fn from(pin: &str) -> Self {
        Self::Pin(pin.to_owned())
    }
}

impl From<String> for Signal {
    fn from(pin: String) -> Self {
        Self::Pin(pin)
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(&str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_measures() {
        let signal = Signal::concat([
            Signal::lit(1, 1),
            Signal::bits("a", 3, 2),
            Signal::inverted(Signal::or(["b", "c"])),
            Signal::and([Signal::from("b"), Signal::lit(4, 9)]),
        ]);
        assert_eq!(signal.to_string(), "{1'b1, a[3:2], ~(b | c), b & 4'd9}");
        let pin = |name: &str| if name == "x" { Err("no x") } else { Ok(4) };
        assert_eq!(signal.width(&pin), Ok(Ok(1 + 2 + 4 + 4)));
        let why = |s: Signal| s.width(&pin).unwrap().unwrap_err();
        assert_eq!(why(Signal::bits("a", 4, 0)), "`a` has bits 3:0, not 4:0");
        assert_eq!(why(Signal::lit(3, 8)), "8 does not fit 3 bits");
        assert_eq!(why(Signal::lit(0, 0)), "a constant of no bits");
        assert_eq!(
            why(Signal::or([Signal::from("a"), Signal::lit(2, 0)])),
            "`a | 2'd0` mixes the widths [4, 2]"
        );
        assert_eq!(Signal::from("x").width(&pin), Err("no x"));
    }
}
