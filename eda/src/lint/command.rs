//! The command, and what it reports.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::{fmt, fs, thread};

use contract::ConfigSpec;
use hdl_gen::{AnyBlock, Emitted, EmittedFile};

use shell::{Done, Progress};

use super::checkers::{self, Checker};
use super::modules::{self, Files};
use crate::tool::ToolError;

/// Text in a module that would silence a tool.
const WAIVERS: [&str; 4] = ["lint_off", "translate_off", "synthesis off", "synopsys"];

/// Where the modules are left, so that a finding can be looked at.
const SCRATCH: &str = "target/lint";

/// Check every emitted module with every tool that is present
#[derive(Debug, clap::Parser)]
#[command(name = "lint")]
pub struct LintArgs {
    /// Block to check [default: all]
    #[arg(long, value_name = "NAME")]
    block: Option<String>,
    /// Named configuration or .toml file [default: all named ones]
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// A lint run that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    #[error(transparent)]
    Config(Box<hdl_gen::Error>),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{path}: {why}")]
    Io { path: String, why: String },
}

impl From<hdl_gen::Error> for LintError {
    fn from(e: hdl_gen::Error) -> Self {
        Self::Config(Box::new(e))
    }
}

/// The modules of one configuration.
pub struct Subject {
    /// `<block>-<configuration>`.
    pub name: String,
    pub files: Files,
}

/// What a tool said about a module.
#[derive(Debug, serde::Serialize)]
pub struct Finding {
    pub config: String,
    pub module: String,
    pub tool: &'static str,
    pub text: String,
}

/// The outcome of a run.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    pub tools: Vec<String>,
    pub skipped: Option<String>,
    /// Modules by configuration.
    pub configs: BTreeMap<String, usize>,
    /// Different module texts among them: each is checked once.
    pub distinct: usize,
    pub findings: Vec<Finding>,
}

/// Checks; what was found, with exit code 1 if anything was.
pub fn run(blocks: &[&dyn AnyBlock], args: &LintArgs) -> Result<Done, LintError> {
    let report = lint(&subjects(blocks, args)?, Path::new(SCRATCH))?;
    Ok(Done {
        text: match args.json {
            true => report::json(&report),
            false => report.to_string(),
        },
        code: u8::from(!report.findings.is_empty()),
    })
}

fn subjects(blocks: &[&dyn AnyBlock], args: &LintArgs) -> Result<Vec<Subject>, LintError> {
    let blocks = match &args.block {
        Some(name) => vec![hdl_gen::find(blocks, name)?],
        None => blocks.to_vec(),
    };
    let mut subjects = Vec::new();
    for block in blocks {
        let configs = match &args.config {
            Some(config) => vec![config.clone()],
            None => block
                .config_names()
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        for config in configs {
            let emitted = block.load(&ConfigSpec::of(Some(config)))?.emit()?;
            let name = format!("{}-{}", emitted.block, emitted.config);
            // What synthesis reads: the same, with black boxes in place of memories.
            let stub = |path: &str| emitted.file(&format!("synth/{path}"));
            let synth = files(&emitted, |f| stub(&f.path).unwrap_or(&f.text));
            subjects.push(Subject {
                name: format!("{name}-synth"),
                files: synth,
            });
            subjects.push(Subject {
                name,
                files: files(&emitted, |f| &f.text),
            });
        }
    }
    Ok(subjects)
}

fn files<'a>(emitted: &'a Emitted, text: impl Fn(&'a EmittedFile) -> &'a str) -> Files {
    let module = |f: &EmittedFile| f.path.trim_end_matches(".sv").to_owned();
    emitted
        .sources()
        .map(|f| (module(f), text(f).to_owned()))
        .collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for finding in &self.findings {
            let Finding {
                config,
                module,
                tool,
                text,
            } = finding;
            writeln!(f, "{config}: {module}: {tool}\n{text}\n")?;
        }
        for (config, modules) in &self.configs {
            let found = self.findings.iter().filter(|x| &x.config == config).count();
            let found = if found == 0 {
                "clean".to_owned()
            } else {
                format!("{found} findings")
            };
            writeln!(f, "{config}: {modules} modules, {found}")?;
        }
        writeln!(f, "{} different modules, each alone, under:", self.distinct)?;
        for tool in &self.tools {
            writeln!(f, "  {tool}")?;
        }
        self.skipped.iter().try_for_each(|s| writeln!(f, "  {s}"))
    }
}

/// One module with its files, to be read by every tool.
struct Job<'a> {
    config: &'a str,
    module: &'a str,
    dir: PathBuf,
    files: Vec<String>,
}

/// Checks all modules of all subjects; their files are left in `<scratch>/<subject>`.
pub fn lint(subjects: &[Subject], scratch: &Path) -> Result<Report, LintError> {
    let (checkers, skipped) = checkers::find()?;
    let mut report = Report {
        tools: checkers.iter().map(|c| c.version().to_owned()).collect(),
        skipped,
        ..Report::default()
    };
    let mut jobs = BTreeMap::new();
    for s in subjects {
        let dir = scratch.join(&s.name);
        write_all(&dir, &s.files)?;
        report.configs.insert(s.name.clone(), s.files.len());
        for (module, text) in &s.files {
            report.findings.extend(waivers(s, module, text));
            let needed = modules::needed(module, &s.files);
            let mut hash = DefaultHasher::new();
            for &m in &needed {
                m.hash(&mut hash);
                code_lines(&s.files[m]).for_each(|line| line.hash(&mut hash));
            }
            let files = needed.iter().map(|m| format!("{m}.sv")).collect();
            let job = Job {
                config: &s.name,
                module,
                dir: dir.clone(),
                files,
            };
            jobs.entry((module, hash.finish())).or_insert(job);
        }
    }
    let jobs: Vec<Job> = jobs.into_values().collect();
    report.distinct = jobs.len();
    report.findings.extend(check_all(&jobs, &checkers)?);
    report
        .findings
        .sort_by(|a, b| (&a.config, &a.module, a.tool).cmp(&(&b.config, &b.module, b.tool)));
    Ok(report)
}

