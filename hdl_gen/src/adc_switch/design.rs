//! How the ADC switch controller's modules are connected (`docs/adc_switch.md`).

use super::dims::Dims;
use super::parts::Parts;
use crate::block::Block;
use crate::design::{Compose, Design, DesignError};
use blocks::adc_switch::AdcSwitchConfig;
use contract::BlockConfig;

impl Block for AdcSwitchConfig {
    fn design(&self) -> Result<Design, DesignError> {
        let d = &Dims::new(self);
        let parts = Parts::new(d)?;
        let doc = match self.switching {
            true => {
                "Pools rows of a ReRAM crossbar, each read at the ADC resolution that it needs."
            }
            false => "Pools rows of a ReRAM crossbar, each read at the full ADC resolution.",
        };
        let mut top = Compose::new(Self::TOP, doc, &self.ports());
        instances(&mut top, &parts);
        ports(&mut top, d);
        between(&mut top);
        Design::new(top.finish()?, parts.into_modules())
    }

    fn clock_ns(&self) -> f64 {
        f64::from(self.clock_ps) / 1000.0
    }
}

fn instances(top: &mut Compose, parts: &Parts) {
    top.instance("u_status", &parts.status)
        .comment("Counters, errors.");
    top.instance("u_tags", &parts.tags)
        .comment("Activations become accesses.");
    top.instance("u_rows", &parts.rows);
    top.instance("u_front", &parts.front);
    top.instance("u_array", &parts.array)
        .comment("The tile: one access settles while the one before is converted.");
    top.instance("u_convert", &parts.convert);
    top.instance("u_sum", &parts.sum)
        .comment("Codes become sums, and results out.");
    top.instance("u_pool", &parts.pool);
    top.instance("u_results", &parts.results);
}

/// Which module serves which port of the top.
fn ports(top: &mut Compose, d: &Dims) {
    for (port, instance) in [
        ("abort_i", "u_status"),
        ("clear_i", "u_status"),
        ("ctr_sel_i", "u_status"),
        ("act_valid_i", "u_front"),
        ("act_last_i", "u_front"),
        ("act_rows_i", "u_rows"),
        ("act_tag_i", "u_tags"),
        ("adc_code_i", "u_sum"),
        ("res_ready_i", "u_results"),
    ] {
        top.wire(port, &[&format!("{instance}.{port}")]);
    }
    for (port, instance) in [
        ("ctr_o", "u_status"),
        ("err_o", "u_status"),
        ("busy_o", "u_tags"),
        ("act_ready_o", "u_front"),
        ("wl_o", "u_array"),
        ("sample_o", "u_array"),
        ("adc_start_o", "u_convert"),
        ("adc_col_o", "u_convert"),
        ("adc_en_o", "u_convert"),
        ("res_valid_o", "u_results"),
        ("res_last_o", "u_results"),
        ("res_tag_o", "u_tags"),
        ("res_data_o", "u_pool"),
    ] {
        top.wire(&format!("{instance}.{port}"), &[port]);
    }
    if d.switching {
        top.wire("u_convert.adc_en_o", &["u_status.adc_en_i"]);
    }
}

/// What has the same name at both ends.
fn between(top: &mut Compose) {
    for instance in [
        "u_tags",
        "u_front",
        "u_array",
        "u_convert",
        "u_sum",
        "u_pool",
        "u_results",
    ] {
        top.link("u_status", instance);
    }
    for (one, other) in [
        ("u_tags", "u_front"),
        ("u_tags", "u_results"),
        ("u_rows", "u_front"),
        ("u_rows", "u_array"),
        ("u_front", "u_array"),
        ("u_array", "u_convert"),
        ("u_convert", "u_sum"),
        ("u_convert", "u_results"),
        ("u_sum", "u_pool"),
        ("u_sum", "u_results"),
        ("u_pool", "u_results"),
    ] {
        top.link(one, other);
    }
}
