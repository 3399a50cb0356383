//! A module: interface, and a body that is template text, checked composition or a memory.

use std::collections::{HashMap, HashSet};

use super::columns;
use super::constant::evaluate;
use super::error::DesignError;
use super::header::{self, ModulePort, Param};
use super::instances::{self, LeafInstance};
use super::nets::Netlist;
use super::param::ParamValue;
use super::pin::Pin;
use crate::sram::SramSpec;

/// One module of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    pub(super) name: String,
    /// What the module guarantees, in one sentence.
    pub(super) doc: String,
    /// Further comment lines above the header.
    pub(super) notes: Vec<String>,
    pub(super) params: Vec<Param>,
    pub(super) ports: Vec<ModulePort>,
    pub(super) body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Text after the header, from a template.
    Leaf {
        text: String,
        instances: Vec<LeafInstance>,
    },
    /// Instances and nets.
    Composed(Netlist),
    /// A memory macro: behavioural text for simulation, a black box for synthesis.
    Sram { text: String, spec: SramSpec },
}

impl Module {
    /// A leaf module from a template: the header of the rendered text is its interface.
    ///
    /// # Errors
    /// The template fails, or its header is not understood.
    pub fn leaf(template: &impl askama::Template) -> Result<Self, DesignError> {
        let text = template
            .render()
            .map_err(|e| DesignError::Template(e.to_string()))?;
        Self::leaf_text(&text)
    }

    /// A leaf module from SystemVerilog text.
    ///
    /// # Errors
    /// The header is not understood; see [`Module::leaf`].
    pub fn leaf_text(text: &str) -> Result<Self, DesignError> {
        let text = tidy(text);
        let parsed = header::parse(&text)?;
        let instances = instances::scan(&text);
        Self::from_parsed(parsed, |text| Body::Leaf { text, instances })
    }

    /// A memory macro whose behaviour is `text`.
    pub(crate) fn sram(text: &str, spec: SramSpec) -> Result<Self, DesignError> {
        let parsed = header::parse(&tidy(text))?;
        Self::from_parsed(parsed, |text| Body::Sram { text, spec })
    }

    fn from_parsed(
        parsed: header::Parsed,
        body: impl FnOnce(String) -> Body,
    ) -> Result<Self, DesignError> {
        let header::Parsed {
            doc,
            notes,
            name,
            params,
            ports,
            body: text,
        } = parsed;
        let module = Self {
            name,
            doc,
            notes,
            params,
            ports,
            body: body(text),
        };
        module.check_names()?;
        module.pins(&[])?; // the defaults must give every port a width
        Ok(module)
    }

    /// Parameters and ports must have names of their own.
    pub(super) fn check_names(&self) -> Result<(), DesignError> {
        let params = self.params.iter().map(|p| p.name.as_str());
        let mut seen = HashSet::new();
        for name in params.chain(self.ports.iter().map(|p| p.name.as_str())) {
            if !seen.insert(name) {
                let (module, name) = (self.name.clone(), name.to_owned());
                return Err(DesignError::Duplicate {
                    module,
                    what: "name",
                    name,
                });
            }
        }
        Ok(())
    }

    /// Name of the module and of its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the module guarantees, in one sentence.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// Parameters and localparams, in the order of the header.
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// Ports, in the order of the header.
    pub fn ports(&self) -> &[ModulePort] {
        &self.ports
    }

    /// The memory, if the module is one.
    pub fn sram_spec(&self) -> Option<&SramSpec> {
        match &self.body {
            Body::Sram { spec, .. } => Some(spec),
            _ => None,
        }
    }

    /// Modules instantiated directly, in order of appearance.
    pub(super) fn children(&self) -> Vec<&str> {
        match &self.body {
            Body::Leaf { instances, .. } => instances.iter().map(|i| i.of.as_str()).collect(),
            Body::Composed(netlist) => netlist.instances.iter().map(|i| i.of.as_str()).collect(),
            Body::Sram { .. } => Vec::new(),
        }
    }

    /// Ports with their widths when an instance sets the parameters in `set`.
    pub(super) fn pins(&self, set: &[(String, ParamValue)]) -> Result<Vec<Pin>, DesignError> {
        let error = |of: &str, expression: &str, why: String| DesignError::Constant {
            module: self.name.clone(),
            of: of.to_owned(),
            expression: expression.to_owned(),
            why,
        };
        let mut values: HashMap<&str, i64> = HashMap::new();
        for param in &self.params {
            let given = set.iter().find(|(name, _)| *name == param.name);
            let value = match given {
                Some((_, ParamValue::Int(value))) => *value,
                Some((_, ParamValue::Text(_))) => continue, // has no number, so no width may need it
                None if param.value.starts_with('"') => continue,
                None => evaluate(&param.value, &|name| values.get(name).copied())
                    .map_err(|why| error(&param.name, &param.value, why))?,
            };
            values.insert(&param.name, value);
        }
        let width = |port: &ModulePort| match &port.high {
            None => Ok(1),
            Some(high) => evaluate(high, &|name| values.get(name).copied())
                .and_then(|h| match u32::try_from(h) {
                    Ok(h) if h < 1 << 24 => Ok(h + 1),
                    _ => Err(format!("{h} is not the number of a highest bit")),
                })
                .map_err(|why| error(&port.name, high, why)),
        };
        self.ports
            .iter()
            .map(|p| {
                Ok(Pin {
                    name: p.name.clone(),
                    dir: p.dir,
                    width: width(p)?,
                })
            })
            .collect()
    }

    /// The text of the module's file; `provenance` goes under the first line.
    pub(crate) fn render(&self, provenance: &str) -> String {
        let notes: String = self.notes.iter().map(|n| format!("// {n}\n")).collect();
        let notes = if notes.is_empty() {
            notes
        } else {
            format!("//\n{notes}")
        };
        let head = columns::render(&self.name, &self.params, &self.ports);
        let body = match &self.body {
            Body::Leaf { text, .. } | Body::Sram { text, .. } => text.clone(),
            Body::Composed(netlist) => netlist.render(),
        };
        tidy(&format!(
            "// {}\n{provenance}\n{notes}{head}{body}",
            self.doc
        ))
    }

    /// For a memory, the text of its black box for synthesis.
    pub(crate) fn render_stub(&self, provenance: &str) -> Option<String> {
        let head = columns::render(&self.name, &self.params, &self.ports);
        self.sram_spec()
            .map(|spec| tidy(&spec.stub(head, provenance)))
    }
}

/// Strips trailing spaces, folds runs of blank lines to one and ends with one newline: what a
/// template's conditional lines leave behind.
fn tidy(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.trim().lines().map(str::trim_end) {
        if !(line.is_empty() && lines.last().is_some_and(|l| l.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n") + "\n"
}
