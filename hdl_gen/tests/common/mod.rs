//! What tests of emitted files share.

use contract::ConfigSpec;
use hdl_gen::{Emitted, blocks};

/// Every named configuration of every block.
pub fn all() -> Vec<Emitted> {
    let mut emitted = Vec::new();
    for block in blocks() {
        for name in block.config_names() {
            let config = block.load(&ConfigSpec::of(Some(name.to_owned()))).unwrap();
            assert_eq!(config.name(), name);
            emitted.push(config.emit().unwrap());
        }
    }
    emitted
}
