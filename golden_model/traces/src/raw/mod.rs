//! Raw click logs, read as a stream.
//!
//! **Criteo** (Kaggle and Terabyte): 40 columns separated by tabs: the label, 13 integer features
//! and 26 categorical ones, each up to 8 hexadecimal digits or nothing. The 26 are the tables, one
//! look-up each. A missing value is the value 0, as in DLRM's own preprocessing (`data_utils.py`
//! replaces an empty field by `0`): a row like any other, not an empty bag. Digits in either case and
//! leading zeros are the same value: `0A` is `a`. A header (`label`, `I1` to `C26`) is read over.
//!
//! **Avazu**: comma-separated with a header, which names `id` and `click` and then the tables: `hour`,
//! `C1`, `banner_pos`, `site_id`, `site_domain`, `site_category`, `app_id`, `app_domain`,
//! `app_category`, `device_id`, `device_ip`, `device_model`, `device_type`, `device_conn_type` and
//! `C14` to `C21`: the 22 that the literature counts (NASRec, REFREE), the hour among them. Any text is
//! a value, also none. No field is quoted.
//!
//! Rows are numbered in each table by first appearance: exactly, two values never share a row. Label
//! and integer features name no row, but a line is at fault if they are none: the label must be 0 or
//! 1, an integer feature a whole number (`3.0` as well) or empty. The id of an Avazu log may be any text.
//!
//! Blanks before the end of a line do not count. Empty lines at the end of the file are no queries;
//! in front of others they are faults.
//!
//! # Memory
//! One line, and a hash table for each table, which doubles as it grows: 10 to 21 bytes for every
//! different value of a Criteo log, 19 to 39 of an Avazu log, and half as much more while it grows. A
//! text of more than 8 bytes takes that many more, and about 30. The 33.8 million values of Criteo
//! Kaggle take 0.5 GB.

mod columns;
mod error;
mod layout;
mod reader;
mod rows;
mod skipped;

pub use error::{Cause, MAX_LINE, RawError, RawFault};
pub use layout::RawFormat;
pub use reader::{OnError, Reader};
pub use skipped::Skipped;
