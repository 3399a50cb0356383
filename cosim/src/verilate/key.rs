//! Keys of the cache.

/// A hash over parts, each with its length, so that no two lists of parts are the same text.
#[derive(Default)]
pub(super) struct Key(blake3::Hasher);

impl Key {
    pub fn add(&mut self, part: &str) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part.as_bytes());
    }

    pub fn finish(&self) -> String {
        self.0.finalize().to_hex()[..32].to_owned()
    }
}
