//! A set-associative cache of lines with LRU replacement and write-back.

/// Memory traffic of an access.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The line was not there.
    pub miss: bool,
    /// A dirty line that had to leave.
    pub written_back: Option<u64>,
}

/// A cache, empty at first.
#[derive(Clone, Debug)]
pub struct Cache {
    sets: Vec<Vec<Line>>,
    ways: usize,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    number: u64,
    dirty: bool,
}

impl Cache {
    /// A cache of `bytes`, in lines of 64 bytes, of as many sets as that gives.
    pub fn new(bytes: u64, ways: usize) -> Self {
        let sets = (bytes / 64 / ways as u64).max(1) as usize;
        Self {
            sets: vec![Vec::with_capacity(ways); sets],
            ways,
        }
    }

    /// Reads or writes the line with this number. A write needs nothing of what the line held before.
    pub fn access(&mut self, number: u64, write: bool) -> Access {
        let sets = self.sets.len() as u64;
        let set = &mut self.sets[(number % sets) as usize];
        // Most recent last.
        if let Some(place) = set.iter().position(|line| line.number == number) {
            let mut line = set.remove(place);
            line.dirty |= write;
            set.push(line);
            return Access::default();
        }
        let victim = (set.len() == self.ways).then(|| set.remove(0));
        set.push(Line {
            number,
            dirty: write,
        });
        Access {
            miss: true,
            written_back: victim.filter(|line| line.dirty).map(|line| line.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_line_leaves_and_dirty_ones_are_written() {
        let mut cache = Cache::new(128, 2);
        assert!(cache.access(1, true).miss);
        assert!(cache.access(2, false).miss);
        assert!(!cache.access(1, false).miss);
        let third = cache.access(3, false);
        assert_eq!(third.written_back, None, "line 2 was clean");
        let fourth = cache.access(4, false);
        assert_eq!(fourth.written_back, Some(1));
    }
}
