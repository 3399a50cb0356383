//! Crates and arrows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::Table;

/// What only programs may use.
const USERS: [&str; 2] = ["clap", "indicatif"];
/// The libraries that know no user (rule 3).
const LIBRARIES: [&str; 8] = [
    "contract", "tech", "report", "blocks", "models", "traces", "dram", "cosim",
];
/// Of these rooms tests, too, name only what the room may name: rules 1 and 2.
const STRICT: [&str; 3] = ["models", "hdl_gen", "cosim"];
/// The root package's room on the map, and its library.
const ROOT: (&str, &str) = ("src", "embertl");
/// What stands on the map for each of the crates below `golden_model/systems`.
const SYSTEMS: &str = "systems";

/// A crate.
pub struct Room {
    /// As on the map: its library's name, or `src`.
    pub name: String,
    pub folder: PathBuf,
    /// Rooms that its manifest names.
    pub dependencies: BTreeSet<String>,
    /// Other crates that its manifest names, tests aside.
    pub external: BTreeSet<String>,
}

/// The workspace.
pub struct Rooms {
    pub all: Vec<Room>,
    /// By room, the rooms that it may name; none of them closed over what those may name.
    arrows: BTreeMap<String, BTreeSet<String>>,
}

impl Rooms {
    /// Reads manifests and map below the workspace's root.
    pub fn read(root: &Path) -> Self {
        let manifest = table(&root.join("Cargo.toml"));
        let members = manifest["workspace"]["members"].as_array().unwrap();
        let folders = members
            .iter()
            .map(|member| root.join(member.as_str().unwrap()));
        let folders: Vec<PathBuf> = folders.chain([root.to_owned()]).collect();
        let names: BTreeSet<String> = folders.iter().map(|folder| name(folder)).collect();
        let all = folders.iter().map(|folder| room(folder, &names)).collect();
        let systems = folders
            .iter()
            .filter(|folder| folder.parent().unwrap().ends_with(SYSTEMS));
        let systems: BTreeSet<String> = systems.map(|folder| name(folder)).collect();
        let map = std::fs::read_to_string(root.join("docs/architecture.md")).unwrap();
        Self {
            all,
            arrows: arrows(&map, &systems),
        }
    }

    /// The room of this name.
    pub fn room(&mut self, name: &str) -> &mut Room {
        self.all.iter_mut().find(|room| room.name == name).unwrap()
    }

    /// The rooms that the map draws.
    pub fn drawn(&self) -> BTreeSet<String> {
        self.arrows.keys().cloned().collect()
    }

    /// Dependencies that no arrow allows, as text.
    pub fn forbidden(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for room in &self.all {
            let reached = self.reached(&room.name);
            for dependency in room.dependencies.difference(&reached) {
                let allowed: Vec<&str> = reached.iter().map(String::as_str).collect();
                wrong.push(format!(
                    "{} -> {dependency}: no arrow of docs/architecture.md; {} may name {}",
                    room.name,
                    room.name,
                    allowed.join(", ")
                ));
            }
        }
        wrong
    }

    /// Libraries that depend on what only programs may use, as text.
    pub fn with_a_user(&self) -> Vec<String> {
        let libraries = self
            .all
            .iter()
            .filter(|room| LIBRARIES.contains(&room.name.as_str()));
        let users = libraries.flat_map(|room| {
            let users = USERS
                .into_iter()
                .filter(|user| room.external.contains(*user));
            users.map(|user| format!("{} -> {user}: a library knows no user (rule 3)", room.name))
        });
        users.collect()
    }

    /// All rooms on the way along arrows.
    fn reached(&self, room: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = vec![room];
        while let Some(room) = open.pop() {
            for next in self.arrows.get(room).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        reached
    }
}

fn table(manifest: &Path) -> Table {
    std::fs::read_to_string(manifest).unwrap().parse().unwrap()
}

/// The room's name: its library's.
fn name(folder: &Path) -> String {
    let manifest = table(&folder.join("Cargo.toml"));
    let library = manifest.get("lib").and_then(|lib| lib.get("name"));
    let name = library
        .unwrap_or(&manifest["package"]["name"])
        .as_str()
        .unwrap();
    if name == ROOT.1 { ROOT.0 } else { name }.to_owned()
}

fn room(folder: &Path, names: &BTreeSet<String>) -> Room {
    let manifest = table(&folder.join("Cargo.toml"));
    let name = name(folder);
    let keys = |section: &str| -> BTreeSet<String> {
        let section = manifest.get(section).and_then(|section| section.as_table());
        section
            .map(|table| table.keys().cloned().collect())
            .unwrap_or_default()
    };
    let normal = keys("dependencies");
    let mut named = normal.clone();
    if STRICT.contains(&name.as_str()) {
        named.extend(keys("dev-dependencies"));
    }
    Room {
        dependencies: named.intersection(names).cloned().collect(),
        external: normal.difference(names).cloned().collect(),
        folder: folder.to_owned(),
        name,
    }
}

/// The lines `room -> room, room` of the map.
fn arrows(map: &str, systems: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let section = map
        .split("## Arrows")
        .nth(1)
        .expect("the map has its arrows");
    let block = section
        .split("```")
        .nth(1)
        .expect("the arrows stand in a block");
    let each = |name: &str| match name {
        SYSTEMS => systems.clone(),
        _ => BTreeSet::from([name.to_owned()]),
    };
    let mut arrows = BTreeMap::new();
    for line in block.lines().filter(|line| !line.is_empty()) {
        let (from, to) = line.split_once("->").expect("an arrow a line");
        let to: BTreeSet<String> = match to.trim() {
            "nothing of ours" => BTreeSet::new(),
            to => to.split(',').flat_map(|name| each(name.trim())).collect(),
        };
        arrows.extend(each(from.trim()).into_iter().map(|room| (room, to.clone())));
    }
    arrows
}
