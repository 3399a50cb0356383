//! Section 2: small matrix products, and what follows them.
//!
//! All words are binary32 here. That is exact for int8: its products are at most 2^14 and their
//! sums, of up to 64, at most 2^20 in magnitude. A NaN becomes the canonical one only where it can be
//! seen, in a row: whether a result is a NaN does not depend on the bits of the NaNs that go in.

use blocks::tt_core::Element;

use crate::num::{CANONICAL_NAN_F32, bf16_to_f32, f32_add, f32_to_bf16};

/// A requantisation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scale {
    pub mult: u16,
    pub shift: u8,
}

/// `out = a * b`, with `rank` columns of `a` and rows of `b`; all row by row.
#[inline]
pub(super) fn multiply(a: &[f32], b: &[f32], rank: usize, out: &mut [f32]) {
    match b.len() / rank {
        1 => product::<1>(a, b, rank, out),
        2 => product::<2>(a, b, rank, out),
        4 => product::<4>(a, b, rank, out),
        _ => product::<8>(a, b, rank, out),
    }
}

/// N columns at once, which do not depend on each other.
fn product<const N: usize>(a: &[f32], b: &[f32], rank: usize, out: &mut [f32]) {
    let columns = b.len() / rank;
    for (a, out) in a.chunks_exact(rank).zip(out.chunks_exact_mut(columns)) {
        for (chunk, out) in out.chunks_exact_mut(N).enumerate() {
            out.copy_from_slice(&tree::<N>(a, &b[chunk * N..], columns));
        }
    }
}

/// The sums over u of `a[u] * b[u * columns + x]` for x from 0 to N-1: those of each half, added.
fn tree<const N: usize>(a: &[f32], b: &[f32], columns: usize) -> [f32; N] {
    match a.len() {
        2 => tree_of_2(a, b, columns),
        4 => tree_of_4(a, b, columns),
        8 => tree_of_8(a, b, columns),
        rank => {
            let (left, right) = a.split_at(rank / 2);
            let below = &b[rank / 2 * columns..];
            add(tree(left, b, columns), tree(right, below, columns))
        }
    }
}

// Small trees have their size at compile time, so that their sums stay in registers.

#[inline(always)]
fn tree_of_8<const N: usize>(a: &[f32], b: &[f32], columns: usize) -> [f32; N] {
    let right = tree_of_4(&a[4..8], &b[4 * columns..], columns);
    add(tree_of_4(&a[..4], b, columns), right)
}

#[inline(always)]
fn tree_of_4<const N: usize>(a: &[f32], b: &[f32], columns: usize) -> [f32; N] {
    let right = tree_of_2(&a[2..4], &b[2 * columns..], columns);
    add(tree_of_2(&a[..2], b, columns), right)
}

#[inline(always)]
fn tree_of_2<const N: usize>(a: &[f32], b: &[f32], columns: usize) -> [f32; N] {
    let (left, right) = (&b[..N], &b[columns..][..N]);
    std::array::from_fn(|x| a[0] * left[x] + a[1] * right[x])
}

#[inline(always)]
fn add<const N: usize>(left: [f32; N], right: [f32; N]) -> [f32; N] {
    std::array::from_fn(|x| left[x] + right[x])
}

/// What leaves a stage that is not the last.
#[inline]
pub(super) fn convert(element: Element, scale: Scale, words: &mut [f32]) {
    match element {
        Element::Fp32 => {}
        Element::Bf16 => {
            for word in words {
                *word = f32::from_bits(bf16_to_f32(f32_to_bf16(word.to_bits())));
            }
        }
        Element::Int8 => {
            let half = 1_i64 << (15 + scale.shift);
            for word in words {
                let scaled = i64::from(*word as i32) * i64::from(scale.mult) + half;
                // At most 21 bits are left. A clamp of 32 bits takes no branches.
                let whole = (scaled >> (16 + scale.shift)) as i32;
                *word = whole.clamp(-128, 127) as f32;
            }
        }
    }
}

/// Takes a row, or adds it to `sums`, element by element.
#[inline]
pub(super) fn pool(element: Element, copy: bool, row: &[f32], sums: &mut [u32]) {
    let pairs = sums.iter_mut().zip(row);
    match (element, copy) {
        (Element::Int8, true) => pairs.for_each(|(sum, &word)| *sum = integer(word)),
        (Element::Int8, false) => {
            pairs.for_each(|(sum, &word)| *sum = sum.wrapping_add(integer(word)));
        }
        (_, true) => pairs.for_each(|(sum, &word)| *sum = canonical(word)),
        (_, false) => pairs.for_each(|(sum, &word)| *sum = f32_add(*sum, word.to_bits())),
    }
}

#[inline]
fn integer(word: f32) -> u32 {
    word as i32 as u32
}

#[inline]
fn canonical(word: f32) -> u32 {
    if word.is_nan() {
        CANONICAL_NAN_F32
    } else {
        word.to_bits()
    }
}
