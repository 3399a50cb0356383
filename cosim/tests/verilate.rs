//! Building, caching and driving a model, and what is said when that can't be done.

mod acc;

use contract::Port;
use cosim::{Cache, Dut, Effort, Error, Options, Rtl, Verilated, verilate};
use tempfile::TempDir;

const QUICK: Options = Options {
    effort: Effort::Quick,
    trace: false,
};

/// One cache for all tests, so that the runtime is compiled once.
fn cache() -> Cache {
    Cache::at(concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"))
}

fn rtl() -> Rtl {
    Rtl::emitted("acc", [("acc.sv", acc::SV)])
}

fn instance(rtl: &Rtl, seed: u32) -> Verilated {
    verilate(rtl, &acc::ports(), QUICK, &cache())
        .unwrap()
        .instance(seed)
}

fn cycle(dut: &mut Verilated, inputs: [u64; 6]) -> [u64; 7] {
    let mut outputs = [0; 7];
    dut.drive(&inputs);
    dut.settle();
    dut.sample(&mut outputs);
    dut.clock();
    outputs
}

#[test]
fn wide_words_pass_through() {
    let mut dut = instance(&rtl(), 1);
    dut.reset(true);
    cycle(&mut dut, [0; 6]);
    dut.reset(false);
    let (a, b) = ([0xffff_ffff_ffff_fff0, 0x7_1234_5678], [0x11, 0x1]);
    assert_eq!(cycle(&mut dut, [1, a[0], a[1], 0, 0, 0])[..2], [1, 0]);
    assert_eq!(cycle(&mut dut, [1, b[0], b[1], 1, 0, 0])[..2], [1, 0]);
    assert_eq!(cycle(&mut dut, [0; 6]), [0, 1, 1, 0x7_1234_567a, 2, 2, 1]);
}

#[test]
fn initial_state_follows_the_seed() {
    let rtl = rtl();
    let power_up = |seed| cycle(&mut instance(&rtl, seed), [0; 6]);
    assert_eq!(power_up(7), power_up(7));
    assert_ne!(power_up(7), power_up(8));
}

#[test]
fn a_folder_of_netlists_with_escaped_names() {
    let dir = TempDir::new().unwrap();
    let text = acc::SV
        .replace("module acc", "module \\acc ")
        .replace("out_count_q", "\\u.count[3] ");
    std::fs::write(dir.path().join("net.v"), text).unwrap();
    let rtl = Rtl::from_dir("acc", dir.path()).unwrap();
    let mut dut = instance(&rtl, 1);
    dut.reset(true);
    assert_eq!(cycle(&mut dut, [0; 6])[5], 0);
}

#[test]
fn a_failed_assertion_is_reported() {
    let text = acc::SV.replace(
        "endmodule",
        "always_ff @(posedge clk_i) assert (!flush_i);\nendmodule",
    );
    let mut dut = instance(&Rtl::emitted("acc", [("acc.sv", text)]), 1);
    cycle(&mut dut, [0; 6]);
    assert_eq!(dut.assertion_failure(), None);
    cycle(&mut dut, [0, 0, 0, 0, 0, 1]);
    let assertion_failure = dut.assertion_failure().unwrap();
    assert!(
        assertion_failure.contains("assertion failure") && assertion_failure.contains("acc.sv:"),
        "{assertion_failure}"
    );
}

#[test]
fn waves_are_written() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("waves.vcd");
    let options = Options {
        effort: Effort::Quick,
        trace: true,
    };
    let model = verilate(&rtl(), &acc::ports(), options, &cache()).unwrap();
    let mut dut = model.instance(1);
    assert!(dut.trace_open(&file));
    for time in 0..4 {
        cycle(&mut dut, [0; 6]);
        dut.trace_dump(time);
    }
    dut.trace_close();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("total_q") && text.contains("#3"));
    // A model without tracing says so.
    assert!(!instance(&rtl(), 1).trace_open(&file));
}

fn error(rtl: &Rtl, ports: &[Port]) -> Error {
    verilate(rtl, ports, QUICK, &cache()).unwrap_err()
}

#[test]
fn mistakes_are_told() {
    let ports = acc::ports();
    let broken = Rtl::emitted("acc", [("acc.sv", acc::SV.replace("endmodule", ""))]);
    let message = error(&broken, &ports).to_string();
    assert!(
        message.contains("acc.sv:") && message.contains("syntax error"),
        "{message}"
    );
    let message = error(&Rtl::emitted("other", [("acc.sv", acc::SV)]), &ports).to_string();
    assert!(message.contains("other"), "{message}");
    let narrow = Rtl::emitted("acc", [("acc.sv", acc::SV.replace("[39:0]", "[38:0]"))]);
    let message = error(&narrow, &ports).to_string();
    assert!(
        message.contains("WIDTH") || message.contains("`total_o`"),
        "{message}"
    );
    assert!(matches!(error(&rtl(), &ports[..5]), Error::Ports { .. }));

    let dir = TempDir::new().unwrap();
    let message = Rtl::from_dir("acc", dir.path()).unwrap_err().to_string();
    assert!(message.starts_with("no .sv or .v file in"), "{message}");
    let missing = dir.path().join("none");
    assert!(matches!(
        Rtl::from_dir("acc", &missing),
        Err(Error::Io { .. })
    ));
}

#[test]
fn concurrent_builds_agree() {
    let cache = TempDir::new().unwrap();
    // The shared runtime would take long to build twice; only the model is built concurrently.
    let text = acc::SV.replace("The payload", &format!("{:?}", cache.path()));
    let rtl = Rtl::emitted(
        "acc",
        [("acc.sv", format!("{text}// {:?}\n", cache.path()))],
    );
    std::thread::scope(|scope| {
        let builds: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| drop(instance(&rtl, 1))))
            .collect();
        builds.into_iter().for_each(|build| build.join().unwrap());
    });
}
