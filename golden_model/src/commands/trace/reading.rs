//! How a trace is read, for all commands that take one.

use std::path::Path;

use traces::raw::{OnError, RawFormat, Skipped};
use traces::{Format, Options};

#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Format of FILE; without this its content and name tell
    #[arg(long)]
    format: Option<FormatName>,
    /// What to do about bad lines of a raw log: stop at the first, or leave them out and say how
    /// many there were. A .lk or .lkb file with a fault is always refused
    #[arg(long, default_value = "refuse")]
    on_error: OnErrorName,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FormatName {
    /// One query per line, tables separated by `;`, ids by `,`
    Lk,
    /// The same, binary
    Lkb,
    /// Tab-separated: label, 13 integer features, 26 categorical features
    Criteo,
    /// Comma-separated with a header: id, click, and 22 features, the hour among them
    Avazu,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum OnErrorName {
    Refuse,
    Skip,
}

impl Reading {
    pub fn options(&self) -> Options {
        Options {
            format: self.format.map(|format| match format {
                FormatName::Lk => Format::Lk,
                FormatName::Lkb => Format::Lkb,
                FormatName::Criteo => Format::Raw(RawFormat::Criteo),
                FormatName::Avazu => Format::Raw(RawFormat::Avazu),
            }),
            on_error: match self.on_error {
                OnErrorName::Refuse => OnError::Refuse,
                OnErrorName::Skip => OnError::Skip,
            },
        }
    }
}

/// Says on standard error what has been left out of a raw log.
pub fn warn(file: &Path, skipped: &Skipped) {
    if skipped.lines() > 0 {
        shell::warn(&format!("warning: {}: {skipped}\n", file.display()));
    }
}
