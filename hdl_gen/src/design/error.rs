//! What can be wrong with a design.

/// A design that was refused before a line of it was printed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DesignError {
    #[error("template: {0}")]
    Template(String),
    #[error("module `{module}`, line {line}: {why}")]
    Header {
        module: String,
        line: usize,
        why: String,
    },
    #[error("module `{module}`: `{expression}` of `{of}`: {why}")]
    Constant {
        module: String,
        of: String,
        expression: String,
        why: String,
    },
    #[error("in `{module}`: there is no {what} `{name}`; {known}")]
    Unknown {
        module: String,
        what: &'static str,
        name: String,
        known: String,
    },
    #[error("in `{module}`: {what} `{name}` exists twice")]
    Duplicate {
        module: String,
        what: &'static str,
        name: String,
    },
    #[error("in `{module}`: instance `{name}`: names of instances begin with `u_`")]
    InstanceName { module: String, name: String },
    #[error("in `{module}`: `{name}` cannot be used as a {role}")]
    Direction {
        module: String,
        name: String,
        /// "driver" or "taker".
        role: &'static str,
    },
    #[error("in `{module}`: `{from}` has {from_width} bits but `{to}` takes {to_width}")]
    Width {
        module: String,
        from: String,
        from_width: u32,
        to: String,
        to_width: u32,
    },
    #[error("in `{module}`: `{from}` carries {from_payload} but `{to}` takes {to_payload}")]
    Payload {
        module: String,
        from: String,
        from_payload: String,
        to: String,
        to_payload: String,
    },
    #[error("in `{module}`: `{to}` is driven by `{first}` and by `{second}`")]
    DrivenTwice {
        module: String,
        to: String,
        first: String,
        second: String,
    },
    #[error("in `{module}`: nothing drives `{to}`")]
    Undriven { module: String, to: String },
    #[error("in `{module}`: `{from}` drives nothing; connect it or declare it open")]
    Unused { module: String, from: String },
    #[error("in `{module}`: `{from}` is declared open but drives `{to}`")]
    NotOpen {
        module: String,
        from: String,
        to: String,
    },
    #[error("in `{module}`: `{first}` and `{second}` have no port in common that can be linked")]
    NothingToLink {
        module: String,
        first: String,
        second: String,
    },
    #[error("in `{module}`, line {line}: instance `{instance}` of `{of}`: {why}")]
    Instance {
        module: String,
        line: usize,
        instance: String,
        of: String,
        why: String,
    },
    #[error("module `{0}` is in the design twice with different texts")]
    TwoTexts(String),
    #[error("module `{0}` contains itself")]
    Recursive(String),
    #[error("module `{0}` is in the design but nothing instantiates it")]
    Unreached(String),
    #[error("top `{top}`: {why}")]
    Top { top: String, why: String },
}
