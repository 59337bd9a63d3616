//! What a survey asks, applet by applet: the page of the family first, then what `cards/survey.toml` adds to it.

use crate::error::Error;
use crate::family::{Applet, Bytes, Evidence, FilePath, Find, Page};
use serde::Deserialize;
use std::path::Path;

/// One applet, and what beside the items of the page is asked of it.
#[derive(Debug, Clone)]
pub(super) struct Stop {
    /// As it is spoken to here: SELECT asks for control information.
    pub applet: Applet,
    /// The page of the family has it.
    pub on_page: bool,
    pub asked: Asked,
}

/// The questions that `cards/survey.toml` has for an applet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Planned {
    name: String,
    aid: Option<Bytes>,
    #[serde(default = "one")]
    offset_unit: u8,
    find: Option<Find>,
    #[serde(default)]
    answers: bool,
    source: String,
    #[serde(default)]
    files: Vec<Files>,
    #[serde(default)]
    data: Vec<Data>,
    #[serde(default)]
    codes: Vec<Code>,
    #[serde(default)]
    references: Vec<Reference>,
}

/// Questions for one applet.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub files: Vec<Files>,
    pub data: Vec<Data>,
    pub codes: Vec<Code>,
    pub references: Vec<Reference>,
}

/// Files whose being there is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Files {
    pub paths: Vec<FilePath>,
    pub fills: Option<String>,
}

/// A data object.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Data {
    pub command: Bytes,
    pub length: u16,
    pub fills: Option<String>,
}

/// An MPCOS secret-code file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    pub path: FilePath,
    pub fills: Option<String>,
}

/// A PIN reference of VERIFY.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    pub path: Option<FilePath>,
    pub reference: Bytes,
    pub fills: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    applet: Vec<Planned>,
}

const fn one() -> u8 {
    1
}

const PLAN: &str = include_str!("../../cards/survey.toml");

/// Where to stop: the applets of the page in their order, then the others.
pub(super) fn stops(page: &Page) -> Result<Vec<Stop>, Error> {
    let plan: Plan = toml::from_str(PLAN)
        .map_err(|wrong| Error::Page { path: Path::new("survey.toml").to_owned(), what: wrong.message().to_owned() })?;
    let mut planned = plan.applet;
    let mut stops = Vec::new();
    for applet in &page.applets {
        let at = planned.iter().position(|known| known.aid.as_ref() == Some(&applet.aid));
        let asked = at.map(|at| planned.remove(at)).unwrap_or_default().asked();
        stops.push(Stop { applet: Applet { silent: false, ..applet.clone() }, on_page: true, asked });
    }
    for mut other in planned {
        let Some(aid) = other.aid.take() else { continue };
        let applet = Applet {
            // An AID names what no page names: no name of the page can be met.
            name: aid.to_string(),
            aid,
            offset_unit: other.offset_unit,
            find: other.find.unwrap_or(Find::Anywhere),
            silent: false,
            answers: other.answers,
            evidence: Evidence::C,
            source: format!("{} ({})", other.source, other.name),
        };
        stops.push(Stop { applet, on_page: false, asked: other.asked() });
    }
    Ok(stops)
}

impl Planned {
    fn asked(self) -> Asked {
        Asked { files: self.files, data: self.data, codes: self.codes, references: self.references }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Roster;

    #[test]
    fn every_applet_of_the_contract_is_asked_for_once_whatever_the_family() {
        for page in Roster::built_in().unwrap().pages() {
            let mut aids: Vec<_> = stops(page).unwrap().iter().map(|stop| stop.applet.aid.to_string()).collect();
            // nid-card.md 13.2.
            for aid in [
                "A000000018434D00",
                "A0000000183003010000000000000000",
                "A0000000180C000001634200",
                "A00000001840000001634200",
                "5041524449532C4D41544952414E20",
                "4D41544952414E204944204341524420",
            ] {
                assert!(aids.iter().any(|known| known == aid), "{}: {aid}", page.family);
            }
            let asked = aids.len();
            aids.sort();
            aids.dedup();
            assert_eq!(aids.len(), asked, "{}", page.family);
        }
    }

    #[test]
    fn the_fifteen_files_of_the_contract_are_asked_for() {
        let roster = Roster::built_in().unwrap();
        let page = roster.pages().iter().find(|page| page.family == "mav").unwrap();
        let stops = stops(page).unwrap();
        let paths: Vec<_> = stops
            .iter()
            .flat_map(|stop| &stop.asked.files)
            .flat_map(|files| &files.paths)
            .map(ToString::to_string)
            .collect();
        for number in 0x0201..=0x020F {
            let path = format!("3F00/0200/{number:04X}");
            assert!(paths.contains(&path), "{path}");
        }
    }
}
