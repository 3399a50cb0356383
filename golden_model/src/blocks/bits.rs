//! Fields in consecutive 64-bit words of a frame, lowest word first.

/// Field number `index` of `width` bits in consecutive words.
#[inline]
pub fn field(words: &[u64], index: usize, width: u32) -> u64 {
    bits(words, index * width as usize, width)
}

/// The `width` bits from bit `from` on, at most 64. There are words as far as they reach.
#[inline]
pub fn bits(words: &[u64], from: usize, width: u32) -> u64 {
    let (at, bit) = (from / 64, from % 64);
    let high = match words.get(at + 1) {
        Some(&next) if bit != 0 => next << (64 - bit),
        _ => 0,
    };
    (words[at] >> bit | high) & (u64::MAX >> (64 - width))
}

/// Sets field number `index` of `width` bits in consecutive words that are 0 there.
#[inline]
pub fn set_field(words: &mut [u64], index: usize, width: u32, value: u64) {
    let (at, bit) = (index * width as usize / 64, index * width as usize % 64);
    words[at] |= value << bit;
    if bit + width as usize > 64 {
        words[at + 1] |= value >> (64 - bit);
    }
}

#[cfg(test)]
mod tests {
    use super::{field, set_field};

    #[test]
    fn fields_cross_words() {
        for width in 1..=32 {
            let value = |index: usize| (index as u64 * 0x9e37_79b9) & (u64::MAX >> (64 - width));
            let mut words = [0; 8];
            (0..16).for_each(|index| set_field(&mut words, index, width, value(index)));
            assert!((0..16).all(|index| field(&words, index, width) == value(index)));
        }
    }
}
