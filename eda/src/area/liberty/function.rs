//! Boolean functions of pins, as Liberty writes them.
//!
//! Inversion (`!A`, `A'`) binds closest, then `^`, then and (`*`, `&` or a blank), then or (`+`, `|`).
//! What a cell does is judged by the values of its function: `((A))`, `A''` and `A * A` are all `A`.

use std::collections::BTreeSet;
use std::fmt;

/// An expression over the names of pins.
#[derive(Clone, Debug, PartialEq)]
pub enum Function {
    Constant(bool),
    Pin(String),
    Not(Box<Function>),
    Xor(Vec<Function>),
    And(Vec<Function>),
    Or(Vec<Function>),
}

/// Functions of more inputs than this are taken to need all they name: no gate has as many.
const MAX_INPUTS: usize = 16;

/// Nothing real nests as deep.
const MAX_DEPTH: usize = 64;

impl Function {
    /// Reads a function; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
        };
        let function = parser.or()?;
        match parser.peek() {
            None => Ok(function),
            Some(token) => Err(format!("`{token}` is not expected")),
        }
    }

    /// Names in the expression.
    fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::Constant(_) => BTreeSet::new(),
            Self::Pin(name) => BTreeSet::from([name.as_str()]),
            Self::Not(inner) => inner.names(),
            Self::Xor(terms) | Self::And(terms) | Self::Or(terms) => {
                terms.iter().flat_map(Self::names).collect()
            }
        }
    }

    fn value(&self, of: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::Pin(name) => of(name),
            Self::Not(inner) => !inner.value(of),
            Self::Xor(terms) => terms.iter().fold(false, |v, t| v ^ t.value(of)),
            Self::And(terms) => terms.iter().all(|t| t.value(of)),
            Self::Or(terms) => terms.iter().any(|t| t.value(of)),
        }
    }

    /// The names that the value depends on.
    pub fn support(&self) -> Vec<&str> {
        let names: Vec<&str> = self.names().into_iter().collect();
        if names.len() > MAX_INPUTS {
            return names;
        }
        let at = |inputs: u32| {
            self.value(&|name| {
                names
                    .iter()
                    .position(|n| *n == name)
                    .is_some_and(|i| inputs >> i & 1 == 1)
            })
        };
        let matters = |i: usize| (0..1u32 << names.len()).any(|v| at(v) != at(v ^ 1 << i));
        (0..names.len())
            .filter(|&i| matters(i))
            .map(|i| names[i])
            .collect()
    }

    /// The one name that the function is equal to, and whether it is so without inversion.
    pub fn literal(&self) -> Option<(&str, bool)> {
        match self.support().as_slice() {
            [name] => Some((name, self.value(&|n| n == *name))),
            _ => None,
        }
    }
}

/// As every tool reads it: all precedence in parentheses, no blank as an operator.
impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let list = |f: &mut fmt::Formatter, terms: &[Self], operator: &str| {
            f.write_str("(")?;
            for (i, term) in terms.iter().enumerate() {
                write!(f, "{}{term}", if i > 0 { operator } else { "" })?;
            }
            f.write_str(")")
        };
        match self {
            Self::Constant(value) => write!(f, "{}", u8::from(*value)),
            Self::Pin(name) => f.write_str(name),
            Self::Not(inner) => write!(f, "!{inner}"),
            Self::Xor(terms) => list(f, terms, " ^ "),
            Self::And(terms) => list(f, terms, " * "),
            Self::Or(terms) => list(f, terms, " + "),
        }
    }
}

/// Names and operators; `~`, `&&` and `||` as in C are accepted.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            _ if c.is_whitespace() || c == '"' => {}
            '~' => tokens.push("!".into()),
            '&' | '|' => {
                chars.next_if_eq(&c);
                tokens.push(if c == '&' { "*" } else { "+" }.into());
            }
            '(' | ')' | '!' | '\'' | '*' | '+' | '^' => tokens.push(c.into()),
            _ if is_name(c) => {
                let mut name = String::from(c);
                while let Some(c) = chars.next_if(|&c| is_name(c)) {
                    name.push(c);
                }
                tokens.push(name);
            }
            _ => return Err(format!("`{c}` is no operator")),
        }
    }
    Ok(tokens)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || "_[]<>.:$\\/".contains(c)
}

