//! A table on a terminal: columns as wide as their cells, two spaces between them.

use std::fmt;

use super::Table;

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.iter().chain(&self.footer);
        let mut lines: Vec<Vec<String>> = self.headings().into_iter().collect();
        lines.extend(rows.map(|row| {
            let shown = self.shown(row).into_iter();
            shown
                .map(|cell| cell.unwrap_or_else(|| "-".to_owned()))
                .collect()
        }));
        let width = |column: usize| {
            let cells = lines
                .iter()
                .map(|line: &Vec<String>| line[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        if let Some(title) = &self.title {
            writeln!(f, "{title}")?;
        }
        for line in &lines {
            let cells = line.iter().zip(&widths).zip(&self.columns);
            let cells: Vec<String> = cells
                .map(|((cell, &width), column)| match column.right {
                    true => format!("{cell:>width$}"),
                    false => format!("{cell:<width$}"),
                })
                .collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        for input in &self.inputs {
            writeln!(f, "  from {input}")?;
        }
        for note in &self.notes {
            writeln!(f, "  * {note}")?;
        }
        Ok(())
    }
}
