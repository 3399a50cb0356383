//! The cells to map to.

use std::path::PathBuf;

use super::error::AreaError;
use super::liberty::{self, Library};
use super::node::Node;
use super::own45;

/// A cell library, of one file or several.
pub(super) struct Cells {
    pub library: Library,
    /// Names of its parts and where they came from.
    pub origin: String,
    pub node: Node,
}

impl Cells {
    /// Our own library if no files are given. `node` goes before what the names of libraries say.
    pub fn load(files: &[PathBuf], node: Option<u32>) -> Result<Self, AreaError> {
        let sources = if files.is_empty() {
            vec![("built in".to_owned(), own45::text())]
        } else {
            let read = |path: &PathBuf| {
                let file = path.display().to_string();
                match liberty::load(path) {
                    Ok(text) => Ok((file, text)),
                    Err(source) => Err(AreaError::Source { file, source }),
                }
            };
            files.iter().map(read).collect::<Result<_, _>>()?
        };
        let mut parts = Vec::new();
        let mut origin = Vec::new();
        for (file, text) in &sources {
            let inside = liberty::parts(text).map_err(|source| AreaError::Liberty {
                file: file.clone(),
                source,
            })?;
            let names: Vec<&str> = inside.iter().map(|p| p.name.as_str()).collect();
            origin.push(format!("{} ({file})", names.join(" + ")));
            parts.extend(inside.into_iter().map(|p| (file.as_str(), p)));
        }
        let node = match node {
            Some(nm) => Node(Some(nm)),
            None => {
                let with_cells = parts.iter().filter(|(_, p)| !p.cells.is_empty());
                Node::of(with_cells.map(|(_, p)| p.name.as_str()))?
            }
        };
        let library = Library::of(parts).map_err(|source| {
            let files: Vec<&str> = sources.iter().map(|(file, _)| file.as_str()).collect();
            AreaError::Liberty {
                file: files.join(", "),
                source,
            }
        })?;
        Ok(Self {
            library,
            origin: origin.join(" + "),
            node,
        })
    }
}