/// What the tools see of a module: two that differ in their provenance line only are the same.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|l| !l.trim_start().starts_with("//"))
}

fn write_all(dir: &Path, files: &Files) -> Result<(), LintError> {
    let io = |path: &Path, e: std::io::Error| LintError::Io {
        path: path.display().to_string(),
        why: e.to_string(),
    };
    fs::create_dir_all(dir).map_err(|e| io(dir, e))?;
    for (module, text) in files {
        let path = dir.join(format!("{module}.sv"));
        fs::write(&path, text).map_err(|e| io(&path, e))?;
    }
    Ok(())
}

fn waivers(s: &Subject, module: &str, text: &str) -> Option<Finding> {
    let waiver = WAIVERS.iter().find(|w| text.contains(**w))?;
    Some(Finding {
        config: s.name.clone(),
        module: module.to_owned(),
        tool: "waiver",
        text: format!("`{waiver}` in the source: modules must be clean without waivers"),
    })
}

/// Every job under every checker, on as many threads as the machine has cores.
fn check_all(jobs: &[Job], checkers: &[Checker]) -> Result<Vec<Finding>, ToolError> {
    let (next, total) = (AtomicUsize::new(0), jobs.len() * checkers.len());
    let findings: Mutex<Result<Vec<Finding>, ToolError>> = Mutex::new(Ok(Vec::new()));
    let threads = thread::available_parallelism().map_or(2, |n| n.get());
    let (progress, done) = (Progress::new("lint", total as u64), AtomicU64::new(0));
    let work = || loop {
        let i = next.fetch_add(1, Ordering::Relaxed);
        if i >= total {
            return;
        }
        let (job, checker) = (&jobs[i / checkers.len()], &checkers[i % checkers.len()]);
        let said = checker.check(&job.dir, job.module, &job.files);
        let mut findings = findings.lock().unwrap_or_else(|e| e.into_inner());
        match (said, findings.as_mut()) {
            (Ok(Some(text)), Ok(list)) => list.push(Finding {
                config: job.config.to_owned(),
                module: job.module.to_owned(),
                tool: checker.name(),
                text,
            }),
            (Err(e), Ok(_)) => *findings = Err(e),
            _ => {}
        }
        progress.set(done.fetch_add(1, Ordering::Relaxed) + 1);
    };
    thread::scope(|s| (0..threads).for_each(|_| drop(s.spawn(work))));
    findings.into_inner().unwrap_or_else(|e| e.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(name: &str, files: &[(&str, &str)]) -> Subject {
        let files = files
            .iter()
            .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
            .collect();
        Subject {
            name: name.to_owned(),
            files,
        }
    }

    const CLEAN: &str = "module leaf (\n  input  logic a_i,\n  output logic b_o\n);\n\n  assign b_o = !a_i;\n\nendmodule\n";

    #[test]
    fn clean_modules_pass_and_equal_ones_are_read_once() {
        let other = format!("// from another configuration\n{CLEAN}");
        let subjects = [
            subject("a", &[("leaf", CLEAN)]),
            subject("b", &[("leaf", &other)]),
        ];
        let report = lint(&subjects, tempfile::tempdir().unwrap().path()).unwrap();
        assert!(report.findings.is_empty(), "{report}");
        assert_eq!((report.distinct, report.configs.len()), (1, 2));
    }

    #[test]
    fn each_fault_is_found_by_the_tools_that_can_and_in_the_parent_too() {
        let truncated = CLEAN
            .replace("logic a_i", "logic [1:0] a_i")
            .replace("!a_i", "a_i");
        let undriven = CLEAN
            .replace("!a_i", "a_i & c")
            .replace(");\n", ");\n  logic c;\n");
        let missing = CLEAN.replace("assign b_o = !a_i", "gone u_gone (.a_i, .b_o)");
        let parent = CLEAN
            .replace("leaf", "parent")
            .replace("assign b_o = !a_i", "leaf u_leaf (.a_i, .b_o)");
        for (leaf, expected, name) in [
            (&truncated, ["verilator"].as_slice(), "lint_truncated"),
            (&undriven, &["verilator", "yosys"], "lint_undriven"),
            (&missing, &["icarus", "verilator", "yosys"], "lint_missing"),
        ] {
            let s = subject("x", &[("leaf", leaf), ("parent", &parent)]);
            let report = lint(&[s], tempfile::tempdir().unwrap().path()).unwrap();
            for module in ["leaf", "parent"] {
                let by = |tool: &str| {
                    report
                        .findings
                        .iter()
                        .any(|f| f.module == module && f.tool == tool)
                };
                assert!(
                    expected.iter().all(|tool| by(tool)),
                    "{name} {module}: {report}"
                );
            }
        }
    }

    #[test]
    fn waivers_are_findings() {
        let waived = format!("// verilator lint_off WIDTH\n{CLEAN}");
        let report = lint(
            &[subject("x", &[("leaf", &waived)])],
            tempfile::tempdir().unwrap().path(),
        )
        .unwrap();
        let [finding] = report.findings.as_slice() else {
            panic!("{report}")
        };
        assert_eq!((finding.tool, finding.module.as_str()), ("waiver", "leaf"));
    }
}
