//! Libraries in the manner of each foundry: cuts of a few cells with figures of our own, which are
//! read, mapped to and timed, and whose node is told by the library's name.

use super::*;

/// Tables of a cut; delays and slews of 15 to 80 ps, loads of 1 and 20 fF, in the units of the file.
struct Style {
    template: &'static str,
    ns: f64,
    ff: f64,
    /// Whether the rows of a table are loads.
    load_first: bool,
}

impl Style {
    /// The text with each `$arc(pin sense)`, `$edge(pin type)` and `$setup(pin type)` as a timing
    /// group.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            let (call, after) = after.split_once(')').unwrap();
            let (kind, arguments) = call.split_once('(').unwrap();
            let (pin, what) = arguments.split_once(' ').unwrap();
            filled += before;
            filled += &self.timing(kind, pin, what);
            rest = after;
        }
        filled + rest
    }

    fn timing(&self, kind: &str, pin: &str, what: &str) -> String {
        let (slews, loads) = (
            [0.01, 0.1].map(|v| v / self.ns),
            [1.0, 20.0].map(|v| v / self.ff),
        );
        let (first, second) = if self.load_first {
            (loads, slews)
        } else {
            (slews, loads)
        };
        let axes = format!(
            "index_1 (\"{}, {}\"); index_2 (\"{}, {}\");",
            first[0], first[1], second[0], second[1]
        );
        let [a, b, c, d] = if self.load_first {
            [0.015, 0.042, 0.053, 0.08]
        } else {
            [0.015, 0.053, 0.042, 0.08]
        }
        .map(|v| v / self.ns);
        let template = self.template;
        let table = |name: &str| {
            format!("{name} ({template}) {{ {axes} values (\"{a}, {b}\", \\\n \"{c}, {d}\"); }}\n")
        };
        let scalar = 0.02 / self.ns;
        match kind {
            "setup" => format!(
                "timing () {{ related_pin : \"{pin}\"; timing_type : {what};
                 rise_constraint (scalar) {{ values (\"{scalar}\"); }}
                 fall_constraint (scalar) {{ values (\"{scalar}\"); }} }}"
            ),
            _ => {
                let attribute = if kind == "arc" { "sense" } else { "type" };
                let names = [
                    "cell_rise",
                    "cell_fall",
                    "rise_transition",
                    "fall_transition",
                ];
                let tables = names.map(table).concat();
                format!(
                    "timing () {{ related_pin : \"{pin}\"; timing_{attribute} : \"{what}\";\n{tables}}}"
                )
            }
        }
    }
}

fn load(files: &[String], node: Option<u32>) -> Result<Cells, AreaError> {
    let dir = tempfile::tempdir().unwrap();
    let write = |(i, text): (usize, &String)| {
        let path = dir.path().join(format!("{i}.lib"));
        fs::write(&path, text).unwrap();
        path
    };
    let files: Vec<PathBuf> = files.iter().enumerate().map(write).collect();
    Cells::load(&files, node)
}

fn mapped(cells: &Cells) -> AreaReport {
    let dir = tempfile::tempdir().unwrap();
    analyse(&emitted(true), cells, dir.path()).unwrap()
}

/// Maps the small design to a cut and checks what a library of another node must not claim.
fn check(files: &[String], buffer: &str, flop_area: f64, node: Option<u32>) {
    let cells = load(files, None).unwrap();
    assert_eq!(cells.library.buffer, buffer);
    assert_eq!(cells.library.plain_flop().area, Some(flop_area));
    assert_eq!(cells.node, Node(node));
    let r = mapped(&cells);
    assert_eq!(r.flat.flops, 16);
    assert!(r.area_um2 > 16.0 * flop_area && r.area_um2 == r.logic_um2);
    // Clock to output, the adder, setup, each of 10 to 100 ps a cell: units are right.
    assert!((0.1..2.0).contains(&r.path_ns), "{}", r.path_ns);
    assert!(r.paths.iter().all(|p| p.start != sta::Start::Memory));

    let json = serde_json::to_value(&r).unwrap();
    assert_eq!(json["node_nm"], serde_json::json!(node));
    for key in [
        "area_um2_45nm",
        "logic_um2_45nm",
        "memory_um2_45nm",
        "area_mm2_32nm",
        "area_mm2_32nm_stillmaker",
        "area_mm2_32nm_geometric",
        "published_mm2_32nm",
        "memory_um2",
    ] {
        assert!(
            json.get(key).is_some_and(serde_json::Value::is_null),
            "{key}"
        );
    }
    assert!(json["memories"][0]["area_um2_45nm"].is_null());
    assert!(json["modules"][0]["total_um2_45nm"].is_null());
    assert!(json["flat"]["area_um2_45nm"].is_null());
    let text = r.to_string();
    assert!(
        !text.contains("45 nm") && !text.contains("mm2 at 32"),
        "{text}"
    );
    let place = node.map_or("an unknown node".into(), |nm| format!("{nm} nm"));
    assert!(text.contains(&format!("um2 at {place}: logic ")), "{text}");
    assert!(
        text.contains("memories not added, there are no figures of them at"),
        "{text}"
    );
    assert!(text.contains("not scaled to 32 nm"), "{text}");
}

/// Quoted names, nameless groups, units in words, an async reset named by its effect.
const SKY130: &str = r#"
library ("sky130_fd_sc_hd__tt_025C_1v80") {
    define(def_sim_opt,library,string);
    define(default_arc_mode,library,string);
    def_sim_opt : "true";
    technology("cmos");
    delay_model : "table_lookup";
    bus_naming_style : "%s[%d]";
    time_unit : "1ns";
    voltage_unit : "1V";
    capacitive_load_unit(1.0000000000, "pf");
    revision : 1.0000000000;
    library_features("report_delay_calculation");
    voltage_map("VPWR",1.8000000000);
    normalized_driver_waveform ("driver_waveform_template") { driver_waveform_name : "preDrv"; index_1("0.01, 0.02"); values("0, 1", "2, 3"); }
    operating_conditions ("tt_025C_1v80") { voltage : 1.8; process : 1.0; tree_type : "balanced_tree"; }
    lu_table_template ("del_1_7_7") { variable_1 : "input_net_transition"; variable_2 : "total_output_net_capacitance"; index_1("1, 2"); index_2("1, 2"); }
    cell ("sky130_fd_sc_hd__inv_1") {
        "leakage_power" () { value : 0.01; when : "A"; }
        leakage_power () { value : 1.0E-2; when : "!A"; }
        area : 3.7536000000; cell_footprint : "sky130_fd_sc_hd__inv";
        pg_pin ("VGND") { pg_type : "primary_ground"; voltage_name : "VGND"; }
        pin ("A") { capacitance : 2.3e-03; clock : "false"; direction : "input"; }
        pin ("Y") { direction : "output"; function : "(!A)"; max_capacitance : 0.17; power_down_function : "(!VPWR + VGND)"; $arc(A negative_unate) }
    }
    cell ("sky130_fd_sc_hd__buf_1") {
        area : 3.7536000000;
        pin ("A") { capacitance : 0.0017; direction : "input"; }
        pin ("X") { direction : "output"; function : "(A)"; $arc(A positive_unate) }
    }
    cell ("sky130_fd_sc_hd__lpflow_clkbufkapwr_1") {
        area : 1.0; dont_use : "true";
        pin ("A") { capacitance : 0.0017; direction : "input"; }
        pin ("X") { direction : "output"; function : "(A)"; $arc(A positive_unate) }
    }
    cell ("sky130_fd_sc_hd__nand2_1") {
        area : 3.7536000000;
        pin ("A") { capacitance : 0.0017; direction : "input"; }
        pin ("B") { capacitance : 0.0017; direction : "input"; }
        pin ("Y") { direction : "output"; function : "(!A) | (!B)"; $arc(A negative_unate) $arc(B negative_unate) }
    }
    cell ("sky130_fd_sc_hd__dfrtp_1") {
        area : 20.0200000000;
        ff ("IQ","IQ_N") { clear : "!RESET_B"; clocked_on : "CLK"; next_state : "D"; }
        pin ("CLK") { capacitance : 0.0017; clock : "true"; direction : "input"; }
        pin ("D") { capacitance : 0.0017; direction : "input"; nextstate_type : "data"; $setup(CLK setup_rising) }
        pin ("Q") { direction : "output"; function : "IQ"; $edge(CLK rising_edge)
          timing () { related_pin : "RESET_B"; timing_sense : "positive_unate"; timing_type : "clear"; } }
        pin ("RESET_B") { capacitance : 0.0017; direction : "input"; }
    }
    cell ("sky130_fd_sc_hd__dlclkp_1") {
        area : 1.5; clock_gating_integrated_cell : "latch_posedge";
        statetable ("CLK GATE","M0") { table : "L L : - : L , L H : - : H , H - : - : N"; }
        pin ("CLK") { direction : "input"; clock : "true"; }
        pin ("GATE") { direction : "input"; }
        pin ("GCLK") { direction : "output"; state_function : "CLK*M0"; }
        pin ("M0") { direction : "internal"; internal_node : "M0"; }
    }
    cell ("sky130_fd_sc_hd__fill_1") { area : 0; dont_touch : "true"; pg_pin ("VGND") { pg_type : "primary_ground"; } }
}
"#;

#[test]
fn sky130() {
    let style = Style {
        template: "\"del_1_7_7\"",
        ns: 1.0,
        ff: 1e3,
        load_first: false,
    };
    check(
        &[style.fill(SKY130)],
        "sky130_fd_sc_hd__buf_1",
        20.02,
        Some(130),
    );
}

/// CRLF, a BOM, functions with `&` and `!`, a falling-edge and a scan flip-flop smaller than the
/// plain one, and no semicolons where tools need none.
const GF180: &str = r#"
/* (C) */
library ( gf180mcu_fd_sc_mcu7t5v0__tt_025C_3v30 ) {
  technology ( cmos ) ;
  date : "2022/10/12";
  time_unit : "1ns"
  capacitive_load_unit ( 1 , pf ) ;
  slew_derate_from_library : 1.0;
  default_fanout_load : 1.0 ;
  input_voltage ( CMOS ) { vil : 0.3 * VDD ; vih : 0.7 * VDD ; vimin : -0.5 ; vimax : VDD + 0.5 ; }
  lu_table_template ( tmg_ntin_oload_2x2 ) { variable_1 : input_net_transition ; variable_2 : total_output_net_capacitance ; index_1 ( "1,2" ) ; index_2 ( "1,2" ) ; }
  cell ( gf180mcu_fd_sc_mcu7t5v0__inv_1 ) { area : 6.585600 ;
    pin ( I ) { direction : input ; capacitance : 0.004 ; }
    pin ( ZN ) { direction : output ; function : "(!I)" ; $arc(I negative_unate) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__buf_1 ) { area : 8.780800 ;
    pin ( I ) { direction : input ; capacitance : 0.004 ; }
    pin ( Z ) { direction : output ; function : "I" ; $arc(I positive_unate) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__bufz_1 ) { area : 1.0 ;
    pin ( I ) { direction : input ; capacitance : 0.004 ; }
    pin ( Z ) { direction : output ; three_state : "!I" ; function : "I" ; $arc(I positive_unate) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__nor2_1 ) { area : 8.780800 ;
    pin ( A1 ) { direction : input ; capacitance : 0.004 ; }
    pin ( A2 ) { direction : input ; capacitance : 0.004 ; }
    pin ( ZN ) { direction : output ; function : "!(A1 | A2)" ; $arc(A1 negative_unate) $arc(A2 negative_unate) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__dffnrnq_1 ) { area : 30.0 ;
    ff ( IQ1 , IQN1 ) { next_state : "D" ; clocked_on : "!CLKN" ; clear : "!RN" ; }
    pin ( CLKN ) { direction : input ; clock : true ; capacitance : 0.004 ; }
    pin ( D ) { direction : input ; capacitance : 0.004 ; $setup(CLKN setup_falling) }
    pin ( RN ) { direction : input ; capacitance : 0.004 ; }
    pin ( Q ) { direction : output ; function : "IQ1" ; $edge(CLKN falling_edge) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__sdffq_1 ) { area : 31.0 ;
    ff ( IQ1 , IQN1 ) { next_state : "(SE&SI)|(!SE&D)" ; clocked_on : "CLK" ; }
    pin ( CLK ) { direction : input ; clock : true ; capacitance : 0.004 ; }
    pin ( D ) { direction : input ; capacitance : 0.004 ; $setup(CLK setup_rising) }
    pin ( SI ) { direction : input ; capacitance : 0.004 ; }
    pin ( SE ) { direction : input ; capacitance : 0.004 ; }
    pin ( Q ) { direction : output ; function : "IQ1" ; $edge(CLK rising_edge) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__dffrnq_1 ) { area : 70.246400 ;
    ff ( IQ1 , IQN1 ) { next_state : "D" ; clocked_on : "CLK" ; clear : "!RN" ; }
    pin ( CLK ) { direction : input ; clock : true ; capacitance : 0.004 ; }
    pin ( D ) { direction : input ; capacitance : 0.004 ; $setup(CLK setup_rising) }
    pin ( RN ) { direction : input ; capacitance : 0.004 ; }
    pin ( Q ) { direction : output ; function : "IQ1" ; $edge(CLK rising_edge) } }
  cell ( gf180mcu_fd_sc_mcu7t5v0__latq_1 ) { area : 2.0 ;
    latch ( IQ1 , IQN1 ) { data_in : "D" ; enable : "E" ; }
    pin ( E ) { direction : input ; clock : true ; capacitance : 0.004 ; }
    pin ( D ) { direction : input ; capacitance : 0.004 ; $setup(E setup_falling) }
    pin ( Q ) { direction : output ; function : "IQ1" ; $arc(D positive_unate) $edge(E rising_edge) } }
}
"#;

#[test]
fn gf180mcu() {
    let style = Style {
        template: "tmg_ntin_oload_2x2",
        ns: 1.0,
        ff: 1e3,
        load_first: false,
    };
    let text = format!("\u{feff}{}\u{1a}", style.fill(GF180).replace('\n', "\r\n"));
    check(
        &[text],
        "gf180mcu_fd_sc_mcu7t5v0__buf_1",
        70.2464,
        Some(180),
    );
}

/// A memory macro with buses, types and ranges of pins; flip-flops with reset only; tables by load
/// first; functions in redundant parentheses.
const SG13G2: &str = r#"
library (sg13g2_stdcell_typ_1p20V_25C) {
  comment : "IHP Microelectronics GmbH, 2025";
  date : Tue Jul 1 10:11:12 2025;
  delay_model : table_lookup;
  capacitive_load_unit (1,pf);
  time_unit : "1ns";
  default_input_pin_cap : 0.001;
  default_max_transition : 2.5074;
  lu_table_template (CELL_RISE_2x2) { variable_1 : "total_output_net_capacitance"; variable_2 : "input_net_transition"; index_1 ("1, 2"); index_2 ("1, 2"); }
  type (A_BUS) { base_type : array; data_type : bit; bit_width : 2; bit_from : 1; bit_to : 0; downto : true; }
  cell (sg13g2_inv_1) { area : 5.4432;
    pin (A) { direction : "input"; rise_capacitance : 0.002; fall_capacitance : 0.003; }
    pin (Y) { direction : "output"; function : "!(A)"; $arc(A negative_unate) } }
  cell (sg13g2_buf_1) { area : 7.2576;
    pin (A) { direction : "input"; capacitance : 0.002; }
    pin (X) { direction : "output"; function : "((A))"; $arc(A positive_unate) } }
  cell (sg13g2_nand2_1) { area : 7.2576;
    pin (A, B) { direction : "input"; }
    pin (Y) { direction : "output"; function : "!(A*B)"; $arc(A negative_unate) $arc(B negative_unate) } }
  cell (sg13g2_dfrbp_1) { area : 52.6176;
    ff (IQ,IQN) { next_state : "(D)"; clocked_on : "(CLK)"; clear : "(RESET_B')"; }
    pin (CLK) { direction : "input"; clock : true; }
    pin (D) { direction : "input"; $setup(CLK setup_rising) }
    pin (RESET_B) { direction : "input"; }
    pin (Q) { direction : "output"; function : "(IQ)"; $edge(CLK rising_edge) }
    pin (Q_N) { direction : "output"; function : "!IQ"; $edge(CLK rising_edge) } }
  cell (RM_IHPSG13_1P_64x2) { area : 1000.0; interface_timing : true;
    memory () { type : ram; address_width : 2; word_width : 2; }
    bus (A_ADDR) { bus_type : A_BUS; direction : input; capacitance : 0.01;
      pin (A_ADDR[1:0]) { related_power_pin : VDD; } }
    bus (A_DOUT) { bus_type : "A_BUS"; direction : output; memory_read () { address : A_ADDR; }
      timing () { related_pin : "A_CLK"; timing_type : rising_edge; cell_rise (odd) { values ("1, 2, 3"); } } }
    bundle (A_BM) { members (M1, M0); direction : input; pin (M1) { capacitance : 0.02; } }
    pin (A_CLK) { direction : input; clock : true; } }
  cell (sg13g2_sighold) { area : 9.072; pin (SH) { direction : "inout"; capacitance : 0.01; } }
}
"#;

fn sg13g2_text() -> String {
    let style = Style {
        template: "CELL_RISE_2x2",
        ns: 1.0,
        ff: 1e3,
        load_first: true,
    };
    style.fill(SG13G2)
}

#[test]
fn sg13g2() {
    check(&[sg13g2_text()], "sg13g2_buf_1", 52.6176, Some(130));
    let lib = load(&[sg13g2_text()], None).unwrap().library;
    let pins: Vec<&str> = lib.cells["RM_IHPSG13_1P_64x2"]
        .pins
        .keys()
        .map(String::as_str)
        .collect();
    let members = [
        "A_ADDR[0]",
        "A_ADDR[1]",
        "A_CLK",
        "A_DOUT[0]",
        "A_DOUT[1]",
        "M0",
        "M1",
    ];
    assert_eq!(pins, members);
    let cap = |cell: &str, pin: &str| lib.cells[cell].pins[pin].cap_ff;
    assert_eq!(cap("RM_IHPSG13_1P_64x2", "A_ADDR[1]"), 10.0);
    assert_eq!(
        (cap("sg13g2_inv_1", "A"), cap("sg13g2_nand2_1", "B")),
        (3.0, 1.0)
    );
    let delay = lib.cells["sg13g2_inv_1"].pins["Y"].arcs[0].delay[0]
        .as_ref()
        .unwrap();
    assert!(
        (delay.at(0.01, 20.0) - 0.053).abs() < 1e-9,
        "{}",
        delay.at(0.01, 20.0)
    );
}

/// One file per kind of cell, in ps and fF, one of them packed; a flip-flop of an inverting output.
const ASAP7: [&str; 3] = [
    r#"library (asap7sc7p5t_INVBUF_RVT_TT_nldm_220122) {
  time_unit : "1ps"; capacitive_load_unit (1,ff); leakage_power_unit : "1pW";
  lu_table_template (delay_template_7x7_x1) { variable_1 : input_net_transition; variable_2 : total_output_net_capacitance; }
  cell (INVx1_ASAP7_75t_R) { area : 0.04374; pin (VDD) { direction : inout; }
    pin (A) { direction : input; capacitance : 0.58; }
    pin (Y) { direction : output; function : "!A"; $arc(A negative_unate) } }
  cell (BUFx2_ASAP7_75t_R) { area : 0.07290; pg_pin (VDD) { pg_type : primary_power; }
    pin (A) { direction : input; capacitance : 0.57; }
    pin (Y) { direction : output; function : "A"; $arc(A positive_unate) } }
  cell (INVx2_ASAP7_75t_R) { area : 0.05832;
    pin (A) { direction : input; capacitance : 1.1; }
    pin (Y) { direction : output; function : "(!A)"; $arc(A negative_unate) } } }"#,
    r#"library (asap7sc7p5t_SIMPLE_RVT_TT_nldm_211120) {
  time_unit : "1ns"; capacitive_load_unit (1,pf);
  lu_table_template (delay_template_7x7_x1) { variable_1 : input_net_transition; variable_2 : total_output_net_capacitance; }
  cell (NAND2xp5_ASAP7_75t_R) { area : 0.08748;
    pin (A) { direction : input; capacitance : 0.0006; } pin (B) { direction : input; capacitance : 0.0006; }
    pin (Y) { direction : output; function : "(!A) + (!B)"; $arc(A negative_unate) $arc(B negative_unate) } } }"#,
    r#"library (asap7sc7p5t_SEQ_RVT_TT_nldm_220123) {
  time_unit : "1ps"; capacitive_load_unit (1,ff);
  lu_table_template (delay_template_7x7_x1) { variable_1 : input_net_transition; variable_2 : total_output_net_capacitance; }
  cell (DFFASRHQNx1_ASAP7_75t_R) { area : 0.37908;
    ff (IQN,IQNN) { next_state : "!D"; clocked_on : "CLK"; clear : "(!SETN)"; preset : "!RESETN"; clear_preset_var1 : L; clear_preset_var2 : L; }
    pin (CLK) { direction : input; clock : true; capacitance : 0.6; }
    pin (D) { direction : input; capacitance : 0.6; $setup(CLK setup_rising) }
    pin (RESETN) { direction : input; capacitance : 0.6; } pin (SETN) { direction : input; capacitance : 0.6; }
    pin (QN) { direction : output; function : "IQN"; $edge(CLK rising_edge) } } }"#,
];

fn asap7() -> Vec<String> {
    let style = |ns, ff| Style {
        template: "delay_template_7x7_x1",
        ns,
        ff,
        load_first: false,
    };
    let [inv, simple, seq] = ASAP7;
    vec![
        style(1e-3, 1.0).fill(inv),
        style(1.0, 1e3).fill(simple),
        style(1e-3, 1.0).fill(seq),
    ]
}

#[test]
fn asap7_of_several_files_in_different_units() {
    check(&asap7(), "BUFx2_ASAP7_75t_R", 0.37908, Some(7));
    let one = load(&asap7()[..1], None).err().unwrap().to_string();
    assert!(one.contains("no flip-flop on the rising edge"), "{one}");
    // Two groups in one file are as two files.
    check(&[asap7().concat()], "BUFx2_ASAP7_75t_R", 0.37908, Some(7));
}

/// Blanks as and, tri-state cells, pads, a flip-flop of both edges, rows of tables by load.
const OSU05: &str = r#"
library(osu05_stdcells) {
  time_unit : "1ns";
  capacitive_load_unit (1,pf);
  lu_table_template (delay_template_2x2) { variable_1 : total_output_net_capacitance; variable_2 : input_net_transition; index_1 ("1000.0, 1001.0"); index_2 ("1000.0, 1001.0"); }
  cell (INVX1) { cell_footprint : inv; area : 144;
    pin(A) { direction : input; capacitance : 0.01; }
    pin(Y) { direction : output; function : "(!A)"; $arc(A negative_unate) } }
  cell (BUFX2) { area : 216;
    pin(A) { direction : input; capacitance : 0.01; }
    pin(Y) { direction : output; function : "A"; $arc(A positive_unate) } }
  cell (NAND2X1) { area : 216;
    pin(A) { direction : input; capacitance : 0.01; }
    pin(B) { direction : input; capacitance : 0.01; }
    pin(Y) { direction : output; function : "(!(A B))"; $arc(A negative_unate) $arc(B negative_unate) } }
  cell (PADINC) { area : 1; pad_cell : true;
    pin(YPAD) { direction : input; is_pad : true; capacitance : 0.01; }
    pin(DI) { direction : output; function : "YPAD"; $arc(YPAD positive_unate) } }
  cell (TBUFX1) { area : 1;
    pin(A) { direction : input; capacitance : 0.01; }
    pin(EN) { direction : input; capacitance : 0.01; }
    pin(Y) { direction : output; function : "(!A)"; three_state : "(!EN)"; $arc(A negative_unate) } }
  cell (DFFNEGX1) { area : 1;
    ff (DS0000,P0002) { next_state : "D"; clocked_on : "(!CLK)"; }
    pin(CLK) { direction : input; clock : true; capacitance : 0.01; }
    pin(D) { direction : input; capacitance : 0.01; $setup(CLK setup_falling) }
    pin(Q) { direction : output; function : "DS0000"; $edge(CLK falling_edge) } }
  cell (DFFSR) { area : 1584;
    ff (P0002,P0003) { next_state : "D"; clocked_on : "CLK"; clear : "(!R)"; preset : "(!S)"; clear_preset_var1 : L; clear_preset_var2 : L; }
    pin(CLK) { direction : input; clock : true; capacitance : 0.01; }
    pin(D) { direction : input; capacitance : 0.01; $setup(CLK setup_rising) }
    pin(R) { direction : input; capacitance : 0.01; }
    pin(S) { direction : input; capacitance : 0.01; }
    pin(Q) { direction : output; function : "P0002"; $edge(CLK rising_edge) } }
}
"#;

#[test]
fn osu05_and_a_library_of_no_known_name() {
    let style = Style {
        template: "delay_template_2x2",
        ns: 1.0,
        ff: 1e3,
        load_first: true,
    };
    let text = style.fill(OSU05);
    check(std::slice::from_ref(&text), "BUFX2", 1584.0, Some(500));
    let unknown = text.replace("osu05_stdcells", "mine");
    check(std::slice::from_ref(&unknown), "BUFX2", 1584.0, None);

    // The node may be said, and then its figures are there.
    let told = mapped(&load(&[unknown], Some(45)).unwrap());
    let spec = hdl_gen::SramSpec::new(8, 8);
    assert_eq!(told.memory_um2_45nm, Some(spec.area_um2_45nm()));
    assert_eq!(told.node_nm, Node(Some(45)));
    assert!(told.area_mm2_32nm.is_some());
    assert!(told.paths.iter().any(|p| p.start == sta::Start::Memory));
}

#[test]
fn two_cells_of_one_name_are_refused() {
    let twice = load(&[sg13g2_text(), sg13g2_text()], None)
        .err()
        .unwrap()
        .to_string();
    assert!(twice.contains("cell sg13g2_inv_1 is in "), "{twice}");
    assert!(
        twice.contains("0.lib, line 12, and in ") && twice.contains("1.lib, line 12;"),
        "{twice}"
    );
    assert_eq!(twice.lines().count(), 1);
}

/// Our own library, and variants of it that mean the same.
#[test]
fn what_means_the_same_gives_the_same_figures() {
    let base = mapped(&load(&[own45::text()], None).unwrap());
    assert_eq!(base.node_nm, Node(Some(45)));
    let slow = own45::text();
    let start = slow.find("  cell(DFF_X1)").unwrap();
    let end = start + slow[start..].find("  cell(DFFR_X1)").unwrap();
    // Half the area and a second late: not what stands outside the ports.
    let falling = slow[start..end]
        .replace("DFF_X1", "DFFN_X1")
        .replace("\"CK\";\n    }", "\"!CK\";\n    }")
        .replace("area : 4.522", "area : 0.2")
        .replace("rising", "falling")
        .replace("\"0.0", "\"9.0");
    assert!(falling.contains("clocked_on : \"!CK\"") && falling.contains("9.0"));
    let inside = |more: &str| {
        format!(
            "{}{more}}}\n",
            own45::text().trim_end().strip_suffix('}').unwrap()
        )
    };
    let macro_cell = "type (b2) { base_type : array; bit_width : 2; bit_from : 1; bit_to : 0; }
      cell (RAM) { area : 100; dont_use : true; bus (A) { bus_type : b2; direction : input;
        pin (A[1:0]) { capacitance : 1; } } }";
    for (what, text) in [
        (
            "parentheses",
            own45::text().replace("function : \"A\"", "function : \"(A)\""),
        ),
        ("bus", inside(macro_cell)),
        ("falling edge", inside(&falling)),
        (
            "two groups",
            own45::text() + "\nlibrary (second) { time_unit : \"1ns\"; }\n",
        ),
    ] {
        let r = mapped(&load(&[text], None).unwrap());
        assert_eq!(
            (r.area_um2_45nm, r.path_ns),
            (base.area_um2_45nm, base.path_ns),
            "{what}"
        );
        assert_eq!(r.flat.area_um2_45nm, base.flat.area_um2_45nm, "{what}");
    }
}
