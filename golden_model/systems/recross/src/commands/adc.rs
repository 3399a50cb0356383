//! `recross adc` and `recross error`: what switched ADCs save, and the error they leave on imperfect devices.

use std::num::NonZeroU32;
use std::path::PathBuf;

use crate::adc::error::{self, Cause, ErrorStudy};
use crate::adc::plot;
use crate::adc::study::{AdcStudy, study};
use crate::model::{Order, energy};
use blocks::adc_switch::{AdcKind, AdcSwitchConfig};
use contract::{ConfigSpec, Named};
use report::unit::{PERCENT, RATIO};
use report::{Column, Comparison, Line, Table, Unit, row};
use traces::Trace;

use shell::Progress;

/// What switching the ADCs' resolution saves on a trace
///
/// The first half of the trace says how often rows are wanted, the second half is served. The
/// baseline converts the same accesses at full resolution. Cycles are those of one controller that
/// does all tiles' work, tile after tile, batch by batch. Energies are defaults from other papers'
/// ADCs, ReCross gives none.
#[derive(Debug, clap::Args)]
pub struct AdcArgs {
    /// The trace
    #[arg(long, value_name = "FILE.lk")]
    trace: PathBuf,
    /// Named configuration of block adc_switch, or a .toml file with every parameter
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// How rows are put on tiles, tables one behind the other
    #[arg(long, value_enum, default_value = "frequency")]
    order: Order,
    /// Queries served at a time
    #[arg(long, default_value = "2048", value_name = "N")]
    batch: NonZeroU32,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
}

/// How wrong results are on imperfect devices, with switched ADCs and without
///
/// The controller's model runs against a device model: conductances with a lognormal spread, ADCs
/// with noise, one at a time. Each query is one activation of random rows. Errors are relative to
/// the root mean square of the exact results.
#[derive(Debug, clap::Args)]
pub struct ErrorArgs {
    /// Named configuration of block adc_switch, or a .toml file with every parameter
    #[arg(long, value_name = "NAME|FILE")]
    config: Option<String>,
    /// Devices and queries follow from it
    #[arg(long, default_value = "1", value_name = "N")]
    seed: u64,
    /// Print one JSON object instead of a table
    #[arg(long)]
    json: bool,
    /// Draw the errors, too
    #[arg(long, value_name = "FILE.svg")]
    plot: Option<PathBuf>,
}

/// Runs `recross error` and returns what it prints.
pub fn error(args: &ErrorArgs) -> Result<String, String> {
    let named = config(args.config.as_deref())?;
    let study = error::study(&named.name, &named.config, args.seed);
    if let Some(path) = &args.plot {
        let failed = |why: String| format!("cannot draw {}: {why}", path.display());
        let svg = plot::svg(&study).map_err(|error| failed(error.to_string()))?;
        contract::write_file(path, svg.as_str()).map_err(|error| failed(error.to_string()))?;
    }
    if args.json {
        Ok(report::json(&study))
    } else {
        Ok(error_table(&study))
    }
}

/// Runs `recross adc` and returns what it prints.
pub fn adc(args: &AdcArgs) -> Result<String, String> {
    let named = config(args.config.as_deref())?;
    let size = std::fs::metadata(&args.trace).map_or(0, |file| file.len());
    // Both passes read the whole file.
    let progress = Progress::bytes(2 * size);
    let trace = Trace::open_with(&args.trace, |bytes| progress.set(bytes));
    let trace = trace.map_err(|error| error.to_string())?;
    let done = |bytes| progress.set(size + bytes);
    let study = study(
        &named.name,
        &named.config,
        args.order,
        &trace,
        args.batch,
        done,
    );
    let study = study.map_err(|error| error.to_string())?;
    drop(progress);
    if args.json {
        Ok(report::json(&study))
    } else {
        Ok(table(&study, &named.config))
    }
}

/// The configuration of the tiles.
pub fn config(name: Option<&str>) -> Result<Named<AdcSwitchConfig>, String> {
    let request = ConfigSpec {
        config: name.map(str::to_owned),
        ..ConfigSpec::default()
    };
    contract::load(&request).map_err(|error| error.to_string())
}

