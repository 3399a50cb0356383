//! From a name, a file and single parameters to a checked configuration.

use std::fmt::Display;
use std::path::Path;

use toml::{Table, Value};

use crate::block::{BlockConfig, ConfigError};
use crate::error::Error;
use crate::input::{InputFault, Wanted, read_text};

/// What the user requested.
#[derive(Clone, Debug, Default)]
pub struct ConfigSpec {
    /// A named configuration or a `.toml` file that gives every parameter; the block's first named
    /// configuration if none.
    pub config: Option<String>,
    /// Parameters changed on top: name and text.
    pub changes: Vec<(String, String)>,
    /// Name of the result, instead of the one that follows from the rest.
    pub name: Option<String>,
}

impl ConfigSpec {
    /// A configuration as it stands.
    pub fn of(config: Option<String>) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }
}

/// A configuration with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<C> {
    pub name: String,
    pub config: C,
}

/// A file larger than this is no configuration.
const FILE_LIMIT: u64 = 1 << 20;

const WANTED: Wanted = Wanted {
    what: "a configuration",
    save: "give a .toml file, as --print-config writes it",
};

/// The first named configuration with these parameters, each by its name, changed.
///
/// # Errors
/// As [`load`].
pub fn changed<C: BlockConfig>(changes: &[(&str, &str)]) -> Result<Named<C>, Error> {
    let changed = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    load(&ConfigSpec {
        changes: changes.iter().map(changed).collect(),
        ..ConfigSpec::default()
    })
}

/// Loads, changes, checks and names a configuration. One that equals a named configuration has that
/// name; a changed one is called `<base>-<first 8 digits of its hash>`; a file gives its stem.
///
/// # Errors
/// One that names the field or file, its value and what is accepted.
pub fn load<C: BlockConfig>(request: &ConfigSpec) -> Result<Named<C>, Error> {
    let named = C::named();
    let (base, mut config) = match &request.config {
        None => (named[0].0.to_owned(), named[0].1.clone()),
        Some(spec) => match named.iter().find(|(name, _)| name == spec) {
            Some((name, config)) => ((*name).to_owned(), config.clone()),
            None => from_file(spec)?,
        },
    };
    if !request.changes.is_empty() {
        config = change(config, &request.changes)?;
    }
    config.validate()?;
    let equal = named
        .iter()
        .find(|(_, c)| *c == config)
        .map(|(name, _)| (*name).to_owned());
    let taken = named.iter().any(|(name, _)| *name == base);
    let name = match (&request.name, equal) {
        (Some(name), _) => name.clone(),
        (None, Some(name)) => name,
        _ if taken || !request.changes.is_empty() => format!("{base}-{}", &hash(&config)[..8]),
        _ => base,
    };
    check_name(&name)?;
    Ok(Named { name, config })
}

/// The configuration with these parameters, each by its name, changed, and with those that follow from
/// them. It is not validated: a sweep may have more to change. They are read by name in [`table`].
///
/// # Errors
/// A parameter that the block doesn't have, or a value of the wrong kind.
pub fn set<C: BlockConfig>(config: &C, changes: &[(&str, &dyn Display)]) -> Result<C, Error> {
    let changes = changes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.to_string()));
    change(config.clone(), &changes.collect::<Vec<_>>())
}

