//! Sizes that follow from a configuration (`docs/tt_core.md`, section 1).

use blocks::tt_core::TtCoreConfig;

/// Rank behind core `core` (from 0), 1 behind the last.
pub(super) fn rank(config: &TtCoreConfig, core: usize) -> usize {
    config.ranks.get(core).map_or(1, |&rank| rank as usize)
}

/// Lines of each core.
pub(super) fn lines(config: &TtCoreConfig) -> Vec<usize> {
    let cores = config.p.iter().zip(&config.q).enumerate();
    let lines = cores.map(|(core, (&p, &q))| {
        let columns = if core == 0 { 1 } else { rank(config, core) };
        p as usize * q as usize * columns
    });
    lines.collect()
}

/// Words of a line of each core.
pub(super) fn line_words(config: &TtCoreConfig) -> Vec<usize> {
    (0..config.p.len())
        .map(|core| rank(config, core.saturating_sub(1)))
        .collect()
}

/// Steps of each stage for one product.
pub(super) fn steps(config: &TtCoreConfig) -> Vec<u64> {
    let stages = config.macs.iter().zip(&config.ranks).enumerate();
    let steps = stages.map(|(stage, (macs, rank))| {
        let rows: u32 = config.q[..=stage].iter().product();
        let columns = config.q[stage + 1] * self::rank(config, stage + 1) as u32;
        u64::from(rows * columns / (macs / rank))
    });
    steps.collect()
}

/// Of each boundary between stages: how many rows have one prefix.
pub(super) fn prefixes(config: &TtCoreConfig) -> Vec<u64> {
    (2..config.p.len())
        .map(|digits| config.p[digits..].iter().copied().map(u64::from).product())
        .collect()
}

/// The digits of a row id.
pub(super) fn digits(config: &TtCoreConfig, id: u64) -> Vec<usize> {
    let mut rest = id;
    let mut digits: Vec<usize> = config
        .p
        .iter()
        .rev()
        .map(|&p| {
            let digit = rest % u64::from(p);
            rest /= u64::from(p);
            digit as usize
        })
        .collect();
    digits.reverse();
    digits
}
