//! The options of all blocks on one command line: each block declares its own, and is given no other's.

use clap::builder::NonEmptyStringValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::{Checked, Error};

/// An option of some blocks.
struct Shared<'a> {
    /// As the first of them declares it.
    arg: Arg,
    /// Each with the values that it takes; none if it takes any.
    owners: Vec<(&'a str, Vec<String>)>,
}

impl Shared<'_> {
    /// The values that some block takes, those of all blocks last.
    fn values(&self) -> Vec<&String> {
        let mut values = Vec::new();
        for value in self.owners.iter().flat_map(|(_, values)| values) {
            values.retain(|known| *known != value);
            values.push(value);
        }
        values
    }
}

/// The options of `blocks`, in order.
fn shared<'a>(blocks: &[&'a dyn Checked]) -> Vec<Shared<'a>> {
    let mut all: Vec<Shared> = Vec::new();
    for block in blocks {
        let declared = block.options(Command::new(block.name()));
        for arg in declared.get_arguments() {
            let values = arg.get_possible_values();
            let values = values.iter().map(|value| value.get_name().to_owned());
            let owner = (block.name(), values.collect());
            match all
                .iter_mut()
                .find(|known| known.arg.get_id() == arg.get_id())
            {
                Some(known) => known.owners.push(owner),
                None => all.push(Shared {
                    arg: arg.clone(),
                    owners: vec![owner],
                }),
            }
        }
    }
    all
}

/// `command` with the options of all `blocks`.
pub fn augmented(mut command: Command, blocks: &[&dyn Checked]) -> Command {
    for option in shared(blocks) {
        let names: Vec<&str> = option.owners.iter().map(|(name, _)| *name).collect();
        let heading = format!("Options of {}", names.join(", "));
        let mut arg = option.arg.clone().help_heading(heading);
        let values = option.values();
        if names.len() > 1 && !values.is_empty() {
            // The block's own values are checked by `refusal`, whose message is about that block.
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let help = format!("{help} [possible values: {}]", list(&values));
            arg = arg
                .value_parser(NonEmptyStringValueParser::new())
                .help(help);
        }
        command = command.arg(arg);
    }
    command
}

fn list(values: &[&String]) -> String {
    let values: Vec<&str> = values.iter().map(|value| value.as_str()).collect();
    values.join(", ")
}

/// The options that are on the command line, with their first values.
fn given<'a>(blocks: &[&'a dyn Checked], matches: &ArgMatches) -> Vec<(Shared<'a>, String)> {
    let on_line = |option: &Shared| {
        matches.value_source(option.arg.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    let with_value = |option: Shared<'a>| {
        let raw = matches.get_raw(option.arg.get_id().as_str());
        let value = raw.and_then(|mut values| values.next()).unwrap_or_default();
        let value = value.to_string_lossy().into_owned();
        (option, value)
    };
    shared(blocks)
        .into_iter()
        .filter(on_line)
        .map(with_value)
        .collect()
}

/// Why `block` can't be given these options: one is another block's, or has a value of another's.
pub fn refusal(
    blocks: &[&dyn Checked],
    block: &dyn Checked,
    matches: &ArgMatches,
) -> Option<Error> {
    given(blocks, matches)
        .into_iter()
        .find_map(|(option, value)| {
            let own = option.owners.iter().find(|(name, _)| *name == block.name());
            let Some((_, values)) = own else {
                let id = option.arg.get_id();
                let names: Vec<&str> = option.owners.iter().map(|(name, _)| *name).collect();
                return Some(Error::Usage(format!(
                    "--{id}: {} has no such option; use it with {}",
                    block.name(),
                    names.join(", ")
                )));
            };
            let takes = values.is_empty() || values.contains(&value);
            (!takes).then(|| invalid(&option.arg, &value, &values.iter().collect::<Vec<_>>()))
        })
}

/// Why none of the blocks can be given these options.
pub fn refusal_of_all(blocks: &[&dyn Checked], matches: &ArgMatches) -> Option<Error> {
    for (option, value) in given(blocks, matches) {
        let values = option.values();
        if !values.is_empty() && !values.contains(&&value) {
            return Some(invalid(&option.arg, &value, &values));
        }
    }
    let refusals = blocks.iter().map(|block| refusal(blocks, *block, matches));
    refusals.collect::<Option<Vec<_>>>()?.into_iter().next()
}

fn invalid(arg: &Arg, value: &str, values: &[&String]) -> Error {
    let names = arg.get_value_names().unwrap_or_default();
    let name = names.first().map(|name| name.as_str()).unwrap_or_default();
    Error::Usage(format!(
        "invalid value '{value}' for '--{} <{name}>' [possible values: {}]; see --help",
        arg.get_id(),
        list(values)
    ))
}
