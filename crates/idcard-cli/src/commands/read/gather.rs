//! Asks the card for the sections, in the order that costs the fewest exchanges.

use super::authenticity::{self, Group, Trust};
use super::document::{CardSection, Dates, Document, Fingerprints, Photo as PhotoSection};
use super::{Wanted, holder, person, presenting};
use crate::args::Section;
use crate::clock;
use crate::commands::certificate::{self, Entry};
use crate::commands::section::{Faults, State, settled};
use crate::exit::Failure;
use idcard_core::data::Photo;
use idcard_core::family::ItemName;
use idcard_core::pin::PinEntry;
use idcard_core::secure::TerminalKeys;
use idcard_core::session::Slot;
use idcard_core::{Error, LastTry, PinKind, Session};
use sha2::{Digest, Sha256};
use std::time::SystemTime;

/// The numbers under which the security object speaks of files (`specimen.md`, section 4).
const GROUPS: [(u8, ItemName); 4] =
    [(1, ItemName::Identity), (2, ItemName::Photo), (11, ItemName::PersonalInfo2), (16, ItemName::Fingerprints)];

/// Where the card is.
pub(super) struct Place {
    pub source: &'static str,
    pub reader: Option<String>,
    pub atr: String,
}

/// What opens more of the card, and by what it is judged.
pub(super) struct Means<'m> {
    pub pin: Option<(PinEntry<'m>, LastTry)>,
    pub keys: Option<&'m mut Box<dyn TerminalKeys>>,
    pub trust: &'m Trust,
    /// The time by which cards and certificates expire.
    pub now: SystemTime,
}

/// The document and what does not stand in it.
pub(super) struct Gathered {
    pub document: Document,
    pub photo: Option<Photo>,
    /// The PIN that was given was not sent, since the card is sealed.
    pub withheld: bool,
    /// Another program made the card forget the PIN that opens what is missing.
    pub pin_lost: bool,
}

