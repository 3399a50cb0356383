//! Lists of numbers, as options and as text.

use std::str::FromStr;

/// Numbers with commas between them.
#[derive(Clone, Debug)]
pub(super) struct List(pub Vec<usize>);

impl FromStr for List {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split(',').map(|number| number.trim().parse());
        let numbers: Result<_, _> = numbers.collect();
        numbers
            .map(Self)
            .map_err(|_| "give whole numbers, as in 4,4,4".into())
    }
}

impl List {
    /// One number stands for all `count`.
    pub fn repeated(&self, count: usize) -> Vec<usize> {
        match self.0[..] {
            [one] => vec![one; count],
            _ => self.0.clone(),
        }
    }
}

/// `[200, 220, 250]` as `200,220,250`.
pub(super) fn commas(numbers: &[usize]) -> String {
    let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
    numbers.join(",")
}
