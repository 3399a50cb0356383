//! `embertl lint`: every module of every configuration, alone, under four tools, without waivers.

mod checkers;
mod modules;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, thread};

use crate::tool::ToolError;
use checkers::Checker;
use modules::Files;

/// Text in a module that would silence a tool.
const WAIVERS: [&str; 4] = ["lint_off", "translate_off", "synthesis off", "synopsys"];

/// A lint run that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum LintError {
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error("{path}: {why}")]
    Io { path: String, why: String },
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
            needed
                .iter()
                .for_each(|&m| (m, &s.files[m]).hash(&mut hash));
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
    let progress = std::io::stderr().is_terminal();
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
        if progress {
            eprint!("\rlint {}/{total}", i + 1);
        }
    };
    thread::scope(|s| (0..threads).for_each(|_| drop(s.spawn(work))));
    if progress {
        eprint!("\r\x1b[K");
        let _ = std::io::stderr().flush();
    }
    findings.into_inner().unwrap_or_else(|e| e.into_inner())
}
