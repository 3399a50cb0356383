//! PORTS.md: what a user of the block must know about its edges.

use std::fmt::Write;

use crate::block::Block;
use crate::design::Design;
use contract::load::table;
use contract::{Dir, Port, Role};

/// Ports by stream, parameters with meaning and source, modules and memories.
pub(super) fn ports<B: Block>(
    config_name: &str,
    config: &B,
    design: &Design,
    provenance: &str,
) -> String {
    let ports = config.ports();
    let mut text = format!(
        "# `{top}`: block {block}, configuration {config_name}\n\
         \n\
         {doc}\n\
         \n\
         {provenance}\n\
         \n\
         ## Ports\n\
         \n\
         A transfer on a stream happens at a rising edge of `clk_i` at which its `valid` and \
         `ready` are both high.\n\
         `valid` never waits for `ready`; the payload is stable while stalled.\n",
        top = B::TOP,
        block = B::BLOCK,
        doc = design.top().doc(),
    );
    let mut streams: Vec<&str> = Vec::new();
    for stream in ports.iter().filter_map(|p| p.stream) {
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    for stream in streams {
        let of_stream: Vec<&Port> = ports.iter().filter(|p| p.stream == Some(stream)).collect();
        let valid = of_stream.iter().find(|p| p.role == Role::Valid);
        let way = if valid.is_some_and(|p| p.dir == Dir::Input) {
            "input"
        } else {
            "output"
        };
        _ = write!(
            text,
            "\n### Stream `{stream}` ({way})\n\n{}",
            port_table(&of_stream)
        );
    }
    let levels: Vec<&Port> = ports.iter().filter(|p| p.stream.is_none()).collect();
    _ = write!(
        text,
        "\n### Clock, reset and levels\n\n{}",
        port_table(&levels)
    );

    let values = table(config);
    let rows = B::params().iter().map(|p| {
        let value = values
            .get(p.name)
            .map(ToString::to_string)
            .unwrap_or_default();
        [
            format!("`{}`", p.name),
            value.replace('"', ""),
            p.doc.into(),
            p.source.into(),
        ]
    });
    let head = ["parameter", "value", "meaning: legal values", "source"];
    _ = write!(text, "\n## Parameters\n\n{}", markdown(head, rows));

    let rows = design
        .modules()
        .iter()
        .rev()
        .map(|m| [format!("`{}`", m.name()), m.doc().into()]);
    _ = write!(
        text,
        "\n## Modules\n\n{}",
        markdown(["module", "what it guarantees"], rows)
    );

    let memories: Vec<_> = design
        .modules()
        .iter()
        .filter_map(|m| m.sram_spec())
        .collect();
    if !memories.is_empty() {
        let rows = memories.iter().map(|s| {
            let area = format!("{:.0}", s.area_um2_45nm());
            let access = format!("{:.3}", s.access_ns_45nm());
            [
                format!("`{}`", s.name()),
                s.words.to_string(),
                s.bits.to_string(),
                area,
                access,
            ]
        });
        let head = [
            "memory",
            "words",
            "bits",
            "area um2, 45 nm",
            "access ns, 45 nm",
        ];
        _ = write!(
            text,
            "\n## Memories\n\n\
             One port each, that reads or writes. Area and access time are a model through \
             figures of CACTI 7 (4 KB and 128 KB).\n\n{}",
            markdown(head, rows)
        );
    }
    text
}

fn port_table(ports: &[&Port]) -> String {
    let rows = ports.iter().map(|p| {
        let dir = if p.dir == Dir::Input { "in" } else { "out" };
        [
            format!("`{}`", p.name),
            dir.into(),
            p.width.to_string(),
            p.doc.clone(),
        ]
    });
    markdown(["port", "dir", "bits", "meaning"], rows)
}

/// A table with its columns aligned.
fn markdown<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = rows
        .map(|row| row.map(|cell| cell.replace('|', "\\|")))
        .collect();
    let width = |at: usize| {
        rows.iter()
            .map(|r| r[at].chars().count())
            .chain([head[at].len()])
            .max()
            .unwrap_or(0)
    };
    let line = |cells: [&str; N]| -> String {
        let cells = cells.iter().enumerate();
        let padded: Vec<String> = cells
            .map(|(at, c)| format!("{c:w$}", w = width(at)))
            .collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let rule: Vec<String> = (0..N).map(|at| "-".repeat(width(at))).collect();
    let mut text = line(head) + &format!("| {} |\n", rule.join(" | "));
    for row in &rows {
        text += &line(row.each_ref().map(String::as_str));
    }
    text
}
