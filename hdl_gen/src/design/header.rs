//! The header of a module - name, parameters, ports - read from the text of a template and written
//! again in aligned columns. It is the only declaration of a leaf's interface.

use super::error::DesignError;
use super::token::{Kind, Token, tokens};
use contract::Dir;

/// A parameter or localparam of a module header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    pub name: String,
    /// A localparam can't be set by an instance.
    pub local: bool,
    /// Type as written, e.g. `int`; empty if none.
    pub ty: String,
    /// Default as written: a constant expression.
    pub value: String,
    /// Trailing comment, without the slashes.
    pub doc: String,
    /// Comment lines above.
    pub above: Vec<String>,
}

/// A port of a module header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModulePort {
    pub name: String,
    pub dir: Dir,
    /// Highest bit as a constant expression of the parameters; none for a single bit.
    pub high: Option<String>,
    /// Trailing comment, without the slashes.
    pub doc: String,
    /// Comment lines above.
    pub above: Vec<String>,
}

/// A module as read: header in parts, the rest as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub doc: String,
    /// Comment lines between the first line and `module`.
    pub notes: Vec<String>,
    pub name: String,
    pub params: Vec<Param>,
    pub ports: Vec<ModulePort>,
    /// Everything after the `);` of the port list, to the end.
    pub body: String,
}

/// Reads the module in `text`.
pub(super) fn parse(text: &str) -> Result<Parsed, DesignError> {
    let tokens = tokens(text);
    let mut reader = Reader {
        text,
        tokens: &tokens,
        module: "?".into(),
        last_line: 1,
        last_end: 0,
    };
    reader.module()
}

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token<'a>],
    module: String,
    /// Line and end of the token read last.
    last_line: usize,
    last_end: usize,
}

/// One comma-separated entry of a parameter or port list with its comments.
struct Item<'a> {
    tokens: Vec<Token<'a>>,
    doc: String,
    above: Vec<String>,
}

impl<'a> Reader<'a> {
    fn error(&self, why: impl Into<String>) -> DesignError {
        DesignError::Header {
            module: self.module.clone(),
            line: self.last_line,
            why: why.into(),
        }
    }

    fn next(&mut self) -> Result<Token<'a>, DesignError> {
        let (first, rest) = self
            .tokens
            .split_first()
            .ok_or_else(|| self.error("the text ends before the module header does"))?;
        self.tokens = rest;
        self.last_line = first.line;
        self.last_end = first.end();
        Ok(*first)
    }

    fn expect(&mut self, text: &str) -> Result<(), DesignError> {
        let token = self.next()?;
        if token.is(text) {
            Ok(())
        } else {
            Err(self.error(format!("`{text}` was expected, not `{}`", token.text)))
        }
    }

    fn module(&mut self) -> Result<Parsed, DesignError> {
        let mut notes = Vec::new();
        loop {
            let token = self.next()?;
            match token.kind {
                Kind::Comment => notes.push(comment(token.text)),
                Kind::Word if token.text == "module" => break,
                _ => return Err(self.error(format!("`{}` stands before `module`", token.text))),
            }
        }
        let name = self.next()?.text.to_owned();
        self.module.clone_from(&name);
        if notes.is_empty() || !notes[0].ends_with('.') {
            self.last_line = 1;
            return Err(self.error(
                "the first line must be a comment: one sentence that says what \
                                   the module guarantees",
            ));
        }
        let doc = notes.remove(0);
        let mut params = Vec::new();
        if self.tokens.first().is_some_and(|t| t.is("#")) {
            self.next()?;
            params = self
                .list()?
                .into_iter()
                .map(|i| self.param(i))
                .collect::<Result<_, _>>()?;
        }
        let ports = self
            .list()?
            .into_iter()
            .map(|i| self.port(i))
            .collect::<Result<_, _>>()?;
        self.expect(";")?;
        let body = self.text[self.last_end..].to_owned();
        Ok(Parsed {
            doc,
            notes,
            name,
            params,
            ports,
            body,
        })
    }

    /// A parenthesised list.
    fn list(&mut self) -> Result<Vec<Item<'a>>, DesignError> {
        self.expect("(")?;
        let mut items: Vec<Item> = Vec::new();
        let mut open = Item {
            tokens: Vec::new(),
            doc: String::new(),
            above: Vec::new(),
        };
        let mut depth = 0;
        let mut separated = 0; // line of the comma before the current entry
        loop {
            let token = self.next()?;
            if token.kind == Kind::Comment {
                let text = comment(token.text);
                let trails = |item: &Item| item.tokens.last().is_some_and(|t| t.line == token.line);
                if trails(&open) {
                    open.doc = text;
                } else if open.tokens.is_empty() && separated == token.line {
                    if let Some(last) = items.last_mut() {
                        last.doc = text;
                    }
                } else {
                    open.above.push(text);
                }
                continue;
            }
            match token.text {
                "(" | "[" | "{" => depth += 1,
                ")" if depth == 0 => break,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if token.is(",") && depth == 0 {
                separated = token.line;
                let next = Item {
                    tokens: Vec::new(),
                    doc: String::new(),
                    above: Vec::new(),
                };
                items.push(std::mem::replace(&mut open, next));
            } else {
                open.tokens.push(token);
            }
        }
        if !items.is_empty() || !open.tokens.is_empty() {
            items.push(open);
        }
        if items.iter().any(|i| i.tokens.is_empty()) {
            return Err(self.error("a list has a comma too many"));
        }
        Ok(items)
    }

    /// Source text from the first to the last of `tokens`.
    fn source(&self, tokens: &[Token]) -> String {
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => self.text[first.start..last.end()].to_owned(),
            _ => String::new(),
        }
    }

    fn param(&mut self, item: Item) -> Result<Param, DesignError> {
        let tokens = &item.tokens;
        self.last_line = tokens[0].line;
        let local = match tokens[0].text {
            "parameter" => false,
            "localparam" => true,
            other => {
                return Err(self.error(format!("`{other}` is neither parameter nor localparam")));
            }
        };
        let assign = tokens
            .iter()
            .position(|t| t.is("="))
            .filter(|at| *at >= 2)
            .ok_or_else(|| self.error(format!("`{}` has no default", self.source(tokens))))?;
        Ok(Param {
            name: tokens[assign - 1].text.to_owned(),
            local,
            ty: self.source(&tokens[1..assign - 1]),
            value: self.source(&tokens[assign + 1..]),
            doc: item.doc,
            above: item.above,
        })
    }

    fn port(&mut self, item: Item) -> Result<ModulePort, DesignError> {
        let tokens = &item.tokens;
        self.last_line = tokens[0].line;
        let form = "is not of the form `input|output logic [high:0] name`";
        let bad = || format!("`{}` {form}", self.source(tokens));
        let dir = match tokens[0].text {
            "input" => Dir::Input,
            "output" => Dir::Output,
            _ => return Err(self.error(bad())),
        };
        let (name, between) = match tokens.as_slice() {
            [_, ty, between @ .., name] if ty.is("logic") && name.kind == Kind::Word => {
                (name, between)
            }
            _ => return Err(self.error(bad())),
        };
        let high = match between {
            [] => None,
            [open, high @ .., colon, zero, close]
                if open.is("[")
                    && colon.is(":")
                    && zero.is("0")
                    && close.is("]")
                    && !high.iter().any(|t| t.is("[")) =>
            {
                Some(self.source(high))
            }
            _ => return Err(self.error(bad())),
        };
        let name = name.text.to_owned();
        Ok(ModulePort {
            name,
            dir,
            high,
            doc: item.doc,
            above: item.above,
        })
    }
}

