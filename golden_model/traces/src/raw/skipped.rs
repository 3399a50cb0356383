//! Lines that were left out.

use std::collections::BTreeMap;
use std::fmt;

use super::Cause;

/// How many lines were left out, by cause, and where the first one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    causes: BTreeMap<Cause, (u64, u64)>,
}

impl Skipped {
    /// Counts a line, numbered from 1.
    pub(super) fn count(&mut self, cause: Cause, line: u64) {
        self.causes.entry(cause).or_insert((0, line)).0 += 1;
    }

    /// Lines left out.
    pub fn lines(&self) -> u64 {
        self.causes.values().map(|&(count, _)| count).sum()
    }

    /// Each cause with the number of its lines and the first of them.
    pub fn causes(&self) -> impl Iterator<Item = (Cause, u64, u64)> {
        self.causes
            .iter()
            .map(|(&cause, &(count, first))| (cause, count, first))
    }
}

/// A sentence, without the name of the file.
impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let plural = if lines == 1 { "" } else { "s" };
        write!(f, "{lines} line{plural} left out: ")?;
        for (at, (cause, count, first)) in self.causes().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(
                f,
                "{comma}{count} {} (first: line {first})",
                cause.describe()
            )?;
        }
        Ok(())
    }
}
