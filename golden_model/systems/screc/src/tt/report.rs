//! What there is to know of the cores of a table.

use serde::Serialize;

use super::dense::Sums;
use super::{
    Deviation, Element, FastCores, QuantisedCores, Requant, TtCores, TtError, TtShape, quantise,
};
use contract::SplitMix64;

/// Rows reconstructed at a time.
const BATCH: usize = 1 << 14;

/// Facts on cores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TtReport {
    /// Rows of the table.
    pub rows: usize,
    /// Elements of a row.
    pub columns: usize,
    /// Shape of the cores.
    pub shape: TtShape,
    /// Elements of all cores.
    pub parameters: u64,
    /// Elements of the table over elements of the cores.
    pub compression: f64,
    /// Multiplications of a row, without reuse of prefixes.
    pub macs_a_row: u64,
    /// Bytes of all cores in each element type.
    pub bytes: Bytes,
    /// Smallest and largest element of each core.
    pub ranges: Vec<[f32; 2]>,
    /// What each element type costs in accuracy.
    pub quantisation: Vec<QuantisationError>,
}

/// Bytes of all cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Bytes {
    pub bf16: u64,
    pub int8: u64,
    pub fp32: u64,
}

/// How far quantised rows are from exact ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuantisationError {
    /// Element type.
    pub element: Element,
    /// Rows compared.
    pub rows: usize,
    /// Seed of their choice; none if all were.
    pub seed: Option<u64>,
    /// Distance from f64 rows of the f32 cores.
    pub error: Deviation,
    /// Real value of a result of 1.
    pub scale: f64,
    /// int8: requantisation after each stage but the last.
    pub requant: Vec<Requant>,
}

/// Facts on cores, quantisation measured on at most `sample` rows in each of `elements`.
///
/// # Errors
/// If an element type doesn't take these ranks.
pub fn report(
    cores: &TtCores,
    elements: &[Element],
    sample: usize,
    seed: u64,
) -> Result<TtReport, TtError> {
    let shape = cores.shape().clone();
    let parameters = shape.parameters();
    let range = |core: &Vec<f32>| {
        core.iter()
            .fold([f32::INFINITY, f32::NEG_INFINITY], |[low, high], &x| {
                [low.min(x), high.max(x)]
            })
    };
    let quantisation = elements
        .iter()
        .map(|&element| quantisation_error(cores, &quantise(cores, element)?, sample, seed))
        .collect::<Result<_, _>>()?;
    Ok(TtReport {
        rows: cores.rows(),
        columns: cores.columns(),
        parameters,
        compression: cores.compression(),
        macs_a_row: shape.macs(),
        bytes: Bytes {
            bf16: parameters * Element::Bf16.bytes(),
            int8: parameters * Element::Int8.bytes(),
            fp32: parameters * Element::Fp32.bytes(),
        },
        ranges: cores.cores().iter().map(range).collect(),
        quantisation,
        shape,
    })
}

/// How far rows of `quantised` are from those of `cores` in f64: on all rows, or on a seeded
/// choice of `sample`.
///
/// # Errors
/// None on cores that [`quantise`] made of these.
pub fn quantisation_error(
    cores: &TtCores,
    quantised: &QuantisedCores,
    sample: usize,
    seed: u64,
) -> Result<QuantisationError, TtError> {
    let all = cores.rows() <= sample;
    let count = cores.rows().min(sample);
    let mut rng = SplitMix64::new(seed);
    let rows: Vec<u32> = (0..count)
        .map(|row| match all {
            true => row as u32,
            false => rng.below(cores.rows() as u64) as u32,
        })
        .collect();
    let fast = FastCores::new(quantised);
    let columns = cores.columns();
    let mut sums = Sums::default();
    let mut out = vec![0; BATCH.min(count) * columns];
    for batch in rows.chunks(BATCH) {
        let out = &mut out[..batch.len() * columns];
        fast.rows_parallel(batch, out)?;
        for (&row, is) in batch.iter().zip(out.chunks_exact(columns)) {
            for (&bits, should) in is.iter().zip(cores.row(u64::from(row))) {
                sums.add(quantised.real(bits), should);
            }
        }
    }
    Ok(QuantisationError {
        element: quantised.element,
        rows: count,
        seed: (!all).then_some(seed),
        error: sums.deviation(),
        scale: quantised.scale,
        requant: quantised.requant.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random_cores;

    #[test]
    fn element_types_cost_what_their_bits_say() {
        let shape = TtShape::new(&[5, 6, 7], &[4, 4, 4], &[16, 16]).expect("valid");
        let cores = random_cores(shape, 200, 3).expect("fits");
        let report = report(&cores, &Element::ALL, 1000, 1).expect("small ranks");
        let errors: Vec<f64> = report
            .quantisation
            .iter()
            .map(|q| q.error.relative)
            .collect();
        let [bf16, int8, fp32] = errors[..] else {
            panic!("three types");
        };
        assert!((1e-4..5e-3).contains(&bf16), "{bf16}");
        assert!((1e-3..5e-2).contains(&int8), "{int8}");
        assert!(fp32 < 1e-6, "{fp32}");
        assert!(
            report
                .quantisation
                .iter()
                .all(|q| q.rows == 200 && q.seed.is_none())
        );
    }
}
