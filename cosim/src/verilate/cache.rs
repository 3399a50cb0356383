//! A folder of finished builds, each named by the hash of everything that went into it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::Error;

/// Builds kept: beyond this, the ones not used for longest are removed.
const KEEP: usize = 256;

/// Where builds are kept. Safe to share between processes: an entry is built in a temporary folder
/// beside its place and renamed there when complete, so an entry that exists is whole.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// A cache in this folder, which need not exist yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// `$EMBERTL_CACHE`; else `embertl-cache` in cargo's target folder when there is one here; else
    /// the user's cache folder.
    pub fn from_env() -> Self {
        let var = |name| {
            std::env::var_os(name)
                .filter(|v| !v.is_empty())
                .map(PathBuf::from)
        };
        let target = || var("CARGO_TARGET_DIR").or_else(|| here("target"));
        let user = || {
            let home = || var("HOME").map(|home| home.join(".cache"));
            var("XDG_CACHE_HOME")
                .or_else(home)
                .unwrap_or_else(std::env::temp_dir)
        };
        let root = var("EMBERTL_CACHE")
            .or_else(|| target().map(|dir| dir.join("embertl-cache")))
            .unwrap_or_else(|| user().join("embertl"));
        Self { root }
    }

    /// The folder of the entry `key`, built by `build` in an empty folder unless it exists.
    pub(crate) fn entry(
        &self,
        key: &str,
        build: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let place = self.root.join(key);
        if place.is_dir() {
            touch(&place);
            return Ok(place);
        }
        std::fs::create_dir_all(&self.root).map_err(Error::io("create", &self.root))?;
        let work = tempfile::Builder::new()
            .prefix(".build-")
            .tempdir_in(&self.root)
            .map_err(Error::io("create a folder in", &self.root))?;
        build(work.path())?;
        match std::fs::rename(work.path(), &place) {
            Ok(()) => drop(work.keep()),
            // Somebody else finished the same build first.
            Err(_) if place.is_dir() => {}
            Err(cause) => return Err(Error::io("create", &place)(cause)),
        }
        self.prune();
        Ok(place)
    }

    /// Removes the oldest entries beyond [`KEEP`]. Best effort: a failure costs disk space only.
    fn prune(&self) {
        let Ok(entries) = std::fs::read_dir(&self.root) else {
            return;
        };
        let mut entries: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path())))
            .collect();
        let excess = entries.len().saturating_sub(KEEP);
        entries.sort();
        for (_, path) in entries.into_iter().take(excess) {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

/// `target` of the enclosing cargo workspace, if the current folder is inside one.
fn here(target: &str) -> Option<PathBuf> {
    let cwd = std::env::current_dir().ok()?;
    let root = cwd
        .ancestors()
        .find(|dir| dir.join("Cargo.lock").is_file())?;
    Some(root.join(target))
}

/// Marks an entry as used now.
fn touch(entry: &Path) {
    let now = std::fs::FileTimes::new().set_modified(SystemTime::now());
    if let Ok(dir) = std::fs::File::open(entry) {
        let _ = dir.set_times(now);
    }
}
