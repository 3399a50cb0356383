//! How other libraries lay out TT cores: which keys name them, and what their axes are. Described
//! for users, with sources, in `docs/tt_cores.md`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::array::{Array, Entry};
use super::shape::list;
use super::{TtCores, TtError, TtShape};

/// Keys and axes of the cores of one library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// Ours: `core_N`, axes (r_{k-1}, p_k, q_k, r_k), and `rows`.
    Embertl,
    /// FBTT-Embedding and TT-Rec: `tt_cores.N`, axes (tables, p_k, r_{k-1} q_k r_k).
    Fbtt,
    /// t3nsor, tt-pytorch: `parameters.N`, axes (r_{k-1}, p_k, q_k, r_k).
    T3nsor,
    /// TensorLy-Torch BlockTT: `factors.factor_N`, axes (r_{k-1}, p_k, q_k, r_k).
    Tltorch,
    /// TensorLy TTMatrix through `numpy.savez(file, *factors)`: `arr_N`, the same axes.
    Tensorly,
    /// TedNet TTLinear: `nodeN`, axes (p_1, q_1, r_1), (p_k, q_k, r_{k-1}, r_k), (p_d, q_d, r_{d-1}).
    Tednet,
}

/// What to read, where a file leaves a choice.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Layout, whatever keys say.
    pub layout: Option<Layout>,
    /// What keys begin with, for files with several tables.
    pub prefix: Option<String>,
    /// Table of an array that holds several.
    pub table: Option<usize>,
    /// Column radices, for layouts without them.
    pub q: Option<Vec<usize>>,
    /// Rows of the table; else what the file says, or else all that can be addressed.
    pub rows: Option<usize>,
}

impl Layout {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Embertl,
        Self::Fbtt,
        Self::T3nsor,
        Self::Tltorch,
        Self::Tensorly,
        Self::Tednet,
    ];

    /// As the command line has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Embertl => "embertl",
            Self::Fbtt => "fbtt",
            Self::T3nsor => "t3nsor",
            Self::Tltorch => "tltorch",
            Self::Tensorly => "tensorly",
            Self::Tednet => "tednet",
        }
    }

    /// What comes before a core's number.
    const fn stem(self) -> &'static str {
        match self {
            Self::Embertl => "core_",
            Self::Fbtt => "tt_cores.",
            Self::T3nsor => "parameters.",
            Self::Tltorch => "factors.factor_",
            Self::Tensorly => "arr_",
            Self::Tednet => "node",
        }
    }

    /// Prefix and number of a core's key.
    fn parse(self, key: &str) -> Option<(&str, usize)> {
        let digits = key.len() - key.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (name, number) = key.split_at(key.len() - digits);
        let prefix = name.strip_suffix(self.stem())?;
        let whole = prefix.is_empty() || prefix.ends_with('.');
        Some((prefix, number.parse().ok()?)).filter(|_| whole)
    }

    /// Axes (r_{k-1}, p_k, q_k, r_k) of each core, or which core is wrong and how.
    fn axes(
        self,
        shapes: &[&[usize]],
        q: Option<&[usize]>,
    ) -> Result<Vec<[usize; 4]>, (usize, String)> {
        let last = shapes.len() - 1;
        let mut axes: Vec<[usize; 4]> = Vec::new();
        for (k, &shape) in shapes.iter().enumerate() {
            let left = axes.last().map_or(1, |before| before[3]);
            let core = match (self, shape) {
                (Self::Fbtt, &[p, width] | &[_, p, width]) => {
                    let Some(&q) = q.and_then(|q| q.get(k)) else {
                        let why = "holds r q r in one axis; say what the columns' radices are, \
                                   as in --q 4,4,4";
                        return Err((k, why.into()));
                    };
                    let side = left * q;
                    if side == 0 || width % side != 0 {
                        let why = format!(
                            "its last axis is no multiple of r q = {left} x {q}; check --q"
                        );
                        return Err((k, why));
                    }
                    [left, p, q, width / side]
                }
                (Self::Fbtt, _) => {
                    return Err((k, "must have axes (p, r q r) or (tables, p, r q r)".into()));
                }
                (Self::Tednet, &[p, q, r]) if k == 0 => [1, p, q, r],
                (Self::Tednet, &[p, q, r]) if k == last => [r, p, q, 1],
                (Self::Tednet, &[p, q, l, r]) if k > 0 && k < last => [l, p, q, r],
                (Self::Tednet, _) => {
                    let why = "must have axes (p, q, left rank, right rank), the first and the last \
                               core only one rank";
                    return Err((k, why.into()));
                }
                (_, &[l, p, q, r]) => [l, p, q, r],
                _ => return Err((k, "must have axes (left rank, p, q, right rank)".into())),
            };
            if core[0] != left {
                let why = match k {
                    0 => format!("its left rank is {}, but the first one must be 1", core[0]),
                    _ => format!(
                        "its left rank is {}, but the core before has right rank {left}",
                        core[0]
                    ),
                };
                return Err((k, why));
            }
            axes.push(core);
        }
        match axes.last().map_or(1, |core| core[3]) {
            1 => Ok(axes),
            r => Err((
                last,
                format!("its right rank is {r}, but the last one must be 1"),
            )),
        }
    }

    /// One core in our order.
    fn ordered(self, [left, p, q, right]: [usize; 4], array: &Array, table: usize) -> Vec<f32> {
        let at = |l: usize, i: usize, j: usize, r: usize| match self {
            Self::Fbtt => ((table * p + i) * left + l) * q * right + j * right + r,
            Self::Tednet => ((i * q + j) * left + l) * right + r,
            _ => ((l * p + i) * q + j) * right + r,
        };
        let mut core = Vec::with_capacity(left * p * q * right);
        for l in 0..left {
            for i in 0..p {
                for j in 0..q {
                    core.extend((0..right).map(|r| array.data[at(l, i, j, r)]));
                }
            }
        }
        core
    }
}

