//! The modules that a PE is made of, from their templates.

use askama::Template;

use super::dims::Dims;
use crate::common::{
    Banks, BeatFifo, CarrySaveTree, FpAdd, FpMul, IntAdd, LeadingZeros, PipeCut, StreamFifo,
};
use crate::design::{DesignError, Module};
use crate::sram::SramSpec;
use blocks::pe::{Element, PeConfig};

/// The modules of one PE that its top names; what they are made of is in `inner`.
pub(super) struct Parts {
    pub control: Module,
    pub stream_fifo: Module,
    pub front: Option<MatchFront>,
    pub rows: Module,
    pub lookup: Module,
    pub groups: Module,
    pub slots: Module,
    pub issue: Module,
    pub vectors: Module,
    pub datapath: Module,
    pub res_fifo: Module,
    pub results: Module,
    inner: Vec<Module>,
}

/// What finds the queries that request a vector (section 11 of `docs/pe.md`).
pub(super) struct MatchFront {
    pub ids: Module,
    pub matcher: Module,
}

impl Parts {
    pub fn new(c: &PeConfig, d: &Dims) -> Result<Self, DesignError> {
        let mut inner = Vec::new();
        let mut sram = |words, bits| -> Result<String, DesignError> {
            let module = SramSpec::new(words, bits).module()?;
            let name = module.name().to_owned();
            inner.push(module);
            Ok(name)
        };
        let row_bank = &sram(d.rows / 2, d.lanes * (d.slot_w + 1))?;
        let slot_ram = &sram(d.slots, d.slot_w + 1 + d.tag_w + d.cnt_w)?;
        let sum_bank = &sram(d.slots * d.beats / 2, d.width)?;
        let front = match d.matches {
            true => Some(MatchFront {
                ids: Module::leaf(&Ids {
                    d,
                    depth: d.id_depth(),
                })?,
                matcher: Module::leaf(&Match {
                    d,
                    match_ids: c.match_ids,
                    sram: &sram(c.match_ids, d.id_w + 1)?,
                })?,
            }),
            false => None,
        };
        let mut banks = |beats, data_w, side_w| -> Result<Banks, DesignError> {
            let bank1_w = if d.even() { data_w } else { data_w + side_w };
            Ok(Banks {
                bank0: sram(beats / 2, data_w + side_w)?,
                bank1: sram(beats / 2, bank1_w)?,
                bank1_w,
            })
        };
        let vec_banks = banks(d.in_beats, d.vec_w, d.vec_side_w())?;
        let res_banks = banks(d.out_beats, d.width, d.res_side_w())?;
        inner.extend(arithmetic(c)?);
        Ok(Self {
            control: Module::leaf(&Control {
                d,
                slots_longer: d.slot_w >= d.row_w - 1,
                rows_longer: d.row_w > d.slot_w,
            })?,
            stream_fifo: Module::leaf(&StreamFifo)?,
            front,
            rows: Module::leaf(&Rows { d, sram: row_bank })?,
            lookup: Module::leaf(&Lookup { d })?,
            groups: Module::leaf(&Groups { d })?,
            slots: Module::leaf(&SlotTable { d, sram: slot_ram })?,
            issue: Module::leaf(&Issue { d })?,
            vectors: Module::leaf(&Vectors {
                d,
                banks: &vec_banks,
            })?,
            datapath: Module::leaf(&Datapath::new(c, d, sum_bank))?,
            res_fifo: Module::leaf(&BeatFifo {
                name: "pe_result_fifo",
                beats: d.out_beats,
                data_w: d.width,
                side_w: d.res_side_w(),
                bank1_has_side: !d.even(),
                banks: &res_banks,
            })?,
            results: Module::leaf(&Results { d })?,
            inner,
        })
    }

    /// All modules below the top.
    pub fn into_modules(self) -> Vec<Module> {
        let mut modules = vec![
            self.control,
            self.stream_fifo,
            self.rows,
            self.lookup,
            self.groups,
            self.slots,
            self.issue,
            self.vectors,
            self.datapath,
            self.res_fifo,
            self.results,
        ];
        if let Some(front) = self.front {
            modules.extend([front.ids, front.matcher]);
        }
        modules.extend(self.inner);
        modules
    }
}

macro_rules! leaf {
    ($name:ident, $path:literal { $($field:ident: $ty:ty),* $(,)? }) => {
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            d: &'a Dims,
            $($field: $ty,)*
        }
    };
}

leaf!(Control, "pe/pe_control.sv" { slots_longer: bool, rows_longer: bool });
leaf!(Ids, "pe/pe_ids.sv" { depth: u32 });
leaf!(Match, "pe/pe_match.sv" { match_ids: u32, sram: &'a str });
leaf!(Rows, "pe/pe_rows.sv" { sram: &'a str });
leaf!(Lookup, "pe/pe_lookup.sv" {});
leaf!(Groups, "pe/pe_groups.sv" {});
leaf!(SlotTable, "pe/pe_slot_table.sv" { sram: &'a str });
leaf!(Issue, "pe/pe_issue.sv" {});
leaf!(Vectors, "pe/pe_vectors.sv" { banks: &'a Banks });
leaf!(Results, "pe/pe_results.sv" {});
leaf!(Datapath, "pe/pe_datapath.sv" {
    sum_lanes: u32,
    add_stages: u32,
    mul_stages: u32,
    elem_w: u32,
    float: bool,
    element: &'static str,
    sides: u32,
    sram: &'a str,
});

impl<'a> Datapath<'a> {
    fn new(c: &PeConfig, d: &'a Dims, sram: &'a str) -> Self {
        Self {
            d,
            sum_lanes: c.sum_lanes(),
            add_stages: c.add_stages,
            mul_stages: c.mul_stages,
            elem_w: c.element.bits(),
            float: c.element.is_float(),
            element: match c.element {
                Element::Fp32 => "fp32",
                Element::Bf16 => "bf16",
                Element::Int8 => "int8",
                Element::Int32 => "int32",
            },
            // Results in progress between start and first beat, one more being sent.
            sides: ((d.depth + c.mul_stages + d.beats).div_ceil(d.beats) + 1).next_power_of_two(),
            sram,
        }
    }
}

/// The adder and, for float updates, the multiplier, with what they are made of.
fn arithmetic(c: &PeConfig) -> Result<Vec<Module>, DesignError> {
    if !c.element.is_float() {
        return Ok(vec![Module::leaf(&IntAdd)?]);
    }
    let mut modules = vec![
        Module::leaf(&FpAdd)?,
        Module::leaf(&LeadingZeros)?,
        Module::leaf(&PipeCut)?,
    ];
    if c.has_update() {
        modules.extend([Module::leaf(&FpMul)?, Module::leaf(&CarrySaveTree)?]);
    }
    Ok(modules)
}
