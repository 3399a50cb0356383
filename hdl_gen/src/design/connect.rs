//! Connections of whole streams, and of all that two instances have in common.

use super::compose::Compose;
use super::error::DesignError;
use super::pin::Pin;
use super::signal::Signal;
use super::stream::{Stream, base, streams};
use contract::Dir;

/// An end of a stream connection, looked up.
struct End {
    /// As written by the caller.
    path: String,
    /// Instance, or none for the module itself.
    instance: Option<usize>,
    stream: Stream,
}

impl Compose {
    /// The stream at `path` that gives, or takes, seen from inside this module.
    fn end(&self, path: &str, gives: bool) -> Result<End, DesignError> {
        let (instance, name) = self.split(path)?;
        let dir = if instance.is_some() == gives {
            Dir::Output
        } else {
            Dir::Input
        };
        let all = streams(self.pins_of(instance));
        let known = all
            .iter()
            .filter(|s| s.dir == dir)
            .map(|s| format!("`{}`", s.name))
            .collect();
        let stream = all.into_iter().find(|s| s.name == name && s.dir == dir);
        let what = if gives {
            "giving stream"
        } else {
            "taking stream"
        };
        let stream = stream.ok_or_else(|| self.unknown(what, path, known))?;
        Ok(End {
            path: path.to_owned(),
            instance,
            stream,
        })
    }

    pub(super) fn try_stream(&mut self, chain: &[&str]) -> Result<(), DesignError> {
        for pair in chain.windows(2) {
            let (from, to) = (self.end(pair[0], true)?, self.end(pair[1], false)?);
            let payload = self.payload(chain, &from, &to)?;
            self.connect(&from, &to, &payload)?;
        }
        Ok(())
    }

    /// What flows over one link of `chain`: the fields of its first end that names them.
    fn payload(
        &self,
        chain: &[&str],
        from: &End,
        to: &End,
    ) -> Result<Vec<(String, u32)>, DesignError> {
        let fields = |end: &End| end.stream.payload(self.pins_of(end.instance));
        let mut ends = Vec::new();
        for (at, path) in chain.iter().enumerate() {
            ends.push(self.end(path, at + 1 < chain.len())?);
        }
        let typed = ends
            .iter()
            .find(|e| !e.stream.is_carrier())
            .unwrap_or(&ends[0]);
        let payload = fields(typed);
        for end in [from, to] {
            let own = fields(end);
            let fits = if end.stream.is_carrier() {
                total(&own) == total(&payload)
            } else {
                own.len() == payload.len() && own.iter().all(|f| payload.contains(f))
            };
            if !fits {
                return Err(DesignError::Payload {
                    module: self.name.clone(),
                    from: typed.path.clone(),
                    from_payload: describe(&payload),
                    to: end.path.clone(),
                    to_payload: describe(&own),
                });
            }
        }
        Ok(payload)
    }

    fn connect(
        &mut self,
        from: &End,
        to: &End,
        payload: &[(String, u32)],
    ) -> Result<(), DesignError> {
        let path = |compose: &Self, end: &End, pin: usize| match end.instance {
            None => compose.pins[pin].name.clone(),
            Some(at) => {
                let placed = &compose.instances[at];
                format!("{}.{}", placed.name, placed.pins()[pin].name)
            }
        };
        let port_of = |end: &End, field: &str| {
            end.stream
                .fields
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, pin)| *pin)
        };
        // Drivers of the fields.
        let mut sources = Vec::new();
        for (field, _) in payload {
            let source = if !from.stream.is_carrier() {
                port_of(from, field).map(|pin| path(self, from, pin))
            } else {
                let data = path(self, from, from.stream.fields[0].1);
                if payload.len() == 1 {
                    Some(data)
                } else {
                    let split = self.splits.entry(data.clone());
                    split.or_insert_with(|| payload.to_vec());
                    Some(format!("{data}#{field}"))
                }
            };
            sources.extend(source);
        }
        let valid = path(self, from, from.stream.valid);
        let ready = path(self, to, to.stream.ready);
        if let Some(at) = from.instance {
            let stem = self.instances[at].stem().to_owned();
            let join = |parts: [&str; 3]| {
                parts
                    .into_iter()
                    .filter(|p| !p.is_empty())
                    .collect::<Vec<_>>()
                    .join("_")
            };
            let name = |field: &str| join([&stem, &from.stream.name, field]);
            self.names.insert(valid.clone(), name("valid"));
            self.names.insert(ready.clone(), name("ready"));
            for (source, (field, _)) in sources.iter().zip(payload) {
                self.names.insert(source.clone(), name(field));
            }
        }
        self.try_drive(&path(self, to, to.stream.valid), valid.into())?;
        self.try_drive(&path(self, from, from.stream.ready), ready.into())?;
        if to.stream.is_carrier() {
            let data = path(self, to, to.stream.fields[0].1);
            let word = match sources.as_slice() {
                [single] => Signal::from(single.as_str()),
                several => Signal::concat(several.iter().map(String::as_str)),
            };
            return self.try_drive(&data, word);
        }
        for (source, (field, _)) in sources.into_iter().zip(payload) {
            if let Some(pin) = port_of(to, field) {
                self.try_drive(&path(self, to, pin), source.into())?;
            }
        }
        Ok(())
    }

    pub(super) fn try_link(&mut self, first: &str, second: &str) -> Result<(), DesignError> {
        let mut linked = false;
        for (from, to) in [(first, second), (second, first)] {
            let (Some(a), Some(b)) = (self.split(from)?.0, self.split(to)?.0) else {
                let (first, second) = (first.to_owned(), second.to_owned());
                let module = self.name.clone();
                return Err(DesignError::NothingToLink {
                    module,
                    first,
                    second,
                });
            };
            let (gives, takes) = (
                self.pins_of(Some(a)).to_vec(),
                self.pins_of(Some(b)).to_vec(),
            );
            let taken = streams(&takes);
            for stream in streams(&gives).iter().filter(|s| s.dir == Dir::Output) {
                let same = |s: &&Stream| s.name == stream.name && s.dir == Dir::Input;
                let Some(other) = taken.iter().find(same) else {
                    continue;
                };
                let valid = format!("{to}.{}", takes[other.valid].name);
                if !stream.name.is_empty() && !self.drives.contains_key(&valid) {
                    let name = &stream.name;
                    self.try_stream(&[&format!("{from}.{name}"), &format!("{to}.{name}")])?;
                    linked = true;
                }
            }
            for pin in gives.iter().filter(|p| p.dir == Dir::Output) {
                let fits = |t: &&Pin| t.dir == Dir::Input && base(&t.name) == base(&pin.name);
                let Some(taker) = takes.iter().find(fits) else {
                    continue;
                };
                let taker = format!("{to}.{}", taker.name);
                if !self.drives.contains_key(&taker) {
                    self.try_drive(&taker, format!("{from}.{}", pin.name).into())?;
                    linked = true;
                }
            }
        }
        if linked {
            return Ok(());
        }
        let (first, second) = (first.to_owned(), second.to_owned());
        Err(DesignError::NothingToLink {
            module: self.name.clone(),
            first,
            second,
        })
    }
}

/// `{row 8, mask 4}`.
fn describe(payload: &[(String, u32)]) -> String {
    let fields: Vec<String> = payload
        .iter()
        .map(|(name, width)| {
            if name.is_empty() {
                width.to_string()
            } else {
                format!("{name} {width}")
            }
        })
        .collect();
    format!("{{{}}}", fields.join(", "))
}

fn total(payload: &[(String, u32)]) -> u32 {
    payload.iter().map(|(_, width)| width).sum()
}
