//! A tokenizer for the little SystemVerilog that the generator has to understand: module headers,
//! constant expressions and named instances.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Identifier, keyword, system function (`$clog2`) or directive (`` `ifdef ``).
    Word,
    Number,
    /// String literal with its quotes.
    Text,
    Symbol,
    /// `//` comment up to the end of its line.
    Comment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Line in the source, from 1.
    pub line: usize,
    /// Byte offset in the source.
    pub start: usize,
}

impl Token<'_> {
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub fn is(&self, text: &str) -> bool {
        self.text == text && self.kind != Kind::Comment && self.kind != Kind::Text
    }
}

/// Operators of more than one character; everything else is a symbol by itself.
const LONG_SYMBOLS: &[&str] = &[
    "**", "<<", ">>", "==", "!=", "<=", ">=", "&&", "||", "+:", "-:",
];

/// Splits `source` into tokens. Block comments are skipped; line comments are kept.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    while let Some(c) = source[at..].chars().next() {
        let rest = &source[at..];
        let (kind, len) = if c.is_whitespace() {
            (None, c.len_utf8())
        } else if rest.starts_with("//") {
            (Some(Kind::Comment), rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (None, rest.find("*/").map_or(rest.len(), |end| end + 2))
        } else if c == '"' {
            (
                Some(Kind::Text),
                rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            )
        } else if is_word(c) && !c.is_ascii_digit() || c == '$' || c == '`' {
            (Some(Kind::Word), 1 + span(&rest[1..], is_word))
        } else if let Some(len) = number(rest) {
            (Some(Kind::Number), len)
        } else if let Some(symbol) = LONG_SYMBOLS.iter().find(|s| rest.starts_with(**s)) {
            (Some(Kind::Symbol), symbol.len())
        } else {
            (Some(Kind::Symbol), c.len_utf8())
        };
        let text = &rest[..len];
        if let Some(kind) = kind {
            found.push(Token {
                kind,
                text,
                line,
                start: at,
            });
        }
        line += text.matches('\n').count();
        at += len;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn span(text: &str, accept: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accept(c)).unwrap_or(text.len())
}

/// Length of the number at the start of `text`: `12`, `8'hff`, `'d3`, `'0`.
fn number(text: &str) -> Option<usize> {
    let digits = span(text, |c| c.is_ascii_digit() || c == '_');
    let based = text[digits..].strip_prefix('\'').and_then(|rest| {
        let signed = usize::from(rest.starts_with(['s', 'S']));
        let value = match rest[signed..].chars().next()? {
            'b' | 'o' | 'd' | 'h' | 'B' | 'O' | 'D' | 'H' => {
                1 + span(&rest[signed + 1..], |c| {
                    c.is_ascii_alphanumeric() || c == '_' || c == '?'
                })
            }
            '0' | '1' if digits == 0 => 1,
            _ => return None,
        };
        Some(digits + 1 + signed + value)
    });
    based.or((digits > 0).then_some(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        tokens(source).iter().map(|t| t.text).collect()
    }

    #[test]
    fn splits_headers_and_literals() {
        assert_eq!(
            texts("input  logic [2**N-1:0] a_i, // doc, here\n/* x\ny */ 8'hFf '0 '{ b[W*i +: W]"),
            [
                "input",
                "logic",
                "[",
                "2",
                "**",
                "N",
                "-",
                "1",
                ":",
                "0",
                "]",
                "a_i",
                ",",
                "// doc, here",
                "8'hFf",
                "'0",
                "'",
                "{",
                "b",
                "[",
                "W",
                "*",
                "i",
                "+:",
                "W",
                "]"
            ]
        );
    }

    #[test]
    fn counts_lines() {
        let found = tokens("a\n/* b\n*/ c\n  d // e\nf");
        let lines: Vec<_> = found.iter().map(|t| (t.text, t.line)).collect();
        assert_eq!(lines, [("a", 1), ("c", 3), ("d", 4), ("// e", 4), ("f", 5)]);
    }
}
