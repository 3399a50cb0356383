//! A decomposed table of a file, as a configuration's core loads it.

use ::screc;
use blocks::tt_core::{Element, TtCoreConfig};
use screc::{Layout, QuantisedCores, Selection, TtCores, TtError, quantisation_error, quantise};

use super::command::{Contents, Cores};
use super::work::Table;
use lockstep::Error;

use super::cores::CoresArgs;

/// Rows on which the error of the element type is measured.
const SAMPLE: usize = 1 << 14;

/// A table of a file.
pub(super) struct Given {
    pub table: Table,
    /// Frobenius norm of the difference between rows in the element type and rows contracted in f64
    /// from the cores as the file has them, over the norm of the latter.
    pub error: f64,
    /// What it is, in one line.
    pub note: String,
}

/// The requested table, if there is one. `seed` chooses the rows of the error.
///
/// # Errors
/// Cores that can't be read, or don't fit the configuration.
pub(super) fn given(
    config: &TtCoreConfig,
    args: &CoresArgs,
    seed: u64,
) -> Result<Option<Given>, Error> {
    let Some(first) = args.cores.first() else {
        return Ok(None);
    };
    let wrong = |error: TtError| Error::Usage(error.to_string());
    let (cores, layout) = read(config, args).map_err(wrong)?;
    fits(config, &cores)?;
    let inner: Vec<usize> = config.ranks.iter().map(|&rank| rank as usize).collect();
    let padded = cores.padded(&inner).map_err(wrong)?;
    let element = match config.element {
        Element::Int8 => screc::Element::Int8,
        Element::Bf16 => screc::Element::Bf16,
        Element::Fp32 => screc::Element::Fp32,
    };
    let quantised = quantise(&padded, element).map_err(wrong)?;
    let lines = lines(config, &quantised);
    // The hardware refuses such words; of finite cores only bf16 has them.
    let infinite = |&word: &u32| element == screc::Element::Bf16 && word & 0x7f80 == 0x7f80;
    if lines.words.iter().flatten().any(infinite) {
        let text = "element = bf16: an element of the cores rounds to infinity; scale the cores, or \
                    use a configuration with element = fp32";
        return Err(Error::Usage(text.to_owned()));
    }
    let measured = quantisation_error(&padded, &quantised, SAMPLE, seed).map_err(wrong)?;
    let shape = cores.shape();
    let error = measured.error.relative;
    let note = format!(
        "table 0: {} ({}), {} rows of {}, p = {}, ranks {} in those of {}; as {} relative error \
         {error:.3e} on {} rows",
        first.display(),
        layout.name(),
        cores.rows(),
        cores.columns(),
        list(shape.p()),
        list(&shape.r()[1..shape.cores()]),
        list(&inner),
        element.name(),
        measured.rows,
    );
    let table = Table {
        rows: u32::try_from(cores.rows()).unwrap_or(u32::MAX),
        contents: Contents::Given(lines),
    };
    Ok(Some(Given { table, error, note }))
}

/// Column radices that a layout leaves out are the configuration's.
fn read(config: &TtCoreConfig, args: &CoresArgs) -> Result<(TtCores, Layout), TtError> {
    let q = config.q.iter().map(|&q| q as usize).collect();
    let mut selection = Selection {
        layout: args.layout,
        prefix: args.prefix.clone(),
        table: args.table_index,
        q: Some(q),
        rows: args.table_rows,
    };
    match screc::read_cores(&args.cores, &selection) {
        // The file has its own column radices: the configuration's check reports which it needs.
        Err(TtError::Value { field: "q", .. }) => {
            selection.q = None;
            screc::read_cores(&args.cores, &selection)
        }
        read => read,
    }
}

