//! Many tree sums at once: independent elements in the lanes, the tree in time.

/// Elements computed together.
pub(super) const LANES: usize = 16;
/// Levels of the tree above blocks of eight: ranks go up to 4096.
const LEVELS: usize = 10;

type Lanes<const L: usize> = [f32; L];

#[inline(always)]
fn add<const L: usize>(a: Lanes<L>, b: Lanes<L>) -> Lanes<L> {
    std::array::from_fn(|lane| a[lane] + b[lane])
}

/// Products of one scalar with the vector that begins at `vectors[at]`.
#[inline(always)]
fn one<const L: usize>(scalar: f32, vectors: &[f32], at: usize) -> Lanes<L> {
    let vector = &vectors[at..at + L];
    std::array::from_fn(|lane| scalar * vector[lane])
}

#[inline(always)]
fn two<const L: usize>(s: &[f32], v: &[f32], at: usize, step: usize) -> Lanes<L> {
    add(one(s[0], v, at), one(s[1], v, at + step))
}

#[inline(always)]
fn four<const L: usize>(s: &[f32], v: &[f32], at: usize, step: usize) -> Lanes<L> {
    add(two(s, v, at, step), two(&s[2..], v, at + 2 * step, step))
}

#[inline(always)]
fn eight<const L: usize>(s: &[f32], v: &[f32], at: usize, step: usize) -> Lanes<L> {
    add(four(s, v, at, step), four(&s[4..], v, at + 4 * step, step))
}

/// `L` tree sums of `scalars[k] * vectors[at + k * step + lane]`.
///
/// The tree over n terms splits them at the largest power of two below n, and so on. Blocks of
/// eight come one after the other; a block completes as many subtrees as its number has trailing
/// ones, like a carry. What is left at the end is added from the right.
#[inline(always)]
pub(super) fn sums<const L: usize>(
    scalars: &[f32],
    vectors: &[f32],
    at: usize,
    step: usize,
) -> Lanes<L> {
    match scalars.len() {
        4 => return four(scalars, vectors, at, step),
        8 => return eight(scalars, vectors, at, step),
        16 => {
            let right = eight(&scalars[8..16], vectors, at + 8 * step, step);
            return add(eight(scalars, vectors, at, step), right);
        }
        _ => {}
    }
    let mut complete = [[0.0; L]; LEVELS];
    let blocks = scalars.chunks_exact(8);
    let odd = blocks.remainder();
    let count = scalars.len() / 8;
    for (block, scalars) in blocks.enumerate() {
        let mut sum = eight(scalars, vectors, at + 8 * block * step, step);
        let level = block.trailing_ones() as usize;
        for left in &complete[..level] {
            sum = add(*left, sum);
        }
        complete[level] = sum;
    }
    // Parts of 4, 2 and 1 terms, then the complete subtrees, smallest first.
    let mut right: Option<Lanes<L>> = None;
    let mut join = |left: Lanes<L>| {
        right = Some(match right {
            Some(right) => add(left, right),
            None => left,
        });
    };
    let from = |term: usize| at + (8 * count + term) * step;
    let len = odd.len();
    if len & 1 == 1 {
        join(one(odd[len - 1], vectors, from(len - 1)));
    }
    if len & 2 == 2 {
        let start = len & 4;
        join(two(&odd[start..], vectors, from(start), step));
    }
    if len & 4 == 4 {
        join(four(odd, vectors, from(0), step));
    }
    for (level, sum) in complete.iter().enumerate() {
        if count >> level & 1 == 1 {
            join(*sum);
        }
    }
    right.unwrap_or([0.0; L])
}
