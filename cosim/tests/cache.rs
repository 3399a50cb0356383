//! A build in the cache that was damaged is built anew, and what can't be mended is told.

mod acc;

use std::path::{Path, PathBuf};

use cosim::{Cache, Dut, Effort, Error, Options, Rtl, verilate};
use tempfile::TempDir;

const QUICK: Options = Options {
    effort: Effort::Quick,
    trace: false,
};

/// A cache of its own, with the runtime that other tests have compiled already.
fn cache() -> (TempDir, Cache) {
    let shared = Path::new(concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"));
    build(&Cache::at(shared)).unwrap();
    let own = TempDir::new().unwrap();
    for entry in std::fs::read_dir(shared).unwrap() {
        let from = entry.unwrap().path();
        let name = from.file_name().unwrap().to_str().unwrap();
        if !name.starts_with("library-") && !name.starts_with("runtime-") {
            continue;
        }
        let to = own.path().join(name);
        std::fs::create_dir(&to).unwrap();
        for file in std::fs::read_dir(&from).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    let cache = Cache::at(own.path());
    (own, cache)
}

fn build(cache: &Cache) -> Result<(), Error> {
    let rtl = Rtl::emitted("acc", [("acc.sv", acc::SV)]);
    let mut dut = verilate(&rtl, &acc::ports(), QUICK, cache)?.instance(1);
    let mut outputs = [0; 7];
    dut.respond(&[0; 6], &mut outputs);
    Ok(())
}

/// The entries of which the name starts so.
fn entries(dir: &Path, start: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(start)
    };
    entries.filter(named).collect()
}

fn model(dir: &Path) -> PathBuf {
    match &entries(dir, "model-")[..] {
        [one] => one.clone(),
        other => panic!("{other:?}"),
    }
}

/// A way in which an entry is damaged.
type Damage = fn(&Path);

#[test]
fn a_damaged_model_is_built_anew() {
    let (dir, cache) = cache();
    build(&cache).unwrap();
    let whole = std::fs::read(model(dir.path()).join("model.so")).unwrap();
    let damages: [(&str, Damage); 9] = [
        ("truncated", |entry| {
            let file = std::fs::File::options()
                .write(true)
                .open(entry.join("model.so"));
            file.unwrap().set_len(100).unwrap();
        }),
        ("of length zero", |entry| {
            std::fs::write(entry.join("model.so"), "").unwrap();
        }),
        ("a bit changed", |entry| {
            let path = entry.join("model.so");
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            std::fs::write(path, bytes).unwrap();
        }),
        ("of another machine", |entry| {
            let path = entry.join("model.so");
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[18] = 0xf3; // e_machine of ELF: RISC-V
            std::fs::write(&path, &bytes).unwrap();
            // As that machine would have sealed it.
            let hash = blake3::hash(&bytes);
            std::fs::write(entry.join("seal"), format!("{hash} model.so\n")).unwrap();
        }),
        ("object missing", |entry| {
            std::fs::remove_file(entry.join("model.so")).unwrap();
        }),
        ("list missing", |entry| {
            std::fs::remove_file(entry.join("seal")).unwrap();
        }),
        ("list empty", |entry| {
            std::fs::write(entry.join("seal"), "").unwrap();
        }),
        ("empty", |entry| {
            std::fs::remove_dir_all(entry).unwrap();
            std::fs::create_dir(entry).unwrap();
        }),
        ("a file", |entry| {
            std::fs::remove_dir_all(entry).unwrap();
            std::fs::write(entry, "").unwrap();
        }),
    ];
    for (name, damage) in damages {
        damage(&model(dir.path()));
        build(&cache).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = std::fs::read(model(dir.path()).join("model.so")).unwrap();
        assert_eq!(again.len(), whole.len(), "{name}");
        assert_eq!(entries(dir.path(), ".build-"), [] as [PathBuf; 0], "{name}");
    }
}

#[test]
fn a_damaged_runtime_is_built_anew() {
    let (dir, cache) = cache();
    for start in ["library-", "runtime-"] {
        let entry = entries(dir.path(), start).remove(0);
        std::fs::write(entry.join("libverilated.a"), "!<arch>\n").unwrap();
    }
    build(&cache).unwrap();
}

#[test]
fn a_whole_model_is_not_built_again() {
    let (dir, cache) = cache();
    build(&cache).unwrap();
    let made = || {
        let file = model(dir.path()).join("model.so");
        file.metadata().unwrap().modified().unwrap()
    };
    let before = made();
    build(&cache).unwrap();
    assert_eq!(made(), before);
}

#[test]
fn processes_that_mend_the_same_entry_agree() {
    let (dir, cache) = cache();
    build(&cache).unwrap();
    std::fs::write(model(dir.path()).join("model.so"), "").unwrap();
    std::thread::scope(|scope| {
        let builds: Vec<_> = (0..3).map(|_| scope.spawn(|| build(&cache))).collect();
        for build in builds {
            build.join().unwrap().unwrap();
        }
    });
}

/// Anyone, root too, fails to write below a file.
#[test]
fn a_cache_that_cannot_be_written_is_told() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("file");
    std::fs::write(&root, "").unwrap();
    let told = build(&Cache::at(&root)).unwrap_err().to_string();
    assert!(
        told.starts_with(&format!("the build cache `{}`", root.display())),
        "{told}"
    );
    assert!(
        told.ends_with("set EMBERTL_CACHE to a folder that can"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1);
}

/// Nothing is left behind by a build that fails, and the next one works.
#[test]
fn a_failed_build_leaves_nothing() {
    let (dir, cache) = cache();
    let broken = Rtl::emitted("acc", [("acc.sv", acc::SV.replace("endmodule", ""))]);
    assert!(verilate(&broken, &acc::ports(), QUICK, &cache).is_err());
    assert_eq!(entries(dir.path(), "model-"), [] as [PathBuf; 0]);
    assert_eq!(entries(dir.path(), ".build-"), [] as [PathBuf; 0]);
    build(&cache).unwrap();
}
