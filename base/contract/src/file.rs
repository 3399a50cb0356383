//! Files that are written as a whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// Writes a file: to a temporary beside it first, so that an interrupt leaves the old file intact.
/// What is not a plain file, a pipe for one, is written to as it is.
///
/// # Errors
/// If it can't be written.
pub fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let target = match path.canonicalize() {
        Ok(found) if found.is_file() => found,
        Err(e) if e.kind() == io::ErrorKind::NotFound => path.to_owned(),
        _ => return fs::write(path, text),
    };
    let work = beside(&target)?;
    let new = work.path().join("new");
    fs::write(&new, text)?;
    fs::rename(&new, &target)
}

/// An empty folder beside `target`, from which putting things there is a rename.
///
/// # Errors
/// If there can be none.
pub fn beside(target: &Path) -> io::Result<TempDir> {
    let parent = match target.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Err(io::ErrorKind::PermissionDenied.into()),
    };
    let folder = tempfile::Builder::new()
        .prefix(".embertl-")
        .tempdir_in(parent);
    // Less the folder's own name, which means nothing to the user.
    folder.map_err(|error| {
        let code = error.raw_os_error();
        let inner = error.get_ref().and_then(|inner| inner.source());
        let inner = inner.and_then(|inner| inner.downcast_ref::<io::Error>());
        let code = code.or_else(|| inner.and_then(io::Error::raw_os_error));
        code.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_as_a_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("report.json");
        for text in ["first", "second"] {
            write_file(&file, text).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        // Nothing else is left, and what can't be replaced stays.
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(write_file(dir.path(), "text").is_err());
        assert!(write_file(&file.join("below"), "text").is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "second");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_file(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        write_file(Path::new("/dev/null"), "text").unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }
}
