//! Which PE configurations can be built. Each rule gives one error that says what is accepted.

use super::params::{PeConfig, Tracker};
use contract::ConfigError;
use contract::rules::{error, power_of_two, range};

pub(super) fn validate(c: &PeConfig) -> Result<(), ConfigError> {
    widths(c)?;
    power_of_two("slots", c.slots, 4, 65_536, "")?;
    power_of_two("queries", c.queries, 4, 65_536, "")?;
    buffer("input_buffer_bytes", c.input_buffer_bytes, c.vec_width(), c)?;
    buffer("output_buffer_bytes", c.output_buffer_bytes, c.width, c)?;
    range("id_bits", c.id_bits, 4, 64, "")?;
    tracker(c)?;
    power_of_two("lookups_per_cycle", c.lookups_per_cycle, 1, 32, "")?;
    if c.lookups_per_cycle > c.queries / 4 {
        let why = "the query table would have fewer than 4 rows";
        let remedy = format!("use at most {} or more queries", c.queries / 4);
        return Err(error(
            "lookups_per_cycle",
            c.lookups_per_cycle,
            why,
            &remedy,
        ));
    }
    power_of_two("group_entries", c.group_entries, 2, 16, "")?;
    range("tag_bits", c.tag_bits, 2, 16, "")?;
    power_of_two("op_queue", c.op_queue, 2, 64, "")?;
    pipelines(c)?;
    if c.has_update() && !c.element.is_float() {
        let why = "integer rows have no learning rate to be updated with";
        let remedy = "use gnr, or element fp32 or bf16";
        return Err(error("modes", "gnr_update", why, remedy));
    }
    Ok(())
}

fn widths(c: &PeConfig) -> Result<(), ConfigError> {
    if c.width != 0 && !c.width.is_multiple_of(32) {
        let why = "not a multiple of the 32-bit lane";
        return Err(error(
            "width",
            c.width,
            why,
            "use a power of two from 32 to 1024",
        ));
    }
    power_of_two("width", c.width, 32, 1024, "")?;
    let beat = c.width / 8;
    let meaning = format!(" (1 to 16 beats of {} bits)", c.width);
    power_of_two("slice_bytes", c.slice_bytes, beat, 16 * beat, &meaning)
}

/// Largest buffer in bytes: far beyond use, small enough that no figure overflows.
const BUFFER_LIMIT: u32 = 1 << 20;

/// A beat FIFO has two banks of at least two words, and holds at least one slice.
fn buffer(field: &str, bytes: u32, beat_bits: u32, c: &PeConfig) -> Result<(), ConfigError> {
    let beats = c.beats().max(4);
    let low = beats * beat_bits / 8;
    let meaning = format!(" (at least one slice and 4 beats: {beats} beats of {beat_bits} bits)");
    power_of_two(field, bytes, low, BUFFER_LIMIT, &meaning)
}

/// Queries whose ids are compared in one cycle.
const MATCH_QUERIES: u32 = 1024;

fn tracker(c: &PeConfig) -> Result<(), ConfigError> {
    match c.tracker {
        Tracker::Match if c.queries > MATCH_QUERIES => {
            let why = "the match tracker compares the ids of all queries at once";
            let remedy = format!("use at most {MATCH_QUERIES}, or tracker rename");
            Err(error("queries", c.queries, why, &remedy))
        }
        Tracker::Match => {
            let meaning = " (ids besides the first of each query)";
            power_of_two("match_ids", c.match_ids, 16, 65_536, meaning)
        }
        Tracker::Rename if c.match_ids != 0 => {
            let why = "the rename tracker holds no ids";
            Err(error(
                "match_ids",
                c.match_ids,
                why,
                "use 0, or tracker match",
            ))
        }
        Tracker::Rename => Ok(()),
    }
}

