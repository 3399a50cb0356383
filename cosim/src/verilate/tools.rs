//! Finding Verilator and the C++ compiler, and running them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// Oldest Verilator that is known to build the models.
const LEAST: Version = Version(5, 6);
/// Lines of a failing tool's output that an error shows.
const LOG_LINES: usize = 12;

/// Verilator's version, e.g. 5.006.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:03}", self.0, self.1)
    }
}

/// The installed Verilator.
pub(crate) struct Verilator {
    pub command: String,
    pub version: Version,
    /// Folder of the runtime's sources.
    pub include: PathBuf,
    /// `-std=` option that its C++ needs.
    pub standard: String,
}

impl Verilator {
    /// `$VERILATOR`, or `verilator` on the path.
    pub fn find() -> Result<Self, Error> {
        let command = from_env("VERILATOR", "verilator");
        let missing = |cause: String| Error::NoVerilator {
            tried: command.clone(),
            cause,
            least: LEAST.to_string(),
        };
        let ask = |args: &[&str]| {
            let out = Command::new(&command).args(args).output();
            let out = out.map_err(|e| missing(e.to_string()))?;
            match out.status.success() {
                true => Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned()),
                false => Err(missing(format!("`{} {}` fails", command, args.join(" ")))),
            }
        };
        let banner = ask(&["--version"])?;
        let include = Path::new(&ask(&["--getenv", "VERILATOR_ROOT"])?).join("include");
        let read = |name| std::fs::read_to_string(include.join(name)).unwrap_or_default();
        // Some packages print no number; their headers have it.
        let version = number(&banner, "Verilator ")
            .or_else(|| number(&read("verilated_config.h"), "VERILATOR_VERSION \""))
            .ok_or_else(|| missing(format!("`--version` says `{banner}`, without a number")))?;
        if version < LEAST {
            let (found, least) = (version.to_string(), LEAST.to_string());
            return Err(Error::OldVerilator {
                tried: command,
                found,
                least,
            });
        }
        let standard = standard(&read("verilated.mk"), version);
        Ok(Self {
            command,
            version,
            include,
            standard,
        })
    }
}

/// The number that follows `label`, e.g. `5.006`.
fn number(text: &str, label: &str) -> Option<Version> {
    let rest = &text[text.find(label)? + label.len()..];
    let (major, rest) = rest.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(Version(major.parse().ok()?, minor.parse().ok()?))
}

/// The language standard that Verilator's own make file asks for.
fn standard(makefile: &str, version: Version) -> String {
    let value = |line: &str| {
        line.split_once('=')
            .map(|(_, value)| value.trim().to_owned())
    };
    let listed = makefile
        .lines()
        .filter(|line| line.starts_with("CFG_CXXFLAGS_STD"))
        .filter_map(value)
        .find(|value| value.starts_with("-std="));
    let default = if version >= Version(5, 36) {
        "-std=gnu++20"
    } else {
        "-std=gnu++17"
    };
    listed.unwrap_or_else(|| default.to_owned())
}

/// The installed C++ compiler.
pub(crate) struct Compiler {
    pub command: String,
    /// First line of `--version`.
    pub version: String,
}

impl Compiler {
    /// `$CXX`, or `g++` on the path, or else `c++`.
    pub fn find() -> Result<Self, Error> {
        let version = |command: &str| {
            let out = Command::new(command).arg("--version").output()?;
            let text = String::from_utf8_lossy(&out.stdout);
            std::io::Result::Ok(text.lines().next().unwrap_or_default().to_owned())
        };
        let wanted = from_env("CXX", "g++");
        let mut candidates = vec![wanted.clone()];
        if std::env::var_os("CXX").is_none() {
            candidates.push("c++".to_owned());
        }
        let mut failure = None;
        for command in candidates {
            match version(&command) {
                Ok(version) => return Ok(Self { command, version }),
                Err(cause) => failure = failure.or(Some(cause.to_string())),
            }
        }
        Err(Error::NoCompiler {
            tried: wanted,
            cause: failure.unwrap_or_default(),
        })
    }
}

fn from_env(name: &str, default: &str) -> String {
    std::env::var(name)
        .ok()
        .filter(|v| !v.is_empty())
        .unwrap_or_else(|| default.to_owned())
}

/// Runs a tool in `dir`; its output is shown only if it fails.
pub(crate) fn run<I, S>(tool: &str, dir: &Path, what: &str, args: I) -> Result<(), Error>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    // Messages are matched by people, not by us, but they must be in one language in reports.
    let out = Command::new(tool)
        .args(args)
        .current_dir(dir)
        .env("LC_ALL", "C")
        .output();
    let out = out.map_err(Error::io("run", tool))?;
    if out.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&out.stderr);
    Err(Error::Tool {
        tool: tool.to_owned(),
        what: what.to_owned(),
        log: excerpt(&text),
    })
}

/// The first lines of a log, errors first if it has any.
fn excerpt(log: &str) -> String {
    let is_error = |line: &str| {
        (line.contains("%Error") && !line.contains("Exiting due to")) || line.contains("error:")
    };
    let start = log.lines().position(is_error).unwrap_or(0);
    let lines: Vec<&str> = log.lines().skip(start).take(LOG_LINES).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let banner = "Verilator 5.006 2023-01-22 rev (Debian 5.006-3)";
        assert!(number(banner, "Verilator ") == Some(Version(5, 6)));
        assert!(number("rev vUNKNOWN-built20260516", "Verilator ").is_none());
        let config = "#define VERILATOR_VERSION \"5.048 2026-04-01\"";
        assert!(number(config, "VERILATOR_VERSION \"") == Some(Version(5, 48)));
        assert!(Version(4, 228) < LEAST && Version(5, 5) < LEAST && Version(6, 0) > LEAST);
        assert_eq!(Version(5, 6).to_string(), "5.006");
    }

    #[test]
    fn language_standard() {
        let makefile = "CFG_CXXFLAGS_STD =\nCFG_CXXFLAGS_STD_NEWEST = -std=gnu++17\n";
        assert_eq!(standard(makefile, Version(5, 40)), "-std=gnu++17");
        assert_eq!(standard("", Version(5, 40)), "-std=gnu++20");
        assert_eq!(standard("", Version(5, 6)), "-std=gnu++17");
    }
}