impl Selection {
    /// Finds the cores among `entries` and reads them. `path` is what messages name.
    pub(super) fn cores(
        &self,
        path: &Path,
        entries: &[Entry],
        mut read: impl FnMut(usize) -> Result<Array, TtError>,
    ) -> Result<(TtCores, Layout), TtError> {
        let refused = |why: String| TtError::Layout {
            path: path.display().to_string(),
            why,
        };
        let (layout, prefix, found) = self.find(entries).map_err(refused)?;
        let shapes: Vec<&[usize]> = found.iter().map(|&at| &entries[at].shape[..]).collect();
        let axes = layout
            .axes(&shapes, self.q.as_deref())
            .map_err(|(k, why)| {
                let all: Vec<String> = shapes.iter().map(|shape| format!("{shape:?}")).collect();
                let others: Vec<&str> = Layout::ALL
                    .into_iter()
                    .filter(|&other| {
                        other != layout && other.axes(&shapes, self.q.as_deref()).is_ok()
                    })
                    .map(Layout::name)
                    .collect();
                let others = match others[..] {
                    [] => String::new(),
                    [one, ..] => format!(" (they would chain as --layout {one})"),
                };
                let name = &entries[found[k]].name;
                let all = all.join(" ");
                refused(format!(
                    "as {} of shapes {all}, core `{name}`: {why}{others}",
                    layout.name()
                ))
            })?;
        let tables = match (layout, shapes[0]) {
            (Layout::Fbtt, &[tables, _, _]) => tables,
            _ => 1,
        };
        let table = match self.table {
            Some(table) if table < tables => table,
            None if tables == 1 => 0,
            _ => {
                let why = format!(
                    "it has tables 0 to {}; choose one with --table-index",
                    tables - 1
                );
                return Err(refused(why));
            }
        };
        let part = |axis: usize| axes.iter().map(|core| core[axis]).collect::<Vec<_>>();
        let q = part(2);
        if let Some(asked) = self.q.as_ref().filter(|&asked| *asked != q) {
            let why = format!("the cores have {}", list(&q));
            return Err(TtError::value("q", list(asked), why));
        }
        let ranks = part(3);
        let shape = TtShape::new(&part(1), &q, &ranks[..ranks.len() - 1])?;
        let named = |entry: &&Entry| entry.name.strip_prefix(prefix) == Some("rows");
        let rows = self
            .rows
            .or_else(|| entries.iter().find(named).and_then(|entry| entry.number))
            .unwrap_or(shape.capacity() as usize);
        let mut cores = Vec::new();
        for (&at, &axes) in found.iter().zip(&axes) {
            let array = read(at)?;
            if array.data.len() != array.shape.iter().product::<usize>() {
                return Err(refused(format!("core `{}` is cut short", entries[at].name)));
            }
            cores.push(layout.ordered(axes, &array, table));
        }
        Ok((TtCores::new(shape, rows, cores)?, layout))
    }

