//! Columns of a log that name no row, and the header that some Criteo logs are shipped with. They
//! are looked at because a line with a wrong value there is often shifted by a column, which would
//! put other rows into the tables.

use super::RawFault;
use crate::lk::quote;

/// Columns of a Criteo line before the categorical ones, and of these.
pub(super) const CRITEO_DENSE: usize = 14;
pub(super) const CRITEO_TABLES: usize = 26;
pub(super) const CRITEO_COLUMNS: usize = CRITEO_DENSE + CRITEO_TABLES;

/// The value of a label or integer feature. Whole numbers may have a fraction of zeros, as pandas
/// writes columns in which some are missing: `3.0`.
fn whole(field: &[u8]) -> Option<&[u8]> {
    let (number, fraction) = match field.iter().position(|&byte| byte == b'.') {
        Some(point) => (&field[..point], &field[point + 1..]),
        None => (field, &[][..]),
    };
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    let good = !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
        && fraction.iter().all(|&digit| digit == b'0');
    good.then_some(number)
}

/// Refuses what is no label; `at` counts columns from 0.
pub(super) fn label(at: usize, name: &str, field: &[u8]) -> Result<(), RawFault> {
    match whole(field) {
        Some(b"0" | b"1") => Ok(()),
        _ => Err(RawFault::NotLabel {
            column: at + 1,
            field: name.to_owned(),
            text: quote(field),
        }),
    }
}

/// Refuses what is no integer feature; `at` counts columns from 0.
pub(super) fn integer(at: usize, field: &[u8]) -> Result<(), RawFault> {
    match field.is_empty() || whole(field).is_some() {
        true => Ok(()),
        false => Err(RawFault::NotInteger {
            column: at + 1,
            field: criteo_name(at),
            text: quote(field),
        }),
    }
}

/// Whether the first line of a Criteo log, without its end, names columns.
///
/// # Errors
/// The first column that has another name than the usual one or NVTabular's (`int_0`, `cat_0`).
pub(super) fn criteo_header(line: &[u8], columns: usize) -> Result<bool, (usize, String)> {
    // None of these is a value; `C1` would be.
    const MARKS: [&str; 5] = ["label", "click", "I1", "int_0", "cat_0"];
    let is = |field: &[u8], name: &str| field.eq_ignore_ascii_case(name.as_bytes());
    let named = line
        .split(|byte| b"\t,".contains(byte))
        .any(|field| MARKS.iter().any(|mark| is(field, mark)));
    if !named {
        return Ok(false);
    }
    let fields: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
    for at in 0..columns.max(fields.len()) {
        let field = fields.get(at).copied().unwrap_or_default();
        let other = match at {
            0 => "click".to_owned(),
            1..14 => format!("int_{}", at - 1),
            _ => format!("cat_{}", at.saturating_sub(14)),
        };
        if at >= columns || !(is(field, &criteo_name(at)) || is(field, &other)) {
            return Err((at + 1, quote(field)));
        }
    }
    Ok(true)
}

/// The usual name of a column, counted from 0.
pub(super) fn criteo_name(at: usize) -> String {
    match at {
        0 => "label".to_owned(),
        1..CRITEO_DENSE => format!("I{at}"),
        CRITEO_DENSE..CRITEO_COLUMNS => format!("C{}", at + 1 - CRITEO_DENSE),
        _ => "beyond the last".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_integer_features() {
        for good in [&b"0"[..], b"1", b"1.0", b"0."] {
            assert!(label(0, "label", good).is_ok());
        }
        for bad in [&b""[..], b"2", b"-1", b"0.5", b"label", b"01", b"1,0"] {
            assert!(label(0, "label", bad).is_err());
        }
        for good in [&b""[..], b"0", b"-3", b"12345678901234567890", b"7.0"] {
            assert!(integer(1, good).is_ok());
        }
        for bad in [&b"-"[..], b"1.5", b"68fd1e64", b" 1", b".", b"+1", b"1e3"] {
            assert!(integer(1, bad).is_err());
        }
    }

    #[test]
    fn headers() {
        let names = |front: &str, a: &str, b: &str, from: usize| -> String {
            let ints = (from..from + 13).map(|at| format!("\t{a}{at}"));
            let cats = (from..from + 26).map(|at| format!("\t{b}{at}"));
            ints.chain(cats)
                .fold(front.to_owned(), |all, one| all + &one)
        };
        let says = |line: &str| criteo_header(line.as_bytes(), 40);
        assert_eq!(says(&names("label", "I", "C", 1)), Ok(true));
        assert_eq!(says(&names("Label", "i", "c", 1)), Ok(true));
        assert_eq!(says(&names("label", "int_", "cat_", 0)), Ok(true));
        assert_eq!(says("1\t2\t3"), Ok(false));
        assert_eq!(says("what"), Ok(false));
        assert_eq!(
            says(&names("label", "C", "I", 1)),
            Err((2, "C1".to_owned()))
        );
        assert_eq!(says(&names("", "I", "C", 1)), Err((1, String::new())));
        assert_eq!(
            says(&(names("label", "I", "C", 1) + "\tday")),
            Err((41, "day".to_owned()))
        );
        assert_eq!(says("label\tI1"), Err((3, String::new())));
        assert_eq!(says("label,I1,I2"), Err((1, "label,I1,I2".to_owned())));
    }
}
