//! Files of a crate, and which names what of which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, UseTree, Visibility};

/// Where a module or an item stands, from the crate's root.
type Place = Vec<String>;

/// What a name in a module is.
#[derive(Clone)]
enum Name {
    /// Defined in this file.
    Item(usize),
    /// Brought in by `use`.
    Alias(Place),
}

/// The code of a crate, test modules left out.
pub struct Crate {
    files: Vec<(PathBuf, syn::File)>,
    modules: BTreeMap<Place, usize>,
    names: BTreeMap<Place, Name>,
    /// By module, what it brings in by `use ...::*`.
    globs: BTreeMap<Place, Vec<Place>>,
}

impl Crate {
    /// The crate in `folder`.
    pub fn read(folder: &Path) -> Self {
        let mut paths = Vec::new();
        below(&folder.join("src"), &mut paths);
        Self::of(paths.into_iter().map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let inside = path.strip_prefix(folder.join("src")).unwrap().to_owned();
            (inside, text)
        }))
    }

    /// The crate of these files, by their paths below `src`.
    pub fn of(files: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let parsed = files.into_iter().map(|(path, text)| {
            let file = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            (path, file)
        });
        let mut whole = Self {
            files: parsed.collect(),
            modules: BTreeMap::new(),
            names: BTreeMap::new(),
            globs: BTreeMap::new(),
        };
        for (number, (path, file)) in whole.files.clone().into_iter().enumerate() {
            whole.define(number, &module(&path), &file.items);
        }
        whole
    }

    fn define(&mut self, file: usize, module: &Place, items: &[Item]) {
        self.modules.insert(module.clone(), file);
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            if let Item::Use(item) = item {
                for (name, path) in leaves(&item.tree) {
                    match name {
                        Some(name) => {
                            let place = join(module, &name);
                            self.names.entry(place).or_insert(Name::Alias(path));
                        }
                        None => self.globs.entry(module.clone()).or_default().push(path),
                    }
                }
            } else if let Item::Mod(inner) = item {
                if let Some((_, items)) = &inner.content {
                    self.define(file, &join(module, &inner.ident.to_string()), items);
                }
            } else if let Some(name) = ident(item) {
                self.names.insert(join(module, &name), Name::Item(file));
            }
        }
    }

    /// The file that defines what `path` means in `module`; none for other crates' and local names.
    fn definer(&self, module: &Place, path: &[String], depth: usize) -> Option<usize> {
        if depth == 0 {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let (mut place, mut rest) = match first.as_str() {
            "crate" => (Place::new(), rest),
            "self" => (module.clone(), rest),
            "super" => (module[..module.len().checked_sub(1)?].to_vec(), rest),
            _ => (module.clone(), path),
        };
        while let Some((name, more)) = rest.split_first() {
            if name == "super" {
                place.pop()?;
                rest = more;
                continue;
            }
            let next = join(&place, name);
            // A module and a function may have one name; only a module has names in it.
            let named = self.names.get(&next);
            match named.filter(|_| more.is_empty() || !self.modules.contains_key(&next)) {
                Some(Name::Item(file)) => return Some(*file),
                Some(Name::Alias(alias)) if *alias != path => {
                    let path = [alias, more].concat();
                    return self.definer(&place, &path, depth - 1);
                }
                _ if self.modules.contains_key(&next) => place = next,
                _ => {
                    let globs = self.globs.get(&place).into_iter().flatten();
                    let through = |glob: &Place| [glob, rest].concat();
                    let mut found =
                        globs.filter_map(|glob| self.definer(&place, &through(glob), depth - 1));
                    return found.next();
                }
            }
            rest = more;
        }
        None
    }

    /// By file, the files that it needs, each with a name that it takes from there.
    fn edges(&self) -> Vec<BTreeMap<usize, String>> {
        let of = |(number, (path, file)): (usize, &(PathBuf, syn::File))| {
            let mut paths = Paths::default();
            paths.visit_file(file);
            let module = module(path);
            let mut edges = BTreeMap::new();
            for path in paths.0 {
                if let Some(target) = self.definer(&module, &path, 8)
                    && target != number
                {
                    edges.insert(target, path.join("::"));
                }
            }
            edges
        };
        self.files.iter().enumerate().map(of).collect()
    }

    /// Files that need each other, as text: each circle once.
    pub fn circles(&self) -> Vec<String> {
        let edges = self.edges();
        let reached: Vec<BTreeSet<usize>> =
            (0..edges.len()).map(|file| reached(&edges, file)).collect();
        let mut circles = BTreeSet::new();
        for file in 0..edges.len() {
            let with = |other: &&usize| reached[**other].contains(&file);
            let circle: BTreeSet<usize> = reached[file].iter().filter(with).copied().collect();
            if !circle.is_empty() {
                circles.insert(circle);
            }
        }
        let told = circles.iter().map(|circle| {
            let inside = circle.iter().flat_map(|file| {
                let targets = edges[*file].iter().filter(|(to, _)| circle.contains(to));
                targets.map(|(to, name)| {
                    let (from, to) = (&self.files[*file].0, &self.files[*to].0);
                    format!("  {} -> {}: {name}", from.display(), to.display())
                })
            });
            inside.collect::<Vec<_>>().join("\n")
        });
        told.collect()
    }

    /// `lib.rs` and `mod.rs` files with more than modules, `use` and documentation.
    pub fn roots_with_code(&self) -> Vec<String> {
        let roots = self
            .files
            .iter()
            .filter(|(path, _)| path.ends_with("lib.rs") || path.ends_with("mod.rs"));
        let with_code = roots.filter(|(_, file)| {
            let code = |item: &Item| {
                !matches!(item, Item::Mod(m) if m.content.is_none())
                    && !matches!(item, Item::Use(_))
            };
            file.items
                .iter()
                .any(|item| code(item) && !is_test(attributes(item)))
        });
        with_code
            .map(|(path, _)| {
                format!(
                    "{}: more than modules, `use` and documentation",
                    path.display()
                )
            })
            .collect()
    }
}

