//! A request beat as the tracker takes it.

/// One request beat: queries of one row that request the current vector.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Request {
    pub row: u32,
    /// Lanes that request the vector.
    pub mask: u32,
    /// Lanes for which this is the query's last look-up.
    pub last: u32,
    /// Last beat of this visit.
    pub end: bool,
}
