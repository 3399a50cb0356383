//! What each renderer makes of the same description.

use report::plot::{Axis, Bars, Xy, panels};
use report::unit::{PERCENT, RATIO, US};
use report::{
    Cell, Column, Comparison, Grid, Line, Page, Parameter, Published, Sweep, Table, Unit, json, row,
};

const CPU_GPU: Published = Published::new(25.1, RATIO, "REFREE, section 5.2");
const AREA: Published = Published::new(0.26, Unit::new("mm2", 3), "REFREE, section 5.4");

fn table() -> Table {
    let mut table = Table::new([
        Column::left("direction"),
        Column::right("reads"),
        Column::right("forward").unit(US),
        Column::right("ratio").unit(RATIO.decimals(3)),
        Column::right("error").unit(Unit::plain(2).exponent()),
        Column::left("note"),
    ])
    .title("reads & additions");
    table
        .row(row![
            "forward",
            159_744_u64,
            1.0 / 3.0,
            3.925_37,
            1.25e-7,
            "a <b>"
        ])
        .row(row![
            "backward",
            7_u32,
            Cell::MISSING,
            None::<f64>,
            (12.5, PERCENT)
        ])
        .footer(row!["both", 159_751_usize, 0.5, 4.0, 0.0, ""])
        .input("a log")
        .note("as run");
    table
}

fn comparison() -> Comparison {
    Comparison::new("REFREE, as published and as found")
        .ours("average")
        .line(
            Line::new("speed")
                .paper(&CPU_GPU)
                .ours(5.037, RATIO)
                .against("RM1", 4.5)
                .against("RM3", Cell::MISSING),
        )
        .line(
            Line::new("area of a PE")
                .paper(&AREA)
                .ours(0.2354, Unit::new("mm2", 3))
                .source("embertl area"),
        )
        .line(
            Line::new("energy")
                .ours(None, Unit::new("nJ", 1))
                .against("RM3", 812.25),
        )
}

fn grid() -> Grid<(f64, &'static str)> {
    let results = vec![
        (80.0, "PE"),
        (40.0, "PE"),
        (90.0, "PE"),
        (60.0, "DRAM"),
        (60.0, "link"),
    ];
    let clock = Parameter::new("GHz", [1.2, 0.6]).decimals(2);
    Grid::new(
        clock,
        Parameter::new("bits of the PE", [64_u32, 128, 256]),
        results,
    )
}

fn bars() -> Bars {
    Bars::new("times", ["average", "RM<1>"])
        .series("over CPU & GPU", [5.0, 4.5])
        .paper([Some(25.1)])
        .series("over FAE", [3.0, f64::NAN])
}

fn xy() -> Xy {
    Xy::new(Axis::new("sigma"), Axis::new("error").percent())
        .line("16 rows", [(0.0, 0.0), (0.5, 0.25)])
        .dashed([(0.0, 0.0), (0.5, 0.5)])
        .front("found", [(0.1, 0.4), (0.2, 0.3), (0.3, 0.35)])
}

fn page() -> Page {
    let mut page = Page::new("A & B", "seed 1, <none>");
    page.section("<script>alert(1)</script>")
        .paragraph("x < y")
        .table(&table())
        .figure(&bars().svg().expect("drawn"), &comparison().table())
        .plot(&xy().svg().expect("drawn"));
    page
}

#[test]
fn text() {
    insta::assert_snapshot!(format!("{}\n{}", table(), comparison().table()));
}

#[test]
fn json_documents() {
    insta::assert_snapshot!(json(&(table(), comparison(), grid())));
}

#[test]
fn html() {
    insta::assert_snapshot!(page().html());
}

#[test]
fn plots() {
    insta::assert_snapshot!("bars", bars().svg().expect("drawn").as_str());
    let axes = grid().plot("GHz", Axis::new("us"), |(us, _)| *us);
    insta::assert_snapshot!(
        "lines",
        panels("two", &[xy(), axes]).expect("drawn").as_str()
    );
}

#[test]
fn a_sweep_is_a_table_by_one_parameter_or_two() {
    let one = Sweep::run("batch", [512_u32, 2048], |batch| f64::from(batch) / 1000.0);
    let text = one
        .table([Column::right("time").unit(US)], |us| row![*us])
        .to_string();
    assert_eq!(text, "batch  time us\n512        0.5\n2048       2.0\n");
    let two = grid().table("bits", |(us, bound)| format!("{us:.1} ({bound})").into());
    assert_eq!(
        two.to_string(),
        " GHz      64 bits     128 bits   256 bits\n\
         1.20    80.0 (PE)    40.0 (PE)  90.0 (PE)\n\
         0.60  60.0 (DRAM)  60.0 (link)          -\n"
    );
}

#[test]
fn numbers_keep_their_precision_in_json() {
    let third = 1.0 / 3.0;
    let mut table = Table::new([Column::right("x").decimals(1)]);
    table
        .row(row![third])
        .row(row![(third, PERCENT)])
        .row(row![Cell::MISSING]);
    assert_eq!(table.to_string(), "    x\n  0.3\n0.33%\n    -\n");
    let json: serde_json::Value = serde_json::from_str(&json(&table)).expect("JSON");
    assert_eq!(json["rows"][0][0], third);
    assert_eq!(
        json["rows"][1][0],
        serde_json::json!({"value": third, "unit": "%"})
    );
    assert!(json["rows"][2][0].is_null());
}

/// Whatever a user's file is called, it is text of the page and never markup.
#[test]
fn everything_is_escaped() {
    let evil = "<img src=x onerror='a'>&\"";
    let mut table = Table::new([Column::left(evil), Column::right("n").unit(RATIO)]).title(evil);
    table
        .row(row![evil, 1.0])
        .footer(row![evil])
        .input(evil)
        .note(evil);
    let bars = Bars::new(evil, [evil])
        .series(evil, [1.0])
        .svg()
        .expect("drawn");
    let axis = || Axis::new(evil).steps([evil.to_owned(), evil.to_owned()]);
    let lines = [Xy::new(axis(), axis()).line(evil, [(0.0, 1.0)])];
    let mut page = Page::new(evil, evil);
    page.titled(&table)
        .section(evil)
        .paragraph(evil)
        .table(&table)
        .figure(&bars, &table);
    page.plot(&panels(evil, &lines).expect("drawn"));
    let html = page.html();
    assert!(
        !html.contains("<img") && !html.contains("onerror='"),
        "{html}"
    );
    assert_eq!(
        html.matches("&lt;img src=x onerror=&#39;a&#39;&gt;&amp;&quot;")
            .count(),
        23 // the page 5, the table 6 three times
    );
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let html = page().html();
    let namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    assert!(html.contains(namespace));
    let rest = html.replace(namespace, "");
    for word in [
        "http", "src=", "href", "url(", "@import", "<script", "<link",
    ] {
        assert!(!rest.contains(word), "{word}");
    }
}

#[test]
#[should_panic(expected = "2 cells for 1 columns")]
fn a_row_fits_its_columns() {
    Table::new([Column::left("one")]).row(row![1_u32, 2_u32]);
}
