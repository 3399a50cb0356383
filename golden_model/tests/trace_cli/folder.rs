//! A folder to run commands in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("writable");
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("there");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("there")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    /// Runs `golden_model trace` in the folder.
    pub fn trace(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_golden_model"))
            .arg("trace")
            .args(args)
            .current_dir(self.0.path())
            .output()
            .expect("runs")
    }

    pub fn works(&self, args: &[&str]) -> String {
        let output = self.trace(args);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && errors.is_empty(),
            "{args:?}: {errors}"
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn refused(&self, args: &[&str]) -> String {
        let output = self.trace(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(output.stdout.is_empty());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    }

    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.works(args)).expect("one document")
    }
}

pub fn read(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(path).expect("there")
}
