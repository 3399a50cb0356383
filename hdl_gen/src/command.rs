//! The command line of the generator, over any set of blocks. What was requested goes to standard
//! output, errors go to standard error as one line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, ArgMatches, Command};
use contract::ConfigSpec;
use shell::{Done, Failure};

use crate::emit::write;
use crate::error::Error;
use crate::registry::{AnyBlock, find};

/// Name of the generator among other commands.
const EMIT: &str = "emit";

/// Runs the generator alone: `args` (the program's name first) on `blocks`, of which the first is the
/// default.
pub fn run(blocks: &[&dyn AnyBlock], args: impl IntoIterator<Item = OsString>) -> ExitCode {
    shell::parse(command(blocks), args, |matches| {
        execute(blocks, matches)
            .map(Done::from)
            .map_err(Failure::of)
    })
}

/// The generator as one of several commands: `emit`.
pub fn commands(blocks: Vec<&'static dyn AnyBlock>) -> Vec<Box<dyn shell::Command>> {
    vec![Box::new(Emit(blocks))]
}

struct Emit(Vec<&'static dyn AnyBlock>);

impl shell::Command for Emit {
    fn clap(&self) -> Command {
        command(&self.0).name(EMIT)
    }

    fn run(&self, matches: &ArgMatches) -> Result<Done, Failure> {
        execute(&self.0, matches)
            .map(Done::from)
            .map_err(Failure::of)
    }
}

/// The options, over these blocks.
fn command(blocks: &[&dyn AnyBlock]) -> Command {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let switch = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    let names: Vec<&str> = blocks.iter().map(|b| b.name()).collect();
    let mut command = Command::new("hdl_gen")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Parameters to readable, portable SystemVerilog")
        .arg(
            option("block", "NAME", "Block to generate")
                .default_value(names.first().copied().unwrap_or("")),
        )
        .arg(option(
            "config",
            "NAME|FILE",
            "Named configuration, or a .toml file with every parameter",
        ))
        .arg(
            option(
                "out",
                "DIR",
                "Folder to write [default: generated/<configuration>]",
            )
            .value_parser(clap::value_parser!(PathBuf)),
        )
        .arg(option(
            "name",
            "NAME",
            "Name of the configuration, instead of the one that follows",
        ))
        .arg(switch("list-blocks", "Print the names of the blocks"))
        .arg(switch(
            "list-configs",
            "Print the names of the block's configurations",
        ))
        .arg(switch(
            "print-config",
            "Print the configuration as a .toml file",
        ))
        .group(clap::ArgGroup::new("print").args([
            "list-blocks",
            "list-configs",
            "print-config",
            "out",
        ]));
    for block in blocks {
        for param in block.params() {
            let flag = flag(*block, param.name);
            let arg = Arg::new(flag.clone())
                .long(flag)
                .value_name("VALUE")
                .allow_hyphen_values(true)
                .help(param.doc)
                .help_heading(format!("Parameters of block {}", block.name()));
            command = command.arg(arg);
        }
    }
    command
}

/// `--<block>-<parameter>` without its dashes in front.
fn flag(block: &dyn AnyBlock, param: &str) -> String {
    format!("{}-{}", block.name(), param).replace('_', "-")
}

/// Does what [`command`] was asked; returns what is to be printed.
///
/// # Errors
/// A user error.
fn execute(blocks: &[&dyn AnyBlock], matches: &ArgMatches) -> Result<String, Error> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    if matches.get_flag("list-blocks") {
        return Ok(blocks.iter().map(|b| format!("{}\n", b.name())).collect());
    }
    let block = find(blocks, &text("block").unwrap_or_default())?;
    if matches.get_flag("list-configs") {
        return Ok(block
            .config_names()
            .iter()
            .map(|name| format!("{name}\n"))
            .collect());
    }
    let mut changes = Vec::new();
    for other in blocks {
        for param in other.params() {
            let flag = flag(*other, param.name);
            let Some(value) = text(&flag) else { continue };
            if other.name() != block.name() {
                let (wrong, right) = (other.name(), block.name());
                return Err(Error::Usage(format!(
                    "--{flag} is a parameter of block {wrong}, not {right}; give --block {wrong}"
                )));
            }
            changes.push((param.name.to_owned(), value));
        }
    }
    let config = block.load(&ConfigSpec {
        config: text("config"),
        changes,
        name: text("name"),
    })?;
    if matches.get_flag("print-config") {
        return Ok(config.to_toml());
    }
    let emitted = config.emit()?;
    let out = matches.get_one::<PathBuf>("out").cloned();
    let out = out.unwrap_or_else(|| PathBuf::from("generated").join(config.name()));
    write(&emitted, &out)?;
    Ok(format!(
        "{}: {} files of block {}, configuration {} (hash {})\n",
        out.display(),
        emitted.files.len(),
        emitted.block,
        emitted.config,
        &emitted.hash[..16],
    ))
}
