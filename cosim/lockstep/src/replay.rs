//! The command line that shows a failure again: it can be pasted into a shell. `--replay` and its
//! file are added by [`cosim::Lockstep`].

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cosim::quoted;

use crate::LockstepArgs;

/// How this program was started, and how it is started again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Words of a shell.
    program: String,
    /// Paths are as the user gave them: the command is one of the folder it was given in. Else they
    /// are absolute, and the command is one of any folder.
    relative: bool,
}

impl Started {
    /// How this process was started.
    pub fn here() -> Self {
        Self::new(
            |name| std::env::var_os(name),
            &std::env::current_dir().unwrap_or_default(),
            std::env::args_os().next().unwrap_or_default(),
            std::env::current_exe().ok(),
        )
    }

    /// By cargo, inside the package that it runs; or else by its path, or by its name if a shell has
    /// found it by that.
    fn new(
        env: impl Fn(&str) -> Option<OsString>,
        current: &Path,
        name: OsString,
        program: Option<PathBuf>,
    ) -> Self {
        let package = env("CARGO").and_then(|_| env("CARGO_MANIFEST_DIR"));
        if package.is_some_and(|package| current.starts_with(package)) {
            return Self {
                program: "cargo run --release --".to_owned(),
                relative: true,
            };
        }
        let found_by_name = Path::new(&name).components().count() == 1
            && !name.is_empty()
            && !current.join(&name).is_file();
        let program = match program {
            Some(program) if !found_by_name => program,
            _ => name.into(),
        };
        Self {
            program: quoted(&program),
            relative: false,
        }
    }

    /// A path as the command may name it.
    pub fn path(&self, path: &Path) -> PathBuf {
        match self.relative {
            true => path.to_owned(),
            false => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        }
    }

    /// The command of a replay of `block`, less its `--replay FILE`. The stimulus and its seed are in
    /// that file, and so are the TT cores that it loads. `config` is the name of the configuration: that
    /// of a file is another one than the file's.
    pub fn command_line(&self, args: &LockstepArgs, block: &str, config: &str) -> String {
        let config = match args.config.as_deref() {
            Some(file) if file != config => self.path(Path::new(file)),
            _ => config.into(),
        };
        let mut line = format!(
            "{} lockstep {block} --config {}",
            self.program,
            quoted(&config)
        );
        if let Some(dir) = &args.rtl {
            line += &format!(" --rtl {}", quoted(&self.path(dir)));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: LockstepArgs,
    }

    fn line(started: &Started, args: &[&str]) -> String {
        let cli = Cli::parse_from([&["lockstep"], args].concat());
        let named = cli.args.config.clone().filter(|name| name == "tiny");
        started.command_line(&cli.args, "pe", named.as_deref().unwrap_or("paper"))
    }

    fn started(package: Option<&str>, current: &str, name: &str, program: &str) -> Started {
        let env = |key: &str| match key {
            "CARGO" => package.map(|_| "/usr/bin/cargo".into()),
            "CARGO_MANIFEST_DIR" => package.map(OsString::from),
            _ => None,
        };
        Started::new(env, Path::new(current), name.into(), Some(program.into()))
    }

    const BUILT: &str = "/src/embertl/target/release/embertl";

    #[test]
    fn cargo_in_the_checkout() {
        let by_cargo = started(Some("/src/embertl"), "/src/embertl", BUILT, BUILT);
        assert_eq!(
            line(&by_cargo, &["pe", "--config", "tiny", "--rtl", "edited"]),
            "cargo run --release -- lockstep pe --config tiny --rtl edited"
        );
        let quotes = line(&by_cargo, &["pe", "--rtl", "my rtl"]);
        assert!(
            quotes.ends_with("--config paper --rtl 'my rtl'"),
            "{quotes}"
        );
        // Cargo's own folder is not where the user is.
        let outside = started(Some("/src/embertl"), "/tmp", BUILT, BUILT);
        assert!(line(&outside, &["pe"]).starts_with(BUILT));
    }

    #[test]
    fn the_program_alone() {
        let installed = "/home/a b/bin/embertl";
        let by_path = started(None, "/tmp", "../home/a b/bin/embertl", installed);
        let command = line(&by_path, &["pe"]);
        assert_eq!(
            command,
            "'/home/a b/bin/embertl' lockstep pe --config paper"
        );
        let by_name = started(None, "/tmp", "embertl", installed);
        assert_eq!(
            line(&by_name, &["pe"]),
            "embertl lockstep pe --config paper"
        );
    }

    #[test]
    fn paths_are_those_of_any_folder() {
        let by_name = started(None, "/tmp", "embertl", BUILT);
        let here = std::env::current_dir().unwrap();
        let args = ["pe", "--config", "it's.toml", "--rtl", "my $rtl"];
        let words = shlex::split(&line(&by_name, &args)).expect("words of a shell");
        let inside = |name: &str| here.join(name).display().to_string();
        let (config, rtl) = (inside("it's.toml"), inside("my $rtl"));
        let expected = [
            "embertl", "lockstep", "pe", "--config", &config, "--rtl", &rtl,
        ];
        assert_eq!(words, expected);
        // A named configuration is no file.
        assert!(line(&by_name, &["pe", "--config", "tiny"]).ends_with(" --config tiny"));
    }
}
