//! Tables of 16-bit elements in memory, with 2 MB pages where the system grants them.

use contract::SplitMix64;
use memmap2::{MmapMut, MmapOptions};
use serde::Serialize;

use crate::workload::Table;

/// Which pages tables are asked to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pages {
    /// What the system gives unasked: 4 KB, unless it always gives 2 MB.
    Plain,
    /// 2 MB, as advice.
    Huge,
}

/// Tables in memory.
#[derive(Debug)]
pub struct Tables {
    maps: Vec<MmapMut>,
    dims: Vec<usize>,
}

impl Tables {
    /// Fills tables with small whole numbers from a seed; sums of them are exact.
    ///
    /// # Errors
    /// If memory is not to be had.
    pub fn new(tables: &[Table], pages: Pages, seed: u64) -> Result<Self, String> {
        let mut maps = Vec::new();
        for (index, table) in tables.iter().enumerate() {
            let elements = table.rows as usize * table.dim as usize;
            let map = MmapOptions::new().len(elements * 2).map_anon();
            let failed =
                |error| format!("table {index}: {} bytes of memory: {error}", elements * 2);
            let mut map = map.map_err(failed)?;
            #[cfg(target_os = "linux")]
            if pages == Pages::Huge {
                // Advice: what is not granted is seen in what is reported.
                let _ = map.advise(memmap2::Advice::HugePage);
            }
            let mut rng = SplitMix64::new(seed ^ index as u64);
            for words in bytemuck::cast_slice_mut::<u8, i16>(&mut map).chunks_mut(4) {
                let bits = rng.next_u64();
                for (at, word) in words.iter_mut().enumerate() {
                    *word = i16::from((bits >> (16 * at)) as i8);
                }
            }
            maps.push(map);
        }
        let dims = tables.iter().map(|table| table.dim as usize).collect();
        Ok(Self { maps, dims })
    }

    /// Elements of a table, row by row.
    pub fn elements(&self, table: usize) -> &[i16] {
        bytemuck::cast_slice(&self.maps[table])
    }

    /// Elements of a row.
    pub fn dim(&self, table: usize) -> usize {
        self.dims[table]
    }
}

/// Part of this process's memory in 2 MB pages; none where the system does not say.
pub fn huge_share() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let field = |name: &str| -> Option<f64> {
        let line = text.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some(field("AnonHugePages:")? / field("Rss:")?.max(1.0))
}

/// Bytes of memory that are free; none where the system does not say.
pub fn free_bytes() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find(|line| line.starts_with("MemAvailable:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0)
}

/// Processes that run or wait to, over the last minute.
pub fn load() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
