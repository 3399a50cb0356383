//! Rows numbered by first appearance.

use rustc_hash::FxHashMap;

/// The values of one table so far, and the row of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers {
    values: FxHashMap<u32, u32>,
}

impl Numbers {
    /// The row of a value. None if 2^32 rows are taken.
    pub(super) fn row(&mut self, value: u32) -> Option<u32> {
        let next = u32::try_from(self.values.len());
        match self.values.get(&value) {
            Some(&row) => Some(row),
            None => {
                let row = next.ok()?;
                self.values.insert(value, row);
                Some(row)
            }
        }
    }
}

/// The same for text. Up to eight bytes, which is nearly all there is, are kept as a number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    short: FxHashMap<u64, u32>,
    long: FxHashMap<Box<[u8]>, u32>,
}

impl Texts {
    /// The row of a text. None if 2^32 rows are taken.
    pub(super) fn row(&mut self, text: &[u8]) -> Option<u32> {
        let next = u32::try_from(self.short.len() + self.long.len());
        if let Some(key) = short(text) {
            if let Some(&row) = self.short.get(&key) {
                return Some(row);
            }
            let row = next.ok()?;
            self.short.insert(key, row);
            return Some(row);
        }
        if let Some(&row) = self.long.get(text) {
            return Some(row);
        }
        let row = next.ok()?;
        self.long.insert(text.into(), row);
        Some(row)
    }
}

/// Up to eight bytes as a number, filled up with zeros: hence none that end in a zero.
fn short(text: &[u8]) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..text.len())?.copy_from_slice(text);
    (text.last() != Some(&0)).then(|| u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let mut texts = Texts::default();
        let all: [&[u8]; 8] = [
            b"",
            b"\0",
            b"a",
            b"a\0",
            b"12345678",
            b"1234567",
            b"123456789",
            b"12345678\0",
        ];
        for (row, text) in all.iter().enumerate() {
            assert_eq!(texts.row(text), Some(row as u32), "{text:?}");
        }
        for (row, text) in all.iter().enumerate() {
            assert_eq!(texts.row(text), Some(row as u32), "{text:?}");
        }
    }
}
