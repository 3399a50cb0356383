//! Text of a composed module's body.

use askama::Template;

use super::nets::{Connected, Netlist};

#[derive(Template)]
#[template(path = "common/composed.sv")]
struct Body<'a> {
    groups: Vec<Group<'a>>,
    instances: Vec<InstanceText<'a>>,
    assigns: Vec<String>,
}

struct Group<'a> {
    driver: &'a str,
    nets: Vec<String>,
}

struct InstanceText<'a> {
    comment: &'a [String],
    of: &'a str,
    name: &'a str,
    params: Vec<String>,
    pins: Vec<String>,
}

impl Netlist {
    /// Everything between the header and the end of the file.
    pub(super) fn render(&self) -> String {
        let range = |width: u32| {
            if width > 1 {
                format!("[{}:0]", width - 1)
            } else {
                String::new()
            }
        };
        let nets = || self.groups.iter().flat_map(|g| &g.nets);
        let column = nets()
            .map(|(width, _)| range(*width).len())
            .max()
            .unwrap_or(0);
        let groups = self
            .groups
            .iter()
            .filter(|g| !g.nets.is_empty())
            .map(|group| Group {
                driver: &group.driver,
                nets: group
                    .nets
                    .iter()
                    .map(|(width, name)| format!("logic {:column$} {name};", range(*width)))
                    .collect(),
            });
        let body = Body {
            groups: groups.collect(),
            instances: self.instances.iter().map(instance).collect(),
            assigns: assigns(&self.assigns),
        };
        // A template without user input: rendering into a string can't fail.
        body.render().unwrap_or_default()
    }
}

fn instance(instance: &Connected) -> InstanceText<'_> {
    let params: Vec<(String, String)> = instance
        .params
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect();
    InstanceText {
        comment: &instance.comment,
        of: &instance.of,
        name: &instance.name,
        params: named(&params),
        pins: named(&instance.pins),
    }
}

/// `.name (value)` lines with commas, values in one column.
fn named(pairs: &[(String, String)]) -> Vec<String> {
    let column = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let last = pairs.len().saturating_sub(1);
    let line = |(at, (name, value)): (usize, &(String, String))| {
        let comma = if at == last { "" } else { "," };
        wrap(&format!(".{name:column$}("), value, &format!("){comma}"))
    };
    pairs.iter().enumerate().map(line).collect()
}

fn assigns(pairs: &[(String, String)]) -> Vec<String> {
    let column = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    pairs
        .iter()
        .map(|(name, value)| wrap(&format!("assign {name:column$} = "), value, ";"))
        .collect()
}

/// Room for a line's text: 100 columns less the deepest indentation.
const ROOM: usize = 96;

/// `before value after`, the value broken at commas and operators where it gets too long.
fn wrap(before: &str, value: &str, after: &str) -> String {
    let indent = " ".repeat(before.len() + 4 + usize::from(value.starts_with('{')));
    let mut text = before.to_owned();
    let mut used = before.len();
    for (at, word) in value.split(' ').enumerate() {
        if at > 0 && used + 1 + word.len() + after.len() > ROOM {
            text += "\n";
            text += &indent;
            used = indent.len() - 4;
        } else if at > 0 {
            text += " ";
            used += 1;
        }
        text += word;
        used += word.len();
    }
    text + after
}