fn reached(edges: &[BTreeMap<usize, String>], from: usize) -> BTreeSet<usize> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(file) = open.pop() {
        let next = edges[file]
            .keys()
            .copied()
            .filter(|next| reached.insert(*next));
        open.extend(next.collect::<Vec<_>>());
    }
    reached
}

/// All Rust files below a folder but those of test modules.
fn below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.file_stem().is_some_and(|stem| stem == "tests") {
            continue;
        } else if path.is_dir() {
            below(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    paths.sort();
}

/// The module that a file is.
fn module(path: &Path) -> Place {
    let parts = path.with_extension("");
    let parts = parts.iter().map(|part| part.to_string_lossy().into_owned());
    let mut place: Place = parts.collect();
    if matches!(
        place.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        place.pop();
    }
    place
}

fn join(module: &Place, name: &str) -> Place {
    [module.as_slice(), &[name.to_owned()]].concat()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether it is there in tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    let test = |attribute: &Attribute| {
        let list = attribute.meta.require_list();
        attribute.path().is_ident("cfg") && list.is_ok_and(|list| list.tokens.to_string() == "test")
    };
    attributes.iter().any(test)
}

fn ident(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

/// The names that a `use` brings in with their paths; without a name for `*`.
fn leaves(tree: &UseTree) -> Vec<(Option<String>, Place)> {
    match tree {
        UseTree::Path(path) => {
            let inside = leaves(&path.tree).into_iter();
            let first = path.ident.to_string();
            inside
                .map(|(name, path)| {
                    let name = match name.as_deref() {
                        Some("self") => Some(first.clone()),
                        _ => name,
                    };
                    let path = path.into_iter().filter(|part| part != "self");
                    (name, std::iter::once(first.clone()).chain(path).collect())
                })
                .collect()
        }
        UseTree::Name(name) => vec![(Some(name.ident.to_string()), vec![name.ident.to_string()])],
        UseTree::Rename(name) => {
            vec![(Some(name.rename.to_string()), vec![name.ident.to_string()])]
        }
        UseTree::Glob(_) => vec![(None, Vec::new())],
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

/// Every path in the code, those of re-exports and of tests left out.
#[derive(Default)]
struct Paths(Vec<Place>);

impl<'a> Visit<'a> for Paths {
    fn visit_item(&mut self, item: &'a Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if matches!(item.vis, Visibility::Inherited) {
            self.0
                .extend(leaves(&item.tree).into_iter().map(|(_, path)| path));
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let parts = path.segments.iter().map(|part| part.ident.to_string());
        self.0.push(parts.collect());
        visit::visit_path(self, path);
    }
}
