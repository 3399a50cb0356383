//! A self-contained HTML page.

use super::Table;
use super::html::{self, escape};
use super::plot::Svg;

const STYLE: &str = include_str!("page.css");

/// A page of one file, without scripts and without anything from elsewhere.
///
/// All text is escaped; a plot is taken only as the [`Svg`] that this crate has drawn.
#[derive(Clone, Debug)]
pub struct Page {
    title: String,
    provenance: String,
    body: String,
}

impl Page {
    /// A page with a title and a line that says what made its figures: versions, seed, configuration.
    pub fn new(title: impl Into<String>, provenance: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            provenance: provenance.into(),
            body: String::new(),
        }
    }

    /// A heading; what follows stands under it.
    pub fn section(&mut self, title: &str) -> &mut Self {
        self.body += &format!("<h2>{}</h2>\n", escape(title));
        self
    }

    pub fn paragraph(&mut self, text: &str) -> &mut Self {
        self.body += &format!("<p>{}</p>\n", escape(text));
        self
    }

    /// A table, its title as a caption.
    pub fn table(&mut self, table: &Table) -> &mut Self {
        self.body += &html::table(table, true);
        self
    }

    /// A section of a table alone, under its title.
    pub fn titled(&mut self, table: &Table) -> &mut Self {
        self.section(table.title.as_deref().unwrap_or_default());
        self.body += &html::table(table, false);
        self
    }

    /// A section of a plot and its table, under the table's title.
    pub fn figure(&mut self, plot: &Svg, table: &Table) -> &mut Self {
        self.section(table.title.as_deref().unwrap_or_default());
        self.plot(plot);
        self.body += &html::table(table, false);
        self
    }

    pub fn plot(&mut self, plot: &Svg) -> &mut Self {
        self.body += &format!("<figure>{}</figure>\n", plot.as_str());
        self
    }

    /// The whole file.
    pub fn html(&self) -> String {
        let (title, provenance) = (escape(&self.title), escape(&self.provenance));
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n\
             <p class=\"provenance\">{provenance}</p>\n{}</body>\n</html>\n",
            self.body
        )
    }
}