fn comment(text: &str) -> String {
    text.trim_start_matches('/').trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::columns::render;
    use super::*;

    const FIFO: &str = "\
// Keeps the order.
// Second line.
module fifo #(
  parameter int Width = 128, // bits
  // how many
  parameter int Depth = 2, // words
  localparam int PtrW = $clog2(Depth)
) (
  input logic clk_i,
  // input
  input logic valid_i, // is there
  input logic [Width-1:0] data_i,
  output logic [(PtrW > 1 ? PtrW : 1)-1:0] level_o // last, one
);

  // body
endmodule
";

    #[test]
    fn reads_and_aligns_a_header() {
        let parsed = parse(FIFO).unwrap();
        assert_eq!(parsed.doc, "Keeps the order.");
        assert_eq!(parsed.notes, ["Second line."]);
        assert_eq!(parsed.body, "\n\n  // body\nendmodule\n");
        assert_eq!(
            parsed.ports[3].high.as_deref(),
            Some("(PtrW > 1 ? PtrW : 1)-1")
        );
        insta::assert_snapshot!(render(&parsed.name, &parsed.params, &parsed.ports));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let why = |text: &str| parse(text).unwrap_err().to_string();
        assert_eq!(
            why("module m (\n  input logic a_i\n);"),
            "module `m`, line 1: the first line must be a comment: one sentence that says what \
             the module guarantees"
        );
        assert_eq!(
            why("// Does.\nmodule m (\n  inout wire a\n);"),
            "module `m`, line 3: `inout wire a` is not of the form \
             `input|output logic [high:0] name`"
        );
        assert_eq!(
            why("// Does.\nmodule m (\n  input logic [1:0][3:0] a_i\n);"),
            "module `m`, line 3: `input logic [1:0][3:0] a_i` is not of the form \
             `input|output logic [high:0] name`"
        );
        assert_eq!(
            why("// Does.\nmodule m #(\n  parameter int A\n) (\n);"),
            "module `m`, line 3: `parameter int A` has no default"
        );
        assert_eq!(
            why("// Does.\nmodule m (\n  input logic a_i,\n);").as_str(),
            "module `m`, line 4: a list has a comma too many"
        );
        assert_eq!(
            why("// Does.\nmodule m ("),
            "module `m`, line 2: the text ends before the module header does"
        );
    }
}
