//! The Liberty file format: nested groups of attributes.
//!
//! Read as tools read it, not only as the manual has it: a missing semicolon ends at its line, values
//! may be quoted or in parentheses, lines end in LF or CRLF, a name may carry a range (`A[1:0]`).

use super::error::LibertyError;

/// `kind(args) { attribute : value; attribute(values); kind(args) { ... } }`
#[derive(Debug, Default)]
pub struct Group {
    pub kind: String,
    pub args: Vec<String>,
    /// Line of the name.
    pub line: usize,
    pub attrs: Vec<(String, Vec<String>)>,
    pub groups: Vec<Group>,
}

impl Group {
    /// First value of an attribute.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.values(name)?.first().map(String::as_str)
    }

    /// All values of an attribute.
    pub fn values(&self, name: &str) -> Option<&[String]> {
        self.attrs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_slice())
    }

    /// All values of an attribute as one text: unquoted expressions are several words.
    pub fn text(&self, name: &str) -> Option<String> {
        self.values(name).map(|v| v.join(" "))
    }

    /// Whether an attribute is set to true.
    pub fn is_true(&self, name: &str) -> bool {
        self.attr(name)
            .is_some_and(|v| v.eq_ignore_ascii_case("true") || v == "1")
    }

    /// Groups of one kind, in file order.
    pub fn groups<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |g| g.kind == kind)
    }
}

/// Parses a file of one or more top-level groups (`library`).
pub fn parse(text: &str) -> Result<Vec<Group>, LibertyError> {
    let mut lexer = Lexer {
        text: text.trim_start_matches('\u{feff}').as_bytes(),
        at: 0,
        line: 1,
    };
    let mut libraries = Vec::new();
    while libraries.is_empty() || !lexer.at_end() {
        let kind = lexer.word("the library group")?;
        let line = lexer.line;
        match lexer.statement(kind, 0)? {
            Statement::Group(g) if g.kind == "library" => libraries.push(g),
            _ => {
                return Err(LibertyError::Syntax {
                    line,
                    what: if libraries.is_empty() {
                        "the file must start with library(..) {".into()
                    } else {
                        "only another library(..) { may follow the first".into()
                    },
                });
            }
        }
    }
    Ok(libraries)
}

enum Statement {
    Group(Group),
    Attr(String, Vec<String>),
}

