//! `info --map`: what the page of the family knows, with its evidence.

use idcard_core::family::{ItemName, Page};
use serde::Serialize;

/// One statement of a page.
#[derive(Debug, Serialize)]
pub(super) struct Known {
    /// `applet`, `item`, `pin`, `key`.
    pub what: &'static str,
    pub name: String,
    /// The applet where it lies; of an applet its AID.
    pub applet: String,
    /// Its path, the command that fetches it, or the reference.
    pub place: Option<String>,
    /// The PIN object that guards it.
    pub pin: Option<String>,
    /// Whether its layout is known.
    pub readable: Option<bool>,
    pub evidence: String,
    pub meaning: &'static str,
    pub source: String,
}

/// All statements of a page.
pub(super) fn of(page: &Page) -> Vec<Known> {
    let applets = page.applets.iter().map(|applet| Known {
        what: "applet",
        name: applet.name.clone(),
        applet: applet.aid.to_string(),
        place: None,
        pin: None,
        readable: None,
        evidence: applet.evidence.to_string(),
        meaning: applet.evidence.meaning(),
        source: applet.source.clone(),
    });
    let items = page.items.iter().map(|item| Known {
        what: "item",
        name: item.name.to_string(),
        applet: item.applet.clone(),
        place: item.path.as_ref().map(ToString::to_string).or(item.command.as_ref().map(ToString::to_string)),
        pin: item.pin.clone(),
        readable: Some(item.decoder.is_some() || item.name == ItemName::Journal),
        evidence: item.evidence.to_string(),
        meaning: item.evidence.meaning(),
        source: item.source.clone(),
    });
    let pins = page.pins.iter().map(|pin| Known {
        what: "pin",
        name: pin.name.clone(),
        applet: pin.applet.clone(),
        place: Some(match &pin.path {
            Some(path) => format!("{path}, reference {}", pin.reference),
            None => format!("reference {}", pin.reference),
        }),
        pin: None,
        readable: None,
        evidence: pin.evidence.to_string(),
        meaning: pin.evidence.meaning(),
        source: pin.source.clone(),
    });
    let keys = page.keys.iter().map(|key| Known {
        what: "key",
        name: key.name.to_string(),
        applet: key.applet.clone(),
        place: key.path.as_ref().map(ToString::to_string),
        pin: Some(key.pin.clone()),
        readable: None,
        evidence: key.evidence.to_string(),
        meaning: key.evidence.meaning(),
        source: key.source.clone(),
    });
    applets.chain(items).chain(pins).chain(keys).collect()
}
