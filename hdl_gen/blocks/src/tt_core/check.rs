//! Which cores can be built. Each rule gives one error that says what is accepted.

use super::params::{Element, TtCoreConfig};
use contract::ConfigError;
use contract::rules::{error, power_of_two, range};

pub(super) fn validate(c: &TtCoreConfig) -> Result<(), ConfigError> {
    shape(c)?;
    power_of_two("tables", c.tables, 1, 8, "")?;
    power_of_two("prefix_entries", c.prefix_entries, 2, 16, "")?;
    power_of_two("row_queue", c.row_queue, 2, 64, "")?;
    let most = if c.pooling { 1024 } else { 65_536 };
    power_of_two("bags", c.bags, 2, most, "")?;
    let least = (2 * c.beats()).max(4);
    let meaning = format!(" (two rows of {} beats)", c.beats());
    power_of_two("out_beats", c.out_beats, least, 4096, &meaning)?;
    stages(c)?;
    range("counter_bits", c.counter_bits, 8, 32, "")
}

/// What the sizes of everything follow from.
pub(super) fn shape(c: &TtCoreConfig) -> Result<(), ConfigError> {
    let d = c.p.len();
    if !(2..=4).contains(&d) {
        let why = format!("{d} TT cores");
        return Err(error("p", list(&c.p), &why, "use 2 to 4 numbers"));
    }
    for &p in &c.p {
        item("p", &c.p, range("p", p, 2, 65_536, ""))?;
    }
    if c.row_space() > 1 << 32 {
        let why = format!("{} rows", c.row_space());
        let remedy = "use numbers with a product of at most 4294967296";
        return Err(error("p", list(&c.p), &why, remedy));
    }
    length("q", &c.q, d, "one for each TT core")?;
    for &q in &c.q {
        item("q", &c.q, power_of_two("q", q, 1, 16, ""))?;
    }
    if c.columns() < 2 {
        let remedy = "use numbers with a product of at least 2";
        return Err(error("q", list(&c.q), "rows of one element", remedy));
    }
    length("ranks", &c.ranks, d - 1, "one between each two TT cores")?;
    for &rank in &c.ranks {
        item("ranks", &c.ranks, power_of_two("ranks", rank, 2, 64, ""))?;
    }
    length("macs", &c.macs, d - 1, "one for each stage")?;
    (1..d).try_for_each(|stage| macs(c, stage))
}

/// Stage `stage` has lanes that its product divides over.
fn macs(c: &TtCoreConfig, stage: usize) -> Result<(), ConfigError> {
    let at = stage - 1;
    let (rank, macs) = (c.ranks[at], c.macs[at]);
    let rows: u32 = c.q[..stage].iter().product();
    let next = c.ranks.get(stage).copied().unwrap_or(1);
    let columns = c.q[stage] * next;
    let last = stage + 1 == c.p.len();
    // Whole rows of the last core; two groups of rows at least, but for the first stage, whose
    // groups come from a core's memory.
    let least = if last { c.q[stage] } else { 1 };
    let most = match stage {
        1 => rows * columns / 2,
        _ => rows / 2 * columns,
    };
    if most < least {
        let why = format!("stage {stage} makes {rows} x {columns} words, too few for two steps");
        let remedy = "use larger numbers, or fewer TT cores";
        return Err(error("q", list(&c.q), &why, remedy));
    }
    let lanes = macs / rank;
    let legal =
        macs.is_multiple_of(rank) && lanes.is_power_of_two() && (least..=most).contains(&lanes);
    if legal {
        return Ok(());
    }
    let why = format!("{macs} are no number for stage {stage} of rank {rank}");
    let choices: Vec<String> = (0..32)
        .map(|bits| 1_u32 << bits)
        .skip_while(|lanes| *lanes < least)
        .take_while(|lanes| *lanes <= most)
        .map(|lanes| (lanes * rank).to_string())
        .collect();
    let remedy = format!("use one of {}", choices.join(", "));
    Err(error("macs", list(&c.macs), &why, &remedy))
}