/// Whether a core of this configuration can hold them: fewer leading digits and smaller ranks are filled
/// up with zeros, which changes neither rows nor their numbers.
fn fits(config: &TtCoreConfig, cores: &TtCores) -> Result<(), Error> {
    let wide = |numbers: &[u32]| numbers.iter().map(|&n| n as usize).collect::<Vec<_>>();
    let (p, q, ranks) = (wide(&config.p), wide(&config.q), wide(&config.ranks));
    let shape = cores.shape();
    let inner = &shape.r()[1..shape.cores()];
    let same = p.len() == shape.cores();
    let digits = same && shape.p()[0] <= p[0] && shape.p()[1..] == p[1..];
    let below = same && inner.iter().zip(&ranks).all(|(rank, most)| rank <= most);
    let wrong = [
        (
            "p",
            digits,
            shape.p(),
            &p,
            "the same, the first one or less",
        ),
        ("q", shape.q() == q, shape.q(), &q, "the same"),
        ("ranks", below, inner, &ranks, "these or smaller"),
    ];
    let Some((field, _, is, should, rule)) = wrong.into_iter().find(|(_, fits, ..)| !fits) else {
        return Ok(());
    };
    let text = format!(
        "{field} = {}: the cores have this, but the configuration has {field} = {} and takes {rule}; \
         decompose with --p {} --q {} --ranks {}, or use a configuration file with the cores' {field}",
        list(is),
        list(should),
        list(&p),
        list(&q),
        list(&ranks),
    );
    Err(Error::Usage(text))
}

/// The words in line order (`docs/tt_core.md`, section 4). `quantised` has the configuration's ranks.
///
/// A line of core 1 runs over the right rank, one of the others over the left rank; as the left rank of
/// core 1 is 1, both are the order (digit, column digit, right rank, left rank).
pub(super) fn lines(config: &TtCoreConfig, quantised: &QuantisedCores) -> Cores {
    let shape = &quantised.shape;
    let core = |k: usize| {
        let (p, q) = (shape.p()[k], shape.q()[k]);
        let (left, right) = (shape.r()[k], shape.r()[k + 1]);
        let mut words = Vec::with_capacity(config.p[k] as usize * q * left * right);
        for (i, j, s) in
            (0..p).flat_map(|i| (0..q).flat_map(move |j| (0..right).map(move |s| (i, j, s))))
        {
            let at = |u: usize| ((u * p + i) * q + j) * right + s;
            words.extend((0..left).map(|u| quantised.cores[k][at(u)]));
        }
        // Rows of leading digits that the cores lack are zero.
        words.resize(config.p[k] as usize * q * left * right, 0);
        words
    };
    let requant = quantised.requant.iter().map(|by| (by.mult, by.shift));
    Cores {
        words: (0..shape.cores()).map(core).collect(),
        requant: requant.collect(),
    }
}

fn list(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(",")
}

#[cfg(test)]
mod tests {
    use contract::BlockConfig;
    use screc::{TtShape, random_cores, scalar_row};

    use super::super::expect;
    use super::*;

    /// Against the decomposition's own arithmetic, and real numbers: a wrong axis shows in every row.
    #[test]
    fn lines_make_the_rows_of_the_cores() {
        let cases = [("tiny", 2_u32, &[1, 2][..]), ("fp32", 7, &[8, 3])];
        for (name, first, ranks) in cases {
            let mut named = TtCoreConfig::named().into_iter();
            let (_, config) = named.find(|(known, _)| *known == name).expect("named");
            let wide = |numbers: &[u32]| numbers.iter().map(|&n| n as usize).collect::<Vec<_>>();
            let mut p = wide(&config.p);
            p[0] = first as usize;
            let shape = TtShape::new(&p, &wide(&config.q), ranks).expect("valid");
            let rows = shape.capacity() as usize;
            let cores = random_cores(shape, rows, 1).expect("fits");
            fits(&config, &cores).expect("fits");
            let padded = cores.padded(&wide(&config.ranks)).expect("larger");
            let element = match config.element {
                Element::Int8 => screc::Element::Int8,
                _ => screc::Element::Fp32,
            };
            let quantised = quantise(&padded, element).expect("small ranks");
            let lines = lines(&config, &quantised);
            for row in (0..rows as u64).step_by(1 + rows / 500) {
                let value = expect::row(&config, &lines, row);
                assert_eq!(value.words, scalar_row(&quantised, row), "{name} row {row}");
                let near = value.words.iter().zip(cores.row(row));
                let most = if element == screc::Element::Int8 {
                    0.3
                } else {
                    1e-5
                };
                for (&word, real) in near {
                    let is = quantised.real(word);
                    assert!((is - real).abs() < most, "{name} row {row}: {is} {real}");
                }
            }
        }
    }
}
