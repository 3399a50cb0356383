//! What a finished build consists of, so that a damaged one is told from a whole one.

use std::fmt::Write;
use std::path::Path;

use crate::Error;

/// Name of the list in a build's folder: one line per file, with hash and name. It is written last.
const SEAL: &str = "seal";

/// Lists the files of a finished build.
///
/// # Errors
/// If a file can't be read or the list can't be written.
pub(super) fn seal(dir: &Path) -> Result<(), Error> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(Error::io("read the folder", dir))? {
        let path = entry.map_err(Error::io("read the folder", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        lines.push((
            name.into_owned(),
            hash(&path).map_err(Error::io("read", &path))?,
        ));
    }
    lines.sort();
    let mut text = String::new();
    for (name, hash) in lines {
        _ = writeln!(text, "{hash} {name}");
    }
    let path = dir.join(SEAL);
    std::fs::write(&path, text).map_err(Error::io("write", path))
}

/// Compares a build with its list.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn check(dir: &Path) -> Result<(), String> {
    if !dir.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    let list = std::fs::read_to_string(dir.join(SEAL)).map_err(|e| format!("`{SEAL}`: {e}"))?;
    if list.is_empty() {
        return Err(format!("`{SEAL}` is empty"));
    }
    for line in list.lines() {
        let (wanted, name) = line
            .split_once(' ')
            .ok_or_else(|| format!("`{SEAL}` has a line that names no file"))?;
        let found = hash(&dir.join(name)).map_err(|e| format!("`{name}`: {e}"))?;
        if found != wanted {
            return Err(format!("`{name}` is not as it was written"));
        }
    }
    Ok(())
}

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(std::fs::File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}
