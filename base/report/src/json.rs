//! JSON documents.

use serde::Serialize;

/// A document as indented JSON that ends in a newline.
///
/// # Panics
/// If the type can't be JSON at all: a map whose keys are no strings.
pub fn json(document: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(document);
    text.expect("a type whose map keys are strings") + "\n"
}
