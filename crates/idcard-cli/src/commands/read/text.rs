//! The document for people: one label and one value a line, in English or Persian.

use super::document::{Date, Document};
use crate::commands::section::State;
use crate::context::Context;
use crate::lang::{Lang, Word};
use crate::terminal::Nature;

/// The lines under way.
struct Page<'c> {
    context: &'c Context,
    text: String,
}

impl Page<'_> {
    fn words(&mut self, label: Word, value: Option<&str>) {
        self.pair(label, value, Nature::Words);
    }

    /// Digits and hex; digits of the language in Persian.
    fn number(&mut self, label: Word, value: Option<&str>) {
        let value = value.map(|value| self.context.lang.digits(value));
        self.pair(label, value.as_deref(), Nature::Words);
    }

    fn code(&mut self, label: Word, value: Option<&str>) {
        self.pair(label, value, Nature::Code);
    }

    fn pair(&mut self, label: Word, value: Option<&str>, nature: Nature) {
        if let Some(value) = value {
            self.text += &self.context.terminal.pair(label.text(self.context.lang), value, nature);
        }
    }

    /// A number of the card, or why it is not there; nothing where it was not asked for.
    fn number_or_why(&mut self, label: Word, value: Option<(String, Nature)>, state: &State) {
        let lang = self.context.lang;
        let blank = || (*state == State::Read).then(|| Word::Absent.text(lang).to_owned());
        let (value, nature) = value.map_or((None, Nature::Words), |(value, nature)| (Some(value), nature));
        self.pair(label, value.or_else(|| state.reason(lang)).or_else(blank).as_deref(), nature);
    }

    fn date(&mut self, label: Word, date: Option<&Date>) {
        let value = date.map(|date| day_in_words(date.jalali.as_deref(), date.iso.as_deref(), self.context.lang));
        self.pair(label, value.as_deref(), Nature::Words);
    }

    /// The title of a section, and why it is not there; false where it was not asked for.
    fn section(&mut self, title: Word, state: &State) -> bool {
        if *state == State::NotRequested {
            return false;
        }
        let lang = self.context.lang;
        self.text.push('\n');
        match state.reason(lang) {
            Some(reason) => self.pair(title, Some(&reason), Nature::Words),
            None => self.text += &self.context.terminal.heading(title.text(lang)),
        }
        true
    }

    fn yes_or_no(&mut self, label: Word, value: Option<bool>) {
        let word = value.map(|value| if value { Word::Yes } else { Word::No });
        self.words(label, word.map(|word| word.text(self.context.lang)));
    }
}

/// `1375-12-30 (1997-03-20)`, or the like in Persian.
pub(in crate::commands) fn day_in_words(jalali: Option<&str>, iso: Option<&str>, lang: Lang) -> String {
    let jalali = jalali.map(|day| match lang {
        Lang::En => day.to_owned(),
        Lang::Fa => lang.digits(&day.replace('-', "/")),
    });
    match (jalali, iso) {
        (Some(jalali), Some(iso)) => format!("{jalali} ({iso})"),
        (Some(one), None) => one,
        (None, iso) => iso.unwrap_or_default().to_owned(),
    }
}

/// The title of a section, by its name in documents.
pub(super) fn title(section: &str) -> Word {
    match section {
        "card" => Word::PartCard,
        "identity" => Word::Identity,
        "birth_certificate" => Word::BirthCertificate,
        "postal" => Word::Postal,
        "photo" => Word::Photo,
        "fingerprints" => Word::Fingerprints,
        "dates" => Word::Dates,
        "certificates" => Word::Certificate,
        "security_object" => Word::SecurityObject,
        _ => Word::Unknown,
    }
}

