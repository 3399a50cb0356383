//! How the look-ups of a table spread over its rows.

/// Rows by popularity: groups of rows with the same probability per look-up, the most popular first.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    groups: Vec<Group>,
}

/// Rows of one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Group {
    pub rows: f64,
    /// Per look-up and row.
    pub share: f64,
}

/// Ranks with a group of their own.
const SINGLE: u32 = 256;
/// Groups beyond per doubling of the rank.
const PER_OCTAVE: f64 = 16.0;

impl Profile {
    /// Every row equally likely: what is assumed without a profile.
    pub fn uniform(rows: u32) -> Self {
        let rows = f64::from(rows);
        Self {
            groups: vec![Group {
                rows,
                share: 1.0 / rows,
            }],
        }
    }

    /// Row k, from 1, with weight k^-s.
    pub fn zipf(rows: u32, s: f64) -> Self {
        let weight = |rank: f64| rank.powf(-s);
        let integral = |x: f64| match (1.0 - s).abs() < 1e-9 {
            true => x.ln(),
            false => x.powf(1.0 - s) / (1.0 - s),
        };
        let mut groups: Vec<Group> = (1..=rows.min(SINGLE))
            .map(|rank| Group {
                rows: 1.0,
                share: weight(rank.into()),
            })
            .collect();
        let (mut first, last) = (f64::from(SINGLE) + 1.0, f64::from(rows));
        while first <= last {
            let end = (first * (1.0 / PER_OCTAVE).exp2())
                .floor()
                .max(first)
                .min(last);
            let count = end - first + 1.0;
            let sum = integral(end + 0.5) - integral(first - 0.5);
            groups.push(Group {
                rows: count,
                share: sum / count,
            });
            first = end + 1.0;
        }
        Self::normalised(groups)
    }

    /// From how often rows were looked up, in any order; the others of `rows` not at all.
    pub fn counted(mut counts: Vec<u32>, rows: u32) -> Self {
        if counts.is_empty() {
            return Self::uniform(rows);
        }
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let mut groups: Vec<Group> = Vec::new();
        for &count in &counts {
            match groups.last_mut() {
                Some(group) if group.share == f64::from(count) => group.rows += 1.0,
                _ => groups.push(Group {
                    rows: 1.0,
                    share: count.into(),
                }),
            }
        }
        let rest = f64::from(rows) - counts.len() as f64;
        if rest > 0.0 {
            groups.push(Group {
                rows: rest,
                share: 0.0,
            });
        }
        Self::normalised(groups)
    }

    fn normalised(mut groups: Vec<Group>) -> Self {
        let sum: f64 = groups.iter().map(|group| group.rows * group.share).sum();
        groups.iter_mut().for_each(|group| group.share /= sum);
        Self { groups }
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Share of the look-ups that ask for the row of rank `rank`, from 0.
    pub fn share_of(&self, rank: f64) -> f64 {
        let mut before = 0.0;
        for group in &self.groups {
            before += group.rows;
            if rank < before {
                return group.share;
            }
        }
        0.0
    }

    /// Share of the look-ups that ask for the `rows` most popular rows.
    pub fn coverage(&self, rows: f64) -> f64 {
        let (mut left, mut covered) = (rows, 0.0);
        for group in &self.groups {
            let taken = left.min(group.rows);
            covered += taken * group.share;
            left -= taken;
        }
        covered.min(1.0)
    }

    /// Expected number of distinct rows among `lookups`.
    pub fn distinct(&self, lookups: f64) -> f64 {
        let seen = |group: &Group| match group.share {
            share if share >= 1.0 => 1.0,
            share => -(lookups * (-share).ln_1p()).exp_m1(),
        };
        self.groups
            .iter()
            .map(|group| group.rows * seen(group))
            .sum()
    }

    /// Share of the look-ups that ask for the hottest of neighbourhoods of `neighbours` rows, when rows are
    /// scattered over the table.
    pub fn hottest(&self, neighbours: f64, skip: f64) -> f64 {
        let rows: f64 = self.groups.iter().map(|group| group.rows).sum();
        let first = self.share_of(skip);
        if rows <= neighbours {
            return 1.0 - self.coverage(skip);
        }
        first + (1.0 - first) * (neighbours - 1.0) / (rows - 1.0)
    }
}
