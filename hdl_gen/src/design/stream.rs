//! Ready/valid streams, recognised by the names of their ports.

use super::pin::Pin;
use contract::Dir;

/// A stream of a module: `<name>_valid`, `<name>_ready` the other way, and every further port
/// `<name>` or `<name>_<field>` in the direction of `valid`. The unnamed stream of a module is
/// `valid`, `ready`, `data`; a FIFO has one in and one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    pub name: String,
    /// Direction of `valid` as seen from the module.
    pub dir: Dir,
    pub valid: usize,
    pub ready: usize,
    /// Field name (empty for a port called as the stream) and index of its port.
    pub fields: Vec<(String, usize)>,
}

impl Stream {
    /// Its only field is `data`: it carries any payload of the same total width.
    pub fn is_carrier(&self) -> bool {
        matches!(self.fields.as_slice(), [(field, _)] if field == "data")
    }

    /// Field names and widths.
    pub fn payload(&self, pins: &[Pin]) -> Vec<(String, u32)> {
        self.fields
            .iter()
            .map(|(name, pin)| (name.clone(), pins[*pin].width))
            .collect()
    }
}

/// Name of a port without its `_i`, `_o` or `_ni`.
pub(super) fn base(name: &str) -> &str {
    ["_ni", "_i", "_o"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
}

/// All streams among `pins`.
pub(super) fn streams(pins: &[Pin]) -> Vec<Stream> {
    let find = |name: &str, dir: Dir| {
        pins.iter()
            .position(|p| p.dir == dir && base(&p.name) == name)
    };
    let mut found: Vec<Stream> = Vec::new();
    for (valid, pin) in pins.iter().enumerate() {
        let Some(name) = base(&pin.name).strip_suffix("valid") else {
            continue;
        };
        let name = match name.strip_suffix('_') {
            Some(name) => name,
            None if name.is_empty() => "",
            None => continue,
        };
        let back = if pin.dir == Dir::Input {
            Dir::Output
        } else {
            Dir::Input
        };
        let ready = if name.is_empty() {
            "ready".to_owned()
        } else {
            format!("{name}_ready")
        };
        if let Some(ready) = find(&ready, back) {
            found.push(Stream {
                name: name.into(),
                dir: pin.dir,
                valid,
                ready,
                fields: vec![],
            });
        }
    }
    for (at, pin) in pins.iter().enumerate() {
        if found.iter().any(|s| s.valid == at || s.ready == at) {
            continue;
        }
        // The longest stream name that fits owns the port.
        let owner = found
            .iter_mut()
            .filter(|s| s.dir == pin.dir)
            .filter_map(|s| field(&s.name, base(&pin.name)).map(|f| (f.to_owned(), s)))
            .max_by_key(|(_, s)| s.name.len());
        if let Some((field, stream)) = owner {
            stream.fields.push((field, at));
        }
    }
    found
}

/// The field of `stream` that a port called `port` is.
fn field<'a>(stream: &str, port: &'a str) -> Option<&'a str> {
    if stream.is_empty() {
        return (port == "data").then_some(port);
    }
    let rest = port.strip_prefix(stream)?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix('_')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pins(list: &[(&str, Dir)]) -> Vec<Pin> {
        list.iter()
            .map(|(name, dir)| Pin {
                name: (*name).into(),
                dir: *dir,
                width: 3,
            })
            .collect()
    }

    #[test]
    fn recognises_streams() {
        use Dir::{Input, Output};
        let pins = pins(&[
            ("clk_i", Input),
            ("valid_i", Input),
            ("ready_o", Output),
            ("data_i", Input),
            ("op_valid_o", Output),
            ("op_ready_i", Input),
            ("op_o", Output),
            ("op_side_valid_o", Output),
            ("op_side_ready_i", Input),
            ("op_side_row_o", Output),
            ("back_valid_o", Output),
            ("invalid_o", Output),
        ]);
        let found = streams(&pins);
        let shown: Vec<_> = found
            .iter()
            .map(|s| {
                let fields: Vec<_> = s.fields.iter().map(|(name, _)| name.as_str()).collect();
                (s.name.as_str(), s.dir, fields)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("", Input, vec!["data"]),
                ("op", Output, vec![""]),
                ("op_side", Output, vec!["row"]),
            ]
        );
        assert_eq!(found[1].payload(&pins), [(String::new(), 3)]);
        assert!(found[0].is_carrier() && !found[1].is_carrier());
    }
}
