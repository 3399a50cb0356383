//! Files that are written as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::TempDir;

/// Writes a file: to a temporary beside it first, so that an interrupt leaves the old file intact.
/// What is not a plain file, a pipe or a device, is written to as it is; a link stays, and its target
/// is written.
///
/// # Errors
/// If it can't be written.
pub fn write_file(path: &Path, text: &str) -> io::Result<()> {
    write_whole(path, |mut file| file.write_all(text.as_bytes()))
}

/// As [`write_file`], of what `write` writes.
///
/// # Errors
/// If it can't be written.
pub fn write_whole(path: &Path, write: impl FnOnce(File) -> io::Result<()>) -> io::Result<()> {
    let target = match path.canonicalize() {
        Ok(found) if found.is_file() => found,
        Err(e) if e.kind() == io::ErrorKind::NotFound => path.to_owned(),
        _ => return File::create(path).and_then(write),
    };
    let work = beside(&target)?;
    let new = work.path().join("new");
    File::create(&new).and_then(write)?;
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
    folder.map_err(less_path)
}

/// An error of a temporary file without that file's name, which means nothing to the user.
pub fn less_path(error: io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(_) => error,
        None => error.kind().into(),
    }
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
    fn a_full_device_is_told_and_stays() {
        use std::os::unix::fs::FileTypeExt;
        let dir = tempfile::tempdir().unwrap();
        // A link, so that a mistake here replaces that and not the device.
        let link = dir.path().join("full");
        std::os::unix::fs::symlink("/dev/full", &link).unwrap();
        assert!(write_file(&link, "text").is_err());
        assert!(fs::metadata(&link).unwrap().file_type().is_char_device());
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
