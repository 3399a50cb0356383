//! Writing a configuration's folder: all or nothing, and never over somebody's work.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

use super::emitted::{Emitted, GENERATOR, MANIFEST};
use crate::error::Error;
use contract::beside;

/// Writes all files into the folder `dir`: built beside it and then put in place. An existing
/// folder is replaced only if it is empty or holds just what this tool wrote there, unchanged.
///
/// # Errors
/// A folder that is not ours to replace, or that can't be written; then nothing has changed.
pub fn write(emitted: &Emitted, dir: &Path) -> Result<(), Error> {
    let failed = |path: &Path, e: io::Error| Error::Write {
        path: path.to_owned(),
        why: e.to_string(),
    };
    // Through links, and past `.` and `..`, to the folder itself.
    let existing = match dir.canonicalize() {
        Ok(found) => Some(found),
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(failed(dir, e)),
    };
    if existing.is_some() {
        may_replace(emitted, dir)?;
    }
    let target = existing.clone().unwrap_or_else(|| dir.to_owned());
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).map_err(|e| failed(parent, e))?;
    }
    let work = beside(&target).map_err(|e| failed(dir, e))?;
    let (new, old) = (work.path().join("new"), work.path().join("old"));
    for file in &emitted.files {
        let path = new.join(&file.path);
        let folder = path.parent().unwrap_or(&new);
        fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
        fs::write(&path, &file.text).map_err(|e| failed(&path, e))?;
    }
    if existing.is_some() {
        fs::rename(&target, &old).map_err(|e| failed(dir, e))?;
    }
    if let Err(e) = fs::rename(&new, &target) {
        if existing.is_some() && fs::rename(&old, &target).is_err() {
            _ = work.keep(); // with the old folder in it
        }
        return Err(failed(dir, e));
    }
    Ok(())
}

/// Refuses a folder with anything in it that this tool did not write, or that was changed since.
fn may_replace(emitted: &Emitted, dir: &Path) -> Result<(), Error> {
    let failed = |e: io::Error| Error::Write {
        path: dir.to_owned(),
        why: e.to_string(),
    };
    if !dir.is_dir() {
        return Err(failed(io::ErrorKind::NotADirectory.into()));
    }
    let manifest = fs::read(dir.join(MANIFEST))
        .ok()
        .and_then(|text| manifest(&text));
    let Some(manifest) = manifest else {
        return match entries(dir).map_err(failed)?.into_iter().next() {
            Some(entry) => Err(Error::Foreign {
                path: dir.to_owned(),
                file: entry.name,
            }),
            None => Ok(()),
        };
    };
    check(dir, "", &manifest, &failed)?;
    if manifest.block != emitted.block {
        let (path, block) = (dir.to_owned(), emitted.block);
        return Err(Error::OtherBlock {
            path,
            found: manifest.block,
            block,
        });
    }
    Ok(())
}

struct Manifest {
    block: String,
    /// Path -> hash of the file as written.
    hashes: BTreeMap<String, String>,
}

/// Reads a manifest of this tool; none if it is something else.
fn manifest(text: &[u8]) -> Option<Manifest> {
    let value: Value = serde_json::from_slice(text).ok()?;
    if value.get("generator")?.as_str()? != GENERATOR {
        return None;
    }
    let block = value.get("block")?.as_str()?.to_owned();
    let files = value.get("files")?.as_array()?;
    let hashes = files
        .iter()
        .map(|f| {
            Some((
                f.get("path")?.as_str()?.into(),
                f.get("blake3")?.as_str()?.into(),
            ))
        })
        .collect::<Option<_>>()?;
    Some(Manifest { block, hashes })
}

/// Everything in the folder `prefix` of `dir` must be as the manifest says.
fn check(
    dir: &Path,
    prefix: &str,
    manifest: &Manifest,
    failed: &dyn Fn(io::Error) -> Error,
) -> Result<(), Error> {
    for entry in entries(&dir.join(prefix)).map_err(failed)? {
        let file = format!("{prefix}{}", entry.name);
        let inside = format!("{file}/");
        let path = dir.to_owned();
        match (manifest.hashes.get(&file), entry.kind) {
            (None, Kind::Folder) if manifest.hashes.keys().any(|p| p.starts_with(&inside)) => {
                check(dir, &inside, manifest, failed)?;
            }
            (None, Kind::File) if file == MANIFEST => {}
            (Some(hash), Kind::File) => {
                let now = blake3::hash(&fs::read(dir.join(&file)).map_err(failed)?);
                if now.to_hex().as_str() != hash {
                    return Err(Error::Edited { path, file });
                }
            }
            _ => return Err(Error::Foreign { path, file }),
        }
    }
    Ok(())
}

enum Kind {
    File,
    Folder,
    /// A link, a pipe, ...
    Other,
}

struct Entry {
    name: String,
    kind: Kind,
}

/// What is in a folder, by name.
fn entries(dir: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let kind = match entry.file_type()? {
            t if t.is_file() => Kind::File,
            t if t.is_dir() => Kind::Folder,
            _ => Kind::Other,
        };
        found.push(Entry {
            name: entry.file_name().to_string_lossy().into_owned(),
            kind,
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
