//! Group registers: who moved from where to where in the current visit.

/// One group register of the ring: queries moving from slot `p` to slot `d`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Group {
    /// Belongs to the visit in stage C.
    pub cur: bool,
    pub p: u32,
    pub d: u32,
    /// Queries still in `p`.
    pub refp: u32,
    /// Unfinished queries in `d`.
    pub cnt: u32,
    /// No slot was left: `d` means nothing.
    pub poison: bool,
}

/// The register of queries that had no slot yet.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NoneGroup {
    pub valid: bool,
    pub cur: bool,
    pub d: u32,
    pub cnt: u32,
    pub poison: bool,
}

/// Most entries that the ring can be configured with.
const MAX_ENTRIES: usize = 16;

/// The ring and the none register.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    pub none: NoneGroup,
    entries: [Group; MAX_ENTRIES],
    /// Valid entries, bit = physical entry.
    valid: u32,
    size: usize,
    head: usize,
    tail: usize,
}

/// Physical numbers of the entries in `mask`, lowest first.
#[inline]
fn bits(mut mask: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (bit < 32).then_some(bit)
    })
}

impl Groups {
    pub fn new(size: usize) -> Self {
        assert!(
            (1..=MAX_ENTRIES).contains(&size),
            "group registers: 1 to {MAX_ENTRIES}"
        );
        Self {
            none: NoneGroup::default(),
            entries: [Group::default(); MAX_ENTRIES],
            valid: 0,
            size,
            head: 0,
            tail: 0,
        }
    }

    pub fn reset(&mut self) {
        *self = Self::new(self.size);
    }

    /// Numbers of the valid entries in physical order.
    #[inline]
    pub fn numbers(&self) -> impl Iterator<Item = usize> + use<> {
        bits(self.valid)
    }

    #[inline]
    pub fn entry(&self, number: usize) -> &Group {
        &self.entries[number % MAX_ENTRIES]
    }

    #[inline]
    pub fn entry_mut(&mut self, number: usize) -> &mut Group {
        &mut self.entries[number % MAX_ENTRIES]
    }

    #[inline]
    pub fn ring_empty(&self) -> bool {
        self.valid == 0
    }

    /// Room for one entry at most.
    #[inline]
    pub fn ring_tight(&self) -> bool {
        self.valid.count_ones() as usize + 1 >= self.size
    }

    #[inline]
    pub fn ring_full(&self) -> bool {
        self.valid.count_ones() as usize == self.size
    }

    #[inline]
    pub fn idle(&self) -> bool {
        self.valid == 0 && !self.none.valid
    }

    /// The none register waits for its flush.
    #[inline]
    pub fn none_left(&self) -> bool {
        self.none.valid && !self.none.cur
    }

    /// The oldest valid entry of the ring.
    #[inline]
    pub fn head(&self) -> Option<&Group> {
        (self.valid != 0).then(|| self.entry(self.head))
    }

    #[inline]
    pub fn remove_head(&mut self) {
        self.valid &= !(1 << self.head);
        self.head = self.after(self.head);
    }

    /// Inserts at the tail; the ring must have room.
    #[inline]
    pub fn insert(&mut self, group: Group) {
        debug_assert!(!self.ring_full());
        *self.entry_mut(self.tail) = group;
        self.valid |= 1 << self.tail;
        self.tail = self.after(self.tail);
    }

    #[inline]
    fn after(&self, number: usize) -> usize {
        if number + 1 == self.size {
            0
        } else {
            number + 1
        }
    }

    /// The visit is over: no register belongs to the visit in stage C any more.
    #[inline]
    pub fn end_visit(&mut self) {
        self.none.cur = false;
        for entry in &mut self.entries[..self.size] {
            entry.cur = false;
        }
    }

    /// Some valid entry of the ring moves queries out of `slot`.
    #[inline]
    pub fn leaves(&self, slot: u32) -> bool {
        self.numbers().any(|i| self.entry(i).p == slot)
    }

    /// Some valid register that is not poison moves queries into `slot`.
    #[inline]
    pub fn enters(&self, slot: u32) -> bool {
        let none = &self.none;
        none.valid && !none.poison && none.d == slot
            || self.numbers().any(|i| {
                let entry = self.entry(i);
                entry.d == slot && !entry.poison
            })
    }
}
