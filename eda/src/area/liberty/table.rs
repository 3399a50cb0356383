//! Look-up tables of delay, slew and constraint (NLDM).

/// A table over two axes, either of which may have a single point.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    x: Vec<f64>,
    y: Vec<f64>,
    /// `x.len()` rows of `y.len()` values.
    values: Vec<f64>,
}

impl Table {
    /// `None` if the axes are empty, not ascending, or don't fit the number of values.
    pub fn new(x: Vec<f64>, y: Vec<f64>, values: Vec<f64>) -> Option<Self> {
        let ascending = |v: &[f64]| !v.is_empty() && v.windows(2).all(|w| w[0] < w[1]);
        (ascending(&x) && ascending(&y) && values.len() == x.len() * y.len()).then_some(Self {
            x,
            y,
            values,
        })
    }

    /// The table with its axes exchanged.
    pub fn transposed(self) -> Self {
        let (nx, ny) = (self.x.len(), self.y.len());
        let values = (0..nx * ny)
            .map(|i| self.values[(i % nx) * ny + i / nx])
            .collect();
        Self {
            x: self.y,
            y: self.x,
            values,
        }
    }

    /// Both axes, each of three points at least, as abc needs them: one point stands for all values,
    /// and between two is their middle.
    pub fn axes(&self) -> [Vec<f64>; 2] {
        [&self.x, &self.y].map(|axis| match *axis.as_slice() {
            [only] => vec![only, only + 1.0, only + 2.0],
            [first, last] => vec![first, f64::midpoint(first, last), last],
            _ => axis.clone(),
        })
    }

    /// As [`Table::at`], but at a point of the table without any rounding.
    pub fn exact(&self, x: f64, y: f64) -> f64 {
        let point = |axis: &[f64], at: f64| axis.iter().position(|&a| a == at);
        match (point(&self.x, x), point(&self.y, y)) {
            (Some(i), Some(j)) => self.values[i * self.y.len() + j],
            _ => self.at(x, y),
        }
    }

    /// Bilinear interpolation; outside the axes the outermost segment continues.
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let (i, fx) = segment(&self.x, x);
        let (j, fy) = segment(&self.y, y);
        let n = self.y.len();
        let row = |i: usize| {
            let v = &self.values[i * n..(i + 1) * n];
            v[j] + fy * (v[(j + 1).min(n - 1)] - v[j])
        };
        row(i) + fx * (row((i + 1).min(self.x.len() - 1)) - row(i))
    }
}

/// The segment of an axis in which `at` lies (or the outermost one), and the position within it.
fn segment(axis: &[f64], at: f64) -> (usize, f64) {
    if axis.len() == 1 {
        return (0, 0.0);
    }
    let i = axis[1..axis.len() - 1]
        .iter()
        .take_while(|&&a| a <= at)
        .count();
    (i, (at - axis[i]) / (axis[i + 1] - axis[i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_and_extrapolates_a_plane_exactly() {
        let f = |x: f64, y: f64| 3.0 + 2.0 * x - 0.5 * y;
        let (xs, ys) = (vec![1.0, 2.0, 5.0], vec![0.0, 10.0]);
        let values = xs
            .iter()
            .flat_map(|&x| ys.iter().map(move |&y| f(x, y)))
            .collect();
        let t = Table::new(xs, ys, values).unwrap();
        for (x, y) in [
            (1.0, 0.0),
            (1.5, 3.0),
            (4.0, 10.0),
            (0.0, -4.0),
            (9.0, 20.0),
        ] {
            assert!((t.at(x, y) - f(x, y)).abs() < 1e-12, "{x} {y}");
            assert!((t.clone().transposed().at(y, x) - f(x, y)).abs() < 1e-12);
        }
    }

    #[test]
    fn refuses_axes_that_do_not_fit() {
        assert_eq!(Table::new(vec![1.0, 1.0], vec![0.0], vec![1.0, 2.0]), None);
        assert_eq!(Table::new(vec![1.0], vec![0.0], vec![]), None);
        assert_eq!(Table::new(vec![], vec![], vec![]), None);
        assert_eq!(
            Table::new(vec![1.0], vec![0.0], vec![7.0])
                .unwrap()
                .at(5.0, 5.0),
            7.0
        );
    }
}
