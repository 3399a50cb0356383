//! The device by hand, and its statistics.

use super::*;
use contract::{BlockConfig, PortLayout};

fn tiny() -> AdcSwitchConfig {
    AdcSwitchConfig::named().remove(2).1
}

/// A device and a frame of pins.
struct Bench {
    device: Crossbar,
    pins: Vec<u64>,
    codes: Vec<u64>,
}

impl Bench {
    fn new(elements: &Elements, imperfections: &Imperfections) -> Self {
        let layout = PortLayout::new(tiny().ports());
        Self {
            device: Crossbar::new(&tiny(), elements, imperfections),
            pins: vec![0; layout.output_words],
            codes: vec![0; layout.input_words],
        }
    }

    /// One cycle; the codes of both ADCs in it.
    fn cycle(&mut self, lines: u64, sample: bool, start: bool, column: u64, enable: u64) -> u64 {
        self.codes.fill(0);
        self.device.drive(&mut self.codes);
        let code = self.codes[self.device.pins.codes.start];
        let Pins {
            wl,
            sample: sampled,
            start: started,
            col: chosen,
            enable: enabled,
            ..
        } = self.device.pins.clone();
        self.pins[wl.start] = lines;
        self.pins[sampled] = sample.into();
        self.pins[started] = start.into();
        self.pins[chosen] = column;
        self.pins[enabled] = enable;
        self.device.clock(&self.pins);
        code
    }
}

/// Row r holds r in every element, offset binary: digits of r.
fn ramp() -> Elements {
    let values = (0..16).flat_map(|row| [row - 8; 4]).collect();
    Elements::from_table(&tiny(), values).unwrap()
}

#[test]
fn answers_come_a_cycle_after_the_last_bit() {
    let mut bench = Bench::new(&ramp(), &Imperfections::default());
    // Rows 7 (digits 1, 3) and 14 (3, 2).
    assert_eq!(bench.cycle(1 << 7 | 1 << 14, true, false, 0, 0), 0);
    assert_eq!(bench.cycle(0, false, true, 1, 0b100), 0);
    assert_eq!(bench.cycle(0, false, false, 1, 0b010), 0);
    // New values are sampled in the last cycle: too late for this conversion.
    assert_eq!(bench.cycle(1 << 1, true, false, 1, 0b001), 0);
    assert_eq!(bench.cycle(0, false, true, 0, 0b010), 0x55);
    assert_eq!(bench.cycle(0, false, false, 0, 0b001), 0);
    assert_eq!(bench.cycle(0, false, true, 1, 0b001), 0);
    // One bit can't show the 1 of row 1's low digit as more than 1.
    assert_eq!(bench.cycle(0, false, false, 0, 0), 0x11);
    assert_eq!(bench.cycle(0, false, false, 0, 0), 0);
}

#[test]
fn codes_saturate_at_the_resolution() {
    let mut bench = Bench::new(&ramp(), &Imperfections::default());
    bench.cycle(0xffff, true, false, 0, 0);
    bench.cycle(0, false, true, 0, 0b1);
    assert_eq!(bench.cycle(0, false, true, 0, 0b111), 0x11);
    assert_eq!(bench.cycle(0, false, true, 0, 0b1111), 0x77);
    assert_eq!(bench.cycle(0, false, false, 0, 0), 0xff);
}

#[test]
fn tables_that_do_not_fit_are_refused() {
    let few = Elements::from_table(&tiny(), vec![0; 3]).unwrap_err();
    assert_eq!(few.to_string(), "3 elements, but the tile holds 64");
    let large = Elements::from_table(&tiny(), vec![8; 64]).unwrap_err();
    assert_eq!(
        large.to_string(),
        "element 8 does not fit 4 bits; use -8 to 7"
    );
}

#[test]
fn the_same_seed_is_the_same_device() {
    let noisy = |seed| Imperfections {
        seed,
        spread: 0.1,
        stuck: 0.05,
        offset: 0.5,
        gain: 0.02,
        noise: 0.3,
    };
    assert!(!noisy(1).is_ideal() && Imperfections::default().is_ideal());
    let codes = |seed| {
        let mut bench = Bench::new(&Elements::from_seed(&tiny(), 3), &noisy(seed));
        bench.cycle(0x0137, true, false, 0, 0);
        let step = |cycle: u64| bench.cycle(0, false, true, cycle % 4, 0b1111);
        (0..50).map(step).collect::<Vec<_>>()
    };
    assert_eq!(codes(1), codes(1));
    assert_ne!(codes(1), codes(2));
}

#[test]
fn imperfections_have_the_statistics_they_say() {
    let count = 20_000;
    let mut rng = SplitMix64::new(5);
    let mut moments = |draw: &mut dyn FnMut(&mut SplitMix64) -> f64| {
        let drawn: Vec<f64> = (0..count).map(|_| draw(&mut rng)).collect();
        let mean = drawn.iter().sum::<f64>() / f64::from(count);
        let square = drawn.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
        (mean, (square / f64::from(count)).sqrt())
    };
    let near = |(mean, sigma): (f64, f64), to: (f64, f64)| {
        assert!((mean - to.0).abs() < 0.02, "mean {mean}, not {}", to.0);
        assert!((sigma - to.1).abs() < 0.02, "sigma {sigma}, not {}", to.1);
    };
    let spread = Imperfections {
        spread: 0.3,
        ..Default::default()
    };
    near(moments(&mut |rng| spread.cell(rng, 1, 3).ln()), (0.0, 0.3));
    let stuck = Imperfections {
        stuck: 0.2,
        ..Default::default()
    };
    // 80 % hold 1, 10 % 0, 10 % 3: mean 1.1, variance 0.8 + 0.9 - 1.21.
    near(moments(&mut |rng| stuck.cell(rng, 1, 3)), (1.1, 0.7));
    let adc = Imperfections {
        gain: 0.1,
        offset: 0.5,
        ..Default::default()
    };
    near(moments(&mut |rng| adc.adc(rng).gain), (1.0, 0.1));
    near(moments(&mut |rng| adc.adc(rng).offset), (0.0, 0.5));
}
