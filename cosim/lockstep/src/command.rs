//! The two commands over a list of blocks.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, FromArgMatches, Parser};
use shell::{Command, Done, Failure};

use crate::checked::find;
use crate::options::{augmented, refusal, refusal_of_all};
use crate::{Asked, Checked, Document, Error, Linked, LockstepArgs, bench};

/// `lockstep` and `bench` over these blocks, of which `bench` takes the first if none is named. `linked`
/// gives the designs that are linked into the program; see [`crate::unlinked`].
pub fn commands<'a>(blocks: Vec<&'a dyn Checked>, linked: Linked) -> Vec<Box<dyn Command + 'a>> {
    let measured = blocks.clone();
    let lockstep = Lockstep { blocks, linked };
    let bench =
        shell::command(move |args: &BenchArgs| Ok(run_bench(&measured, linked, args)?.into()));
    vec![Box::new(lockstep), bench]
}

/// RTL against golden model, cycle by cycle.
struct Lockstep<'a> {
    blocks: Vec<&'a dyn Checked>,
    linked: Linked,
}

impl Command for Lockstep<'_> {
    fn clap(&self) -> clap::Command {
        let about =
            "Check RTL against its golden model, cycle by cycle (exit 0: agreed, 1: diverged)";
        let command = clap::Command::new("lockstep");
        let names: Vec<&str> = self.blocks.iter().map(|block| block.name()).collect();
        let block = format!(
            "What to check: {}; without it, all blocks on their default inputs",
            names.join(", ")
        );
        let command = LockstepArgs::augment_args(command).mut_arg("block", |arg| arg.help(block));
        augmented(command.about(about), &self.blocks)
    }

    fn run(&self, matches: &ArgMatches) -> Result<Done, Failure> {
        let args = LockstepArgs::from_arg_matches(matches).map_err(Failure::of)?;
        args.check()?;
        let mut documents = Vec::new();
        match &args.block {
            Some(name) => {
                let block = find(&self.blocks, name)?;
                if let Some(refusal) = refusal(&self.blocks, block, matches) {
                    return Err(refusal.into());
                }
                documents.push(self.check(block, &args, matches)?);
            }
            None => {
                if let Some(refusal) = refusal_of_all(&self.blocks, matches) {
                    return Err(refusal.into());
                }
                let takes = |block: &&dyn Checked| refusal(&self.blocks, *block, matches).is_none();
                for block in self.blocks.iter().copied().filter(takes) {
                    for config in block.default_configs() {
                        let config = Some(config.to_owned());
                        let args = LockstepArgs {
                            config,
                            ..args.clone()
                        };
                        documents.push(self.check(block, &args, matches)?);
                    }
                }
            }
        }
        let diverged = documents.iter().any(Document::diverged);
        let text = match (&documents[..], args.json) {
            (_, false) => String::new(),
            ([one], _) if args.block.is_some() => report::json(one),
            _ => report::json(&documents),
        };
        Ok(Done {
            text,
            code: diverged.into(),
        })
    }
}

impl Lockstep<'_> {
    /// Checks a configuration, and prints its table as soon as it is there unless JSON is asked for.
    fn check(
        &self,
        block: &dyn Checked,
        args: &LockstepArgs,
        matches: &ArgMatches,
    ) -> Result<Document, Failure> {
        let document = block.lockstep(&Asked {
            args,
            matches,
            linked: self.linked,
        })?;
        match args.json {
            true => shell::warn(&document.reports()),
            false => shell::print(&document.to_string())?,
        }
        Ok(document)
    }
}

/// Measure the harness: ratios to a bare C++ program, and the edit loop
#[derive(Clone, Debug, Parser)]
#[command(name = "bench")]
struct BenchArgs {
    /// Block to measure [default: the first]
    block: Option<String>,
    /// Named configuration or .toml file [default: the block's usual one]
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// Where the JSON goes
    #[arg(long, value_name = "FILE", default_value = "target/reports/bench.json")]
    out: PathBuf,
}

/// Measures, leaves the JSON; what is to be printed.
fn run_bench(blocks: &[&dyn Checked], linked: Linked, args: &BenchArgs) -> Result<String, Error> {
    let first = blocks.first().map(|block| block.name());
    let name = args.block.as_deref().or(first).unwrap_or_default();
    let bench = find(blocks, name)?.bench(args.config.clone(), linked)?;
    let failed = |cause| Error::Write {
        what: format!("`{}`", args.out.display()),
        cause,
    };
    let folder = args.out.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    contract::write_file(&args.out, &report::json(&bench)).map_err(failed)?;
    Ok(bench::text(&bench))
}
