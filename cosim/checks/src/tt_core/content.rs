//! Words for tables, drawn by palettes, and tables as beats.

use blocks::tt_core::{Element, TtCoreConfig};
use contract::SplitMix64;

use super::command::{Break, Contents, Cores, Load};
use super::palette::Palette;
use super::shape;

impl Contents {
    /// All words.
    pub fn cores(&self, config: &TtCoreConfig) -> Cores {
        match self {
            Self::Drawn { palette, seed } => draw(config, *palette, *seed),
            Self::Given(cores) => cores.clone(),
        }
    }
}

fn draw(config: &TtCoreConfig, palette: Palette, seed: u64) -> Cores {
    let mut rng = SplitMix64::new(seed);
    let sizes = shape::lines(config).into_iter();
    let sizes = sizes.zip(shape::line_words(config));
    let words = sizes.map(|(lines, words)| {
        let few = [(); 2].map(|()| 0x3e80_0000 + (rng.next_u64() as u32 & 0x1ff_ffff));
        let word = |_| match config.element {
            Element::Int8 => palette.int8(&mut rng, &few),
            Element::Bf16 => palette.float(&mut rng, &few) >> 16,
            Element::Fp32 => palette.float(&mut rng, &few),
        };
        (0..lines * words).map(word).collect()
    });
    let words = words.collect();
    let boundaries = match config.element {
        Element::Int8 => config.p.len() - 2,
        _ => 0,
    };
    let requant = (0..boundaries).map(|_| requant(&mut rng)).collect();
    Cores { words, requant }
}

/// Multipliers and shifts of all sizes; half of them leave sums of full-range words about in range.
fn requant(rng: &mut SplitMix64) -> (u16, u8) {
    let any = rng.next_u64();
    let mult = match any & 7 {
        0 => [0, 1, 0xffff, 0x8000][(any >> 8 & 3) as usize],
        1 | 2 => (any >> 16) as u16,
        _ => 0x8000 | (any >> 16) as u16,
    };
    let shift = match any >> 3 & 1 {
        0 => (any >> 32 & 15) as u8,
        _ => 7 + (any >> 32 & 3) as u8,
    };
    (mult, shift)
}

/// One beat of `load`.
pub(super) struct Beat {
    pub start: bool,
    pub last: bool,
    pub table: u32,
    pub data: Vec<u64>,
}

/// The beats of a table. Bits that mean nothing are noise.
pub(super) fn beats(config: &TtCoreConfig, load: &Load) -> Vec<Beat> {
    let cores = load.contents.cores(config);
    let mut noise = SplitMix64::new(match load.contents {
        Contents::Drawn { seed, .. } => !seed,
        Contents::Given(_) => 0,
    });
    let mut lines: Vec<(Vec<u32>, bool)> = cores
        .words
        .iter()
        .zip(shape::line_words(config))
        .flat_map(|(core, words)| core.chunks(words).map(|line| (line.to_vec(), false)))
        .collect();
    if let Some(last) = lines.last_mut() {
        last.1 = true;
    }
    for fault in &load.broken {
        break_by(&mut lines, *fault);
    }
    let mut beats = Vec::with_capacity(lines.len() + 1);
    let mut beat = |start, last, fields: &mut dyn Iterator<Item = (u32, u32)>| Beat {
        start,
        last,
        table: if start {
            load.table
        } else {
            noise.next_u64() as u32
        },
        data: pack(config, &mut noise, fields),
    };
    if !load.broken.contains(&Break::Headless) {
        let requant = cores.requant.iter();
        let requant =
            requant.flat_map(|&(mult, shift)| [(mult.into(), 16), (shift.into(), 4), (0, 4)]);
        let fields = std::iter::once((load.rows, 32)).chain(requant);
        beats.push(beat(true, false, &mut { fields }));
    }
    let bits = config.element.bits();
    for (line, last) in &lines {
        beats.push(beat(
            false,
            *last,
            &mut line.iter().map(|&word| (word, bits)),
        ));
    }
    beats
}

fn break_by(lines: &mut Vec<(Vec<u32>, bool)>, fault: Break) {
    let at = |line: u32| line as usize % lines.len().max(1);
    match fault {
        Break::Cut(count) => {
            lines.truncate(count as usize);
            lines.iter_mut().for_each(|line| line.1 = false);
        }
        Break::Skip(line) if lines.len() > 1 => drop(lines.remove(at(line))),
        Break::Repeat(line) if !lines.is_empty() => {
            let mut line = lines[at(line)].clone();
            let place = at(line.0.first().copied().unwrap_or(0));
            line.1 = false;
            lines.insert(place, line);
        }
        Break::Last(line) if !lines.is_empty() => {
            let line = at(line);
            lines[line].1 = true;
        }
        Break::Word { line, word, bits } if !lines.is_empty() => {
            let line = at(line);
            let words = &mut lines[line].0;
            let word = word as usize % words.len();
            words[word] = bits;
        }
        Break::Endless => lines.iter_mut().for_each(|line| line.1 = false),
        _ => {}
    }
}

/// Fields with their widths, the first lowest, and noise above them.
fn pack(
    config: &TtCoreConfig,
    noise: &mut SplitMix64,
    fields: &mut dyn Iterator<Item = (u32, u32)>,
) -> Vec<u64> {
    let width = config.load_bits();
    let mut data = vec![0; width.div_ceil(64) as usize];
    let mut put = |at: u32, value: u64, bits: u32| {
        let value = value & u64::MAX >> (64 - bits);
        let (word, by) = ((at / 64) as usize, at % 64);
        data[word] |= value << by;
        if by + bits > 64 {
            data[word + 1] |= value >> (64 - by);
        }
    };
    let mut at = 0;
    for (value, bits) in fields {
        put(at, value.into(), bits);
        at += bits;
    }
    while at < width {
        let bits = (width - at).min(8);
        put(at, noise.next_u64(), bits);
        at += bits;
    }
    data
}