/// Hash of a block's parameters, 64 hexadecimal digits: the same for the same values wherever they
/// came from.
pub fn hash<C: BlockConfig>(config: &C) -> String {
    let canonical = toml::to_string(config).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(C::BLOCK.as_bytes())
        .update(b"\n")
        .update(canonical.as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// The configuration as a file that [`load`] reads back, one comment above each parameter.
pub fn to_toml<C: BlockConfig>(config: &C) -> String {
    let values = table(config);
    let mut text = String::new();
    for param in C::params() {
        if let Some(value) = values.get(param.name) {
            text += &format!(
                "# {} ({})\n{} = {value}\n",
                param.doc, param.source, param.name
            );
        }
    }
    text
}

/// Parameters as name and value, in the order of [`BlockConfig::params`].
pub fn table<C: BlockConfig>(config: &C) -> Table {
    Table::try_from(config).unwrap_or_default()
}

/// That this can be a configuration's name.
///
/// # Errors
/// Another character than a letter, a digit, `_` or `-`, or more than 64.
pub fn check_name(name: &str) -> Result<(), Error> {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > 64 || name.starts_with('-') || !name.chars().all(legal) {
        return Err(Error::BadName(name.to_owned()));
    }
    Ok(())
}

fn known<C: BlockConfig>() -> String {
    let names: Vec<_> = C::named().into_iter().map(|(name, _)| name).collect();
    names.join(", ")
}

fn from_file<C: BlockConfig>(spec: &str) -> Result<(String, C), Error> {
    let path = Path::new(spec);
    let is_file = spec.ends_with(".toml") || spec.contains('/') || path.exists();
    if !is_file {
        let (name, known) = (spec.to_owned(), known::<C>());
        return Err(Error::NoConfig {
            name,
            block: C::BLOCK,
            known,
        });
    }
    let text = read(path).map_err(|why| Error::File {
        path: path.into(),
        why,
    })?;
    let config = parse(&text, path)?;
    // `wide.toml.gz` is called `wide`, too.
    let unpacked = match path.extension() {
        Some(last) if last == "gz" => path.with_extension(""),
        _ => path.to_owned(),
    };
    let stem = unpacked
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok((stem, config))
}

fn read(path: &Path) -> Result<String, String> {
    read_text(path, WANTED, FILE_LIMIT).map_err(|error| match error.fault {
        InputFault::TooLarge { .. } => "too large for a configuration".to_owned(),
        fault => fault.to_string(),
    })
}

/// Reads a configuration that gives every parameter.
fn parse<C: BlockConfig>(text: &str, path: &Path) -> Result<C, Error> {
    let values: Table = text.parse().map_err(|e: toml::de::Error| {
        let at = e.span().map_or(0, |s| s.start).min(text.len());
        let line = text.as_bytes()[..at]
            .iter()
            .filter(|b| **b == b'\n')
            .count()
            + 1;
        let why = e.message().lines().next().unwrap_or_default().to_owned();
        Error::File {
            path: path.into(),
            why: format!("line {line}: {why}"),
        }
    })?;
    let sample = table(&C::named()[0].1);
    for (key, value) in &values {
        if !sample.contains_key(key) {
            let why = unknown_key::<C>(key, &shown(value)).to_string();
            return Err(Error::File {
                path: path.into(),
                why,
            });
        }
    }
    for param in C::params() {
        let example = sample
            .get(param.name)
            .map(Value::to_string)
            .unwrap_or_default();
        if !values.contains_key(param.name) {
            return Err(Error::MissingKey {
                path: path.into(),
                key: param.name.into(),
                example,
            });
        }
    }
    let in_file = |source| Error::InFile {
        path: path.into(),
        source,
    };
    let config: C = typed(&sample, values).map_err(in_file)?;
    config.validate().map_err(in_file)?;
    Ok(config)
}

fn unknown_key<C: BlockConfig>(key: &str, value: &str) -> Error {
    let known: Vec<_> = C::params().iter().map(|p| p.name).collect();
    let (key, value) = (key.to_owned(), value.to_owned());
    Error::UnknownKey {
        key,
        value,
        block: C::BLOCK,
        known: known.join(", "),
    }
}

/// Applies single parameters to a configuration.
fn change<C: BlockConfig>(config: C, changes: &[(String, String)]) -> Result<C, Error> {
    let base = table(&config);
    let mut values = base.clone();
    for (key, text) in changes {
        let old = base.get(key).ok_or_else(|| unknown_key::<C>(key, text))?;
        values.insert(key.clone(), value(old, text));
    }
    let given: Vec<&str> = changes.iter().map(|(key, _)| key.as_str()).collect();
    let mut config: C = typed(&base, values)?;
    config.settle(&given);
    Ok(config)
}

/// `text` as a value of the kind of `old`, or as a string if it is of another kind.
fn value(old: &Value, text: &str) -> Value {
    let parsed = match old {
        Value::Integer(_) => text.parse().ok().map(Value::Integer),
        Value::Boolean(_) => text.parse().ok().map(Value::Boolean),
        Value::Float(_) => text.parse().ok().map(Value::Float),
        Value::Array(_) => {
            let numbers = text.split(',').map(|number| number.trim().parse().ok());
            let numbers = numbers.map(|number| number.map(Value::Integer));
            numbers.collect::<Option<_>>().map(Value::Array)
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The configuration with these `values`. Each is first tried alone in the legal `base`, so that
/// the error names the one that is wrong.
fn typed<C: BlockConfig>(base: &Table, values: Table) -> Result<C, ConfigError> {
    for (key, value) in &values {
        let mut one = base.clone();
        one.insert(key.clone(), value.clone());
        if one.try_into::<C>().is_err() {
            return Err(wrong_kind::<C>(key, &base[key], value));
        }
    }
    values.try_into().map_err(|e: toml::de::Error| ConfigError {
        field: C::BLOCK.into(),
        value: "(file)".into(),
        why: e.message().to_owned(),
        remedy: "give every parameter once".into(),
    })
}

fn wrong_kind<C: BlockConfig>(key: &str, sample: &Value, value: &Value) -> ConfigError {
    let digits = |text: &str| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())
    };
    let why = match (sample, value) {
        (Value::Integer(_), Value::Integer(_)) => "out of range",
        (Value::Integer(_), Value::String(text)) if digits(text) => "out of range",
        (Value::Integer(_), _) => "not a whole number",
        (Value::String(_), Value::String(_)) => "not one of its values",
        (Value::String(_), _) => "not a word in quotes",
        (Value::Array(_), _) => "not a list of whole numbers",
        _ => "of the wrong kind",
    };
    let doc = C::params()
        .iter()
        .find(|p| p.name == key)
        .map_or("", |p| p.doc);
    let legal = doc
        .split_once(": ")
        .map_or(doc, |(_, legal)| legal)
        .trim_end_matches('.');
    let value = shown(value);
    ConfigError {
        field: key.into(),
        value,
        why: why.into(),
        remedy: format!("use {legal}"),
    }
}

/// A value as the user wrote it, cut to a part of a line.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string().replace('\n', " "),
    };
    if text.chars().count() <= 40 {
        return text;
    }
    text.chars().take(40).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;
    use crate::block::ParamDoc;
    use crate::port::Port;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Queue {
        depth: u32,
        /// Follows from `depth` unless it is given.
        limit: u32,
    }

    impl BlockConfig for Queue {
        const BLOCK: &'static str = "queue";

        fn named() -> Vec<(&'static str, Self)> {
            vec![("small", Self { depth: 4, limit: 8 })]
        }

        fn params() -> &'static [ParamDoc] {
            const DEPTH: ParamDoc = ParamDoc::new("depth", "Places.", "ours");
            const LIMIT: ParamDoc = ParamDoc::new("limit", "Bytes.", "ours");
            &[DEPTH, LIMIT]
        }

        fn validate(&self) -> Result<(), ConfigError> {
            crate::rules::range("depth", self.depth, 1, 64, "")
        }

        fn ports(&self) -> Vec<Port> {
            Vec::new()
        }

        fn settle(&mut self, given: &[&str]) {
            if !given.contains(&"limit") {
                self.limit = 2 * self.depth;
            }
        }
    }

    #[test]
    fn a_parameter_is_changed_and_read_by_name() {
        let small = Queue::named().remove(0).1;
        let deep = set(&small, &[("depth", &16)]).unwrap();
        assert_eq!(table(&deep)["limit"], Value::Integer(32));
        let both = set(&small, &[("depth", &16), ("limit", &8)]).unwrap();
        assert_eq!((both.depth, both.limit), (16, 8));
        // A sweep may pass a range's end; only `load` refuses it.
        assert!(set(&small, &[("depth", &65)]).unwrap().validate().is_err());
        let text = changed::<Queue>(&[("depth", "65")])
            .unwrap_err()
            .to_string();
        assert_eq!(text, "depth = 65: too large; use 1 to 64");
    }

    #[test]
    fn unknown_names_and_kinds_are_refused() {
        let small = Queue::named().remove(0).1;
        let wrong =
            |name, value: &dyn Display| set(&small, &[(name, value)]).unwrap_err().to_string();
        assert_eq!(
            wrong("width", &8),
            "width = 8: block queue has no such parameter; its parameters are depth, limit"
        );
        assert!(wrong("depth", &"deep").starts_with("depth = deep: "));
    }
}
