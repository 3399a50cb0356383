//! The pipelined adders and multipliers against Rust's arithmetic, at every pipeline depth.

mod common;

use std::time::Instant;

use common::{named, parallel, sources};
use cosim::{Cache, Dut, Effort, Options, Rtl, Verilated, verilate};
use golden_model::num::{bf16_add, bf16_mul, f32_add, f32_mul};
use golden_model::trace::SplitMix64;
use hdl_gen::{Dir, Port};

/// Operand pairs per format and operation.
const VECTORS: u64 = 1_000_000;
const NIGHTLY: u64 = 10_000_000;

/// Legal pipeline depths of the adder and of the multiplier.
const ADDERS: [usize; 3] = [2, 4, 6];
const MULTIPLIERS: [usize; 4] = [2, 3, 4, 5];
const UNITS: usize = ADDERS.len() + MULTIPLIERS.len();
/// Results that are remembered: more than the deepest pipeline holds.
const HISTORY: usize = 8;

const EXPONENT_BITS: u32 = 8;

/// A number format and what Rust makes of two of its encodings.
struct Format {
    name: &'static str,
    mantissa_bits: u32,
    add: fn(u64, u64) -> u64,
    mul: fn(u64, u64) -> u64,
}

const FORMATS: [Format; 2] = [
    Format {
        name: "fp32",
        mantissa_bits: 23,
        add: |a, b| f32_add(a as u32, b as u32).into(),
        mul: |a, b| f32_mul(a as u32, b as u32).into(),
    },
    Format {
        name: "bf16",
        mantissa_bits: 7,
        add: |a, b| bf16_add(a as u16, b as u16).into(),
        mul: |a, b| bf16_mul(a as u16, b as u16).into(),
    },
];

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
            "{}: {} pairs ({pairs} of special values) on {UNITS} units, {rate:.0} pairs/s",
            format.name, bench.played
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
    /// Operands, sum and product of the last cycles, by cycle modulo [`HISTORY`].
    history: [[u64; 4]; HISTORY],
    played: u64,
}

impl<'a> Bench<'a> {
    fn new(format: &'a Format) -> Self {
        let width = 1 + EXPONENT_BITS + format.mantissa_bits;
        let mut ports = Port::clock_and_reset();
        ports.extend(["a_i", "b_i"].map(|name| Port::level(name, Dir::Input, width, "")));
        let mut header = String::new();
        let mut body = String::new();
        let kinds = [
            ("fp_add", "sum_o", &ADDERS[..]),
            ("fp_mul", "product_o", &MULTIPLIERS[..]),
        ];
        for (module, output, depths) in kinds {
            for stages in depths {
                let name = format!("{module}{stages}_o");
                ports.push(Port::level(&name, Dir::Output, width, ""));
                header += &format!(",\n  output logic [{}:0] {name}", width - 1);
                body += &format!(
                    "  {module} #(.ExpW({EXPONENT_BITS}), .ManW({}), .Stages({stages})) \
                     u_{module}{stages} (\n    .clk_i, .a_i, .b_i, .{output}({name})\n  );\n",
                    format.mantissa_bits
                );
            }
        }
        let bits = width - 1;
        let top = format!(
            "module units (\n  input logic clk_i,\n  input logic rst_ni,\n  \
             input logic [{bits}:0] a_i,\n  input logic [{bits}:0] b_i{header}\n);\n{body}endmodule\n"
        );
        let leaves = sources(&named::<hdl_gen::pe::PeConfig>("paper"))
            .into_iter()
            .filter(|(name, _)| LEAVES.contains(&name.as_str()));
        let files = leaves.chain([("units.sv".to_owned(), top)]);
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
            history: [[0; 4]; HISTORY],
            played: 0,
        }
    }

    /// One cycle: checks the results that are due, and feeds the next operands.
    fn play(&mut self, a: u64, b: u64) {
        let mut outputs = [0; UNITS];
        self.dut.drive(&[a, b]);
        self.dut.settle();
        self.dut.sample(&mut outputs);
        self.dut.clock();
        let cycle = self.played as usize;
        self.history[cycle % HISTORY] = [a, b, (self.format.add)(a, b), (self.format.mul)(a, b)];
        let depths = ADDERS
            .iter()
            .zip([2; 3])
            .chain(MULTIPLIERS.iter().zip([3; 4]));
        for ((&stages, operation), rtl) in depths.zip(outputs) {
            if cycle >= stages {
                let due = &self.history[(cycle - stages) % HISTORY];
                let name = if operation == 2 { "add" } else { "mul" };
                assert_eq!(
                    rtl, due[operation],
                    "{} {name} with {stages} stages of {:#x} and {:#x}: rtl {rtl:#x}, Rust {:#x}",
                    self.format.name, due[0], due[1], due[operation]
                );
            }
        }
        self.played += 1;
    }
}

/// Emitted files that the units are made of.
const LEAVES: [&str; 5] = [
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
        let second = match self.rng.below(6) {
            // Alignment by up to a few places more than there are.
            0 | 1 => first as i64 + self.rng.below(2 * bits + 8) as i64 - bits as i64 - 4,
            // Products around the smallest subnormal, the smallest normal and the largest number.
            2 => 127 - bits as i64 - first as i64 + self.rng.below(8) as i64 - 4,
            3 => 127 - first as i64 + self.rng.below(bits + 6) as i64 - bits as i64,
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
