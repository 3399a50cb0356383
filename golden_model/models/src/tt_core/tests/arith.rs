//! The numbers of section 2 where random tables do not come.

use blocks::tt_core::Element;
use num_bigint::BigInt;

use super::super::arith::{Scale, convert, multiply, pool};
use super::reference::requantised;
use crate::num::{f32_add, f32_mul, f32_to_bf16};
use contract::SplitMix64;

/// Any bits at all, with many infinities, zeros and subnormals.
fn wild(rng: &mut SplitMix64) -> u32 {
    let bits = rng.next_u64() as u32;
    match rng.below(12) {
        0 => bits & 0x8000_0000,
        1 => bits & 0x8000_0000 | 0x7f80_0000,
        2 => bits & 0x807f_ffff,
        3 => bits | 0x7f80_0000,
        _ => bits,
    }
}

/// Sums are those of the tree, canonical NaNs included, in all widths.
#[test]
fn products_of_wild_numbers() {
    let mut rng = SplitMix64::new(5);
    let (mut nans, mut numbers) = (0, 0);
    for round in 0..600 {
        let rank = 2 << (round % 6);
        let (rows, columns) = (3, 1 << (round / 6 % 6));
        let spread = round % 5 == 0;
        let mut words = |count: usize| -> Vec<u32> {
            let word = |_| match spread {
                true => wild(&mut rng),
                // Near each other, so that sums cancel and round.
                false => (rng.next_u64() as u32 & 0x81ff_ffff) + 0x3e00_0000,
            };
            (0..count).map(word).collect()
        };
        let (a, b) = (words(rows * rank), words(rank * columns));
        let floats =
            |words: &[u32]| -> Vec<f32> { words.iter().copied().map(f32::from_bits).collect() };
        let mut out = vec![0.0; rows * columns];
        multiply(&floats(&a), &floats(&b), rank, &mut out);
        let mut sums = vec![0; out.len()];
        pool(Element::Fp32, true, &out, &mut sums);
        for (at, &sum) in sums.iter().enumerate() {
            let (row, column) = (at / columns, at % columns);
            let mut level: Vec<_> = (0..rank)
                .map(|u| f32_mul(a[row * rank + u], b[u * columns + column]))
                .collect();
            while level.len() > 1 {
                level = level.chunks(2).map(|two| f32_add(two[0], two[1])).collect();
            }
            assert_eq!(sum, level[0], "rank {rank}, {columns} columns");
            nans += u32::from(sum == 0x7fc0_0000);
            numbers += u32::from(sum != 0x7fc0_0000);
        }
        let mut rounded = out.clone();
        convert(Element::Bf16, Scale::default(), &mut rounded);
        for (word, sum) in rounded.iter().zip(sums) {
            assert_eq!(word.to_bits() >> 16, u32::from(f32_to_bf16(sum)));
        }
    }
    assert!(
        nans > 100 && numbers > 1000,
        "{nans} NaNs, {numbers} numbers"
    );
}

/// The extremes of int8 sums are exact, and so is their requantisation.
#[test]
fn requantisation() {
    let mut out = [0.0];
    multiply(&[-128.0; 64], &[-128.0; 64], 64, &mut out);
    assert_eq!(out, [1_048_576.0]);
    let mut rng = SplitMix64::new(7);
    for round in 0..20_000 {
        let (mult, shift) = (rng.next_u64() as u16, rng.below(16) as u8);
        let range = 1_i64 << (1 + round % 20);
        let x = rng.below(2 * range as u64 + 1) as i64 - range;
        let mut word = [x as f32];
        convert(Element::Int8, Scale { mult, shift }, &mut word);
        let expected = requantised(BigInt::from(x), mult, shift) as i32;
        assert_eq!(word[0] as i32, expected, "{x} * {mult} >> {shift}");
    }
}

/// Pooled integers are taken modulo 2^32; a pooled NaN is the canonical one.
#[test]
fn pooling() {
    let mut sums = [0x7fff_ffff, 0x8000_0000];
    pool(Element::Int8, false, &[1.0, -1.0], &mut sums);
    assert_eq!(sums, [0x8000_0000, 0x7fff_ffff]);
    let mut sums = [0x7f80_0000];
    pool(Element::Bf16, false, &[f32::NEG_INFINITY], &mut sums);
    assert_eq!(sums, [0x7fc0_0000]);
    pool(Element::Bf16, true, &[-0.0], &mut sums);
    assert_eq!(sums, [0x8000_0000]);
}
