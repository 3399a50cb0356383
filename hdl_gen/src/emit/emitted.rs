//! Files in memory.

use crate::sram::SramSpec;

/// All files of one configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    /// Name of the block.
    pub block: &'static str,
    /// Name of the configuration.
    pub config: String,
    /// Name of the top-level module.
    pub top: String,
    /// Hash of the block's parameters, 64 hexadecimal digits.
    pub hash: String,
    /// The modules come first, children before parents; `manifest.json` is last.
    pub files: Vec<EmittedFile>,
    /// The memories, each size once.
    pub srams: Vec<SramSpec>,
}

/// One file: path relative to the configuration's folder, with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    pub path: String,
    pub text: String,
}

impl EmittedFile {
    pub(super) fn new(path: impl Into<String>, text: String) -> Self {
        Self {
            path: path.into(),
            text,
        }
    }
}

impl Emitted {
    /// The text of the file at `path`.
    pub fn file(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|f| f.path == path)
            .map(|f| f.text.as_str())
    }

    /// The SystemVerilog files for simulation, children before parents.
    pub fn sources(&self) -> impl Iterator<Item = &EmittedFile> {
        self.files
            .iter()
            .filter(|f| f.path.ends_with(".sv") && !f.path.contains('/'))
    }
}

/// Name of the file that says what a folder holds.
pub(super) const MANIFEST: &str = "manifest.json";

/// What wrote the files; the folder check looks for it.
pub(super) const GENERATOR: &str = env!("CARGO_PKG_NAME");
