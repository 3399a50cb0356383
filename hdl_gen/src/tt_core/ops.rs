//! What an op of a stage carries in a core of these dimensions.

use super::dims::Dims;
use super::sizes::Stage;

impl Stage {
    /// Products need to know their table when they are requantised.
    pub fn scale_table(&self, d: &Dims) -> bool {
        !d.float && d.several()
    }

    pub fn op_sum(&self, d: &Dims) -> String {
        let table = if d.several() { "TableW + " } else { "" };
        let dest = match (self.last, d.pooling) {
            (false, _) => "DestW",
            (true, false) => "BagW + 1",
            (true, true) => "BagW + 2",
        };
        format!("{table}SourceW + DigitW + {dest}")
    }

    pub fn op_w(&self, d: &Dims) -> u32 {
        let dest = match (self.last, d.pooling) {
            (false, _) => d.entry_w(),
            (true, false) => d.bag_w + 1,
            (true, true) => d.bag_w + 2,
        };
        d.table_w() + self.source_w + self.digit_w + dest
    }

    pub fn op_fields(&self, d: &Dims) -> String {
        let mut fields = Vec::new();
        if d.several() {
            fields.push("table".to_owned());
        }
        fields.push(if self.k == 1 { "digit 1" } else { "entry" }.to_owned());
        fields.push(format!("digit {}", self.k + 1));
        match (self.last, d.pooling) {
            (false, _) => fields.push("entry to make".to_owned()),
            (true, false) => fields.push("bag, bad".to_owned()),
            (true, true) => fields.push("bag, last, bad".to_owned()),
        }
        format!("{{{}}}", fields.join(", "))
    }
}
