//! Linear-time stable sort, the one sorting step that sees every look-up.

const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;
/// Below this a comparison sort is faster than clearing the digit counters.
const SMALL: usize = 512;

/// Sorts by the upper 32 bits; equal keys keep their order. Needs as much memory again as `keys`.
pub(super) fn sort_by_high_half(keys: &mut Vec<u64>) {
    if keys.len() < SMALL {
        keys.sort_by_key(|key| key >> 32);
        return;
    }
    let mut sorted = vec![0; keys.len()];
    for shift in (32..64).step_by(DIGIT_BITS as usize) {
        let digit = |key: u64| (key >> shift) as usize & (DIGITS - 1);
        let mut place = [0usize; DIGITS];
        for &key in keys.iter() {
            place[digit(key)] += 1;
        }
        if place[digit(keys[0])] == keys.len() {
            continue;
        }
        let mut start = 0;
        for count in &mut place {
            start += std::mem::replace(count, start);
        }
        for &key in keys.iter() {
            let slot = &mut place[digit(key)];
            sorted[*slot] = key;
            *slot += 1;
        }
        std::mem::swap(keys, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn agrees_with_a_stable_comparison_sort(
            highs in prop::collection::vec(prop_oneof![0..40u32, any::<u32>()], 0..3 * SMALL)
        ) {
            let mut keys: Vec<u64> = highs
                .iter()
                .enumerate()
                .map(|(index, &high)| u64::from(high) << 32 | (!index as u32 as u64))
                .collect();
            let mut expected = keys.clone();
            expected.sort_by_key(|key| key >> 32);
            sort_by_high_half(&mut keys);
            prop_assert_eq!(keys, expected);
        }
    }
}
