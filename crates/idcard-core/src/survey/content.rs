//! The content of what was read: whether it has the form that the page tells, and what it says beyond the holder.

use super::{Finding, Reason, Surveyor, Verdict};
use crate::apdu::Status;
use crate::data::{Calendar, CardDate, Field, Nature};
use crate::error::Error;
use crate::family::{Item, ItemName};
use crate::session::{Session, Slot};

/// What a content says.
type Values = Vec<(&'static str, String)>;

impl Surveyor<'_> {
    /// Reads an item of the page whole, and judges it.
    pub(super) fn content(&mut self, item: &Item, mut finding: Finding) -> Result<Finding, Error> {
        let decoded = match item.decoder {
            Some(_) => self.step(|session| decoded(session, item.name)),
            None if item.name == ItemName::Journal => self.step(|session| decoded(session, item.name)),
            // Its place is known, its layout is not: raw bytes have no wrong form.
            None => self.step(|session| session.fetch(item.name).map(|_| (Values::new(), None))),
        };
        if let Some(file) = self.session.fetched(item.name).filter(|file| !file.redacted) {
            finding = finding.read(&file.bytes);
            finding.status = Some(finding.status.unwrap_or(Status::OK));
            if matches!(
                item.name,
                ItemName::CertificateSign
                    | ItemName::CertificateAuth
                    | ItemName::CertificateCa
                    | ItemName::SecurityObject
            ) {
                self.read.push((item.name, file.bytes.clone()));
            }
        }
        let differed = |finding: Finding, reason| Finding { verdict: Verdict::Differed, ..finding.because(reason) };
        Ok(match decoded {
            Ok((values, None)) => Finding { values, ..finding },
            Ok((values, Some(detail))) => {
                Finding { values, detail: Some(detail), ..differed(finding, Reason::Malformed) }
            }
            Err(Error::Redacted(_)) => finding.because(Reason::Masked),
            Err(Error::Absent(_)) => differed(finding, Reason::NotThere),
            Err(Error::Empty(_)) => differed(finding, Reason::Empty),
            Err(Error::SecureChannelRequired(_) | Error::PinRequired { .. }) => {
                differed(finding, Reason::Guarded).with_status(Status::SECURITY_STATUS)
            }
            Err(Error::Refused { status, .. }) => differed(finding, Reason::Refused).with_status(status),
            Err(Error::Malformed { source, .. } | Error::Garbled { source, .. }) => {
                Finding { detail: Some(source.to_string()), ..differed(finding, Reason::Malformed) }
            }
            Err(other) => return Err(other),
        })
    }
}

/// What the content says, and the first thing that is wrong with a field of it.
fn decoded(session: &mut Session<'_>, name: ItemName) -> Result<(Values, Option<String>), Error> {
    let mut values = Values::new();
    let mut wrong = None;
    match name {
        ItemName::Serial => {
            let there = session.serial()?.is_some();
            values.push(("serial", if there { "there" } else { "blank" }.to_owned()));
            // Fabricator, type, operating system, its date and level: of the chip's kind, not of the one chip.
            let kind = session.fetched(name).and_then(|file| file.bytes.get(3..13)).unwrap_or_default();
            values.push(("chip", hex::encode_upper(kind)));
        }
        ItemName::Crn => {
            if let Some(crn) = session.crn()? {
                values.push(("passes_national_number_checksum", crn.passes_national_number_checksum().to_string()));
            }
            let rest = session.fetched(name).and_then(|file| file.bytes.get(13..)).unwrap_or_default();
            values.push(("rest", Nature::of(rest).word().to_owned()));
        }
        ItemName::Versions => {
            let versions = session.versions()?;
            for (tag, field) in [("cc", &versions.cc), ("d5", &versions.d5), ("d6", &versions.d6), ("d7", &versions.d7)]
            {
                if let Some(version) = field.valid() {
                    values.push((tag, version.to_string()));
                }
                fault(field, &mut wrong);
            }
        }
        ItemName::Meta => {
            let meta = session.meta()?;
            fault(&meta.fingerprint_check, &mut wrong);
            let flag = session.fetched(name).map(|file| hex::encode_upper(file.bytes.get(2..3).unwrap_or_default()));
            values.push(("fingerprint_check", flag.unwrap_or_default()));
        }
        ItemName::Dates => {
            let dates = session.dates()?;
            date("issued", &dates.issued, &mut values);
            date("expires", &dates.expires, &mut values);
            fault(&dates.issued, &mut wrong);
            fault(&dates.expires, &mut wrong);
        }
        ItemName::Fingerprints => {
            let enrolled = session.fingerprints()?.enrolled.len();
            values.push(("enrolled", enrolled.to_string()));
        }
        ItemName::SecurityObject => drop(session.security_object()?),
        ItemName::CertificateSign => drop(session.certificate(Slot::Sign)?),
        ItemName::CertificateAuth => drop(session.certificate(Slot::Auth)?),
        ItemName::CertificateCa => drop(session.certificate(Slot::Ca)?),
        ItemName::Journal => {
            let file = session.fetch(name)?;
            if file.redacted {
                return Err(Error::Redacted(name));
            }
            let words = file.bytes.chunks(4).filter(|word| word.iter().any(|byte| *byte != 0)).count();
            values.push(("words_set", words.to_string()));
        }
        ItemName::Identity | ItemName::PersonalInfo2 | ItemName::Photo | ItemName::Unnamed => {
            session.fetch(name)?;
        }
    }
    Ok((values, wrong))
}

/// The calendar and the year: the day is the holder's.
fn date(which: &'static str, field: &Field<CardDate>, values: &mut Values) {
    let Some(date) = field.valid() else { return };
    let (calendar, year) = match date.calendar() {
        Calendar::SolarHijri => ("solar_hijri", date.jalali()),
        Calendar::Gregorian => ("gregorian", date.iso()),
    };
    let year = year.and_then(|text| text.get(..4).map(str::to_owned)).unwrap_or_default();
    values.push((which, format!("{year} {calendar}")));
}

fn fault<T>(field: &Field<T>, wrong: &mut Option<String>) {
    if let Some(fault) = field.wrong() {
        wrong.get_or_insert(fault.to_string());
    }
}

/// What a data object says that no page has: a version, where it reads like one.
pub(super) fn of_an_object(tag: [u8; 2], bytes: &[u8]) -> Values {
    let is_version = |text: &&str| {
        text.len() <= 16
            && text.contains('.')
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'v' | 'V'))
    };
    let ends = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let text = bytes.get(..ends).and_then(|text| std::str::from_utf8(text).ok()).filter(is_version);
    match (tag, text) {
        ([0xDF | 0x7F, 0x30], Some(version)) => vec![("version", version.to_owned())],
        _ => Values::new(),
    }
}
