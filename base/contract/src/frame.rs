//! Fields in the words of a frame: the elements of a bus that is wider than a word, the first one
//! lowest, one behind the other.

/// Field number `index` of `width` bits, 1 to 64, in consecutive words.
#[inline]
pub fn field(words: &[u64], index: usize, width: u32) -> u64 {
    bits(words, index * width as usize, width)
}

/// The `width` bits, 1 to 64, from bit `from` on. There are words as far as they reach.
#[inline]
pub fn bits(words: &[u64], from: usize, width: u32) -> u64 {
    let (at, bit) = (from / 64, from % 64);
    let high = match words.get(at + 1) {
        Some(&next) if bit != 0 => next << (64 - bit),
        _ => 0,
    };
    (words[at] >> bit | high) & low_bits(width)
}

/// As [`field`], in two's complement.
#[inline]
pub fn signed_field(words: &[u64], index: usize, width: u32) -> i64 {
    let unused = 64 - width;
    (field(words, index, width) << unused) as i64 >> unused
}

/// All fields of `width` bits, 1 to 64, that are whole in consecutive words, in two's complement.
pub fn signed_fields(words: &[u64], width: u32) -> impl Iterator<Item = i64> + '_ {
    let whole = words.len() * 64 / width as usize;
    (0..whole).map(move |index| signed_field(words, index, width))
}

/// Sets field number `index` of `width` bits, 1 to 64, in consecutive words that are 0 there, to the
/// low bits of `value`.
#[inline]
pub fn set_field(words: &mut [u64], index: usize, width: u32, value: u64) {
    let (at, bit) = (index * width as usize / 64, index * width as usize % 64);
    let value = value & low_bits(width);
    words[at] |= value << bit;
    if bit + width as usize > 64 {
        words[at + 1] |= value >> (64 - bit);
    }
}

/// Signed values as fields of `width` bits, 1 to 64, in as many words as they need.
pub fn pack(values: &[i64], width: u32) -> Vec<u64> {
    let mut words = vec![0; (values.len() * width as usize).div_ceil(64)];
    for (index, &value) in values.iter().enumerate() {
        set_field(&mut words, index, width, value as u64);
    }
    words
}

#[inline]
fn low_bits(width: u32) -> u64 {
    u64::MAX >> (64 - width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_cross_words() {
        for width in 1..=64 {
            let value = |index: usize| (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut words = [0; 17];
            (0..16).for_each(|index| set_field(&mut words, index, width, value(index)));
            for index in 0..16 {
                let expected = value(index) & (u64::MAX >> (64 - width));
                assert_eq!(field(&words, index, width), expected);
            }
        }
    }

    #[test]
    fn signed_fields_are_what_was_packed() {
        let values = [-4, 3, 0, -1, 2, 1, -2, -3].repeat(4);
        let words = pack(&values, 3);
        assert_eq!(words.len(), 2);
        assert!(signed_fields(&words, 3).take(32).eq(values));
        assert_eq!(signed_fields(&words, 3).count(), 42);
    }
}
