//! A module header written in aligned columns.

use super::header::{ModulePort, Param};
use contract::Dir;

/// The header from `module` to `);`, in columns.
pub(super) fn render(name: &str, params: &[Param], ports: &[ModulePort]) -> String {
    let mut text = format!("module {name} ");
    if !params.is_empty() {
        let ty = width(params.iter().map(|p| &p.ty));
        let long = width(params.iter().map(|p| &p.name));
        let declarations = params.iter().map(|p| {
            let kind = if p.local { "localparam" } else { "parameter" };
            let ty = if ty == 0 {
                String::new()
            } else {
                format!("{:ty$} ", p.ty)
            };
            let code = format!("{kind:<10} {ty}{:long$} = {}", p.name, p.value);
            Line {
                above: &p.above,
                code,
                doc: &p.doc,
            }
        });
        text += "#(\n";
        text += &list(declarations.collect());
        text += ") ";
    }
    let range = |p: &ModulePort| {
        p.high
            .as_ref()
            .map_or(String::new(), |h| format!("[{h}:0]"))
    };
    let wide = width(ports.iter().map(range));
    let declarations = ports.iter().map(|p| {
        let dir = if p.dir == Dir::Input {
            "input"
        } else {
            "output"
        };
        let range = if wide == 0 {
            String::new()
        } else {
            format!("{:wide$} ", range(p))
        };
        Line {
            above: &p.above,
            code: format!("{dir:<6} logic {range}{}", p.name),
            doc: &p.doc,
        }
    });
    text += "(\n";
    text += &list(declarations.collect());
    text += ");";
    text
}

fn width<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> usize {
    texts.map(|t| t.as_ref().chars().count()).max().unwrap_or(0)
}

struct Line<'a> {
    above: &'a [String],
    code: String,
    doc: &'a str,
}

/// Columns of a line of RTL.
const COLUMNS: usize = 100;

/// Comma-separated lines, indented by two, with their trailing comments in one column. A comment
/// that would pass the last column goes above its line.
fn list(lines: Vec<Line>) -> String {
    let last = lines.len().saturating_sub(1);
    let column = lines
        .iter()
        .filter(|l| !l.doc.is_empty())
        .map(|l| l.code.chars().count() + 1)
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for (i, line) in lines.iter().enumerate() {
        for above in line.above {
            text += &format!("  // {above}\n");
        }
        let comma = if i == last { "" } else { "," };
        let code = format!("{}{comma}", line.code);
        if line.doc.is_empty() {
            text += &format!("  {code}\n");
        } else if 2 + column + 5 + line.doc.chars().count() <= COLUMNS {
            text += &format!("  {code:column$}  // {}\n", line.doc);
        } else {
            text += &format!("  // {}\n  {code}\n", line.doc);
        }
    }
    text
}
