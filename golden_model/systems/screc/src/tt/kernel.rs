//! Many tree sums at once: independent elements in the lanes, the tree in time.
//!
//! Vector types and their safe use come from crate `pulp`, which finds out at run time what the
//! processor has. Additions and multiplications are IEEE-754 binary32 in each lane, never fused.

use pulp::Simd;

/// Levels of the tree above blocks of eight: ranks go up to 4096.
const LEVELS: usize = 10;

/// Neighbouring elements of a product, one or several vectors of them.
trait Chunk<S: Simd>: Copy {
    /// `scalar` times the elements of `vector`, which has the chunk's length.
    fn product(simd: S, scalar: f32, vector: &[f32]) -> Self;
    fn add(self, simd: S, other: Self) -> Self;
    fn store(self, simd: S, into: &mut [f32]);
}

/// Part of a vector.
#[derive(Clone, Copy)]
struct Part<S: Simd>(S::f32s);

/// Two whole vectors: enough independent work, and few enough registers.
#[derive(Clone, Copy)]
struct Pair<S: Simd>(S::f32s, S::f32s);

impl<S: Simd> Chunk<S> for Part<S> {
    #[inline(always)]
    fn product(simd: S, scalar: f32, vector: &[f32]) -> Self {
        let vector = simd.partial_load_f32s(vector);
        Self(simd.mul_f32s(simd.splat_f32s(scalar), vector))
    }

    #[inline(always)]
    fn add(self, simd: S, other: Self) -> Self {
        Self(simd.add_f32s(self.0, other.0))
    }

    #[inline(always)]
    fn store(self, simd: S, into: &mut [f32]) {
        simd.partial_store_f32s(into, self.0);
    }
}

impl<S: Simd> Chunk<S> for Pair<S> {
    #[inline(always)]
    fn product(simd: S, scalar: f32, vector: &[f32]) -> Self {
        let scalar = simd.splat_f32s(scalar);
        let (vectors, _) = S::as_simd_f32s(vector);
        Self(
            simd.mul_f32s(scalar, vectors[0]),
            simd.mul_f32s(scalar, vectors[1]),
        )
    }

    #[inline(always)]
    fn add(self, simd: S, other: Self) -> Self {
        Self(
            simd.add_f32s(self.0, other.0),
            simd.add_f32s(self.1, other.1),
        )
    }

    #[inline(always)]
    fn store(self, _: S, into: &mut [f32]) {
        let (vectors, _) = S::as_mut_simd_f32s(into);
        vectors[0] = self.0;
        vectors[1] = self.1;
    }
}

/// Neighbouring columns of a row-major matrix.
#[derive(Clone, Copy)]
struct Columns<'a> {
    matrix: &'a [f32],
    width: usize,
    at: usize,
    len: usize,
}

impl<'a> Columns<'a> {
    /// Those from row `row` on.
    #[inline(always)]
    fn below(self, row: usize) -> Self {
        Self {
            matrix: &self.matrix[row * self.width..],
            ..self
        }
    }

    #[inline(always)]
    fn row(self, row: usize) -> &'a [f32] {
        &self.matrix[row * self.width + self.at..][..self.len]
    }
}

#[inline(always)]
fn two<S: Simd, C: Chunk<S>>(simd: S, s: &[f32], v: Columns) -> C {
    let right = C::product(simd, s[1], v.row(1));
    C::product(simd, s[0], v.row(0)).add(simd, right)
}

#[inline(always)]
fn four<S: Simd, C: Chunk<S>>(simd: S, s: &[f32], v: Columns) -> C {
    let right = two::<S, C>(simd, &s[2..], v.below(2));
    two::<S, C>(simd, s, v).add(simd, right)
}

#[inline(always)]
fn eight<S: Simd, C: Chunk<S>>(simd: S, s: &[f32], v: Columns) -> C {
    let right = four::<S, C>(simd, &s[4..], v.below(4));
    four::<S, C>(simd, s, v).add(simd, right)
}

#[inline(always)]
fn sixteen<S: Simd, C: Chunk<S>>(simd: S, s: &[f32], v: Columns) -> C {
    let right = eight::<S, C>(simd, &s[8..], v.below(8));
    eight::<S, C>(simd, s, v).add(simd, right)
}

/// Tree sums over rows k of `scalars[k]` times row k of `v`.
///
/// The tree over n terms splits them at the largest power of two below n, and so on. Blocks of
/// eight come one after the other; a block completes as many subtrees as its number has trailing
/// ones, like a carry. What is left at the end is added from the right.
#[inline(always)]
fn tree<S: Simd, C: Chunk<S>>(simd: S, scalars: &[f32], v: Columns) -> C {
    match scalars.len() {
        1 => return C::product(simd, scalars[0], v.row(0)),
        2 => return two::<S, C>(simd, scalars, v),
        4 => return four::<S, C>(simd, scalars, v),
        8 => return eight::<S, C>(simd, scalars, v),
        16 => return sixteen::<S, C>(simd, scalars, v),
        _ => {}
    }
    let mut complete: [Option<C>; LEVELS] = [None; LEVELS];
    let blocks = scalars.chunks_exact(8);
    let odd = blocks.remainder();
    let done = scalars.len() - odd.len();
    for (block, scalars) in blocks.enumerate() {
        let mut sum = eight::<S, C>(simd, scalars, v.below(8 * block));
        let mut level = 0;
        while let Some(left) = complete[level].take() {
            sum = left.add(simd, sum);
            level += 1;
        }
        complete[level] = Some(sum);
    }
    // Parts of 1, 2 and 4 terms from the end, then the complete subtrees, smallest first.
    let len = odd.len();
    let one = (len & 1 == 1).then(|| C::product(simd, odd[len - 1], v.row(done + len - 1)));
    let start = len & 4;
    let pair = (len & 2 == 2).then(|| two::<S, C>(simd, &odd[start..], v.below(done + start)));
    let quad = (len & 4 == 4).then(|| four::<S, C>(simd, odd, v.below(done)));
    let parts = [one, pair, quad].into_iter().chain(complete).flatten();
    let mut sum = None;
    for left in parts {
        sum = Some(match sum {
            Some(right) => left.add(simd, right),
            None => left,
        });
    }
    // Ranks are at least 1, so there is a term.
    sum.unwrap_or_else(|| C::product(simd, 0.0, v.row(0)))
}

/// `into = left x right`, all row-major, `right` of `width` columns; sums over the `rank` columns of
/// `left` by the tree.
#[inline(always)]
pub(super) fn product<S: Simd>(
    simd: S,
    left: &[f32],
    right: &[f32],
    rank: usize,
    width: usize,
    into: &mut [f32],
) {
    let pair = 2 * S::F32_LANES;
    for (scalars, into) in left.chunks_exact(rank).zip(into.chunks_exact_mut(width)) {
        let mut v = Columns {
            matrix: right,
            width,
            at: 0,
            len: pair,
        };
        while v.at + pair <= width {
            tree::<S, Pair<S>>(simd, scalars, v).store(simd, &mut into[v.at..v.at + pair]);
            v.at += pair;
        }
        while v.at < width {
            v.len = S::F32_LANES.min(width - v.at);
            tree::<S, Part<S>>(simd, scalars, v).store(simd, &mut into[v.at..v.at + v.len]);
            v.at += v.len;
        }
    }
}
