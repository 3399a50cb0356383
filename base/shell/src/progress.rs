//! A progress bar for slow work.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(2);

/// A bar on standard error that shows once the work has taken two seconds, and never if standard
/// error is not a terminal.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    total: u64,
    style: String,
}

impl Progress {
    /// Work of `total` bytes.
    pub fn bytes(total: u64) -> Self {
        Self::styled(
            total,
            "{bar:40} {bytes} of {total_bytes}, {eta} left".into(),
        )
    }

    /// Work of `total` units, called `what` on the bar.
    pub fn new(what: &str, total: u64) -> Self {
        Self::styled(
            total,
            format!("{what} {{bar:40}} {{pos}} of {{len}}, {{eta}} left"),
        )
    }

    /// Work of `total` steps.
    pub fn steps(total: u64) -> Self {
        Self::styled(total, "{bar:40} step {pos} of {len} done".into())
    }

    fn styled(total: u64, style: String) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self {
            bar,
            started: Instant::now(),
            total,
            style,
        }
    }

    /// Shows that so many bytes or steps are done.
    pub fn set(&self, done: u64) {
        if self.bar.length().is_none() && self.started.elapsed() > PATIENCE {
            self.bar.set_style(
                ProgressStyle::with_template(&self.style)
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            self.bar.set_length(self.total);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
