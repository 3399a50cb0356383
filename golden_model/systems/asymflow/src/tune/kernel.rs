//! The sum of a bag's rows. The dimension is a constant where it is common, so that the compiler
//! vectorises the loop.

use crate::queries::Bags;

/// Sums bags `from..` into `out`, a row of 32-bit sums per bag.
pub fn pool(elements: &[i16], dim: usize, bags: &Bags, from: usize, out: &mut [i32]) {
    match dim {
        16 => fixed::<16>(elements, bags, from, out),
        64 => fixed::<64>(elements, bags, from, out),
        _ => any(elements, dim, bags, from, out),
    }
}

fn fixed<const DIM: usize>(elements: &[i16], bags: &Bags, from: usize, out: &mut [i32]) {
    let (rows, _) = elements.as_chunks::<DIM>();
    let (sums, _) = out.as_chunks_mut::<DIM>();
    for (at, sum) in sums.iter_mut().enumerate() {
        let mut total = [0; DIM];
        for &id in bags.range(from + at, from + at + 1) {
            let row = &rows[id as usize];
            for (total, &element) in total.iter_mut().zip(row) {
                *total += i32::from(element);
            }
        }
        *sum = total;
    }
}

fn any(elements: &[i16], dim: usize, bags: &Bags, from: usize, out: &mut [i32]) {
    for (at, sum) in out.chunks_mut(dim).enumerate() {
        sum.fill(0);
        for &id in bags.range(from + at, from + at + 1) {
            let row = &elements[id as usize * dim..][..dim];
            for (total, &element) in sum.iter_mut().zip(row) {
                *total += i32::from(element);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_a_plain_loop() {
        for dim in [8, 16, 64] {
            let elements: Vec<i16> = (0..20 * dim as i16).map(|i| i * 7 % 129 - 64).collect();
            let bags = Bags {
                ids: vec![3, 19, 3, 0, 7],
                ends: vec![0, 3, 3, 5],
            };
            let mut out = vec![-1; 2 * dim];
            pool(&elements, dim, &bags, 1, &mut out);
            for element in 0..dim {
                let of = |row: usize| i32::from(elements[row * dim + element]);
                assert_eq!(out[element], 0);
                assert_eq!(out[dim + element], of(0) + of(7));
            }
        }
    }
}
