//! Bitmaps of word lines.

/// Words of the widest bitmap: 256 word lines.
const WORDS: usize = 4;

/// A set of word lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows([u64; WORDS]);

impl Rows {
    /// The set whose bitmap fills these words of a frame, lowest first.
    #[inline]
    pub fn from_words(words: &[u64]) -> Self {
        let mut rows = Self::default();
        for (row, word) in rows.0.iter_mut().zip(words) {
            *row = *word;
        }
        rows
    }

    /// The bitmap, lowest word first.
    #[inline]
    pub fn words(&self) -> &[u64; WORDS] {
        &self.0
    }

    #[inline]
    pub fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    /// The numbers of the word lines, lowest first.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let next = |&left: &u64| Some(left & left.wrapping_sub(1)).filter(|&left| left != 0);
            std::iter::successors(Some(word).filter(|&word| word != 0), next)
                .map(move |left| at * 64 + left.trailing_zeros() as usize)
        })
    }

    /// The lowest `most` word lines, and the others.
    #[inline]
    pub fn split(&self, most: u32) -> (Self, Self) {
        let (mut low, mut rest) = (*self, Self::default());
        let mut left = most;
        for (low, rest) in low.0.iter_mut().zip(&mut rest.0) {
            if low.count_ones() <= left {
                left -= low.count_ones();
                continue;
            }
            let mut high = *low;
            for _ in 0..left {
                high &= high - 1;
            }
            (*low, *rest) = (*low & !high, high);
            left = 0;
        }
        (low, rest)
    }
}

impl FromIterator<usize> for Rows {
    /// Word lines from 0 to 255; others are not there.
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        let mut set = Self::default();
        for row in rows {
            if let Some(word) = set.0.get_mut(row / 64) {
                *word |= 1 << (row % 64);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn splits_from_the_lowest() {
        let rows: Rows = [3, 64, 65, 130, 255].into_iter().collect();
        assert_eq!(rows.count(), 5);
        for most in 0..7 {
            let (low, rest) = rows.split(most);
            let all: Vec<usize> = rows.iter().collect();
            let (first, others) = all.split_at(all.len().min(most as usize));
            assert_eq!(low.iter().collect::<Vec<_>>(), first);
            assert_eq!(rest.iter().collect::<Vec<_>>(), others);
        }
        assert!(Rows::default().is_empty() && !rows.is_empty());
    }
}
