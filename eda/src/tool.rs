//! External programs: finding them, their versions, and what they said when they failed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// An external program that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    #[error(
        "{name} is not on the PATH: install it (Debian: apt-get install {package}, or `make setup`) or set {variable} to the program"
    )]
    Missing {
        name: &'static str,
        package: &'static str,
        variable: &'static str,
    },
    #[error("{variable}={path}: can't be run: {why}")]
    Unusable {
        variable: &'static str,
        path: String,
        why: String,
    },
    #[error("{name} {doing} failed: {said}")]
    Failed {
        name: &'static str,
        doing: String,
        said: String,
    },
}

/// A program that answered when run with its version option.
#[derive(Clone, Debug)]
pub struct Tool {
    pub name: &'static str,
    /// First line of what it says its version is.
    pub version: String,
    path: PathBuf,
}

/// Where a program is looked for.
pub struct Wanted {
    pub name: &'static str,
    /// Debian package.
    pub package: &'static str,
    /// Environment variable that names another program.
    pub variable: &'static str,
    pub version_flag: &'static str,
}

pub const YOSYS: Wanted = Wanted {
    name: "yosys",
    package: "yosys",
    variable: "YOSYS",
    version_flag: "-V",
};
pub const VERILATOR: Wanted = Wanted {
    name: "verilator",
    package: "verilator",
    variable: "VERILATOR",
    version_flag: "--version",
};
pub const IVERILOG: Wanted = Wanted {
    name: "iverilog",
    package: "iverilog",
    variable: "IVERILOG",
    version_flag: "-V",
};

impl Tool {
    /// The program that the variable names, or else the one on the PATH.
    pub fn find(wanted: &Wanted) -> Result<Self, ToolError> {
        let Wanted {
            name,
            package,
            variable,
            version_flag,
        } = *wanted;
        let given = std::env::var_os(variable)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from);
        let path = given.clone().unwrap_or_else(|| name.into());
        let output = Command::new(&path)
            .arg(version_flag)
            .stdin(Stdio::null())
            .output();
        let unusable = |why: String| match &given {
            Some(p) => ToolError::Unusable {
                variable,
                path: p.display().to_string(),
                why,
            },
            None => ToolError::Failed {
                name,
                doing: version_flag.into(),
                said: why,
            },
        };
        let output = match output {
            Ok(o) => o,
            Err(e) if given.is_none() && e.kind() == std::io::ErrorKind::NotFound => {
                return Err(ToolError::Missing {
                    name,
                    package,
                    variable,
                });
            }
            Err(e) => return Err(unusable(e.to_string())),
        };
        if !output.status.success() {
            return Err(unusable(format!(
                "{version_flag} ended with {}",
                output.status
            )));
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said.lines().next().unwrap_or_default().trim().to_owned();
        Ok(Self {
            name,
            version,
            path,
        })
    }

    /// Runs the program in a directory, without input.
    pub fn run(&self, dir: &Path, args: &[&str]) -> Result<Output, ToolError> {
        let mut command = Command::new(&self.path);
        command.args(args).current_dir(dir).stdin(Stdio::null());
        command
            .output()
            .map_err(|e| self.failed("start", e.to_string()))
    }

    /// The error of a run that went wrong.
    pub fn failed(&self, doing: &str, said: impl Into<String>) -> ToolError {
        ToolError::Failed {
            name: self.name,
            doing: doing.into(),
            said: said.into(),
        }
    }
}
