//! The pipelined adders and multipliers against Rust's arithmetic, at every pipeline depth.

mod common;

use std::collections::BTreeMap;
use std::time::Instant;

use blocks::pe::PeConfig;
use blocks::tt_core::TtCoreConfig;
use common::{named, parallel, sources};
use contract::SplitMix64;
use contract::{Dir, Port};
use cosim::{Cache, Dut, Effort, Options, Rtl, Verilated, verilate};
use models::num::{bf16_add, bf16_mul, bf16_to_f32, f32_add, f32_mul};

/// Operand pairs per format and operation.
const VECTORS: u64 = 1_000_000;
const NIGHTLY: u64 = 10_000_000;

/// Results that are remembered: more than the deepest pipeline holds.
const HISTORY: usize = 8;
/// Most operations on one format.
const OPERATIONS: usize = 3;

const EXPONENT_BITS: u32 = 8;
/// Mantissa bits of the finest result: a product of bf16 may be binary32.
const FINEST_BITS: u64 = 23;

/// A number format and the operations on it.
struct Format {
    name: &'static str,
    mantissa_bits: u32,
    operations: &'static [Operation],
}

/// A module, at all its pipeline depths, and what Rust makes of two encodings.
struct Operation {
    module: &'static str,
    output: &'static str,
    depths: &'static [usize],
    /// Made for formats of any size, which parameters give.
    generic: bool,
    result_bits: u32,
    rust: fn(u64, u64) -> u64,
}

const FORMATS: [Format; 2] = [
    Format {
        name: "fp32",
        mantissa_bits: 23,
        operations: &[
            adder(32, |a, b| f32_add(a as u32, b as u32).into()),
            multiplier(32, |a, b| f32_mul(a as u32, b as u32).into()),
        ],
    },
    Format {
        name: "bf16",
        mantissa_bits: 7,
        operations: &[
            adder(16, |a, b| bf16_add(a as u16, b as u16).into()),
            multiplier(16, |a, b| bf16_mul(a as u16, b as u16).into()),
            Operation {
                module: "bf16_mul",
                output: "product_o",
                depths: &[2, 3],
                generic: false,
                result_bits: 32,
                rust: |a, b| f32_mul(bf16_to_f32(a as u16), bf16_to_f32(b as u16)).into(),
            },
        ],
    },
];

const fn adder(result_bits: u32, rust: fn(u64, u64) -> u64) -> Operation {
    Operation {
        module: "fp_add",
        output: "sum_o",
        depths: &[2, 4, 6],
        generic: true,
        result_bits,
        rust,
    }
}

const fn multiplier(result_bits: u32, rust: fn(u64, u64) -> u64) -> Operation {
    Operation {
        module: "fp_mul",
        output: "product_o",
        depths: &[2, 3, 4, 5],
        generic: true,
        result_bits,
        rust,
    }
}

impl Format {
    /// Operation and depth of each unit.
    fn units(&self) -> impl Iterator<Item = (usize, &Operation, usize)> {
        let operations = self.operations.iter().enumerate();
        operations.flat_map(|(at, of)| of.depths.iter().map(move |depth| (at, of, *depth)))
    }
}

#[test]
fn units_agree_with_rust() {
    run(VECTORS);
}

#[test]
#[ignore = "ten times as many: part of `make nightly`"]
fn units_agree_with_rust_nightly() {
    run(NIGHTLY);
}

/// Plays all pairs of special values, then random ones, on all units of both formats.
fn run(vectors: u64) {
    let seed = seed();
    let lines = parallel(&FORMATS, |_, format| {
        let mut bench = Bench::new(format);
        let specials = specials(format);
        let started = Instant::now();
        for &a in &specials {
            for &b in &specials {
                bench.play(a, b);
            }
        }
        let mut random = Operands {
            format,
            rng: SplitMix64::new(seed),
        };
        while bench.played < vectors {
            let (a, b) = random.pair();
            bench.play(a, b);
        }
        (0..HISTORY).for_each(|_| bench.play(0, 0));
        let rate = bench.played as f64 / started.elapsed().as_secs_f64();
        let pairs = specials.len() * specials.len();
        format!(
            "{}: {} pairs ({pairs} of special values) on {} units, {rate:.0} pairs/s",
            format.name,
            bench.played,
            format.units().count()
        )
    });
    println!("{}\nseed {seed:#x}", lines.join("\n"));
}

