//! One unfolding of what is left to decompose, seen as a matrix without being copied whole.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{self, BlockStructure};
use faer::{Accum, Mat, MatRef, Par, Side};
use rayon::prelude::*;

use super::dense::{view, view_mut};
use super::{TtError, TtShape};

/// Elements of a block that is copied to f64 at a time: 16 MiB.
const BLOCK: usize = 1 << 21;
/// Largest Gram matrix: 4096 x 4096, 128 MiB, a minute of eigenvalues.
const MAX_SIDE: usize = 4096;

/// Where the elements come from.
enum Source<'a> {
    /// A dense row-major table, rows beyond its end being zero.
    Table(&'a [f32]),
    /// What the last step left, row-major.
    Rest(Vec<f64>),
}

/// A matrix of `rows` x `columns`.
pub(super) struct Unfolding<'a> {
    source: Source<'a>,
    rows: usize,
    columns: usize,
    /// Where each row and each column begins in a table: an element is at the sum of both.
    row_at: Vec<usize>,
    column_at: Vec<usize>,
}

/// Eigenvalues of the smaller Gram matrix, largest first, and their vectors as columns.
pub(super) struct Spectrum {
    pub(super) values: Vec<f64>,
    pub(super) vectors: Mat<f64>,
}

impl<'a> Unfolding<'a> {
    /// First unfolding of a table: rows (i1, j1), columns (i2, j2, i3, j3, ...).
    pub(super) fn of_table(table: &'a [f32], shape: &TtShape) -> Self {
        let d = shape.cores();
        // Distance in the table between neighbours of each digit.
        let (mut row_step, mut column_step) = (vec![0; d], vec![0; d]);
        let (mut rows, mut columns) = (1, 1);
        for k in (0..d).rev() {
            row_step[k] = rows * shape.columns();
            column_step[k] = columns;
            rows *= shape.p()[k];
            columns *= shape.q()[k];
        }
        let places = |digits: Range<usize>| {
            digits.fold(vec![0], |places, k| {
                let (p, q) = (shape.p()[k], shape.q()[k]);
                let pairs = (0..p).flat_map(|i| (0..q).map(move |j| (i, j)));
                let steps: Vec<usize> = pairs
                    .map(|(i, j)| i * row_step[k] + j * column_step[k])
                    .collect();
                let sums = places
                    .iter()
                    .flat_map(|place| steps.iter().map(move |step| place + step));
                sums.collect()
            })
        };
        let (row_at, column_at) = (places(0..1), places(1..d));
        Self {
            source: Source::Table(table),
            rows: row_at.len(),
            columns: column_at.len(),
            row_at,
            column_at,
        }
    }

    /// What a step left.
    pub(super) fn of_rest(rest: Vec<f64>, rows: usize) -> Self {
        Self {
            columns: rest.len() / rows,
            source: Source::Rest(rest),
            rows,
            row_at: Vec::new(),
            column_at: Vec::new(),
        }
    }

    /// Largest rank it can have.
    pub(super) fn largest_rank(&self) -> usize {
        self.rows.min(self.columns)
    }

    /// Copies a block, row-major.
    fn copy(&self, rows: Range<usize>, columns: Range<usize>, block: &mut Vec<f64>) {
        block.resize(rows.len() * columns.len(), 0.0);
        let width = columns.len();
        let lines = block.par_chunks_mut(width).zip(rows);
        match &self.source {
            Source::Rest(rest) => lines.for_each(|(line, row)| {
                line.copy_from_slice(&rest[row * self.columns..][columns.clone()]);
            }),
            Source::Table(table) => lines.for_each(|(line, row)| {
                let places = &self.column_at[columns.clone()];
                for (element, place) in line.iter_mut().zip(places) {
                    let at = table.get(self.row_at[row] + place);
                    *element = f64::from(at.copied().unwrap_or(0.0));
                }
            }),
        }
    }