/// Reads what is wanted.
///
/// # Errors
/// What concerns the whole card: the link, the PIN, another card in its place.
pub(super) fn gather(
    session: &mut Session<'_>,
    wanted: &Wanted,
    means: Means<'_>,
    place: Place,
) -> Result<Gathered, Failure> {
    let Means { pin, keys, trust, now } = means;
    let mut warnings = Vec::new();
    let guarded = presenting::guarded(session, wanted);
    if let (Some((pin, _)), Some(item)) = (pin, guarded) {
        // A PIN that breaks the rules of the card is refused before anything else is asked.
        presenting::check(session, item, pin)?;
    }
    if !session.has_known_mark() {
        warnings.push("atr_not_seen_before");
    }
    // The names of the signing certificate stand in where the card does not give the identity.
    let hopeless = guarded != Some(ItemName::Identity) || pin.is_none();
    let slots: &[Slot] = match (wanted.has(Section::Certificates), wanted.has(Section::Identity) && hopeless) {
        (true, _) => &Slot::ALL,
        (false, true) => &[Slot::Sign],
        (false, false) => &[],
    };
    let mut certificates = certificate::read(session, slots)?;
    let (csn, crn, numbers) = numbers(session, wanted, &mut warnings)?;
    let dates = dates(session, wanted, now, &mut warnings)?;
    if pin.is_some() && guarded.is_some() {
        // From the master file, which comes before the next folder: the journal of the PIN costs two exchanges here.
        // What is wrong with it is told where the PIN is about to go out.
        settled(session.has_unfinished_change(PinKind::Id))?;
    }
    let mut security_object = section(wanted, Section::SecurityObject, || session.security_object())?;
    if let Some(keys) = keys {
        security_object = presenting::unseal(session, keys.as_mut(), guarded, security_object)?;
    }
    let presented = present(session, guarded, pin)?;
    // Where the PIN was given and not sent, what it guards says why.
    let opened = |state: State| match state {
        State::PinRequired if presented != State::Read => presented.clone(),
        state => state,
    };
    let (state, read) = section(wanted, Section::Identity, || session.identity())?;
    let identity = (opened(state), read);
    let both = wanted.has(Section::BirthCertificate) || wanted.has(Section::Postal);
    let file =
        if both { opened(settled(session.fetch(ItemName::PersonalInfo2).map(drop))?.0) } else { State::NotRequested };
    let part = |section| if wanted.has(section) { file.clone() } else { State::NotRequested };
    let birth_certificate = person::birth_certificate(part(Section::BirthCertificate), session)?;
    let postal = person::postal(part(Section::Postal), session)?;
    let (photo_state, photo) = section(wanted, Section::Photo, || session.photo())?;
    let (state, read) = section(wanted, Section::Fingerprints, || session.fingerprints())?;
    let fingerprints = fingerprints((opened(state), read));
    // What a trace masks is told nowhere else; the visit that it records had the identity and asked for no certificate.
    let masked = identity.0 == State::Redacted;
    if wanted.has(Section::Identity) && identity.1.is_none() && !masked && slots.is_empty() {
        certificates = certificate::read(session, &[Slot::Sign])?;
    }
    let signing = certificates.iter().find(|entry| entry.slot == "sign").and_then(|entry| entry.certificate.as_ref());
    let identity = person::identity(identity, signing, &mut warnings);
    if holder::differs(&identity, crn.as_deref(), &certificates) {
        // Either another card was put in without the reader noticing, or this one contradicts itself.
        settled(session.compare(ItemName::CertificateSign))?;
        warnings.push("holder_differs");
    }
    let specimen = session.page().specimen;
    let foreign = |number: &Option<String>| number.as_ref().is_some_and(|number| !number.starts_with("000"));
    if specimen && (foreign(&crn) || foreign(&identity.national_number)) {
        warnings.push("not_a_specimen_number");
    }
    if wanted.has(Section::Certificates) {
        let expired = certificates.iter().filter(|entry| entry.is_expired_at(now));
        warnings.extend(expired.map(|entry| match entry.slot {
            "sign" => "certificate_expired:sign",
            "auth" => "certificate_expired:auth",
            _ => "certificate_expired:ca",
        }));
    } else {
        certificates = Slot::ALL.map(|slot| Entry::without(slot, State::NotRequested)).into();
    }
    let security_object = authenticity::judge(security_object, groups(session), trust, &mut warnings);
    let page = session.page();
    let card = CardSection {
        family: page.family.clone(),
        generation: session.generation().to_string(),
        atr: place.atr,
        csn,
        crn,
        numbers,
    };
    let mut document = Document {
        schema: "idcard.read/1",
        source: place.source,
        reader: place.reader,
        specimen,
        card,
        identity,
        birth_certificate,
        postal,
        photo: photo_section(opened(photo_state), photo.as_ref()),
        fingerprints,
        dates,
        certificates,
        security_object,
        warnings,
    };
    let pin_lost = session.has_lost_pin() && document.states().any(|(_, state)| *state == State::PinRequired);
    if pin_lost {
        document.warnings.push("pin_forgotten");
    }
    let withheld = presented == State::SecureChannelRequired;
    Ok(Gathered { document, photo, withheld, pin_lost })
}

/// A section that is asked for only where it is wanted.
fn section<T>(
    wanted: &Wanted,
    section: Section,
    ask: impl FnOnce() -> Result<T, Error>,
) -> Result<(State, Option<T>), Failure> {
    if wanted.has(section) { settled(ask()) } else { Ok((State::NotRequested, None)) }
}

type Numbers = (Option<String>, Option<String>, [State; 2]);