fn stages(c: &TtCoreConfig) -> Result<(), ConfigError> {
    let (low, high) = match c.element {
        Element::Int8 => (1, 1),
        Element::Bf16 => (2, 3),
        Element::Fp32 => (2, 5),
    };
    let name = format!("{:?}", c.element).to_lowercase();
    let meaning = format!(" for {name}");
    range("mul_stages", c.mul_stages, low, high, &meaning)?;
    let (legal, remedy): (&[u32], _) = match c.element {
        Element::Int8 => (&[1], "use 1 for int8".to_owned()),
        _ => (&[2, 4, 6], format!("use 2, 4 or 6 for {name}")),
    };
    if legal.contains(&c.add_stages) {
        return Ok(());
    }
    let why = "no adder has so many";
    Err(error("add_stages", c.add_stages, why, &remedy))
}

fn list(values: &[u32]) -> String {
    let texts: Vec<String> = values.iter().map(u32::to_string).collect();
    texts.join(",")
}

fn length(field: &str, values: &[u32], wanted: usize, meaning: &str) -> Result<(), ConfigError> {
    if values.len() == wanted {
        return Ok(());
    }
    let why = format!("{} numbers", values.len());
    let remedy = format!("use {wanted}, {meaning}");
    Err(error(field, list(values), &why, &remedy))
}

