//! The tiles as they are built: cycles and picojoules of an activation by its active rows.

use blocks::adc_switch::AdcSwitchConfig;
use models::tile::TileModel;
use serde::Serialize;
use tech::crossbar;

use crate::model::energy::conversion_pj;
use crate::params::{ELEMENT_SUM_BITS, TILES_A_BANK};

/// Tiles of one configuration for rows of `dim` elements.
#[derive(Clone, Debug)]
pub struct Machine {
    pub config: AdcSwitchConfig,
    pub tile: TileModel,
    /// Elements of a row.
    pub dim: u32,
}

/// Energy by its source, in pJ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Energy {
    pub adc: f64,
    pub drivers: f64,
    pub cells: f64,
    pub shift_add: f64,
    /// Bitmaps to the tiles.
    pub bitmap: f64,
    /// Vectors over the bus of a bank.
    pub bus: f64,
    pub router: f64,
    pub merge: f64,
    /// Results to eDRAM.
    pub result: f64,
    /// Reads of hot rows and of buffered patterns.
    pub buffers: f64,
    /// Leakage, by `--idle-mw`.
    pub idle: f64,
    /// A host's memory.
    pub memory: f64,
}

impl Energy {
    /// Of everything.
    pub fn sum(&self) -> f64 {
        self.parts().iter().map(|(_, pj)| pj).sum()
    }

    /// What is moved rather than computed: bitmaps, vectors and results.
    pub fn movement(&self) -> f64 {
        self.bitmap + self.bus + self.router + self.result
    }

    /// By name.
    pub fn parts(&self) -> [(&'static str, f64); 12] {
        [
            ("adc", self.adc),
            ("drivers", self.drivers),
            ("cells", self.cells),
            ("shift_add", self.shift_add),
            ("bitmap", self.bitmap),
            ("bus", self.bus),
            ("router", self.router),
            ("merge", self.merge),
            ("result", self.result),
            ("buffers", self.buffers),
            ("idle", self.idle),
            ("memory", self.memory),
        ]
    }

    /// Adds `times` as much as the other.
    pub fn add(&mut self, other: &Self, times: f64) {
        self.adc += times * other.adc;
        self.drivers += times * other.drivers;
        self.cells += times * other.cells;
        self.shift_add += times * other.shift_add;
        self.bitmap += times * other.bitmap;
        self.bus += times * other.bus;
        self.router += times * other.router;
        self.merge += times * other.merge;
        self.result += times * other.result;
        self.buffers += times * other.buffers;
        self.idle += times * other.idle;
        self.memory += times * other.memory;
    }
}

impl Machine {
    /// Tiles of a valid configuration.
    pub fn new(config: &AdcSwitchConfig, dim: u32) -> Self {
        Self {
            tile: TileModel::new(config),
            config: config.clone(),
            dim,
        }
    }

    /// The same with ADCs that always convert at full resolution.
    pub fn fixed(&self) -> Self {
        let config = AdcSwitchConfig {
            switching: false,
            ..self.config.clone()
        };
        Self::new(&config, self.dim)
    }

    /// Word lines of a tile.
    pub fn lines(&self) -> u32 {
        self.tile.rows()
    }

    /// Tiles side by side that hold a row.
    pub fn side_by_side(&self) -> u32 {
        self.dim.div_ceil(self.config.elements()).max(1)
    }

    /// Nanoseconds of cycles.
    pub fn ns(&self, cycles: f64) -> f64 {
        cycles * f64::from(self.config.clock_ps) / 1000.0
    }

    /// Bits of a vector of sums.
    pub fn vector_bits(&self) -> u32 {
        ELEMENT_SUM_BITS * self.dim
    }

    /// Cycles of activations with 0 to all active rows.
    pub fn cycles(&self) -> Vec<u64> {
        (0..=self.lines())
            .map(|rows| self.tile.cycles(rows))
            .collect()
    }

    /// Energy of an activation of `rows` rows on the tile alone, its vector not yet sent. Columns beyond a row's
    /// elements are not converted.
    pub fn activation(&self, rows: u32) -> Energy {
        let columns = self.dim * self.config.digits();
        let array_ns = self.ns(f64::from(self.config.array_latency));
        let beside = f64::from(self.side_by_side());
        let mut energy = Energy {
            bitmap: beside * crossbar::bus_pj(self.lines()),
            bus: crossbar::bus_pj(self.vector_bits()),
            ..Energy::default()
        };
        for part in self.tile.accesses(rows) {
            let bits = self.tile.resolution(part);
            energy.adc += f64::from(columns) * conversion_pj(self.config.adc, bits);
            energy.drivers += beside * crossbar::drive_pj(part);
            energy.cells += crossbar::cells_pj(part, columns, array_ns);
            energy.shift_add += crossbar::shift_add_pj(columns);
        }
        energy
    }

    /// Energy of a vector that goes through the router and is added to its query's sum.
    pub fn flit(&self) -> Energy {
        Energy {
            router: crossbar::router_pj(self.vector_bits()),
            merge: crossbar::merge_pj(self.dim),
            ..Energy::default()
        }
    }

    /// Energy of a query's result.
    pub fn result(&self) -> Energy {
        Energy {
            result: crossbar::edram_pj(self.vector_bits()),
            ..Energy::default()
        }
    }

    /// Banks that so many tiles are in.
    pub fn banks(tiles: u64) -> u64 {
        tiles.div_ceil(u64::from(TILES_A_BANK)).max(1)
    }
}
