//! Constant expressions of module headers: parameter defaults and port widths.

use super::token::{Kind, Token, tokens};

/// Binary operators, loosest first; all associate to the left.
const LEVELS: &[&[&str]] = &[
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<", "<=", ">", ">="],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

/// Evaluates `text` with the parameters that `lookup` knows.
///
/// # Errors
/// One sentence on what could not be evaluated.
pub(super) fn evaluate(text: &str, lookup: &dyn Fn(&str) -> Option<i64>) -> Result<i64, String> {
    let tokens = tokens(text);
    let mut parser = Parser {
        tokens: &tokens,
        lookup,
    };
    let value = parser.ternary()?;
    match parser.tokens.first() {
        None => Ok(value),
        Some(token) => Err(format!("`{}` is not expected here", token.text)),
    }
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    lookup: &'a dyn Fn(&str) -> Option<i64>,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<Token<'a>, String> {
        let (first, rest) = self
            .tokens
            .split_first()
            .ok_or("the expression ends too early")?;
        self.tokens = rest;
        Ok(*first)
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.tokens.first().is_some_and(|t| t.is(text));
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.accept(text) {
            Ok(())
        } else {
            Err(format!("`{text}` is missing"))
        }
    }

    fn ternary(&mut self) -> Result<i64, String> {
        let condition = self.binary(0)?;
        if !self.accept("?") {
            return Ok(condition);
        }
        let yes = self.ternary()?;
        self.expect(":")?;
        let no = self.ternary()?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn binary(&mut self, level: usize) -> Result<i64, String> {
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut value = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|o| self.accept(o)) {
            let right = self.binary(level + 1)?;
            value = apply(operator, value, right)
                .ok_or_else(|| format!("{value} {operator} {right} has no value"))?;
        }
        Ok(value)
    }

    fn unary(&mut self) -> Result<i64, String> {
        if self.accept("-") {
            return self
                .unary()?
                .checked_neg()
                .ok_or_else(|| "the value is too large".into());
        }
        if self.accept("+") {
            return self.unary();
        }
        if self.accept("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<i64, String> {
        let token = self.next()?;
        match token.kind {
            Kind::Number => number(token.text),
            Kind::Symbol if token.text == "(" => {
                let value = self.ternary()?;
                self.expect(")")?;
                Ok(value)
            }
            Kind::Word if token.text == "$clog2" => {
                self.expect("(")?;
                let value = self.ternary()?;
                self.expect(")")?;
                u64::try_from(value)
                    .map(clog2)
                    .map_err(|_| format!("$clog2({value}) has no value"))
            }
            Kind::Word => (self.lookup)(token.text)
                .ok_or_else(|| format!("`{}` is not a numeric parameter", token.text)),
            _ => Err(format!("`{}` is not expected here", token.text)),
        }
    }
}

/// Bits that count to `value` states, as SystemVerilog's `$clog2`: 0 for 0 and 1.
fn clog2(value: u64) -> i64 {
    i64::from(
        value
            .saturating_sub(1)
            .checked_ilog2()
            .map_or(0, |bits| bits + 1),
    )
}

fn number(text: &str) -> Result<i64, String> {
    let (radix, digits) = match text.split_once('\'') {
        None => (10, text),
        Some((_, based)) => {
            let based = based.trim_start_matches(['s', 'S']);
            match based.chars().next() {
                Some('b' | 'B') => (2, &based[1..]),
                Some('o' | 'O') => (8, &based[1..]),
                Some('d' | 'D') => (10, &based[1..]),
                Some('h' | 'H') => (16, &based[1..]),
                _ => (2, based),
            }
        }
    };
    i64::from_str_radix(&digits.replace('_', ""), radix)
        .map_err(|_| format!("`{text}` is not a number of at most 63 bits"))
}

fn apply(operator: &str, a: i64, b: i64) -> Option<i64> {
    let shift = || u32::try_from(b).ok();
    match operator {
        "||" => Some(i64::from(a != 0 || b != 0)),
        "&&" => Some(i64::from(a != 0 && b != 0)),
        "|" => Some(a | b),
        "^" => Some(a ^ b),
        "&" => Some(a & b),
        "==" => Some(i64::from(a == b)),
        "!=" => Some(i64::from(a != b)),
        "<" => Some(i64::from(a < b)),
        "<=" => Some(i64::from(a <= b)),
        ">" => Some(i64::from(a > b)),
        ">=" => Some(i64::from(a >= b)),
        "<<" => a.checked_mul(2_i64.checked_pow(shift()?)?),
        ">>" => a.checked_shr(shift()?),
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        "*" => a.checked_mul(b),
        "/" => a.checked_div(b),
        "%" => a.checked_rem(b),
        "**" => a.checked_pow(shift()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<i64, String> {
        evaluate(text, &|name| (name == "W").then_some(12))
    }

    #[test]
    fn follows_the_precedence_of_systemverilog() {
        assert_eq!(value("W*2-1"), Ok(23));
        assert_eq!(value("1 + 2 ** 3 * 2"), Ok(17));
        assert_eq!(value("(W > 8) ? $clog2(W) : 1 << 4"), Ok(4));
        assert_eq!(value("W == 12 && !(W % 5 == 0)"), Ok(1));
        assert_eq!(value("-W + 8'h1_0"), Ok(4));
        assert_eq!(value("W - 4 - 3"), Ok(5));
        assert_eq!(
            value("$clog2(1) + $clog2(0) + $clog2(2048) + $clog2(2049)"),
            Ok(23)
        );
        assert_eq!(value("'1"), Ok(1));
    }

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(
            value("V + 1").unwrap_err(),
            "`V` is not a numeric parameter"
        );
        assert_eq!(value("W / 0").unwrap_err(), "12 / 0 has no value");
        assert_eq!(value("(W").unwrap_err(), "`)` is missing");
        assert_eq!(value("W +").unwrap_err(), "the expression ends too early");
        assert_eq!(value("W W").unwrap_err(), "`W` is not expected here");
        assert_eq!(value("2 ** 80").unwrap_err(), "2 ** 80 has no value");
        assert_eq!(value("$clog2(-1)").unwrap_err(), "$clog2(-1) has no value");
        assert_eq!(
            value("8'hxx").unwrap_err(),
            "`8'hxx` is not a number of at most 63 bits"
        );
    }
}
