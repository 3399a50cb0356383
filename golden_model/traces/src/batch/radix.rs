//! Linear-time stable sort, the one sorting step that sees every look-up.

use rayon::prelude::*;

/// Small enough for the places that a pass writes to stay in the first-level cache.
const DIGIT_BITS: u32 = 11;
/// Below this a comparison sort is faster than clearing the digit counters.
const SMALL: usize = 512;
/// Keys and scratch of as many fit the second-level cache (2 x 8 bytes each).
const CACHED: usize = 1 << 16;

/// Sorts by the upper 32 bits; equal keys keep their order. Needs as much memory again as `keys`.
///
/// A long list is first cut by the upper digit, so that the passes over the others stay in the cache.
pub(super) fn sort_by_high_half(keys: &mut Vec<u64>) {
    let mut scratch = vec![0; keys.len()];
    let used = keys.iter().fold(0, |used, key| used | key >> 32);
    let bits = u64::BITS - used.leading_zeros();
    if keys.len() <= CACHED || bits <= DIGIT_BITS {
        if sort_by(keys, &mut scratch, bits) {
            std::mem::swap(keys, &mut scratch);
        }
        return;
    }
    let rest = bits - DIGIT_BITS;
    let mut ends = pass(keys, &mut scratch, rest, DIGIT_BITS);
    ends.dedup();
    let (mut sorted, mut spare) = (&mut scratch[..], &mut keys[..]);
    let mut buckets = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let ((bucket, others), (room, more)) = (
            sorted.split_at_mut(end - start),
            spare.split_at_mut(end - start),
        );
        buckets.push((bucket, room));
        (sorted, spare) = (others, more);
        start = end;
    }
    buckets.into_par_iter().for_each(|(bucket, room)| {
        if !sort_by(bucket, room, rest) {
            room.copy_from_slice(bucket);
        }
    });
}

/// Sorts by the lower `bits` of the upper half. True if the result is in `scratch`.
fn sort_by(keys: &mut [u64], scratch: &mut [u64], bits: u32) -> bool {
    if keys.len() < SMALL {
        keys.sort_by_key(|key| key >> 32 & ((1 << bits) - 1));
        return false;
    }
    let passes = bits.div_ceil(DIGIT_BITS);
    for index in 0..passes {
        let (from, to) = match index % 2 {
            0 => (&mut *keys, &mut *scratch),
            _ => (&mut *scratch, &mut *keys),
        };
        // Digits of equal size have fewer counters.
        let (low, high) = (bits * index / passes, bits * (index + 1) / passes);
        pass(from, to, low, high - low);
    }
    passes % 2 == 1
}

/// Copies stably by one digit of the upper half, and returns where each digit's keys end.
fn pass(from: &[u64], to: &mut [u64], low: u32, bits: u32) -> Vec<usize> {
    let digit = |key: u64| (key >> (32 + low)) as usize & ((1 << bits) - 1);
    let mut place = vec![0; 1 << bits];
    for &key in from {
        place[digit(key)] += 1;
    }
    let mut start = 0;
    for count in &mut place {
        start += std::mem::replace(count, start);
    }
    for &key in from {
        let slot = &mut place[digit(key)];
        to[*slot] = key;
        *slot += 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(highs: impl Iterator<Item = u32>) {
        let mut keys: Vec<u64> = highs
            .enumerate()
            .map(|(index, high)| u64::from(high) << 32 | (!index as u32 as u64))
            .collect();
        let mut expected = keys.clone();
        expected.sort_by_key(|key| key >> 32);
        sort_by_high_half(&mut keys);
        assert!(keys == expected);
    }

    proptest! {
        #[test]
        fn agrees_with_a_stable_comparison_sort(
            highs in prop::collection::vec(prop_oneof![0..40u32, any::<u32>()], 0..3 * SMALL)
        ) {
            check(highs.into_iter());
        }
    }

    /// Long lists with keys of every size, a third of them the same.
    #[test]
    fn lists_beyond_the_cache() {
        let mut state = 1_u64;
        for bits in [0, 5, 11, 12, 13, 22, 23, 27, 32] {
            check((0..3 * CACHED).map(|index| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let high = if index % 3 == 0 { u64::MAX } else { state };
                (high >> 32 & ((1 << bits) - 1)) as u32
            }));
        }
    }
}