fn pipelines(c: &PeConfig) -> Result<(), ConfigError> {
    if ![2, 4, 6].contains(&c.add_stages) {
        // A sum is written add_stages + 3 cycles after its read; the buffer's two banks alternate,
        // so this distance must be odd.
        let why = match c.add_stages {
            0 | 1 => "too small",
            3 | 5 => "odd: a sum's read and write would meet in one bank",
            _ => "too large",
        };
        return Err(error("add_stages", c.add_stages, why, "use 2, 4 or 6"));
    }
    range("mul_stages", c.mul_stages, 2, 5, "")?;
    if c.mul_stages > c.add_stages + 1 {
        let why = "the product would come after the sum that needs it";
        let remedy = format!("use at most {} (add_stages + 1)", c.add_stages + 1);
        return Err(error("mul_stages", c.mul_stages, why, &remedy));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Element;
    use super::*;
    use contract::BlockConfig;

    fn paper() -> PeConfig {
        PeConfig::named()[0].1.clone()
    }

    /// The message for `paper` with one change.
    fn message(change: impl FnOnce(&mut PeConfig)) -> String {
        let mut c = paper();
        change(&mut c);
        validate(&c).unwrap_err().to_string()
    }

    #[test]
    fn named_configurations_can_be_built() {
        for (name, config) in PeConfig::named() {
            assert_eq!(config.validate(), Ok(()), "{name}");
        }
    }

    #[test]
    fn widths() {
        let remedy = "use a power of two from 32 to 1024";
        assert_eq!(
            message(|c| c.width = 0),
            format!("width = 0: too small; {remedy}")
        );
        assert_eq!(
            message(|c| c.width = 100),
            format!("width = 100: not a multiple of the 32-bit lane; {remedy}")
        );
        assert_eq!(
            message(|c| c.width = 96),
            format!("width = 96: not a power of two; {remedy}")
        );
        assert_eq!(
            message(|c| c.width = 2048),
            format!("width = 2048: too large; {remedy}")
        );
        assert_eq!(
            message(|c| c.width = 0x8000_0000),
            format!("width = 2147483648: too large; {remedy}")
        );
        assert_eq!(
            message(|c| c.width = u32::MAX),
            format!("width = 4294967295: not a multiple of the 32-bit lane; {remedy}")
        );
    }

    #[test]
    fn slices() {
        let remedy = "use a power of two from 16 to 256 (1 to 16 beats of 128 bits)";
        for (bytes, why) in [
            (0, "too small"),
            (8, "too small"),
            (48, "not a power of two"),
            (512, "too large"),
        ] {
            assert_eq!(
                message(|c| c.slice_bytes = bytes),
                format!("slice_bytes = {bytes}: {why}; {remedy}")
            );
        }
        assert_eq!(
            message(|c| c.width = 1024),
            "slice_bytes = 64: too small; use a power of two from 128 to 2048 (1 to 16 beats of \
             1024 bits)"
        );
    }

    #[test]
    fn table_sizes() {
        let remedy = "use a power of two from 4 to 65536";
        assert_eq!(
            message(|c| c.slots = 0),
            format!("slots = 0: too small; {remedy}")
        );
        assert_eq!(
            message(|c| c.slots = 100),
            format!("slots = 100: not a power of two; {remedy}")
        );
        assert_eq!(
            message(|c| c.slots = 1 << 17),
            format!("slots = 131072: too large; {remedy}")
        );
        assert_eq!(
            message(|c| c.queries = 2),
            format!("queries = 2: too small; {remedy}")
        );
        assert_eq!(
            message(|c| c.queries = 2047),
            format!("queries = 2047: not a power of two; {remedy}")
        );
        assert_eq!(
            message(|c| c.queries = u32::MAX),
            format!("queries = 4294967295: too large; {remedy}")
        );
    }

    #[test]
    fn buffers_hold_a_slice_and_four_beats() {
        assert_eq!(
            message(|c| c.input_buffer_bytes = 32),
            "input_buffer_bytes = 32: too small; use a power of two from 64 to 1048576 (at least \
             one slice and 4 beats: 4 beats of 128 bits)"
        );
        // A vector of bf16 takes half the room that its sums take.
        let bf16 = |c: &mut PeConfig| {
            c.element = Element::Bf16;
            c.slice_bytes = 256;
        };
        assert_eq!(
            message(|c| {
                bf16(c);
                c.input_buffer_bytes = 64;
            }),
            "input_buffer_bytes = 64: too small; use a power of two from 128 to 1048576 (at least \
             one slice and 4 beats: 16 beats of 64 bits)"
        );
        assert_eq!(
            message(|c| {
                bf16(c);
                c.output_buffer_bytes = 128;
            }),
            "output_buffer_bytes = 128: too small; use a power of two from 256 to 1048576 (at \
             least one slice and 4 beats: 16 beats of 128 bits)"
        );
        assert_eq!(
            message(|c| c.output_buffer_bytes = 5000),
            "output_buffer_bytes = 5000: not a power of two; use a power of two from 64 to \
             1048576 (at least one slice and 4 beats: 4 beats of 128 bits)"
        );
        assert_eq!(
            message(|c| c.input_buffer_bytes = 1 << 31),
            "input_buffer_bytes = 2147483648: too large; use a power of two from 64 to 1048576 \
             (at least one slice and 4 beats: 4 beats of 128 bits)"
        );
    }

    #[test]
    fn trackers() {
        assert_eq!(
            message(|c| c.tracker = Tracker::Match),
            "queries = 2048: the match tracker compares the ids of all queries at once; use at \
             most 1024, or tracker rename"
        );
        let remedy = "use a power of two from 16 to 65536 (ids besides the first of each query)";
        for (ids, why) in [
            (0, "too small"),
            (8, "too small"),
            (1000, "not a power of two"),
            (1 << 17, "too large"),
        ] {
            assert_eq!(
                message(|c| {
                    c.tracker = Tracker::Match;
                    c.queries = 1024;
                    c.match_ids = ids;
                }),
                format!("match_ids = {ids}: {why}; {remedy}")
            );
        }
        assert_eq!(
            message(|c| c.match_ids = 64),
            "match_ids = 64: the rename tracker holds no ids; use 0, or tracker match"
        );
    }

    #[test]
    fn look_ups_a_cycle() {
        let remedy = "use a power of two from 1 to 32";
        let field = "lookups_per_cycle";
        for (value, why) in [
            (0, "too small"),
            (3, "not a power of two"),
            (64, "too large"),
        ] {
            assert_eq!(
                message(|c| c.lookups_per_cycle = value),
                format!("{field} = {value}: {why}; {remedy}")
            );
        }
        assert_eq!(
            message(|c| c.queries = 16),
            "lookups_per_cycle = 8: the query table would have fewer than 4 rows; use at most 4 \
             or more queries"
        );
    }

    #[test]
    fn small_numbers() {
        assert_eq!(
            message(|c| c.id_bits = 3),
            "id_bits = 3: too small; use 4 to 64"
        );
        assert_eq!(
            message(|c| c.id_bits = 65),
            "id_bits = 65: too large; use 4 to 64"
        );
        assert_eq!(
            message(|c| c.tag_bits = 1),
            "tag_bits = 1: too small; use 2 to 16"
        );
        assert_eq!(
            message(|c| c.tag_bits = 17),
            "tag_bits = 17: too large; use 2 to 16"
        );
        assert_eq!(
            message(|c| c.group_entries = 1),
            "group_entries = 1: too small; use a power of two from 2 to 16"
        );
        assert_eq!(
            message(|c| c.group_entries = 3),
            "group_entries = 3: not a power of two; use a power of two from 2 to 16"
        );
        assert_eq!(
            message(|c| c.op_queue = 128),
            "op_queue = 128: too large; use a power of two from 2 to 64"
        );
        assert_eq!(
            message(|c| c.op_queue = 0),
            "op_queue = 0: too small; use a power of two from 2 to 64"
        );
    }

    #[test]
    fn pipeline_depths() {
        for (stages, why) in [
            (0, "too small"),
            (3, "odd: a sum's read and write would meet in one bank"),
            (8, "too large"),
        ] {
            assert_eq!(
                message(|c| c.add_stages = stages),
                format!("add_stages = {stages}: {why}; use 2, 4 or 6")
            );
        }
        assert_eq!(
            message(|c| c.mul_stages = 1),
            "mul_stages = 1: too small; use 2 to 5"
        );
        assert_eq!(
            message(|c| c.mul_stages = 9),
            "mul_stages = 9: too large; use 2 to 5"
        );
        assert_eq!(
            message(|c| {
                c.add_stages = 2;
                c.mul_stages = 4;
            }),
            "mul_stages = 4: the product would come after the sum that needs it; use at most 3 \
             (add_stages + 1)"
        );
    }

    #[test]
    fn integers_are_not_updated() {
        for element in [Element::Int8, Element::Int32] {
            assert_eq!(
                message(|c| c.element = element),
                "modes = gnr_update: integer rows have no learning rate to be updated with; use \
                 gnr, or element fp32 or bf16"
            );
        }
    }
}
