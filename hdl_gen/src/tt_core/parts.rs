//! The modules that a tensor-train core is made of, from their templates.

use askama::Template;

use super::dims::Dims;
use super::sizes::{Boundary, Core, Stage};
use crate::common::{
    Banks, BeatFifo, Bf16Mul, CarrySaveTree, FpAdd, FpMul, LeadingZeros, PipeCut, StreamFifo,
};
use crate::design::{DesignError, Module};
use crate::sram::SramSpec;

/// The modules that the top names; what they are made of is in `inner`.
pub(super) struct Parts {
    pub status: Module,
    pub load: Module,
    pub tables: Module,
    pub rows: Module,
    pub stream_fifo: Module,
    /// One for each TT core, each stage, each boundary.
    pub memories: Vec<Module>,
    pub stages: Vec<Module>,
    pub prefixes: Vec<Module>,
    pub entries: Vec<Module>,
    pub macs: Module,
    /// Between stages; binary32 needs none.
    pub convert: Option<Module>,
    pub bags: Module,
    pub pool: Option<Module>,
    pub results: Module,
    inner: Vec<Module>,
}

impl Parts {
    pub fn new(d: &Dims) -> Result<Self, DesignError> {
        let mut inner = arithmetic(d)?;
        for spec in d.cores.iter().map(Core::spec) {
            inner.push(spec.module()?);
        }
        for spec in d.boundaries.iter().map(Boundary::spec) {
            inner.push(spec.module()?);
        }
        let pool = match d.pooling {
            true => {
                let bank = SramSpec::new(d.bags * d.beats / 2, d.beat_bits).module()?;
                let pool = Module::leaf(&Pool {
                    d,
                    sram: bank.name(),
                })?;
                inner.push(bank);
                Some(pool)
            }
            false => None,
        };
        let side_w = d.bag_w + 2;
        let bank = SramSpec::new(d.out_beats / 2, d.beat_bits + side_w).module()?;
        let results = Module::leaf(&BeatFifo {
            name: "tt_core_results",
            beats: d.out_beats,
            data_w: d.beat_bits,
            side_w,
            bank1_has_side: true,
            banks: &Banks {
                bank0: bank.name().to_owned(),
                bank1: bank.name().to_owned(),
                bank1_w: d.beat_bits + side_w,
            },
        })?;
        inner.push(bank);
        let convert = match d.has_prefixes() && d.elem_w < 32 {
            true => Some(Module::leaf(&Convert { d })?),
            false => None,
        };
        let memory = |m| Module::leaf(&Memory { d, m });
        let stage = |s| Module::leaf(&StageControl { d, s });
        let prefix = |b| Module::leaf(&Prefix { d, b });
        let entries = |b| Module::leaf(&Entries { d, b });
        Ok(Self {
            status: Module::leaf(&Status { d })?,
            load: Module::leaf(&Load { d })?,
            tables: Module::leaf(&Tables { d })?,
            rows: Module::leaf(&Rows { d })?,
            stream_fifo: Module::leaf(&StreamFifo)?,
            memories: d.cores.iter().map(memory).collect::<Result<_, _>>()?,
            stages: d.stages.iter().map(stage).collect::<Result<_, _>>()?,
            prefixes: d.boundaries.iter().map(prefix).collect::<Result<_, _>>()?,
            entries: d.boundaries.iter().map(entries).collect::<Result<_, _>>()?,
            macs: Module::leaf(&Macs { d })?,
            convert,
            bags: Module::leaf(&Bags { d })?,
            pool,
            results,
            inner,
        })
    }

    /// All modules below the top.
    pub fn into_modules(self) -> Vec<Module> {
        let mut modules = vec![
            self.status,
            self.load,
            self.tables,
            self.rows,
            self.stream_fifo,
            self.macs,
            self.bags,
            self.results,
        ];
        for several in [self.memories, self.stages, self.prefixes, self.entries] {
            modules.extend(several);
        }
        modules.extend(self.convert);
        modules.extend(self.pool);
        modules.extend(self.inner);
        modules
    }
}

/// The multiplier and the adder of floating-point elements, with what they are made of.
fn arithmetic(d: &Dims) -> Result<Vec<Module>, DesignError> {
    if !d.float {
        return Ok(Vec::new());
    }
    let mut modules = vec![
        Module::leaf(&FpAdd)?,
        Module::leaf(&LeadingZeros)?,
        Module::leaf(&PipeCut)?,
    ];
    match d.elem_w {
        16 => modules.push(Module::leaf(&Bf16Mul)?),
        _ => modules.extend([Module::leaf(&FpMul)?, Module::leaf(&CarrySaveTree)?]),
    }
    Ok(modules)
}

macro_rules! leaves {
    ($($name:ident, $path:literal { $($field:ident: $ty:ty),* };)*) => {$(
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            d: &'a Dims,
            $($field: $ty,)*
        }
    )*};
}

leaves! {
    Status, "tt_core/tt_core_status.sv" {};
    Load, "tt_core/tt_core_load.sv" {};
    Tables, "tt_core/tt_core_tables.sv" {};
    Rows, "tt_core/tt_core_rows.sv" {};
    Memory, "tt_core/tt_core_memory.sv" { m: &'a Core };
    StageControl, "tt_core/tt_core_stage.sv" { s: &'a Stage };
    Prefix, "tt_core/tt_core_prefix.sv" { b: &'a Boundary };
    Entries, "tt_core/tt_core_entries.sv" { b: &'a Boundary };
    Macs, "tt_core/tt_core_macs.sv" {};
    Convert, "tt_core/tt_core_convert.sv" {};
    Bags, "tt_core/tt_core_bags.sv" {};
    Pool, "tt_core/tt_core_pool.sv" { sram: &'a str };
}