    /// Calls `with` for blocks along the longer side, each of which has the whole shorter side.
    fn blocks(&self, mut with: impl FnMut(Range<usize>, MatRef<'_, f64>)) {
        let (short, long) = (self.largest_rank(), self.rows.max(self.columns));
        let step = (BLOCK / short).max(1);
        let mut block = Vec::new();
        for start in (0..long).step_by(step) {
            let part = start..long.min(start + step);
            if self.wide() {
                self.copy(0..self.rows, part.clone(), &mut block);
                with(part.clone(), view(&block, self.rows, part.len()));
            } else {
                self.copy(part.clone(), 0..self.columns, &mut block);
                with(part.clone(), view(&block, part.len(), self.columns));
            }
        }
    }

    /// Whether rows are the shorter side.
    fn wide(&self) -> bool {
        self.rows <= self.columns
    }

    /// Eigenvalues and vectors of the Gram matrix over the shorter side: the squares of the singular
    /// values, and the left (rows shorter) or right singular vectors.
    ///
    /// # Errors
    /// If the shorter side is too long.
    pub(super) fn spectrum(&self) -> Result<Spectrum, TtError> {
        let side = self.largest_rank();
        if side > MAX_SIDE {
            let why = format!(
                "the shorter side of an unfolding may have {MAX_SIDE}; take more cores, or radices \
                 that are less equal"
            );
            return Err(TtError::value("p and q", format!("a side of {side}"), why));
        }
        let mut gram = Mat::<f64>::zeros(side, side);
        self.blocks(|_, block| {
            let block = if self.wide() {
                block
            } else {
                block.transpose()
            };
            triangular::matmul(
                gram.as_mut(),
                BlockStructure::TriangularLower,
                Accum::Add,
                block,
                BlockStructure::Rectangular,
                block.transpose(),
                BlockStructure::Rectangular,
                1.0,
                Par::rayon(0),
            );
        });
        let failed = |_| TtError::value("table", "given", "its eigenvalues do not converge");
        let eigen = gram.self_adjoint_eigen(Side::Lower).map_err(failed)?;
        let ascending = eigen.S().column_vector();
        let values = (0..side).rev().map(|k| ascending[k].max(0.0)).collect();
        let u = eigen.U();
        let vectors = Mat::from_fn(side, side, |row, column| u[(row, side - 1 - column)]);
        Ok(Spectrum { values, vectors })
    }

    /// Splits into a core of `rank` columns and what is left: (rows x rank, rank x columns), each
    /// row-major. The core's columns are orthonormal.
    pub(super) fn split(self, spectrum: &Spectrum, rank: usize) -> (Vec<f64>, Vec<f64>) {
        let vectors = spectrum.vectors.as_ref().subcols(0, rank);
        let mut core = vec![0.0; self.rows * rank];
        let mut rest = vec![0.0; rank * self.columns];
        if self.wide() {
            view_mut(&mut core, self.rows, rank).copy_from(vectors);
            let columns = self.columns;
            self.blocks(|part, block| {
                let into = view_mut(&mut rest, rank, columns).subcols_mut(part.start, part.len());
                let par = Par::rayon(0);
                matmul(into, Accum::Replace, vectors.transpose(), block, 1.0, par);
            });
        } else {
            let rows = self.rows;
            self.blocks(|part, block| {
                let into = view_mut(&mut core, rows, rank).subrows_mut(part.start, part.len());
                matmul(into, Accum::Replace, block, vectors, 1.0, Par::rayon(0));
            });
            // Norms of the columns rather than roots of the eigenvalues: these are noise where they
            // are small.
            let mut norms = vec![0.0; rank];
            for row in core.chunks_exact(rank) {
                for (norm, element) in norms.iter_mut().zip(row) {
                    *norm += element * element;
                }
            }
            norms.iter_mut().for_each(|norm| *norm = norm.sqrt());
            for row in core.chunks_exact_mut(rank) {
                for (element, norm) in row.iter_mut().zip(&norms) {
                    *element /= if *norm > 0.0 { *norm } else { 1.0 };
                }
            }
            for (k, row) in rest.chunks_exact_mut(self.columns).enumerate() {
                for (column, element) in row.iter_mut().enumerate() {
                    *element = norms[k] * vectors[(column, k)];
                }
            }
        }
        (core, rest)
    }
}
