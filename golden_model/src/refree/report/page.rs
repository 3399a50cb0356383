//! The report as one HTML page with its plots inside.

use std::error::Error;
use std::fmt::{self, Write};

use super::super::published::{PE_MM2, PE_W};
use super::super::sweep::WIDTHS;
use super::plot;
use super::tables::Table;
use super::{Beyond, Report};

const STYLE: &str = "body{font:15px/1.45 sans-serif;max-width:1080px;margin:2em auto;padding:0 1em}\
    table{border-collapse:collapse;margin:.8em 0}td,th{padding:.2em .7em;border-bottom:1px solid #ccc;\
    text-align:right}td:first-child,th:first-child{text-align:left}li{margin:.2em 0}";

/// The page.
///
/// # Errors
/// If a plot can't be drawn.
pub fn html(report: &Report) -> Result<String, Box<dyn Error>> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>REFREE</title>\n\
         <style>{STYLE}</style>\n<h1>REFREE: a training step's embedding layer</h1>\n<p>Batches of {}, \
         seed {}, PE <code>{}</code> at {:.2} GHz, placement {:?}, 4 channels x 2 ranks of DDR5-4800. \
         Averages are over RM1 to RM4.</p>\n",
        report.batch, report.seed, report.pe, report.clock_ghz, report.placement
    );
    times(&mut page, report)?;
    let names: Vec<&str> = report
        .workloads
        .iter()
        .map(|f| f.workload.as_str())
        .collect();
    for table in &report.tables {
        section(&mut page, table, &names)?;
    }
    for sweep in &report.sweeps {
        writeln!(
            page,
            "<h2>PE width and clock: {}</h2>",
            escape(&sweep.workload)
        )?;
        page.push_str(&plot::sweep(&sweep.points)?);
        page.push_str("<table><tr><th>GHz</th>");
        WIDTHS
            .iter()
            .try_for_each(|width| write!(page, "<th>{width} bits</th>"))?;
        page.push_str("</tr>\n");
        for row in sweep.points.chunks(WIDTHS.len()) {
            write!(page, "<tr><td>{:.2}</td>", row[0].clock_ghz)?;
            for point in row {
                write!(
                    page,
                    "<td>{:.1} us, {}</td>",
                    point.embedding_s * 1e6,
                    point.bound
                )?;
            }
            page.push_str("</tr>\n");
        }
        page.push_str("</table>\n");
    }
    sensitivity(&mut page, report)?;
    silicon(&mut page, report)?;
    beyond(&mut page, report)?;
    page.push_str("</html>\n");
    Ok(page)
}

fn sensitivity(page: &mut String, report: &Report) -> fmt::Result {
    if report.sensitivity.is_empty() {
        return Ok(());
    }
    page.push_str(
        "<h2>Batch size and locality: RM3</h2><table><tr><th></th><th>us a batch</th><th>over CPU-GPU</th>\
         <th>over REFREE-B</th><th>accesses</th><th>additions</th></tr>\n",
    );
    for point in &report.sensitivity {
        writeln!(
            page,
            "<tr><td>{} {}</td><td>{:.1}</td><td>{:.2}x</td><td>{:.2}x</td><td>{:.2}x</td><td>{:.3}x</td></tr>",
            point.what,
            point.value,
            point.refree_s * 1e6,
            point.over_cpu_gpu,
            point.over_refree_b,
            point.access_reduction_joint,
            point.computation_reduction_joint
        )?;
    }
    page.push_str("</table>\n");
    Ok(())
}

/// The paper's area and power beside ours.
fn silicon(page: &mut String, report: &Report) -> fmt::Result {
    page.push_str(
        "<h2>Section 5.4: a PE at 32 nm</h2><table><tr><th></th><th>paper</th><th>ours</th></tr>\n",
    );
    if let Some(silicon) = &report.silicon {
        writeln!(
            page,
            "<tr><td>mm2, configuration {}, by two rules from 45 nm</td><td>{PE_MM2:.2}</td><td>{:.4}, {:.4}</td></tr>",
            escape(&silicon.config),
            silicon.area_mm2_32nm_stillmaker,
            silicon.area_mm2_32nm_geometric
        )?;
    }
    for figures in &report.workloads {
        writeln!(
            page,
            "<tr><td>W, {}, buffers and adders only</td><td>{PE_W:.2}</td><td>{:.3}</td></tr>",
            escape(&figures.workload),
            figures.pe_w
        )?;
    }
    page.push_str("</table>\n");
    Ok(())
}

fn beyond(page: &mut String, report: &Report) -> fmt::Result {
    for Beyond { workload, variants } in &report.beyond {
        writeln!(
            page,
            "<h2>Beyond the paper: {}</h2><table><tr><th>gradients in order, which are</th><th>us a batch</th>\
             <th>backward us</th><th>backward additions</th><th>fewer</th><th>host us, measured</th></tr>",
            escape(workload)
        )?;
        for variant in variants {
            let what = format!(
                "{:?}, {:?}, {:?}",
                variant.order, variant.gradients, variant.placement
            )
            .to_lowercase();
            writeln!(
                page,
                "<tr><td>{what}</td><td>{:.1}</td><td>{:.1}</td><td>{:.0}</td><td>{:.3}x</td><td>{:.0}</td></tr>",
                variant.embedding_s.mean * 1e6,
                variant.backward_s.mean * 1e6,
                variant.backward_additions,
                variant.backward_reduction,
                variant.analysis_s * 1e6
            )?;
        }
        page.push_str("</table>\n");
    }
    Ok(())
}

fn times(page: &mut String, report: &Report) -> Result<(), Box<dyn Error>> {
    for figures in &report.workloads {
        writeln!(
            page,
            "<h2>{}</h2><p>{}; {} batches, {:.0} look-ups each, rows of {} elements. Host analysis {:.0} us \
             (one core, measured), dense layers and PCIe {:.1} us, the same for all.</p>",
            escape(&figures.workload),
            escape(&figures.source),
            figures.batches,
            figures.lookups,
            figures.dim,
            figures.analysis_s * 1e6,
            figures.dense_s * 1e6
        )?;
        page.push_str(&plot::times(figures)?);
    }
    Ok(())
}

fn section(page: &mut String, table: &Table, names: &[&str]) -> Result<(), Box<dyn Error>> {
    writeln!(page, "<h2>{}: {}</h2>", table.figure, escape(table.title))?;
    page.push_str(&plot::bars(table, names)?);
    page.push_str("<table><tr><th></th><th>paper</th><th>average</th>");
    for name in names {
        write!(page, "<th>{}</th>", escape(name))?;
    }
    page.push_str("</tr>\n");
    for line in &table.lines {
        let paper = line
            .paper
            .map_or("not published".to_owned(), |x| format!("{x:.2}x"));
        write!(
            page,
            "<tr><td>{}</td><td>{paper}</td><td>{:.2}x</td>",
            escape(&line.what),
            line.average
        )?;
        for value in &line.ours {
            write!(page, "<td>{value:.2}x</td>")?;
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table><ul>\n");
    for input in &table.inputs {
        writeln!(page, "<li>From {}</li>", escape(input))?;
    }
    for note in &table.notes {
        writeln!(page, "<li>{}</li>", escape(note))?;
    }
    page.push_str("</ul>\n");
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
