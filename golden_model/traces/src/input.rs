//! How a trace is opened: through [`contract::input`], but only a regular file.

use std::io::BufReader;
use std::path::Path;

use contract::input;
use contract::input::{InputFault, Opened, Plain, Wanted};

use super::TraceError;
use super::lk::LkError;
use super::lkb;

/// What a format's reader reads from.
pub(super) type Input = BufReader<Plain>;

/// What such a file is, for messages about others.
const WANTED: Wanted = Wanted {
    what: "a trace (.lk, .lkb, or a Criteo or Avazu log)",
    save: "save it as text: a log's 40 columns with to_csv(sep=\"\\t\", header=False, index=False), \
           or row ids as .lk with numpy.savetxt(fmt=\"%d\", delimiter=\";\", header=\"ids\")",
};

/// Opens a regular file.
pub(super) fn open(path: &Path) -> Result<Opened, TraceError> {
    let name = path.display().to_string();
    let failed = |cause| LkError::Open {
        name: name.clone(),
        cause,
    };
    // Asked before opening: opening a pipe that nobody writes to would wait for ever. A link
    // without a file is told by what opens it.
    if std::fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(LkError::NotAFile { name }.into());
    }
    // Of damaged magic, the reader says more.
    let own = |head: &[u8]| head.starts_with(&lkb::MAGIC[..4]);
    input::open(path, WANTED, own).map_err(|error| match error.fault {
        InputFault::Open(cause) | InputFault::Read(cause) => failed(cause).into(),
        _ => error.into(),
    })
}
