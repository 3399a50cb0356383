//! RTL to be verilated.

use std::path::Path;

use super::key::Key;
use crate::Error;

/// SystemVerilog or Verilog sources and the name of their top module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rtl {
    pub(super) top: String,
    /// Name without folders and text, packages first.
    files: Vec<(String, String)>,
    /// Written by someone else: Verilator's warnings don't stop the build.
    pub(super) foreign: bool,
}

impl Rtl {
    /// Emitted RTL: any warning of Verilator's default set is an error.
    pub fn emitted<N, T>(top: &str, files: impl IntoIterator<Item = (N, T)>) -> Self
    where
        N: Into<String>,
        T: Into<String>,
    {
        let files = files
            .into_iter()
            .map(|(name, text)| (name.into(), text.into()))
            .collect();
        Self {
            top: top.to_owned(),
            files,
            foreign: false,
        }
    }

    /// Every .sv and .v file of a folder (and the .svh and .vh files that they include): RTL edited
    /// by hand or written back by a synthesis tool.
    ///
    /// # Errors
    /// If the folder can't be read or has no RTL.
    pub fn from_dir(top: &str, dir: &Path) -> Result<Self, Error> {
        let entries = std::fs::read_dir(dir).map_err(Error::io("read the folder", dir))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(Error::io("read the folder", dir))?.path();
            let known = path
                .extension()
                .is_some_and(|e| KINDS.iter().any(|kind| e == *kind));
            if known && path.is_file() {
                let bytes = std::fs::read(&path).map_err(Error::io("read", &path))?;
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        if !files.iter().any(|(name, _)| is_source(name)) {
            return Err(Error::NoRtl {
                dir: dir.to_owned(),
            });
        }
        let has_package = |text: &str| text.lines().any(|l| l.trim_start().starts_with("package "));
        files.sort_by_cached_key(|(name, text)| (!has_package(text), name.clone()));
        Ok(Self {
            top: top.to_owned(),
            files,
            foreign: true,
        })
    }

    /// Hash of everything in it.
    pub fn hash(&self) -> String {
        let mut key = Key::default();
        self.add_to(&mut key);
        key.finish()
    }

    pub(super) fn add_to(&self, key: &mut Key) {
        key.add(&self.top);
        key.add(if self.foreign { "foreign" } else { "emitted" });
        for (name, text) in self.files() {
            key.add(name);
            key.add(text);
        }
    }

    /// The sources: name and text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// File name extensions taken from a folder; the first two are compiled, the others included.
const KINDS: [&str; 4] = ["sv", "v", "svh", "vh"];

pub(super) fn is_source(name: &str) -> bool {
    KINDS[..2]
        .iter()
        .any(|kind| name.ends_with(&format!(".{kind}")))
}