struct Parser {
    tokens: Vec<String>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn accept(&mut self, token: &str) -> bool {
        let hit = self.peek() == Some(token);
        self.at += usize::from(hit);
        hit
    }

    fn or(&mut self) -> Result<Function, String> {
        let mut terms = vec![self.and()?];
        while self.accept("+") {
            terms.push(self.and()?);
        }
        Ok(one_or(terms, Function::Or))
    }

    fn and(&mut self) -> Result<Function, String> {
        let mut terms = vec![self.xor()?];
        while self.accept("*") || !matches!(self.peek(), None | Some("+" | ")" | "^" | "'")) {
            terms.push(self.xor()?);
        }
        Ok(one_or(terms, Function::And))
    }

    fn xor(&mut self) -> Result<Function, String> {
        let mut terms = vec![self.factor()?];
        while self.accept("^") {
            terms.push(self.factor()?);
        }
        Ok(one_or(terms, Function::Xor))
    }

    fn factor(&mut self) -> Result<Function, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("nested too deeply".into());
        }
        let mut function = if self.accept("!") {
            not(self.factor()?)
        } else if self.accept("(") {
            let inner = self.or()?;
            if !self.accept(")") {
                return Err("a `)` is missing".into());
            }
            inner
        } else {
            match self.peek() {
                None => return Err("it ends too early".into()),
                Some("0") => self.leaf(Function::Constant(false)),
                Some("1") => self.leaf(Function::Constant(true)),
                Some(name) if name.starts_with(is_name) => {
                    let pin = Function::Pin(name.to_owned());
                    self.leaf(pin)
                }
                Some(token) => return Err(format!("`{token}` is not expected")),
            }
        };
        while self.accept("'") {
            function = not(function);
        }
        self.depth -= 1;
        Ok(function)
    }

    fn leaf(&mut self, function: Function) -> Function {
        self.at += 1;
        function
    }
}

fn not(function: Function) -> Function {
    match function {
        Function::Not(inner) => *inner,
        other => Function::Not(Box::new(other)),
    }
}

fn one_or(mut terms: Vec<Function>, many: fn(Vec<Function>) -> Function) -> Function {
    if terms.len() == 1 {
        terms.remove(0)
    } else {
        many(terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Option<(String, bool)> {
        let function = Function::parse(text).unwrap();
        function.literal().map(|(n, p)| (n.to_owned(), p))
    }

    #[test]
    fn a_buffer_is_one_by_value() {
        for text in [
            "A", " A ", "(A)", "((A))", "!(!A)", "A''", "!A'", "A * A", "A + A B", "A&1",
        ] {
            assert_eq!(literal(text), Some(("A".into(), true)), "{text}");
        }
        for text in ["!A", "A'", "(!A)", "!((A))", "~A", "A ^ 1", "(! A )"] {
            assert_eq!(literal(text), Some(("A".into(), false)), "{text}");
        }
        for text in ["A B", "A + B", "A ^ A", "0", "1", "A !A"] {
            assert_eq!(literal(text), None, "{text}");
        }
    }

    #[test]
    fn operators_bind_as_liberty_has_it() {
        for (text, plain) in [
            ("!(A1 & A2)", "!(A1 * A2)"),
            ("(!((A B)+C))", "!((A * B) + C)"),
            ("A ^ B C", "((A ^ B) * C)"),
            ("A B'|C", "((A * !B) + C)"),
            ("!A B", "(!A * B)"),
            ("(A B)'", "!(A * B)"),
            ("(S&A1) | (A0&!S)", "((S * A1) + (A0 * !S))"),
            ("\"IQ\"", "IQ"),
        ] {
            assert_eq!(Function::parse(text).unwrap().to_string(), plain, "{text}");
        }
    }

    #[test]
    fn what_is_no_function_is_said() {
        for (text, why) in [
            ("", "it ends too early"),
            ("(A", "a `)` is missing"),
            ("A)", "`)` is not expected"),
            ("A + * B", "`*` is not expected"),
            ("A ? B", "`?` is no operator"),
        ] {
            assert_eq!(Function::parse(text).unwrap_err(), why, "{text}");
        }
        assert!(Function::parse(&"(".repeat(100_000)).is_err());
    }
}
