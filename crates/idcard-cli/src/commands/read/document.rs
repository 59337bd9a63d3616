//! `idcard.read/1`: the sections of the document, every key always there.

use crate::commands::certificate::Entry;
use crate::commands::section::State;
use serde::Serialize;
use std::collections::BTreeMap;

/// All that a card gives.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    pub schema: &'static str,
    pub source: &'static str,
    pub reader: Option<String>,
    pub specimen: bool,
    pub card: CardSection,
    pub identity: Identity,
    pub birth_certificate: BirthCertificate,
    pub postal: Postal,
    pub photo: Photo,
    pub fingerprints: Fingerprints,
    pub dates: Dates,
    pub certificates: Vec<Entry>,
    pub security_object: SecurityObject,
    pub warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct CardSection {
    pub family: String,
    pub generation: String,
    pub atr: String,
    pub csn: Option<String>,
    pub crn: Option<String>,
    /// What became of the two.
    #[serde(skip)]
    pub numbers: [State; 2],
}

/// A day in both calendars.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Date {
    pub jalali: Option<String>,
    pub iso: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Identity {
    #[serde(flatten)]
    pub state: State,
    pub source: Option<&'static str>,
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub father_name: Option<String>,
    pub national_number: Option<String>,
    pub gender: Option<&'static str>,
    pub birth_date: Option<Date>,
    pub issue_place: Option<String>,
    pub birth_place: Option<String>,
    pub latin_given_name: Option<String>,
    pub latin_surname: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct BirthCertificate {
    #[serde(flatten)]
    pub state: State,
    pub number: Option<String>,
    pub series: Option<String>,
    pub serial: Option<String>,
    pub registered_at: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Postal {
    #[serde(flatten)]
    pub state: State,
    pub postal_code: Option<String>,
    pub address: Option<String>,
    pub warnings: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Photo {
    #[serde(flatten)]
    pub state: State,
    pub format: Option<&'static str>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub bytes: Option<usize>,
    pub sha256: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Fingerprints {
    #[serde(flatten)]
    pub state: State,
    pub enrolled: Option<Vec<&'static str>>,
    pub match_on_card: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(super) struct Dates {
    #[serde(flatten)]
    pub state: State,
    pub issued: Option<Date>,
    pub expires: Option<Date>,
}

#[derive(Debug, Serialize)]
pub(super) struct SecurityObject {
    #[serde(flatten)]
    pub state: State,
    pub verdict: &'static str,
    pub groups: BTreeMap<u8, &'static str>,
}

impl Document {
    /// The sections by name, with what became of them; each certificate is one.
    pub(super) fn states(&self) -> impl Iterator<Item = (&'static str, &State)> {
        let sections = [
            ("identity", &self.identity.state),
            ("birth_certificate", &self.birth_certificate.state),
            ("postal", &self.postal.state),
            ("photo", &self.photo.state),
            ("fingerprints", &self.fingerprints.state),
            ("dates", &self.dates.state),
            ("security_object", &self.security_object.state),
        ];
        let numbers = self.card.numbers.iter().map(|state| ("card", state));
        numbers.chain(sections).chain(self.certificates.iter().map(|entry| ("certificates", &entry.state)))
    }
}