/// The error about one number, with the whole list as the value.
fn item(field: &str, values: &[u32], checked: Result<(), ConfigError>) -> Result<(), ConfigError> {
    checked.map_err(|one| {
        let why = format!("{} is {}", one.value, one.why);
        error(field, list(values), &why, &one.remedy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::BlockConfig;
    use contract::load::{ConfigSpec, changed, load};

    /// The message for `paper` with these parameters changed on the command line.
    fn message(changes: &[(&str, &str)]) -> String {
        changed::<TtCoreConfig>(changes).unwrap_err().to_string()
    }

    #[test]
    fn named_configurations_can_be_built() {
        for (name, config) in TtCoreConfig::named() {
            assert_eq!(config.validate(), Ok(()), "{name}");
            let fields: Vec<_> = contract::load::table(&config).keys().cloned().collect();
            let mut params: Vec<_> = TtCoreConfig::params().iter().map(|p| p.name).collect();
            params.sort_unstable();
            assert_eq!(fields, params, "{name}");
        }
    }

    #[test]
    fn digits() {
        assert_eq!(
            message(&[("p", "10")]),
            "p = 10: 1 TT cores; use 2 to 4 numbers"
        );
        assert_eq!(
            message(&[("p", "10,1,10")]),
            "p = 10,1,10: 1 is too small; use 2 to 65536"
        );
        assert_eq!(
            message(&[("p", "65536,65536,2")]),
            "p = 65536,65536,2: 8589934592 rows; use numbers with a product of at most 4294967296"
        );
        assert_eq!(
            message(&[("p", "10,ten,10")]),
            "p = 10,ten,10: not a list of whole numbers; use 2 to 4 numbers from 2 to 65536, \
             product at most 2^32"
        );
    }

    #[test]
    fn lists_have_fitting_lengths() {
        assert_eq!(
            message(&[("p", "200,220")]),
            "q = 4,4,4: 3 numbers; use 2, one for each TT core"
        );
        assert_eq!(
            message(&[("ranks", "16")]),
            "ranks = 16: 1 numbers; use 2, one between each two TT cores"
        );
        assert_eq!(
            message(&[("macs", "256,64,64")]),
            "macs = 256,64,64: 3 numbers; use 2, one for each stage"
        );
    }

    #[test]
    fn factors_and_ranks_are_powers_of_two() {
        assert_eq!(
            message(&[("q", "4,5,4")]),
            "q = 4,5,4: 5 is not a power of two; use a power of two from 1 to 16"
        );
        assert_eq!(
            message(&[("ranks", "16,12")]),
            "ranks = 16,12: 12 is not a power of two; use a power of two from 2 to 64"
        );
        assert_eq!(
            message(&[("q", "1,1,1")]),
            "q = 1,1,1: rows of one element; use numbers with a product of at least 2"
        );
    }

    #[test]
    fn products_divide_over_lanes() {
        assert_eq!(
            message(&[("macs", "100,64")]),
            "macs = 100,64: 100 are no number for stage 1 of rank 16; use one of 16, 32, 64, 128, \
             256, 512, 1024, 2048"
        );
        // The last stage takes whole rows of its core.
        assert_eq!(
            message(&[("macs", "256,32")]),
            "macs = 256,32: 32 are no number for stage 2 of rank 16; use one of 64, 128, 256, 512"
        );
        assert_eq!(
            message(&[("q", "1,1,4"), ("macs", "16,64")]),
            "q = 1,1,4: stage 2 makes 1 x 4 words, too few for two steps; use larger numbers, or \
             fewer TT cores"
        );
    }

    #[test]
    fn buffers() {
        assert_eq!(
            message(&[("tables", "3")]),
            "tables = 3: not a power of two; use a power of two from 1 to 8"
        );
        assert_eq!(
            message(&[("prefix_entries", "1")]),
            "prefix_entries = 1: too small; use a power of two from 2 to 16"
        );
        assert_eq!(
            message(&[("row_queue", "128")]),
            "row_queue = 128: too large; use a power of two from 2 to 64"
        );
        assert_eq!(
            message(&[("bags", "2048")]),
            "bags = 2048: too large; use a power of two from 2 to 1024"
        );
        assert_eq!(
            message(&[("out_beats", "16")]),
            "out_beats = 16: too small; use a power of two from 32 to 4096 (two rows of 16 beats)"
        );
        assert_eq!(
            message(&[("counter_bits", "7")]),
            "counter_bits = 7: too small; use 8 to 32"
        );
    }

    #[test]
    fn register_ranks_fit_the_element() {
        assert_eq!(
            message(&[("mul_stages", "4")]),
            "mul_stages = 4: too large; use 2 to 3 for bf16"
        );
        assert_eq!(
            message(&[("add_stages", "3")]),
            "add_stages = 3: no adder has so many; use 2, 4 or 6 for bf16"
        );
        assert_eq!(
            message(&[("element", "int8"), ("add_stages", "2")]),
            "add_stages = 2: no adder has so many; use 1 for int8"
        );
        assert_eq!(
            message(&[("element", "fp16")]),
            "element = fp16: not one of its values; use int8, bf16 or fp32"
        );
        // Those that are not given follow.
        let request = ConfigSpec {
            changes: vec![("element".to_owned(), "int8".to_owned())],
            ..ConfigSpec::default()
        };
        let config = load::<TtCoreConfig>(&request).unwrap().config;
        assert_eq!((config.mul_stages, config.add_stages), (1, 1));
    }

    #[test]
    fn ports_have_the_specified_widths() {
        let width = |name: &str, port: &str| {
            let mut named = TtCoreConfig::named().into_iter();
            let (_, config) = named.find(|(known, _)| *known == name).unwrap();
            let mut ports = config.ports().into_iter();
            ports.find(|p| p.name == port).map(|p| p.width)
        };
        assert_eq!(width("paper", "row_id_i"), Some(24));
        assert_eq!(width("paper", "row_table_i"), Some(1));
        assert_eq!(width("paper", "load_data_i"), Some(256));
        assert_eq!(width("paper", "res_data_o"), Some(128));
        assert_eq!(width("paper", "row_last_i"), Some(1));
        assert_eq!(width("fp32", "row_last_i"), None);
        assert_eq!(width("tiny", "load_data_i"), Some(56));
        assert_eq!(width("int8", "row_table_i"), Some(2));
        assert_eq!(width("deep", "res_data_o"), Some(64));
    }
}
