//! Grouping over a graph of co-occurrence: the paper's idea by the recipe that we take for it
//! (GRACE, ASPLOS'23, is its analogue; ReCross gives none).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::lists::{Lists, Training};
use super::tiles::{Assignment, Room};

/// Neighbours kept of a row.
const NEIGHBOURS: usize = 64;
/// Least number of common queries.
const LEAST: u32 = 2;

/// Groups of rows that occur together, packed first-fit by falling size, the other rows that occur by falling
/// count behind them.
pub fn group(training: &Training, room: Room) -> Assignment {
    let (neighbours, weights) = graph(training);
    let mut fragments = fragments(training, room.capacity as usize, &neighbours, &weights);
    // Stable: the hotter fragment first.
    fragments.sort_by_key(|fragment| Reverse(fragment.len()));
    let mut assignment = Assignment::empty(training.rows(), room);
    let mut used = vec![0; room.tiles as usize];
    for fragment in fragments.iter().filter(|fragment| fragment.len() > 1) {
        let fits = |used: &u32| used + fragment.len() as u32 <= room.capacity;
        if let Some(tile) = used.iter().position(fits) {
            used[tile] += fragment.len() as u32;
            for &row in fragment {
                assignment.tile[row as usize] = tile as u32;
            }
        }
    }
    assignment.fill(training.by_count.iter().copied());
    assignment
}

/// The heaviest neighbours of each row, and their weights.
fn graph(training: &Training) -> (Lists, Lists) {
    let rows = training.rows();
    let (mut neighbours, mut weights) = (Lists::default(), Lists::default());
    let mut common = vec![0_u32; rows];
    let mut found: Vec<u32> = Vec::new();
    for row in 0..rows as u32 {
        for &query in training.of_row.get(row) {
            for &other in training.queries.get(query) {
                if other != row {
                    if common[other as usize] == 0 {
                        found.push(other);
                    }
                    common[other as usize] += 1;
                }
            }
        }
        let mut edges: Vec<(u32, u32)> = Vec::new();
        for other in found.drain(..) {
            let weight = std::mem::take(&mut common[other as usize]);
            if weight >= LEAST {
                edges.push((weight, other));
            }
        }
        edges.sort_unstable_by_key(|&(weight, other)| (Reverse(weight), other));
        edges.truncate(NEIGHBOURS);
        neighbours.push(edges.iter().map(|&(_, other)| other));
        weights.push(edges.iter().map(|&(weight, _)| weight));
    }
    (neighbours, weights)
}

/// Groups of at most `most` rows, in the order in which they are opened.
fn fragments(
    training: &Training,
    most: usize,
    neighbours: &Lists,
    weights: &Lists,
) -> Vec<Vec<u32>> {
    let mut taken = vec![false; training.rows()];
    // Sum of weights to the open group, and the group (plus 1) that it is about.
    let mut sums = vec![(0_u32, 0_u32); training.rows()];
    let mut fragments = Vec::new();
    let mut number = 0;
    for &seed in &training.by_count {
        if taken[seed as usize] {
            continue;
        }
        number += 1;
        let mut heap = BinaryHeap::new();
        let (mut fragment, mut next) = (Vec::new(), Some(seed));
        while let Some(row) = next {
            taken[row as usize] = true;
            fragment.push(row);
            if fragment.len() == most {
                break;
            }
            let edges = neighbours.get(row).iter().zip(weights.get(row));
            for (&other, &weight) in edges.filter(|&(&other, _)| !taken[other as usize]) {
                let sum = &mut sums[other as usize];
                *sum = match *sum {
                    (sum, of) if of == number => (sum + weight, number),
                    _ => (weight, number),
                };
                heap.push((sum.0, training.count(other), Reverse(other)));
            }
            next = None;
            while let Some((sum, _, Reverse(other))) = heap.pop() {
                if !taken[other as usize] && sums[other as usize] == (sum, number) {
                    next = Some(other);
                    break;
                }
            }
        }
        fragments.push(fragment);
    }
    fragments
}
