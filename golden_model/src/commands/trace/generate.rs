//! `golden_model trace generate`

use std::path::{Path, PathBuf};

use contract::input::{InputFault, TEXT_LIMIT, Wanted, read_text};
use traces::zipf::{Zipf, ZipfConfig};
use traces::{Target, models};

use shell::Failure;
use shell::Progress;

/// Write a synthetic trace: rows by Zipf's law, queries that hold the same rows together
///
/// The same options and seed give the same queries on every host. A preset is one of REFREE's
/// models, its exponent and co-occurrence calibrated to the averages that the paper gives; every
/// option beside it replaces a value of the preset.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("base").required(true))]
pub struct GenerateArgs {
    /// RM1 (Taobao), RM2 (Avazu), RM3 (Criteo Kaggle) or RM4 (Criteo Terabyte)
    #[arg(long, group = "base")]
    preset: Option<Preset>,
    /// A JSON file with all parameters, as `trace fit` writes it
    #[arg(long, group = "base", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Rows of each table
    #[arg(long, group = "base", value_name = "ROWS,...", value_delimiter = ',')]
    tables: Vec<u32>,
    /// Zipf exponent of all tables, or of each
    #[arg(long, value_name = "S,...", value_delimiter = ',')]
    exponent: Vec<f64>,
    /// Fewest look-ups of a query in a table
    #[arg(long, value_name = "N")]
    bag_min: Option<u32>,
    /// Most look-ups of a query in a table
    #[arg(long, value_name = "N")]
    bag_max: Option<u32>,
    /// A bag may hold a row twice
    #[arg(long)]
    repeats: bool,
    /// Probability that a query copies a template
    #[arg(long, value_name = "P")]
    co_occurrence: Option<f64>,
    /// Templates
    #[arg(long, value_name = "N")]
    templates: Option<u32>,
    /// Probability that a look-up of a template is copied
    #[arg(long, value_name = "P")]
    copied: Option<f64>,
    /// The part of its rows by which popularity moves on in each table
    #[arg(long, value_name = "PART")]
    drift: Option<f64>,
    /// Queries in which that happens
    #[arg(long, value_name = "N")]
    drift_queries: Option<u64>,
    /// Seed of everything random
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Queries to write
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    queries: u64,
    /// The file to write, ending in .lk or .lkb
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Replace OUT if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Preset {
    Rm1,
    Rm2,
    Rm3,
    Rm4,
}

/// Queries between two reports of progress.
const REPORT_EVERY: u64 = 1 << 10;

pub fn run(args: &GenerateArgs) -> Result<String, Failure> {
    let target = Target::new(&args.out, args.force).map_err(Failure::of)?;
    let config = config(args)?;
    let parameters = serde_json::to_string(&config).map_err(Failure::of)?;
    let mut zipf = Zipf::new(config).map_err(Failure::of)?;
    let tables = zipf.config().tables.len();
    let header = format!("# golden_model trace generate {parameters}");
    let mut writer = target.create(&header, tables).map_err(Failure::of)?;
    let progress = Progress::steps(args.queries);
    let mut lookups = 0;
    for done in 0..args.queries {
        let query = zipf.query();
        lookups += query.lookups() as u64;
        writer.write(&query).map_err(Failure::of)?;
        if done % REPORT_EVERY == 0 {
            progress.set(done);
        }
    }
    let bytes = writer.finish().map_err(Failure::of)?;
    Ok(format!(
        "{}: {} queries, {tables} tables, {lookups} look-ups, {bytes} bytes\n",
        args.out.display(),
        args.queries,
    ))
}

/// The base, and what replaces values of it.
fn config(args: &GenerateArgs) -> Result<ZipfConfig, Failure> {
    let mut config = if let Some(preset) = args.preset {
        models::rm(preset as u8 + 1).map_err(Failure::of)?.config
    } else if let Some(path) = &args.config {
        read(path)?
    } else {
        ZipfConfig {
            tables: args.tables.clone(),
            ..ZipfConfig::default()
        }
    };
    match args.exponent[..] {
        [] => {}
        [all] => {
            config.exponent = all;
            config.exponents.clear();
        }
        _ => config.exponents = args.exponent.clone(),
    }
    if args.bag_min.is_some() || args.bag_max.is_some() {
        config.bags.clear();
    }
    config.repeats |= args.repeats;
    fn set<T: Copy>(place: &mut T, value: Option<T>) {
        *place = value.unwrap_or(*place);
    }
    set(&mut config.bag_min, args.bag_min);
    set(&mut config.bag_max, args.bag_max);
    set(&mut config.co_occurrence, args.co_occurrence);
    set(&mut config.templates, args.templates);
    set(&mut config.copied, args.copied);
    set(&mut config.drift, args.drift);
    set(&mut config.drift_queries, args.drift_queries);
    set(&mut config.seed, args.seed);
    Ok(config)
}

const WANTED: Wanted = Wanted {
    what: "parameters of the generator",
    save: "give a JSON file, as `trace fit -o` writes it",
};

fn read(path: &Path) -> Result<ZipfConfig, Failure> {
    let name = path.display();
    let content = read_text(path, WANTED, TEXT_LIMIT).map_err(|error| match error.fault {
        InputFault::Open(cause) => {
            Failure::of(format!("cannot read the parameters `{name}`: {cause}"))
        }
        _ => Failure::of(error),
    })?;
    serde_json::from_str(&content).map_err(|cause| {
        Failure::of(format!(
            "`{name}` has no parameters of the generator: {cause}; `trace fit -o` writes such a file"
        ))
    })
}