    /// Layout, prefix of the keys, and the entries that are cores, in order.
    fn find<'a>(&self, entries: &'a [Entry]) -> Result<(Layout, &'a str, Vec<usize>), String> {
        let mut groups: BTreeMap<(Layout, &str), BTreeMap<usize, usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            for layout in Layout::ALL {
                if let Some((prefix, number)) = layout.parse(&entry.name) {
                    groups
                        .entry((layout, prefix))
                        .or_default()
                        .insert(number, at);
                }
            }
        }
        if let Some(prefix) = &self.prefix {
            groups.retain(|(_, found), _| found == prefix);
        }
        if let Some(layout) = self.layout
            && groups.keys().all(|&(found, _)| found != layout)
        {
            // Keys say nothing, or something else: take the arrays as they come.
            let cores = entries.iter().enumerate();
            let cores = cores.filter(|(_, entry)| !entry.shape.is_empty());
            return counted(layout, cores.map(|(at, _)| at).collect())
                .map(|found| (layout, "", found));
        }
        groups.retain(|(layout, _), _| self.layout.is_none_or(|asked| asked == *layout));
        let mut groups = groups.into_iter();
        match (groups.next(), groups.next()) {
            (Some(((layout, prefix), cores)), None) => {
                let gap = (0..).zip(cores.keys()).find(|(number, key)| number != *key);
                if let Some((number, _)) = gap {
                    return Err(format!(
                        "core `{prefix}{}{number}` is missing",
                        layout.stem()
                    ));
                }
                counted(layout, cores.into_values().collect()).map(|found| (layout, prefix, found))
            }
            (Some(((one, a), _)), Some(((other, b), _))) => Err(format!(
                "both `{a}{}*` and `{b}{}*` are cores; choose with --prefix or --layout",
                one.stem(),
                other.stem()
            )),
            (None, _) => {
                let names: Vec<String> = entries
                    .iter()
                    .take(4)
                    .map(|e| format!("`{}`", e.name))
                    .collect();
                let names = match names.len() {
                    0 => "no array".to_owned(),
                    _ => names.join(", "),
                };
                Err(format!(
                    "keys are {names}{}; name cores `core_0`, `core_1`, ... or give --layout ({})",
                    if entries.len() > 4 { ", ..." } else { "" },
                    Layout::ALL.map(Layout::name).join(", ")
                ))
            }
        }
    }
}

fn counted(layout: Layout, found: Vec<usize>) -> Result<Vec<usize>, String> {
    match found.len() {
        2..=4 => Ok(found),
        count => Err(format!(
            "as {} it has {count} cores; 2 to 4 are supported",
            layout.name()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_every_layout() {
        for (layout, key, prefix) in [
            (Layout::Embertl, "core_2", ""),
            (Layout::Fbtt, "emb_l.3.tt_cores.2", "emb_l.3."),
            (Layout::T3nsor, "embed.parameters.2", "embed."),
            (Layout::Tltorch, "weight.factors.factor_2", "weight."),
            (Layout::Tensorly, "arr_2", ""),
            (Layout::Tednet, "fc.node2", "fc."),
        ] {
            for other in Layout::ALL {
                let expected = (other == layout).then_some((prefix, 2));
                assert_eq!(other.parse(key), expected, "{key} as {other:?}");
            }
        }
        for key in ["core_", "score_1", "core_1x", "rows", ""] {
            assert!(
                Layout::ALL.iter().all(|layout| layout.parse(key).is_none()),
                "{key}"
            );
        }
    }
}
