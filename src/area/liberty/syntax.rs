//! The Liberty file format: nested groups of attributes.

use super::LibertyError;

/// `kind(args) { attribute : value; attribute(values); kind(args) { ... } }`
#[derive(Debug, Default)]
pub struct Group {
    pub kind: String,
    pub args: Vec<String>,
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

    /// Groups of one kind, in file order.
    pub fn groups<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(move |g| g.kind == kind)
    }
}

/// Parses a file that holds one top-level group (`library`).
pub fn parse(text: &str) -> Result<Group, LibertyError> {
    let mut lexer = Lexer {
        text: text.as_bytes(),
        at: 0,
        line: 1,
    };
    let kind = lexer.word("the library group")?;
    let group = lexer.statement(kind, 0)?;
    match group {
        Statement::Group(g) if g.kind == "library" => Ok(g),
        _ => Err(LibertyError::Syntax {
            line: 1,
            what: "the file must start with library(..) {".into(),
        }),
    }
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

    /// Skips blanks, comments and line continuations.
    fn skip(&mut self) {
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
                (b'\\', _) => self.bump(),
                _ if c.is_ascii_whitespace() => self.bump(),
                _ => return,
            }
        }
    }

    /// A quoted string, or a run of characters up to a delimiter.
    fn word(&mut self, what: &str) -> Result<String, LibertyError> {
        self.skip();
        let start = self.at;
        if self.peek() == Some(b'"') {
            self.bump();
            while self.peek().is_some_and(|c| c != b'"') {
                self.bump();
            }
            if self.peek().is_none() {
                return Err(self.error("string without closing quote"));
            }
            self.bump();
            let inner = String::from_utf8_lossy(&self.text[start + 1..self.at - 1]);
            return Ok(inner.replace("\\\n", " "));
        }
        while self
            .peek()
            .is_some_and(|c| !c.is_ascii_whitespace() && !b"(){}:;,\"".contains(&c))
        {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error(format!("expected {what}, found {}", self.found())));
        }
        Ok(String::from_utf8_lossy(&self.text[start..self.at]).into_owned())
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
        if self.accept(b':') {
            let mut values = vec![self.word("a value")?];
            // An expression such as `1.0 * x` keeps its words; a missing `;` ends at the line.
            let line = self.line;
            loop {
                self.skip();
                if self.line != line || matches!(self.peek(), None | Some(b';' | b'}')) {
                    break;
                }
                values.push(self.word("`;`")?);
            }
            self.accept(b';');
            return Ok(Statement::Attr(name, values));
        }
        if !self.accept(b'(') {
            return Err(self.error(format!(
                "expected `:` or `(` after {name}, found {}",
                self.found()
            )));
        }
        let mut args = Vec::new();
        while !self.accept(b')') {
            args.push(self.word("a value or `)`")?);
            self.accept(b',');
        }
        if !self.accept(b'{') {
            self.accept(b';');
            return Ok(Statement::Attr(name, args));
        }
        let mut group = Group {
            kind: name,
            args,
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
}
