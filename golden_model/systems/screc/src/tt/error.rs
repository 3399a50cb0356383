//! Errors in TT cores, their files, and requests.

use std::fmt::Write;

use serde::Serialize;

/// Why TT cores cannot be made, read or used: one sentence that names what was found and what is
/// accepted.
#[derive(Debug, thiserror::Error)]
pub enum TtError {
    /// A parameter without a legal value.
    #[error("{field} = {value}: {why}")]
    Value {
        /// The parameter.
        field: &'static str,
        /// What it is.
        value: String,
        /// What is wrong, and what is accepted.
        why: String,
    },
    /// A file that cannot be read or written.
    #[error("cannot {what} `{path}`: {why}")]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: String,
        /// Why it failed, and what is accepted.
        why: String,
    },
    /// Arrays that are no TT cores.
    #[error("`{path}` holds no TT cores that are understood: {why}")]
    Layout {
        /// The file or folder.
        path: String,
        /// Which core, its shape, and what is accepted.
        why: String,
    },
    /// The table is not of low TT rank.
    #[error("{0}")]
    NotCompressible(NotCompressible),
}

impl TtError {
    /// A parameter without a legal value.
    pub(super) fn value(field: &'static str, value: impl ToString, why: impl Into<String>) -> Self {
        Self::Value {
            field,
            value: value.to_string(),
            why: why.into(),
        }
    }
}

/// The singular values between two cores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Boundary {
    /// Rank taken.
    pub rank: usize,
    /// Largest rank there can be: the smaller side of the unfolding.
    pub largest: usize,
    /// Rank that the requested error takes, where one is requested.
    pub needed: Option<usize>,
    /// Root of the squared singular values cut off, over the norm of the table.
    pub cut: f64,
    /// Smallest singular value over the largest. Below 1e-8 it is noise.
    pub smallest_to_largest: f64,
}

/// A table that TT form does not make smaller at the requested error.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NotCompressible {
    /// Rows of the table.
    pub rows: usize,
    /// Columns of the table.
    pub columns: usize,
    /// Parameters of the cores, where they are too many.
    pub parameters: Option<u64>,
    /// Parameters over elements of the table that would have been accepted.
    pub max_share: f64,
    /// Relative Frobenius error reached within the ranks given, where it is too large.
    pub error: Option<f64>,
    /// Requested error.
    pub max_error: Option<f64>,
    /// The singular values between the cores.
    pub boundaries: Vec<Boundary>,
}

impl std::fmt::Display for NotCompressible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (rows, columns) = (self.rows, self.columns);
        write!(f, "not compressible: the table of {rows} x {columns} ")?;
        match (self.parameters, self.error) {
            (Some(parameters), _) => {
                let share = parameters as f64 / (rows as f64 * columns as f64);
                write!(
                    f,
                    "takes {parameters} parameters, {share:.2} of its elements, more than \
                     --max-share {}",
                    self.max_share
                )?;
            }
            (None, Some(error)) => write!(
                f,
                "has error {error:.3e} within the ranks given, more than --max-error {:e}",
                self.max_error.unwrap_or_default()
            )?,
            (None, None) => write!(f, "is refused")?,
        }
        let mut facts = String::new();
        for (k, boundary) in self.boundaries.iter().enumerate() {
            let Boundary {
                rank,
                largest,
                needed,
                cut,
                smallest_to_largest: ratio,
            } = *boundary;
            let _ = write!(facts, "; rank {} is {rank} of {largest}", k + 1);
            if let Some(needed) = needed.filter(|&needed| needed != rank) {
                let _ = write!(facts, " ({needed} needed)");
            }
            let _ = write!(
                facts,
                ", cut {cut:.1e}, smallest to largest singular value {ratio:.1e}"
            );
        }
        write!(f, "{facts}; allow a larger error, or keep the table dense")
    }
}