/// The whole page.
pub(super) fn text(document: &Document, context: &Context) -> String {
    let mut page = Page { context, text: String::new() };
    if document.specimen {
        page.text += &context.terminal.alert(Word::SpecimenCard.text(context.lang));
    }
    page.words(Word::CardModel, Some(&document.card.generation));
    page.code(Word::Reader, document.reader.as_deref());
    page.code(Word::Atr, Some(&document.card.atr));
    let [csn, crn] = &document.card.numbers;
    page.number_or_why(Word::ChipSerial, document.card.csn.clone().map(|csn| (csn, Nature::Code)), csn);
    let digits = document.card.crn.as_deref().map(|crn| (context.lang.digits(crn), Nature::Words));
    page.number_or_why(Word::Crn, digits, crn);
    identity(document, &mut page);
    birth_certificate(document, &mut page);
    photo(document, &mut page);
    let fingerprints = &document.fingerprints;
    if page.section(Word::Fingerprints, &fingerprints.state) {
        let fingers = fingerprints.enrolled.as_ref().map(|fingers| {
            let fingers: Vec<_> = fingers.iter().map(|finger| finger_name(finger, context.lang)).collect();
            fingers.join(context.lang.comma())
        });
        page.words(Word::Enrolled, fingers.as_deref().filter(|fingers| !fingers.is_empty()));
        page.yes_or_no(Word::MatchOnCard, fingerprints.match_on_card);
    }
    if page.section(Word::Dates, &document.dates.state) {
        page.date(Word::IssueDate, document.dates.issued.as_ref());
        page.date(Word::ExpiryDate, document.dates.expires.as_ref());
    }
    for entry in document.certificates.iter().filter(|entry| entry.state != State::NotRequested) {
        page.text.push('\n');
        page.text += &entry.text(context);
    }
    authenticity(document, &mut page);
    let mut words: Vec<_> =
        document.warnings.iter().map(|warning| warning_in_words(warning).text(context.lang)).collect();
    words.dedup();
    for words in words {
        page.text += &context.terminal.alert(&format!("{}: {words}", Word::Warning.text(context.lang)));
    }
    page.text
}

fn photo(document: &Document, page: &mut Page<'_>) {
    let photo = &document.photo;
    let (State::Read, Some(format), Some(bytes)) = (&photo.state, photo.format, photo.bytes) else {
        page.section(Word::Photo, &photo.state);
        return;
    };
    let size = photo.width.zip(photo.height);
    let size = size.map(|(width, height)| format!("{width}×{height}, ")).unwrap_or_default();
    page.text.push('\n');
    page.code(Word::Photo, Some(&format!("{format}, {size}{bytes} B")));
}

/// A warning for people; documents have its name.
pub(in crate::commands) fn warning_in_words(warning: &str) -> Word {
    match warning {
        "first_five_0_or_2" => Word::FirstFive0Or2,
        "fifth_5" => Word::Fifth5,
        "repeated_leading" => Word::RepeatedLeading,
        "tail_2" => Word::Tail2,
        "atr_not_seen_before" => Word::AtrNotSeenBefore,
        "calendar_inferred" => Word::CalendarInferred,
        "csn_unreadable" | "crn_unreadable" => Word::NumberUnreadable,
        "holder_differs" => Word::HolderDiffers,
        "national_number_invalid" => Word::NationalNumberInvalid,
        "not_a_specimen_number" => Word::NotASpecimenNumber,
        "pin_forgotten" => Word::PinForgotten,
        "card_expired" => Word::CardExpired,
        "certificate_expired:sign" => Word::SignExpired,
        "certificate_expired:auth" => Word::AuthExpired,
        "certificate_expired:ca" => Word::CaExpired,
        "signer_expired" => Word::SignerExpired,
        "repeated_digits" => Word::RepeatedDigits,
        "mixed_digits" => Word::MixedDigits,
        "padded" => Word::Padded,
        "proleptic" => Word::Proleptic,
        _ => Word::Unknown,
    }
}

