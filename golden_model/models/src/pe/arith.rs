//! The compute unit, a whole slice at a time, and the packing of beats.

use crate::num::{bf16_to_f32, f32_add, f32_mul, f32_sub, f32_to_bf16};
use blocks::pe::Element;

/// `sums[i] += vector[i]` in the element type's partial-sum format.
#[inline]
pub(super) fn accumulate(element: Element, vector: &[u32], sums: &mut [u32]) {
    if element.is_float() {
        for (sum, &value) in sums.iter_mut().zip(vector) {
            *sum = f32_add(*sum, value);
        }
    } else {
        for (sum, &value) in sums.iter_mut().zip(vector) {
            *sum = sum.wrapping_add(value);
        }
    }
}

/// `gradients[i]` becomes the updated row element `row[i] - lr * gradients[i]` as memory holds it.
/// Product and difference are rounded to binary32, the latter once more to bf16 for bf16 rows.
#[inline]
pub(super) fn update(element: Element, lr: u32, row: &[u32], gradients: &mut [u32]) {
    for (value, &weight) in gradients.iter_mut().zip(row) {
        *value = f32_sub(weight, f32_mul(lr, *value));
    }
    if element == Element::Bf16 {
        for value in gradients {
            *value = u32::from(f32_to_bf16(*value));
        }
    }
}

/// Widens a beat in memory format (as port words) to one 32-bit lane per element.
#[inline]
pub(super) fn widen(element: Element, words: &[u64], lanes: &mut [u32]) {
    match element {
        Element::Fp32 | Element::Int32 => {
            for (pair, &word) in lanes.chunks_mut(2).zip(words) {
                for (i, lane) in pair.iter_mut().enumerate() {
                    *lane = (word >> (32 * i)) as u32;
                }
            }
        }
        Element::Bf16 => {
            for (quad, &word) in lanes.chunks_mut(4).zip(words) {
                for (i, lane) in quad.iter_mut().enumerate() {
                    *lane = bf16_to_f32((word >> (16 * i)) as u16);
                }
            }
        }
        Element::Int8 => {
            for (eight, &word) in lanes.chunks_mut(8).zip(words) {
                for (i, lane) in eight.iter_mut().enumerate() {
                    *lane = i32::from((word >> (8 * i)) as u8 as i8) as u32;
                }
            }
        }
    }
}

/// Packs lanes of `bits` bits (the low bits of each value) into port words.
#[inline]
pub(super) fn pack(bits: u32, lanes: &[u32], words: &mut [u64]) {
    let per_word = (64 / bits) as usize;
    for (group, word) in lanes.chunks(per_word).zip(words) {
        *word = group
            .iter()
            .rev()
            .fold(0, |packed, &lane| packed << bits | u64::from(lane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_widen_to_partial_sums() {
        let mut lanes = [0; 3];
        widen(
            Element::Fp32,
            &[0x2222_2222_1111_1111, 0x3333_3333],
            &mut lanes,
        );
        assert_eq!(lanes, [0x1111_1111, 0x2222_2222, 0x3333_3333]);
        widen(Element::Bf16, &[0xffff_3f80_c000_7f81], &mut lanes);
        assert_eq!(lanes, [0x7f81_0000, 0xc000_0000, 0x3f80_0000]);
        widen(Element::Int8, &[0x80_ff_7f], &mut lanes);
        assert_eq!(lanes, [127, u32::MAX, (-128_i32) as u32]);
    }

    #[test]
    fn packing_undoes_widening() {
        let words = [0x0123_4567_89ab_cdef, 0xfedc_ba98];
        let mut lanes = [0; 3];
        let mut back = [0; 2];
        widen(Element::Int32, &words, &mut lanes);
        pack(32, &lanes, &mut back);
        assert_eq!(back, words);
        pack(16, &[1, 2, 3, 4, 5], &mut back);
        assert_eq!(back, [0x0004_0003_0002_0001, 5]);
    }

    #[test]
    fn integers_wrap_and_float_nans_are_canonical() {
        let mut sums = [u32::MAX, 0x7f80_0000];
        accumulate(Element::Int32, &[2, 1], &mut sums);
        assert_eq!(sums, [1, 0x7f80_0001]);
        accumulate(Element::Fp32, &[0x3f80_0000, 0], &mut sums);
        assert_eq!(sums[1], 0x7fc0_0000);
    }

    #[test]
    fn update_rounds_product_then_difference_then_row() {
        let (lr, w, g) = (0.1_f32, 1.0_f32, 0.3_f32);
        let expected = w - lr * g;
        let mut value = [g.to_bits()];
        update(Element::Fp32, lr.to_bits(), &[w.to_bits()], &mut value);
        assert_eq!(value, [expected.to_bits()]);
        let mut value = [g.to_bits()];
        update(Element::Bf16, lr.to_bits(), &[w.to_bits()], &mut value);
        assert_eq!(value, [u32::from(f32_to_bf16(expected.to_bits()))]);
    }
}
