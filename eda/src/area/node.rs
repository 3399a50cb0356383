//! The process node of a cell library: Liberty has no attribute for it.

use std::fmt;

/// Names of libraries by how they begin, in lower case, and the node in nm.
const LIBRARIES: [(&str, u32); 14] = [
    ("own45", 45),
    ("nangate45", 45),
    ("nangateopencelllibrary", 45),
    ("freepdk45", 45),
    ("gscl45nm", 45),
    ("sky130", 130),
    ("sg13g2", 130),
    ("sg13cmos5l", 130),
    ("gf180mcu", 180),
    ("asap7", 7),
    ("osu018", 180),
    ("osu025", 250),
    ("osu035", 350),
    ("osu05", 500),
];

/// The node of the memories' figures, and of those that are scaled to 32 nm.
const FIGURES_NM: u32 = 45;

/// A node in nm, if it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Node(pub Option<u32>);

/// Libraries of different nodes.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error(
    "library {first} is of {first_nm} nm, {second} of {second_nm} nm; give libraries of one node, \
     or say it with --node"
)]
pub struct Mixed {
    first: String,
    first_nm: u32,
    second: String,
    second_nm: u32,
}

impl Node {
    /// The node of libraries of these names: unknown if one of them is.
    pub fn of<'a>(libraries: impl Iterator<Item = &'a str>) -> Result<Self, Mixed> {
        let mut found: Option<(&str, u32)> = None;
        let mut all_known = true;
        for name in libraries {
            let lower = name.to_ascii_lowercase();
            let known = LIBRARIES.iter().find(|(begin, _)| lower.starts_with(begin));
            match (known, found) {
                (None, _) => all_known = false,
                (Some(&(_, nm)), Some((first, first_nm))) if nm != first_nm => {
                    return Err(Mixed {
                        first: first.to_owned(),
                        first_nm,
                        second: name.to_owned(),
                        second_nm: nm,
                    });
                }
                (Some(&(_, nm)), _) => found = found.or(Some((name, nm))),
            }
        }
        Ok(Self(found.map(|(_, nm)| nm).filter(|_| all_known)))
    }

    /// Whether there are figures of memories and rules of scaling to 32 nm.
    pub fn has_figures(self) -> bool {
        self.0 == Some(FIGURES_NM)
    }
}

/// `45 nm`, `an unknown node`.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            Some(nm) => write!(f, "{nm} nm"),
            None => f.write_str("an unknown node"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(libraries: &[&str]) -> Result<Option<u32>, String> {
        let node = Node::of(libraries.iter().copied());
        node.map(|n| n.0).map_err(|e| e.to_string())
    }

    #[test]
    fn known_libraries_by_how_their_names_begin() {
        for (library, nm) in [
            ("own45", Some(45)),
            ("NangateOpenCellLibrary", Some(45)),
            ("sky130_fd_sc_hd__tt_025C_1v80", Some(130)),
            ("gf180mcu_fd_sc_mcu7t5v0__tt_025C_3v30", Some(180)),
            ("sg13g2_stdcell_typ_1p20V_25C", Some(130)),
            ("asap7sc7p5t_AO_RVT_TT_nldm_211120", Some(7)),
            ("osu05_stdcells", Some(500)),
            ("osu035_stdcells", Some(350)),
            ("mine", None),
            ("", None),
        ] {
            assert_eq!(node(&[library]), Ok(nm), "{library}");
        }
    }

    #[test]
    fn several_libraries_are_of_one_node() {
        assert_eq!(node(&["asap7sc7p5t_AO", "asap7sc7p5t_OA"]), Ok(Some(7)));
        assert_eq!(node(&["own45", "mine"]), Ok(None));
        assert_eq!(
            node(&["own45", "sky130_x"]).unwrap_err(),
            "library own45 is of 45 nm, sky130_x of 130 nm; give libraries of one node, or say it with --node"
        );
    }
}
