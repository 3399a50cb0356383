//! The modules that an ADC switch controller is made of, from their templates.

use askama::Template;

use super::dims::Dims;
use crate::design::{DesignError, Module};

/// The modules that the top names, and the one inside the converter that a controller without
/// switching does not have.
pub(super) struct Parts {
    pub status: Module,
    pub tags: Module,
    pub rows: Module,
    pub front: Module,
    pub array: Module,
    pub convert: Module,
    pub sum: Module,
    pub pool: Module,
    pub results: Module,
    resolution: Option<Module>,
}

impl Parts {
    pub fn new(d: &Dims) -> Result<Self, DesignError> {
        let resolution = match d.switching {
            true => Some(Module::leaf(&Resolution { d })?),
            false => None,
        };
        Ok(Self {
            status: Module::leaf(&Status { d })?,
            tags: Module::leaf(&Tags { d })?,
            rows: Module::leaf(&Rows { d })?,
            front: Module::leaf(&Front { d })?,
            array: Module::leaf(&Array { d })?,
            convert: Module::leaf(&Convert { d })?,
            sum: Module::leaf(&Sum { d })?,
            pool: Module::leaf(&Pool { d })?,
            results: Module::leaf(&Results { d })?,
            resolution,
        })
    }

    /// All modules below the top.
    pub fn into_modules(self) -> Vec<Module> {
        let mut modules = vec![
            self.status,
            self.tags,
            self.rows,
            self.front,
            self.array,
            self.convert,
            self.sum,
            self.pool,
            self.results,
        ];
        modules.extend(self.resolution);
        modules
    }
}

macro_rules! leaves {
    ($($name:ident, $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            d: &'a Dims,
        }
    )*};
}

leaves! {
    Status, "adc_switch/adc_switch_status.sv";
    Tags, "adc_switch/adc_switch_tags.sv";
    Rows, "adc_switch/adc_switch_rows.sv";
    Front, "adc_switch/adc_switch_front.sv";
    Array, "adc_switch/adc_switch_array.sv";
    Convert, "adc_switch/adc_switch_convert.sv";
    Resolution, "adc_switch/adc_switch_resolution.sv";
    Sum, "adc_switch/adc_switch_sum.sv";
    Pool, "adc_switch/adc_switch_pool.sv";
    Results, "adc_switch/adc_switch_results.sv";
}
