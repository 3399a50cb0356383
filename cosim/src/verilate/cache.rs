//! A folder of finished builds, each named by the hash of everything that went into it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::seal;
use crate::Error;

/// Builds kept: beyond this, the ones not used for longest are removed.
const KEEP: usize = 256;

/// Start of the names of folders in which something is being built.
const WORK: &str = ".build-";

/// Age at which such a folder is one that an interrupted process has left.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Where builds are kept. Safe to share between processes: an entry is built in a temporary folder
/// beside its place and renamed there when complete. An entry that was damaged since, by a full
/// disk, a crash or a hand, is built anew.
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

    /// The folder of the entry `key`, built by `build` in an empty folder unless it exists and is
    /// whole.
    pub(crate) fn entry(
        &self,
        key: &str,
        build: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let place = self.root.join(key);
        let damage = match place.symlink_metadata() {
            Ok(_) => match seal::check(&place) {
                Ok(()) => {
                    touch(&place);
                    return Ok(place);
                }
                Err(damage) => Some(damage),
            },
            Err(_) => None,
        };
        self.build(&place, damage, false, build)
    }

    /// As [`Self::entry`], for an entry that is whole but of no use, which `why` says.
    pub(crate) fn rebuilt(
        &self,
        key: &str,
        why: String,
        build: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        self.build(&self.root.join(key), Some(why), true, build)
    }

    /// Builds an entry and puts it into its place, instead of what is there: a `damaged` one, or
    /// any if so `forced`.
    fn build(
        &self,
        place: &Path,
        damaged: Option<String>,
        forced: bool,
        build: impl FnOnce(&Path) -> Result<(), Error>,
    ) -> Result<PathBuf, Error> {
        let failed = |cause: std::io::Error| match &damaged {
            Some(damage) => Error::CacheEntry {
                path: place.to_owned(),
                damage: damage.clone(),
                cause,
            },
            None => Error::Cache {
                root: self.root.clone(),
                cause,
            },
        };
        std::fs::create_dir_all(&self.root).map_err(failed)?;
        let work = tempfile::Builder::new()
            .prefix(WORK)
            .tempdir_in(&self.root)
            .map_err(failed)?;
        let (new, old) = (work.path().join("new"), work.path().join("old"));
        std::fs::create_dir(&new).map_err(failed)?;
        build(&new)?;
        seal::seal(&new)?;
        // Somebody else may have finished the same build first.
        let finished = || !forced && seal::check(place).is_ok();
        if !finished() {
            if let Err(cause) = std::fs::rename(place, &old)
                && cause.kind() != std::io::ErrorKind::NotFound
            {
                return Err(failed(cause));
            }
            if let Err(cause) = std::fs::rename(&new, place)
                && seal::check(place).is_err()
            {
                return Err(failed(cause));
            }
        }
        self.prune();
        Ok(place.to_owned())
    }

    /// Removes the oldest entries beyond [`KEEP`]. Best effort: a failure costs disk space only.
    fn prune(&self) {
        let Ok(entries) = std::fs::read_dir(&self.root) else {
            return;
        };
        let entries = entries.flatten();
        let entries = entries.filter_map(|e| Some((e.metadata().ok()?.modified().ok()?, e.path())));
        let building = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            name.as_encoded_bytes().starts_with(WORK.as_bytes())
        };
        let (work, mut entries): (Vec<_>, Vec<(SystemTime, PathBuf)>) =
            entries.partition(|(_, path)| building(path));
        for (modified, path) in work {
            if modified.elapsed().is_ok_and(|age| age > ABANDONED) {
                let _ = std::fs::remove_dir_all(path);
            }
        }
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
