//! Files of cores, from this and from other libraries.

use std::path::{Path, PathBuf};

use screc::{Layout, Selection, TtCores, read_cores, write_cores};

use super::files::{Files, OURS, axes, cores, fbtt, plain, refused, tednet, tt};

fn read(path: &str, selection: &Selection) -> (TtCores, Layout) {
    read_cores(&[path.into()], selection).expect("cores")
}

#[test]
fn every_layout_is_read() {
    let files = Files::new();
    let q = Selection {
        q: Some(vec![2, 3, 2]),
        ..Selection::default()
    };
    let second = Selection {
        table: Some(1),
        ..q.clone()
    };
    let any = Selection::default();
    for (path, selection, layout) in [
        (plain(&files, "a.npz", "core_"), &any, Layout::Embertl),
        (
            plain(&files, "b.npz", "emb.parameters."),
            &any,
            Layout::T3nsor,
        ),
        (
            plain(&files, "c.npz", "weight.factors.factor_"),
            &any,
            Layout::Tltorch,
        ),
        (plain(&files, "d.npz", "arr_"), &any, Layout::Tensorly),
        (tednet(&files, "e.npz"), &any, Layout::Tednet),
        (fbtt(&files, "f.npz", 1), &q, Layout::Fbtt),
        (fbtt(&files, "g.npz", 2), &second, Layout::Fbtt),
    ] {
        let (found, detected) = read(&path, selection);
        assert_eq!(detected, layout);
        // The file doesn't say how many rows there are.
        assert_eq!(found.rows(), 60);
        assert_eq!(found.cores(), cores().cores(), "{layout:?}");
    }
}

#[test]
fn our_own_file_comes_back() {
    let files = Files::new();
    let path = files.path("own.npz");
    write_cores(&path, &cores()).expect("writable");
    assert_eq!(
        read(&files.text("own.npz"), &Selection::default()),
        (cores(), Layout::Embertl)
    );
    let left: Vec<_> = files.0.path().read_dir().expect("readable").collect();
    assert_eq!(left.len(), 1, "nothing else is left");
}

#[test]
fn folders_and_lists_of_arrays() {
    let files = Files::new();
    let names: Vec<String> = (0..3)
        .map(|k| {
            let shape = cores().shape().clone();
            let lens = [shape.r()[k], shape.p()[k], shape.q()[k], shape.r()[k + 1]];
            files.npy(
                &format!("part{k}x.npy"),
                &lens.map(|len| len as u64),
                &axes(k, OURS),
            )
        })
        .collect();
    let paths: Vec<&Path> = names.iter().map(Path::new).collect();
    let forced = Selection {
        layout: Some(Layout::Embertl),
        rows: Some(57),
        ..Selection::default()
    };
    let list: Vec<PathBuf> = paths.iter().map(|path| path.to_path_buf()).collect();
    assert_eq!(read_cores(&list, &forced).expect("cores").0, cores());
    let folder = files.0.path().to_path_buf();
    assert_eq!(read_cores(&[folder], &forced).expect("cores").0, cores());
    let output = tt(&["inspect", &names[0], &names[1], &names[2]]);
    refused(
        &output,
        "keys are `part0x`, `part1x`, `part2x`; name cores `core_0`, `core_1`, ... or give --layout (embertl, fbtt,",
    );
}

