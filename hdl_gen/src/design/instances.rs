//! Instances inside leaf text. A leaf's logic is its own business, but the modules, parameters and
//! ports that it names must exist, and no port may be left out.

use super::token::{Kind, Token, tokens};

/// An instance as found in a leaf: `of #(.params(..)) name (.ports(..))`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeafInstance {
    pub of: String,
    pub name: String,
    pub line: usize,
    pub params: Vec<String>,
    pub ports: Vec<String>,
    /// A connection by position was found.
    pub positional: bool,
}

/// Finds the instances of `text`: names that begin with `u_` and are followed by a port list.
pub(super) fn scan(text: &str) -> Vec<LeafInstance> {
    let tokens: Vec<Token> = tokens(text)
        .into_iter()
        .filter(|t| t.kind != Kind::Comment)
        .collect();
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        let token = tokens[at];
        let opens = tokens.get(at + 1).is_some_and(|t| t.is("("));
        if token.kind != Kind::Word || !token.text.starts_with("u_") || !opens {
            continue;
        }
        let (params, of) = if tokens[at - 1].is(")") {
            match matching_open(&tokens, at - 1) {
                Some(open) if open >= 2 && tokens[open - 1].is("#") => {
                    (named(&tokens[open..]).0, tokens[open - 2])
                }
                _ => continue,
            }
        } else {
            (Vec::new(), tokens[at - 1])
        };
        if of.kind != Kind::Word {
            continue;
        }
        let (ports, positional) = named(&tokens[at + 1..]);
        found.push(LeafInstance {
            of: of.text.to_owned(),
            name: token.text.to_owned(),
            line: token.line,
            params,
            ports,
            positional,
        });
    }
    found
}

/// Index of the parenthesis that the one at `close` closes.
fn matching_open(tokens: &[Token], close: usize) -> Option<usize> {
    let mut depth = 0;
    for at in (0..=close).rev() {
        if tokens[at].is(")") {
            depth += 1;
        } else if tokens[at].is("(") {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Names of `(.name(..), .name(..))` at the start of `tokens`, and whether anything else is there.
fn named(tokens: &[Token]) -> (Vec<String>, bool) {
    let (mut names, mut other) = (Vec::new(), false);
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        let starts_entry = depth == 1 && at > 0 && (tokens[at - 1].is(",") || at == 1);
        if starts_entry && token.is(".") {
            names.extend(tokens.get(at + 1).map(|t| t.text.to_owned()));
        } else if starts_entry {
            other = true;
        }
    }
    (names, other)
}

#[cfg(test)]
mod tests {
    use super::super::hierarchy::check;
    use super::super::module::Module;
    use super::*;

    const LEAF: &str = "\
// Wraps.
module wrap (
  input logic clk_i
);
  // u_not_me (
  fifo #(.Width(8), .Depth(2*(4))) u_a (
    .clk_i(clk_i),
    .data_i({x, y[3:0]}), .data_o(z)
  );
  for (genvar i = 0; i < 2; i++) begin : gen_x
    plain u_b (clk_i, x);
  end
endmodule
";

    #[test]
    fn finds_instances() {
        let found = scan(LEAF);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].of.as_str(), found[0].name.as_str(), found[0].line),
            ("fifo", "u_a", 6)
        );
        assert_eq!(found[0].params, ["Width", "Depth"]);
        assert_eq!(found[0].ports, ["clk_i", "data_i", "data_o"]);
        assert!(found[1].positional);
    }

    #[test]
    fn names_what_does_not_fit() {
        let fifo = |header: &str| {
            Module::leaf_text(&format!("// Keeps.\nmodule fifo {header}\nendmodule\n")).unwrap()
        };
        let instance = &scan(LEAF)[0];
        let why = |of: Option<&Module>| check("wrap", instance, of).unwrap_err().to_string();
        let at = "in `wrap`, line 6: instance `u_a` of `fifo`: ";
        assert_eq!(why(None), format!("{at}the design has no such module"));
        let params = "#(parameter int Width = 1, parameter int Depth = 1)";
        let ports = "input logic clk_i, input logic data_i, output logic data_o";
        assert_eq!(
            check(
                "wrap",
                instance,
                Some(&fifo(&format!("{params} ({ports});")))
            ),
            Ok(())
        );
        assert_eq!(
            why(Some(&fifo(&format!("({ports});")))),
            format!("{at}the module has no parameter `Width`")
        );
        assert_eq!(
            why(Some(&fifo(&format!(
                "#(parameter int Width = 1, localparam int Depth = 1) ({ports});"
            )))),
            format!("{at}`Depth` is a localparam and can't be set")
        );
        assert_eq!(
            why(Some(&fifo(&format!(
                "{params} (input logic clk_i, input logic data_i);"
            )))),
            format!("{at}the module has no port `data_o`")
        );
        assert_eq!(
            why(Some(&fifo(&format!(
                "{params} ({ports}, input logic flush_i);"
            )))),
            format!("{at}port `flush_i` is left open")
        );
        let positional = &scan(LEAF)[1];
        let plain = fifo("(input logic clk_i);");
        assert!(
            check("wrap", positional, Some(&plain))
                .unwrap_err()
                .to_string()
                .contains("by name")
        );
    }
}
