//! Ports of a composed module as its header declares them.

use contract::Port;

use super::header::ModulePort;

/// Declarations of a composed module's ports, one comment above each stream.
pub(super) fn declare(ports: &[Port]) -> Vec<ModulePort> {
    let mut group = None;
    ports
        .iter()
        .map(|p| {
            let above = match p.stream {
                stream if stream == group => Vec::new(),
                Some(stream) => vec![format!("stream {stream}")],
                None => vec!["levels".to_owned()],
            };
            group = p.stream;
            ModulePort {
                name: p.name.clone(),
                dir: p.dir,
                high: (p.width > 1).then(|| (p.width - 1).to_string()),
                doc: p.doc.trim_end_matches('.').to_owned(),
                above,
            }
        })
        .collect()
}