/// Groups nest about six deep in real libraries; deeper is a broken or hostile file.
const MAX_DEPTH: usize = 64;

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl Lexer<'_> {
    fn error(&self, what: impl Into<String>) -> LibertyError {
        LibertyError::Syntax {
            line: self.line,
            what: what.into(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn bump(&mut self) {
        if self.peek() == Some(b'\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    /// Skips blanks, comments and line continuations. True if a line ended that was not continued.
    fn skip(&mut self) -> bool {
        let mut ended = false;
        while let Some(c) = self.peek() {
            let next = self.text.get(self.at + 1).copied();
            match (c, next) {
                (b'/', Some(b'*')) => {
                    while self.at < self.text.len() && !self.text[self.at..].starts_with(b"*/") {
                        self.bump();
                    }
                    self.at = (self.at + 2).min(self.text.len());
                }
                (b'/', Some(b'/')) => {
                    while self.peek().is_some_and(|c| c != b'\n') {
                        self.at += 1;
                    }
                }
                (b'\\', _) => {
                    let (at, line) = (self.at, self.line);
                    self.at += 1;
                    while self.line == line && self.peek().is_some_and(|c| c.is_ascii_whitespace())
                    {
                        self.bump();
                    }
                    if self.line == line {
                        self.at = at + 1;
                    }
                }
                _ if c.is_ascii_whitespace() => {
                    ended |= c == b'\n';
                    self.bump();
                }
                _ => return ended,
            }
        }
        ended
    }

    /// Whether nothing follows but blanks, comments, `;` and the Ctrl-Z of DOS.
    fn at_end(&mut self) -> bool {
        loop {
            self.skip();
            match self.peek() {
                None => return true,
                Some(b';' | 0x1a) => self.at += 1,
                Some(_) => return false,
            }
        }
    }

    /// A quoted string, or a run of characters up to a delimiter.
    fn word(&mut self, what: &str) -> Result<String, LibertyError> {
        self.skip();
        let start = self.at;
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let mut brackets = 0;
        while let Some(c) = self.peek() {
            match c {
                b'[' => brackets += 1,
                b']' => brackets -= 1,
                // In a range such as A[1:0], and in a time such as 10:11:12.
                b':' if self.at > start && (brackets > 0 || self.between_digits()) => {}
                _ if c.is_ascii_whitespace() || b"(){}:;,\"".contains(&c) => break,
                _ => {}
            }
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(format!("expected {what}, found {}", self.found())));
        }
        let word = String::from_utf8_lossy(&self.text[start..self.at]).into_owned();
        Ok(word.trim_end_matches('\\').to_owned())
    }

    fn between_digits(&self) -> bool {
        let digit = |at: usize| self.text.get(at).is_some_and(u8::is_ascii_digit);
        digit(self.at - 1) && digit(self.at + 1)
    }

    /// The inside of a quoted string, its line continuations as blanks.
    fn string(&mut self) -> Result<String, LibertyError> {
        let opened = self.line;
        self.bump();
        let mut inner = Vec::new();
        loop {
            let Some(c) = self.peek() else {
                self.line = opened;
                return Err(self.error("string without closing quote"));
            };
            self.bump();
            match c {
                b'"' => break,
                b'\\' if self.peek() == Some(b'"') => {
                    inner.push(b'"');
                    self.bump();
                }
                b'\\' | b'\r' | b'\n' => inner.push(b' '),
                _ => inner.push(c),
            }
        }
        Ok(String::from_utf8_lossy(&inner).into_owned())
    }

    fn found(&self) -> String {
        self.peek()
            .map_or("the end of the file".into(), |c| format!("`{}`", c as char))
    }

    fn accept(&mut self, c: u8) -> bool {
        self.skip();
        let hit = self.peek() == Some(c);
        self.at += usize::from(hit);
        hit
    }

    /// What follows a name: an attribute or a group.
    fn statement(&mut self, name: String, depth: usize) -> Result<Statement, LibertyError> {
        if depth > MAX_DEPTH {
            return Err(self.error("groups nested too deeply"));
        }
        let line = self.line;
        if self.accept(b':') {
            return Ok(Statement::Attr(name, self.value()?));
        }
        if !self.accept(b'(') {
            return Err(self.error(format!(
                "expected `:` or `(` after {name}, found {}",
                self.found()
            )));
        }
        let args = self.arguments()?;
        if !self.accept(b'{') {
            self.accept(b';');
            return Ok(Statement::Attr(name, args));
        }
        let mut group = Group {
            kind: name,
            args,
            line,
            ..Group::default()
        };
        while !self.accept(b'}') {
            if self.accept(b';') {
                continue;
            }
            let name = self.word("an attribute, a group or `}`")?;
            match self.statement(name, depth + 1)? {
                Statement::Group(g) => group.groups.push(g),
                Statement::Attr(n, v) => group.attrs.push((n, v)),
            }
        }
        Ok(Statement::Group(group))
    }

    /// What follows the `:` of an attribute: words of an expression, up to `;`, `}` or, for want of a
    /// `;`, the end of the line. Parentheses around all of it mean nothing.
    fn value(&mut self) -> Result<Vec<String>, LibertyError> {
        let mut values = Vec::new();
        let mut open = 0;
        loop {
            let ended = self.skip();
            match self.peek() {
                None | Some(b';' | b'}') => break,
                Some(_) if ended && !values.is_empty() && open == 0 => break,
                Some(c @ (b'(' | b')')) => {
                    open += if c == b'(' { 1 } else { -1 };
                    values.push((c as char).to_string());
                    self.at += 1;
                }
                Some(b',') => self.at += 1,
                Some(_) => values.push(self.word("`;`")?),
            }
        }
        if let [first, inner @ .., last] = values.as_slice()
            && (first.as_str(), last.as_str()) == ("(", ")")
            && !inner.iter().any(|w| w == "(" || w == ")")
        {
            values = inner.to_vec();
        }
        if values.is_empty() && self.peek() != Some(b';') {
            return Err(self.error(format!("expected a value, found {}", self.found())));
        }
        self.accept(b';');
        Ok(values)
    }

    /// What stands in the parentheses after a name, the opening one read already. Parentheses within
    /// are dropped.
    fn arguments(&mut self) -> Result<Vec<String>, LibertyError> {
        let mut args = Vec::new();
        let mut open = 1;
        while open > 0 {
            if self.accept(b')') {
                open -= 1;
            } else if self.accept(b'(') {
                open += 1;
            } else if !self.accept(b',') {
                args.push(self.word("a value or `)`")?);
            }
        }
        Ok(args)
    }
}
