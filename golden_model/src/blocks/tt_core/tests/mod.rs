//! Timing, sums, prefixes, loads and errors of the model.

mod driver;
mod reference;
mod timing;

use hdl_gen::BlockConfig;
use hdl_gen::tt_core::TtCoreConfig;

/// The named configuration.
fn named(name: &str) -> TtCoreConfig {
    let mut all = TtCoreConfig::named().into_iter();
    all.find(|(known, _)| *known == name).unwrap().1
}
