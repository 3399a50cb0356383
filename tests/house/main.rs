//! The rules of `docs/architecture.md` that a program can check: arrows between crates, from the
//! manifests and the map's own list; circles between files, from the code's own paths.

mod files;
mod rooms;

use std::collections::BTreeSet;

use files::Crate;
use rooms::Rooms;

/// The workspace as it stands.
fn rooms() -> Rooms {
    Rooms::read(env!("CARGO_MANIFEST_DIR").as_ref())
}

#[test]
fn every_room_names_only_what_its_arrows_allow() {
    let wrong = rooms().forbidden();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_has_every_room() {
    let rooms = rooms();
    let there: BTreeSet<&str> = rooms.all.iter().map(|room| room.name.as_str()).collect();
    let drawn = rooms.drawn();
    assert_eq!(there, drawn.iter().map(String::as_str).collect());
}

#[test]
fn libraries_know_no_user() {
    let wrong = rooms().with_a_user();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_circle_between_files() {
    let rooms = rooms();
    let told = rooms.all.iter().flat_map(|room| {
        let circles = Crate::read(&room.folder).circles();
        let named = circles
            .into_iter()
            .map(|circle| format!("{}:\n{circle}", room.name));
        named.collect::<Vec<_>>()
    });
    let circles: Vec<String> = told.collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

#[test]
fn roots_hold_modules_and_nothing_else() {
    let wrong: Vec<String> = rooms()
        .all
        .iter()
        .flat_map(|room| {
            let roots = Crate::read(&room.folder).roots_with_code().into_iter();
            roots.map(|root| format!("{}: {root}", room.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The checks can fail.
mod seeded {
    use super::*;

    #[test]
    fn a_forbidden_dependency() {
        for (room, dependency) in [
            ("models", "hdl_gen"),
            ("hdl_gen", "models"),
            ("cosim", "blocks"),
            ("refree", "screc"),
            ("lockstep", "traces"),
            ("contract", "tech"),
        ] {
            let mut rooms = rooms();
            rooms.room(room).dependencies.insert(dependency.to_owned());
            let wrong = rooms.forbidden();
            assert_eq!(wrong.len(), 1, "{room} -> {dependency}: {wrong:?}");
            assert!(
                wrong[0].contains(&format!("{room} -> {dependency}")),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_library_that_parses_options() {
        let mut rooms = rooms();
        rooms.room("traces").external.insert("clap".to_owned());
        assert_eq!(rooms.with_a_user().len(), 1);
    }

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        Crate::of(
            files
                .iter()
                .map(|(path, text)| ((*path).into(), (*text).to_owned())),
        )
        .circles()
    }

    #[test]
    fn a_circle_by_use_by_path_and_through_a_re_export() {
        let root = ("lib.rs", "mod a; mod b; pub use b::B;");
        let b = ("b.rs", "use super::a::A; pub struct B; fn f(_: A) {}");
        for a in [
            "use crate::b::B; pub struct A(B);",
            "pub struct A(crate::b::B);",
            "pub struct A(super::B);",
            "pub struct A; fn f() { let _ = crate::b::B; }",
            "use super::b; pub struct A; fn f() { b::B; }",
        ] {
            let found = circles(&[root, ("a.rs", a), b]);
            assert_eq!(found.len(), 1, "{a}");
            assert!(
                found[0].contains("a.rs") && found[0].contains("b.rs"),
                "{found:?}"
            );
        }
        for a in [
            "pub struct A;",
            "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
            "pub struct A; pub use crate::b::B;",
        ] {
            assert_eq!(
                circles(&[root, ("a.rs", a), b]),
                Vec::<String>::new(),
                "{a}"
            );
        }
    }

    #[test]
    fn a_circle_through_a_module_that_shares_its_name_with_a_function() {
        let root = (
            "lib.rs",
            "mod a; mod quantise; pub use quantise::{quantise, Scale};",
        );
        let a = ("a.rs", "use super::quantise::Scale; pub struct A(Scale);");
        let quantise = (
            "quantise.rs",
            "use super::a::A; pub struct Scale; pub fn quantise(_: A) {}",
        );
        assert_eq!(circles(&[root, a, quantise]).len(), 1);
    }

    #[test]
    fn code_in_a_root() {
        let with = |text: &str| {
            let file = ("src/lib.rs".into(), text.to_owned());
            Crate::of([file]).roots_with_code().len()
        };
        assert_eq!(
            with("//! Doc.\nmod a;\npub use a::A;\n#[cfg(test)]\nmod tests {}"),
            0
        );
        assert_eq!(with("mod a;\nfn f() {}"), 1);
    }
}
