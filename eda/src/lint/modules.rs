//! Which files a module needs: one module per file, with the module's name.

use std::collections::{BTreeMap, BTreeSet};

/// Files by module name.
pub type Files = BTreeMap<String, String>;

/// The modules that `module` instantiates, directly or not, and itself.
pub fn needed<'a>(module: &'a str, files: &'a Files) -> BTreeSet<&'a str> {
    let mut needed = BTreeSet::new();
    let mut todo = vec![module];
    while let Some(name) = todo.pop() {
        if needed.insert(name) {
            let text = files.get(name).map_or("", String::as_str);
            todo.extend(
                words(text).filter_map(|w| files.get_key_value(w).map(|(k, _)| k.as_str())),
            );
        }
    }
    needed
}

/// The words of a text outside of `//` comments.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .flat_map(|code| code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')))
        .filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_instances_and_not_comments() {
        let files = Files::from(
            [
                (
                    "top",
                    "module top; mid u_mid (.a); // leaf2 is not used\nendmodule",
                ),
                ("mid", "module mid; leaf #(.W(3)) u_leaf (); endmodule"),
                ("leaf", "module leaf; endmodule"),
                ("leaf2", "module leaf2; endmodule"),
            ]
            .map(|(n, t)| (n.to_owned(), t.to_owned())),
        );
        assert_eq!(
            needed("top", &files),
            BTreeSet::from(["top", "mid", "leaf"])
        );
        assert_eq!(needed("leaf", &files), BTreeSet::from(["leaf"]));
    }
}