fn table(study: &AdcStudy, config: &AdcSwitchConfig) -> String {
    let order = match study.order {
        Order::Plain => "by joint id",
        Order::Frequency => "by frequency",
    };
    let (activations, conversions) = (&study.activations, &study.conversions_by_mode);
    format!(
        "configuration {}: {} x {} cells of {} bits, rows {order} on the first {} queries\n\
         {} queries served, {} look-ups\n\n\
         {}skip {}, read {}, mac {}: {:.2} activations with rows a query\n\n\
         {}read {}, mac {}, all {}\n\n\
         {}\n\
         {}by access: the slower of array and conversion for each access\n\
         switched / the larger of array and conversion: {:.4}, to be at most 1.05\n",
        study.config,
        config.rows,
        config.columns,
        config.cell_bits,
        study.counted,
        study.queries,
        study.lookups,
        histogram(study),
        activations.skip,
        activations.read,
        activations.mac,
        study.activations_a_query,
        resolutions(study),
        conversions.read,
        conversions.mac,
        study.conversions,
        energies(study),
        cycles(study),
        study.cycles_to_bound,
    )
}

fn histogram(study: &AdcStudy) -> Table {
    let mut table = Table::new([
        Column::left("active rows"),
        Column::right("activations"),
        Column::right("").unit(PERCENT),
    ]);
    let sum = study.histogram.values().sum::<u64>().max(1) as f64;
    for (rows, &count) in &study.histogram {
        table.row(row![rows.to_string(), count, 100.0 * count as f64 / sum]);
    }
    table
}

fn resolutions(study: &AdcStudy) -> Table {
    let mut table = Table::new([Column::left("resolution"), Column::right("conversions")]);
    for (bits, &count) in &study.conversions_by_resolution {
        table.row(row![format!("{bits} bits"), count]);
    }
    table
}

fn energies(study: &AdcStudy) -> Table {
    let mut comparison = Comparison::new("").what("pJ a query").ours("switched");
    for (name, kind, cost) in [
        ("flash", AdcKind::Flash, &study.energy.flash),
        ("SAR", AdcKind::Sar, &study.energy.sar),
    ] {
        let line = Line::new(name)
            .ours(cost.pj_a_query, Unit::plain(1))
            .against(
                format!("fixed {} bits", study.adc_bits),
                cost.fixed_pj_a_query,
            )
            .against("ratio", (cost.ratio, RATIO))
            .source(energy::source(kind));
        comparison = comparison.line(line);
    }
    comparison.table()
}

fn cycles(study: &AdcStudy) -> Table {
    let mut table = Table::new([
        Column::left(""),
        Column::right("cycles"),
        Column::right("").unit(Unit::new("us", 3)),
    ]);
    for (name, cycles) in [
        ("switched", study.cycles),
        ("fixed", study.cycles_fixed),
        ("array", study.array_cycles),
        ("conversion", study.conversion_cycles),
        ("by access", study.access_cycles),
    ] {
        let us = cycles as f64 * f64::from(study.clock_ps) / 1e6;
        table.row(row![name, cycles, us]);
    }
    table
}

fn error_table(study: &ErrorStudy) -> String {
    let percent = |title, decimals| Column::right(title).unit(PERCENT.decimals(decimals));
    let mut table = Table::new([
        Column::left(""),
        Column::right("active"),
        percent("switched", 3),
        percent("worst", 2),
        percent("fixed", 3),
        percent("worst", 2),
    ]);
    for point in &study.points {
        let cause = match point.cause {
            Cause::Spread => "spread",
            Cause::Noise => "noise",
        };
        let (switched, fixed) = (point.switched, point.fixed);
        table.row(row![
            format!("{cause} {}", point.sigma),
            point.rows,
            100.0 * switched.rms,
            100.0 * switched.worst,
            100.0 * fixed.rms,
            100.0 * fixed.worst,
        ]);
    }
    format!(
        "configuration {}, seed {}: {} devices, {} queries on each\n\
         errors relative to the root mean square of the exact results\n\n{table}",
        study.config, study.seed, study.tiles, study.queries_a_tile
    )
}
