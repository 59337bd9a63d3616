//! The sections about the person: identity, birth certificate, postal data.

use super::document::{BirthCertificate, Date, Identity, Postal};
use crate::commands::section::{Faults, State, settled};
use crate::exit::Failure;
use idcard_core::Session;
use idcard_core::data::national_number::NationalNumberError;
use idcard_core::data::{CardDate, Field, Text};
use idcard_crypto::Certificate;

/// A date in both calendars.
pub(super) fn date(date: CardDate) -> Date {
    Date { jalali: date.jalali(), iso: date.iso() }
}

fn text(faults: &mut Faults, name: &str, field: &Field<Text>) -> Option<String> {
    faults.value(name, field, |text| text.as_str().to_owned())
}

/// The person; where the card does not give it, the names of the signing certificate.
pub(super) fn identity(
    (state, read): (State, Option<idcard_core::data::Identity>),
    signing: Option<&Certificate>,
    warnings: &mut Vec<&'static str>,
) -> Identity {
    let given = read.is_some();
    let read = read.unwrap_or_default();
    let mut faults = Faults::default();
    match read.national_number_check() {
        // A number that is not ten digits breaks the layout; one whose check digit is wrong is only odd.
        Some(Err(wrong @ (NationalNumberError::NotADigit { .. } | NationalNumberError::Length { .. }))) => {
            faults.add("national_number", wrong);
        }
        Some(Err(_)) => warnings.push("national_number_invalid"),
        Some(Ok(_)) | None => {}
    }
    let mut identity = Identity {
        source: given.then_some("card"),
        given_name: text(&mut faults, "given_name", &read.given_name),
        surname: text(&mut faults, "surname", &read.surname),
        father_name: text(&mut faults, "father_name", &read.father_name),
        national_number: text(&mut faults, "national_number", &read.national_number),
        gender: faults.value("gender", &read.gender, |gender| gender.word()),
        birth_date: faults.value("birth_date", &read.birth_date, |born| date(*born)),
        issue_place: text(&mut faults, "issue_place", &read.issue_place),
        birth_place: text(&mut faults, "birth_place", &read.birth_place),
        latin_given_name: text(&mut faults, "latin_given_name", &read.latin_given_name),
        latin_surname: text(&mut faults, "latin_surname", &read.latin_surname),
        state: state.with_faults(faults),
    };
    if let (false, State::NotRequested) | (true, _) = (given, &identity.state) {
        return identity;
    }
    if let Some(signing) = signing {
        identity.given_name = signing.given_name().map(str::to_owned);
        identity.surname = signing.surname().map(str::to_owned);
        let named = identity.given_name.is_some() || identity.surname.is_some();
        identity.source = named.then_some("certificate");
    }
    identity
}

/// The birth certificate, out of a file whose reading came to `state`.
pub(super) fn birth_certificate(state: State, session: &mut Session<'_>) -> Result<BirthCertificate, Failure> {
    let (state, read) = if state == State::Read { settled(session.birth_certificate())? } else { (state, None) };
    let read = read.unwrap_or_default();
    let mut faults = Faults::default();
    Ok(BirthCertificate {
        number: text(&mut faults, "number", &read.number),
        series: faults.value("series", &read.series, ToString::to_string),
        serial: text(&mut faults, "serial", &read.serial),
        registered_at: text(&mut faults, "registered_at", &read.registered_at),
        state: state.with_faults(faults),
    })
}

/// Postal code and address, out of the same file.
pub(super) fn postal(state: State, session: &mut Session<'_>) -> Result<Postal, Failure> {
    let (state, read) = if state == State::Read { settled(session.postal())? } else { (state, None) };
    let read = read.unwrap_or_default();
    let mut faults = Faults::default();
    let warnings = match read.code_check() {
        Some(Ok(code)) => code.warnings().iter().map(|warning| warning.word()).collect(),
        Some(Err(wrong)) => {
            faults.add("postal_code", wrong);
            Vec::new()
        }
        None => Vec::new(),
    };
    Ok(Postal {
        postal_code: text(&mut faults, "postal_code", &read.code),
        address: text(&mut faults, "address", &read.address),
        warnings,
        state: state.with_faults(faults),
    })
}
