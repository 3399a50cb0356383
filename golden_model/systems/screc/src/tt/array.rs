//! Arrays of files.

/// An array in memory, row-major.
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) data: Vec<f32>,
}

/// An array of a file.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) shape: Vec<usize>,
    /// Where its file has it.
    pub(super) at: usize,
    /// Its value, if it is a whole number.
    pub(super) number: Option<usize>,
}
