//! A table as HTML, and text that is safe in it.

use super::Table;

/// `text` for use between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

/// The table, then inputs and notes as a list. The title is its caption unless a heading above says it.
pub(crate) fn table(table: &Table, captioned: bool) -> String {
    let mut html = "<div class=\"wide\"><table>\n".to_owned();
    if let Some(title) = table.title.as_ref().filter(|_| captioned) {
        html += &format!("<caption>{}</caption>\n", escape(title));
    }
    if let Some(headings) = table.headings() {
        html += &format!("<thead>{}</thead>\n", row(table, "th", &headings));
    }
    let rows = |rows: &[Vec<super::Cell>]| -> String {
        let shown = |cells: &Vec<_>| {
            let shown = table.shown(cells).into_iter();
            row(
                table,
                "td",
                &shown.map(Option::unwrap_or_default).collect::<Vec<_>>(),
            ) + "\n"
        };
        rows.iter().map(shown).collect()
    };
    html += &format!("<tbody>\n{}</tbody>\n", rows(&table.rows));
    if !table.footer.is_empty() {
        html += &format!("<tfoot>\n{}</tfoot>\n", rows(&table.footer));
    }
    html += "</table></div>\n";
    let inputs = table.inputs.iter().map(|input| format!("From {input}"));
    let below: Vec<String> = inputs.chain(table.notes.iter().cloned()).collect();
    html + &list(&below)
}

/// A list; nothing if it is empty.
fn list(items: &[String]) -> String {
    let items: String = items
        .iter()
        .map(|item| format!("<li>{}</li>\n", escape(item)))
        .collect();
    match items.is_empty() {
        true => items,
        false => format!("<ul>\n{items}</ul>\n"),
    }
}

fn row(table: &Table, tag: &str, cells: &[String]) -> String {
    let cells = cells.iter().zip(&table.columns);
    let cells: String = cells
        .map(|(cell, column)| {
            let class = if column.right { " class=\"n\"" } else { "" };
            format!("<{tag}{class}>{}</{tag}>", escape(cell))
        })
        .collect();
    format!("<tr>{cells}</tr>")
}
