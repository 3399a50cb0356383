//! Progress of slow work, on standard error.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const PATIENCE: Duration = Duration::from_secs(2);

/// A bar that shows once the work has taken two seconds, and never if standard error is not a
/// terminal.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    total: u64,
    what: &'static str,
}

impl Progress {
    /// Work of `total` units, called `what` on the bar.
    pub fn new(what: &'static str, total: u64) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self {
            bar,
            started: Instant::now(),
            total,
            what,
        }
    }

    /// Shows that `units` are done.
    pub fn set(&self, units: u64) {
        if self.bar.length().is_none() && self.started.elapsed() > PATIENCE {
            let style = format!("{} {{bar:40}} {{pos}} of {{len}}, {{eta}} left", self.what);
            let style = ProgressStyle::with_template(&style);
            self.bar
                .set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_length(self.total);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_position(units);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
