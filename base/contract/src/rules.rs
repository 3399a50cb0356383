//! Rules that the configurations of several blocks share, for [`crate::BlockConfig::validate`].

use crate::block::ConfigError;

/// One refusal: `field = value: why; remedy`.
pub fn error(field: &str, value: impl ToString, why: &str, remedy: &str) -> ConfigError {
    ConfigError {
        field: field.into(),
        value: value.to_string(),
        why: why.into(),
        remedy: remedy.into(),
    }
}

/// `value` from `low` to `high`; `meaning` explains the bounds, as in " bits", or is empty.
///
/// # Errors
/// A value outside, with the bounds.
pub fn range(
    field: &str,
    value: u32,
    low: u32,
    high: u32,
    meaning: &str,
) -> Result<(), ConfigError> {
    let why = match value {
        v if v < low => "too small",
        v if v > high => "too large",
        _ => return Ok(()),
    };
    Err(error(
        field,
        value,
        why,
        &format!("use {low} to {high}{meaning}"),
    ))
}

/// As [`range`], and a power of two.
///
/// # Errors
/// Another value, with the bounds.
pub fn power_of_two(
    field: &str,
    value: u32,
    low: u32,
    high: u32,
    meaning: &str,
) -> Result<(), ConfigError> {
    let why = match value {
        v if v < low => "too small",
        v if v > high => "too large",
        v if !v.is_power_of_two() => "not a power of two",
        _ => return Ok(()),
    };
    Err(error(
        field,
        value,
        why,
        &format!("use a power of two from {low} to {high}{meaning}"),
    ))
}