/// `SEED` of the environment, or 1.
fn seed() -> u64 {
    std::env::var("SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

/// All units of a format side by side, fed with the same operands.
struct Bench<'a> {
    format: &'a Format,
    dut: Verilated,
    /// The last cycles, by cycle modulo [`HISTORY`].
    history: [Past; HISTORY],
    played: u64,
}

/// Operands, and the results of the operations on them.
#[derive(Clone, Copy, Default)]
struct Past {
    a: u64,
    b: u64,
    results: [u64; OPERATIONS],
}

impl<'a> Bench<'a> {
    fn new(format: &'a Format) -> Self {
        let width = 1 + EXPONENT_BITS + format.mantissa_bits;
        let mut ports = Port::clock_and_reset();
        ports.extend(["a_i", "b_i"].map(|name| Port::level(name, Dir::Input, width, "")));
        let mut header = String::new();
        let mut body = String::new();
        for (_, operation, stages) in format.units() {
            let Operation { module, output, .. } = operation;
            let name = format!("{module}{stages}_o");
            ports.push(Port::level(&name, Dir::Output, operation.result_bits, ""));
            header += &format!(",\n  output logic [{}:0] {name}", operation.result_bits - 1);
            let size = match operation.generic {
                true => format!(".ExpW({EXPONENT_BITS}), .ManW({}), ", format.mantissa_bits),
                false => String::new(),
            };
            body += &format!(
                "  {module} #({size}.Stages({stages})) \
                 u_{module}{stages} (\n    .clk_i, .a_i, .b_i, .{output}({name})\n  );\n"
            );
        }
        let bits = width - 1;
        let top = format!(
            "module units (\n  input logic clk_i,\n  input logic rst_ni,\n  \
             input logic [{bits}:0] a_i,\n  input logic [{bits}:0] b_i{header}\n);\n{body}endmodule\n"
        );
        let mut leaves: BTreeMap<_, _> = sources(&named::<PeConfig>("paper"))
            .into_iter()
            .chain(sources(&named::<TtCoreConfig>("paper")))
            .collect();
        leaves.retain(|name, _| LEAVES.contains(&name.as_str()));
        let files = leaves.into_iter().chain([("units.sv".to_owned(), top)]);
        let options = Options {
            effort: Effort::Full,
            trace: false,
        };
        let model = verilate(
            &Rtl::emitted("units", files),
            &ports,
            options,
            &Cache::from_env(),
        );
        let dut = model.expect("the units can be built").instance(1);
        Self {
            format,
            dut,
            history: [Past::default(); HISTORY],
            played: 0,
        }
    }

    /// One cycle: checks the results that are due, and feeds the next operands.
    fn play(&mut self, a: u64, b: u64) {
        let mut outputs = vec![0; self.format.units().count()];
        self.dut.drive(&[a, b]);
        self.dut.settle();
        self.dut.sample(&mut outputs);
        self.dut.clock();
        let cycle = self.played as usize;
        let now = &mut self.history[cycle % HISTORY];
        (now.a, now.b) = (a, b);
        for (result, operation) in now.results.iter_mut().zip(self.format.operations) {
            *result = (operation.rust)(a, b);
        }
        for ((at, operation, stages), rtl) in self.format.units().zip(outputs) {
            if cycle >= stages {
                let due = &self.history[(cycle - stages) % HISTORY];
                assert_eq!(
                    rtl, due.results[at],
                    "{} {} with {stages} stages of {:#x} and {:#x}: rtl {rtl:#x}, Rust {:#x}",
                    self.format.name, operation.module, due.a, due.b, due.results[at]
                );
            }
        }
        self.played += 1;
    }
}

/// Emitted files that the units are made of.
const LEAVES: [&str; 6] = [
    "bf16_mul.sv",
    "carry_save_tree.sv",
    "leading_zeros.sv",
    "pipe_cut.sv",
    "fp_add.sv",
    "fp_mul.sv",
];

/// Both signs of: zero, subnormals, the ends of the normal range, numbers around one, infinity and
/// NaNs, each with mantissas at the corners.
fn specials(format: &Format) -> Vec<u64> {
    let bits = format.mantissa_bits;
    let ones = (1 << bits) - 1;
    let exponents = [0, 1, 2, 126, 127, 128, 127 + u64::from(bits), 253, 254, 255];
    let mantissas = [
        0,
        1,
        2,
        3,
        1 << (bits - 1),
        (1 << (bits - 1)) + 1,
        ones >> 1,
        ones - 1,
        ones,
    ];
    let magnitudes = exponents.iter().flat_map(|exponent| {
        mantissas
            .iter()
            .map(move |mantissa| exponent << bits | mantissa)
    });
    let sign = 1 << (bits + EXPONENT_BITS);
    magnitudes
        .flat_map(|magnitude| [magnitude, magnitude | sign])
        .collect()
}

/// Random operands, most of them close to some corner.
struct Operands<'a> {
    format: &'a Format,
    rng: SplitMix64,
}

impl Operands<'_> {
    fn pair(&mut self) -> (u64, u64) {
        let bits = u64::from(self.format.mantissa_bits);
        let first = self.exponent();
        // Of the results that corners are looked for in.
        let fine = if self.rng.below(2) == 0 {
            bits
        } else {
            FINEST_BITS
        };
        let second = match self.rng.below(6) {
            // Alignment by up to a few places more than there are.
            0 | 1 => first as i64 + self.rng.below(2 * bits + 8) as i64 - bits as i64 - 4,
            // Products around the smallest subnormal, the smallest normal and the largest number.
            2 => 127 - fine as i64 - first as i64 + self.rng.below(8) as i64 - 4,
            3 => 127 - first as i64 + self.rng.below(fine + 6) as i64 - fine as i64,
            4 => 127 + 254 - first as i64 + self.rng.below(6) as i64 - 3,
            _ => self.exponent() as i64,
        };
        let (a, mut b) = (self.number(first), self.number(second.clamp(0, 255) as u64));
        if self.rng.below(16) == 0 {
            // Nearly equal magnitudes.
            b = a ^ self.rng.below(4) ^ (self.rng.below(2) << (bits + 8));
        }
        if self.rng.below(2) == 0 {
            (a, b)
        } else {
            (b, a)
        }
    }

    fn exponent(&mut self) -> u64 {
        match self.rng.below(8) {
            0 => 0,
            1 => self.rng.below(3),
            2 => 255 - self.rng.below(3),
            _ => self.rng.below(256),
        }
    }

    fn number(&mut self, exponent: u64) -> u64 {
        let bits = self.format.mantissa_bits;
        let ones = (1 << bits) - 1;
        let random = self.rng.next_u64();
        let at = self.rng.below(u64::from(bits));
        let mantissa = match self.rng.below(8) {
            0 => 0,
            1 => ones,
            2 => 1 << at,
            3 => ones ^ 1 << at,
            // A run of zeros at the low end: ties.
            4 => random << at & ones,
            _ => random & ones,
        };
        (random >> 63) << (bits + EXPONENT_BITS) | exponent << bits | mantissa
    }
}