#[test]
fn cores_that_can_not_be_read() {
    let files = Files::new();
    let inspect = |args: &[&str]| tt(&[&["inspect"], args].concat());
    refused(&inspect(&["no/such.npz"]), "cannot open `no/such.npz`");
    let text = files.text("text.npz");
    std::fs::write(&text, "no archive").expect("writable");
    refused(&inspect(&[&text]), "an .npz is a zip archive of .npy files");
    let one = files.npy("one.npy", &[1, 3, 2, 1], &[0.0; 6]);
    refused(
        &inspect(&[&one]),
        "one file of cores must be an .npz; name a folder or several .npy files",
    );
    for (name, bytes, why) in [
        (
            "a.pt",
            &b"\x80\x02\x8a\n"[..],
            "a Python pickle (.pkl, or a PyTorch .pt), not cores",
        ),
        ("a.npz", b"\x89HDF\r\n\x1a\n", "an HDF5 file, not cores"),
        (
            "b.npz",
            b"version https://git-lfs.github.com/spec/v1\n",
            "fetch the file itself with `git lfs",
        ),
    ] {
        std::fs::write(files.path(name), bytes).expect("writable");
        refused(&inspect(&[&files.text(name)]), why);
    }
    // Told by its content, not by its name.
    let other = plain(&files, "cores.bin", "core_");
    assert!(inspect(&[&other]).status.success());
    let empty = tempfile::tempdir().expect("a folder");
    refused(
        &inspect(&[empty.path().to_str().expect("UTF-8")]),
        "it has no .npy files",
    );

    let zeros = |shape: &[u64]| vec![0.0; shape.iter().product::<u64>() as usize];
    let npz = |name: &str, arrays: &[(&str, &[u64])]| {
        let arrays: Vec<_> = arrays
            .iter()
            .map(|&(key, shape)| (key, shape, zeros(shape)))
            .collect();
        files.npz(name, &arrays)
    };
    let chain = npz(
        "chain.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_1", &[5, 4, 3, 1])],
    );
    refused(
        &inspect(&[&chain]),
        "as embertl of shapes [1, 3, 2, 4] [5, 4, 3, 1], core `core_1`: its left rank is 5, but the core before has right rank 4",
    );
    let first = npz(
        "first.npz",
        &[("core_0", &[2, 3, 2, 4]), ("core_1", &[4, 4, 3, 1])],
    );
    refused(
        &inspect(&[&first]),
        "core `core_0`: its left rank is 2, but the first one must be 1",
    );
    let last = npz(
        "last.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_1", &[4, 4, 3, 2])],
    );
    refused(
        &inspect(&[&last]),
        "core `core_1`: its right rank is 2, but the last one must be 1",
    );
    let flat = npz(
        "flat.npz",
        &[("core_0", &[3, 2, 4]), ("core_1", &[4, 3, 4])],
    );
    refused(
        &inspect(&[&flat]),
        "core `core_0`: must have axes (left rank, p, q, right rank) (they would chain as --layout tednet)",
    );
    assert!(inspect(&[&flat, "--layout", "tednet"]).status.success());
    let gap = npz(
        "gap.npz",
        &[("core_0", &[1, 3, 2, 4]), ("core_2", &[4, 4, 3, 1])],
    );
    refused(&inspect(&[&gap]), "core `core_1` is missing");
    let single = npz("single.npz", &[("core_0", &[1, 3, 2, 1])]);
    refused(
        &inspect(&[&single]),
        "as embertl it has 1 cores; 2 to 4 are supported",
    );
    let two = npz(
        "two.npz",
        &[
            ("a.factors.factor_0", &[1, 3, 2, 4]),
            ("a.factors.factor_1", &[4, 4, 3, 1]),
            ("b.factors.factor_0", &[1, 3, 2, 4]),
            ("b.factors.factor_1", &[4, 4, 3, 1]),
        ],
    );
    refused(
        &inspect(&[&two]),
        "both `a.factors.factor_*` and `b.factors.factor_*` are cores; choose with --prefix or --layout",
    );
    assert!(inspect(&[&two, "--prefix", "b."]).status.success());
    let other = npz("other.npz", &[("weight", &[4, 4]), ("bias", &[4])]);
    refused(
        &inspect(&[&other]),
        "keys are `weight`, `bias`; name cores `core_0`",
    );

    let path = fbtt(&files, "fbtt.npz", 2);
    refused(
        &inspect(&[&path]),
        "core `emb.tt_cores.0`: holds r q r in one axis; say what the columns' radices are, as in --q 4,4,4",
    );
    refused(
        &inspect(&[&path, "--q", "2,3,2"]),
        "it has tables 0 to 1; choose one with --table-index",
    );
    refused(
        &inspect(&[&path, "--q", "2,3,2", "--table-index", "2"]),
        "it has tables 0 to 1",
    );
    refused(
        &inspect(&[&path, "--q", "3,2,2"]),
        "core `emb.tt_cores.0`: its last axis is no multiple of r q = 1 x 3; check --q",
    );
    let ours = plain(&files, "ours.npz", "core_");
    refused(
        &inspect(&[&ours, "--q", "3,2,2"]),
        "q = 3,2,2: the cores have 2,3,2",
    );
    refused(
        &inspect(&[&ours, "--table-rows", "61"]),
        "rows = 61: p = 3,4,5 addresses 60 rows",
    );

    let nan = files.npz(
        "nan.npz",
        &[
            ("core_0", &[1, 2, 1, 2], vec![1.0; 4]),
            (
                "core_1",
                &[2, 2, 1, 1],
                vec![1.0, 1.0, f32::NEG_INFINITY, 1.0],
            ),
        ],
    );
    refused(
        &inspect(&[&nan]),
        "element = -inf: at [1, 0, 0, 0] of core 1, axes (left rank, row digit,",
    );
}