fn identity(document: &Document, page: &mut Page<'_>) {
    let identity = &document.identity;
    if !page.section(Word::Identity, &identity.state) {
        return;
    }
    if identity.source == Some("certificate") {
        page.text += &page.context.terminal.line(Word::NamesFromCertificate.text(page.context.lang));
    }
    page.words(Word::GivenName, identity.given_name.as_deref());
    page.words(Word::Surname, identity.surname.as_deref());
    let latin = [&identity.latin_given_name, &identity.latin_surname].into_iter().flatten();
    let latin = latin.map(String::as_str).collect::<Vec<_>>().join(" ");
    page.words(Word::LatinName, Some(latin.as_str()).filter(|latin| !latin.is_empty()));
    page.words(Word::FatherName, identity.father_name.as_deref());
    page.number(Word::NationalNumber, identity.national_number.as_deref());
    let gender = identity.gender.map(|gender| match gender {
        "male" => Word::Male,
        "female" => Word::Female,
        "not_applicable" => Word::NotApplicable,
        _ => Word::Unknown,
    });
    page.words(Word::Sex, gender.map(|gender| gender.text(page.context.lang)));
    page.date(Word::BirthDate, identity.birth_date.as_ref());
    page.words(Word::BirthPlace, identity.birth_place.as_deref());
    page.words(Word::IssuePlace, identity.issue_place.as_deref());
}

fn birth_certificate(document: &Document, page: &mut Page<'_>) {
    let birth = &document.birth_certificate;
    if page.section(Word::BirthCertificate, &birth.state) {
        page.number(Word::BirthCertificateNumber, birth.number.as_deref());
        let both = [&birth.series, &birth.serial].into_iter().flatten().map(String::as_str);
        let both = both.collect::<Vec<_>>().join(" / ");
        page.number(Word::SeriesAndSerial, Some(both.as_str()).filter(|both| !both.is_empty()));
        page.words(Word::RegisteredAt, birth.registered_at.as_deref());
    }
    let postal = &document.postal;
    if page.section(Word::Postal, &postal.state) {
        page.number(Word::PostalCode, postal.postal_code.as_deref());
        page.words(Word::Address, postal.address.as_deref());
        for warning in &postal.warnings {
            page.words(Word::Warning, Some(warning_in_words(warning).text(page.context.lang)));
        }
    }
}

fn authenticity(document: &Document, page: &mut Page<'_>) {
    let signed = &document.security_object;
    if signed.state != State::Read {
        page.section(Word::SecurityObject, &signed.state);
        return;
    }
    let (terminal, lang) = (&page.context.terminal, page.context.lang);
    let title = Word::SecurityObject.text(lang);
    let so_far = |verdict: Word| {
        let unread =
            signed.groups.iter().filter(|(_, state)| **state == "not_read").flat_map(|(number, _)| match number {
                1 => &[Word::Identity][..],
                2 => &[Word::Photo],
                11 => &[Word::BirthCertificate, Word::Postal],
                _ => &[Word::Fingerprints],
            });
        let unread: Vec<_> = unread.map(|part| part.text(lang)).collect();
        let verdict = verdict.text(lang);
        if unread.is_empty() {
            return terminal.pair(title, verdict, Nature::Words);
        }
        let parts = unread.join(lang.comma());
        terminal.pair(title, &format!("{verdict} ({}: {parts})", Word::NotCompared.text(lang)), Nature::Words)
    };
    let line = match signed.verdict {
        "authentic" => so_far(Word::Authentic),
        "untrusted_signer" => so_far(Word::UntrustedSigner),
        "not_authentic" => terminal.alert(&format!("{title}: {}", Word::NotAuthentic.text(lang))),
        _ => terminal.pair(title, Word::NotChecked.text(lang), Nature::Words),
    };
    page.text.push('\n');
    page.text += &line;
}

/// A finger in words; in documents it has the name of the standard.
fn finger_name(finger: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return finger.replace('_', " ");
    }
    let (side, name) = finger.split_once('_').unwrap_or_default();
    let name = match name {
        "thumb" => "شست",
        "index" => "اشارهٔ",
        "middle" => "میانی",
        "ring" => "حلقهٔ",
        "little" => "کوچک",
        other => other,
    };
    format!("{name} {}", if side == "right" { "راست" } else { "چپ" })
}