fn numbers(session: &mut Session<'_>, wanted: &Wanted, warnings: &mut Vec<&'static str>) -> Result<Numbers, Failure> {
    let (csn_state, csn) = section(wanted, Section::Card, || session.serial())?;
    let (crn_state, crn) = section(wanted, Section::Card, || session.crn())?;
    if csn_state.is_faulty() {
        warnings.push("csn_unreadable");
    }
    if crn_state.is_faulty() {
        warnings.push("crn_unreadable");
    }
    let text = |number: Option<Option<String>>| number.flatten();
    let csn = text(csn.map(|csn| csn.map(|csn| csn.to_string())));
    let crn = text(crn.map(|crn| crn.map(|crn| crn.to_string())));
    Ok((csn, crn, [csn_state, crn_state]))
}

fn dates(
    session: &mut Session<'_>,
    wanted: &Wanted,
    now: SystemTime,
    warnings: &mut Vec<&'static str>,
) -> Result<Dates, Failure> {
    let (state, dates) = section(wanted, Section::Dates, || session.dates())?;
    let dates = dates.unwrap_or_default();
    if dates.is_calendar_inferred() {
        warnings.push("calendar_inferred");
    }
    if clock::day_in_iran(now).and_then(|today| dates.is_expired_on(today)) == Some(true) {
        warnings.push("card_expired");
    }
    let mut faults = Faults::default();
    let issued = faults.value("issued", &dates.issued, |date| person::date(*date));
    let expires = faults.value("expires", &dates.expires, |date| person::date(*date));
    Ok(Dates { state: state.with_faults(faults), issued, expires })
}

/// Presents the PIN where it opens something; tells what kept it from that, where the card is the reason.
fn present(
    session: &mut Session<'_>,
    guarded: Option<ItemName>,
    pin: Option<(PinEntry<'_>, LastTry)>,
) -> Result<State, Failure> {
    let Some(item) = guarded else { return Ok(State::Read) };
    match pin {
        Some((pin, last_try)) => match session.present_for(item, pin, last_try) {
            // At the pad, to cancel is what an empty answer is on the terminal. What was reset is told by a warning.
            Err(Error::PadCancelled { .. } | Error::PinForgotten { .. }) => Ok(State::Read),
            presented => Ok(settled(presented)?.0),
        },
        None => {
            // Whether a PIN would help at all: on a sealed card it would not.
            presenting::is_sealed(session, item)?;
            Ok(State::Read)
        }
    }
}

fn fingerprints((state, read): (State, Option<idcard_core::data::Fingerprints>)) -> Fingerprints {
    let Some(read) = read else { return Fingerprints { state, enrolled: None, match_on_card: None } };
    let mut faults = Faults::default();
    let enrolled = read.enrolled.iter().filter_map(|entry| {
        faults.value("reference", &entry.reference, |_| ());
        faults.value("finger", &entry.finger, |finger| finger.word())
    });
    let enrolled = Some(enrolled.collect());
    if !read.count_agrees() {
        faults.add("enrolled", "another number of fingers than announced");
    }
    Fingerprints { state: state.with_faults(faults), enrolled, match_on_card: Some(read.match_on_card()) }
}

fn photo_section(state: State, photo: Option<&Photo>) -> PhotoSection {
    let mut faults = Faults::default();
    let (width, height) = (photo.and_then(Photo::width), photo.and_then(Photo::height));
    if photo.is_some() && (width.is_none() || height.is_none()) {
        faults.add("photo", "an image whose size cannot be read");
    }
    PhotoSection {
        state: state.with_faults(faults),
        format: photo.map(|photo| photo.format().word()),
        width,
        height,
        bytes: photo.map(|photo| photo.image().len()),
        sha256: photo.map(|photo| hex::encode(Sha256::digest(photo.image()))),
    }
}

/// The files that the security object speaks of, as far as they were read.
fn groups<'s>(session: &'s Session<'_>) -> Vec<Group<'s>> {
    let read = |(number, name)| {
        let file = session.fetched(name).filter(|file| !file.redacted)?;
        Some((number, file.bytes.as_slice()))
    };
    GROUPS.into_iter().filter_map(read).collect()
}
