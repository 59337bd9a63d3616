//! What documents say about a certificate of the card.

use super::section::{State, settled};
use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::lang::{Lang, Word};
use crate::terminal::Nature;
use idcard_core::session::Slot;
use idcard_core::{Error, Session};
use idcard_crypto::Certificate;
use serde::Serialize;
use std::time::SystemTime;

/// One slot: its certificate, or why there is none.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    pub slot: &'static str,
    #[serde(flatten)]
    pub state: State,
    pub subject: Option<String>,
    pub issuer: Option<String>,
    pub serial: Option<String>,
    pub not_before: Option<String>,
    pub not_after: Option<String>,
    pub key: Option<String>,
    pub sha256: Option<String>,
    /// The certificate itself.
    #[serde(skip)]
    pub certificate: Option<Certificate>,
}

impl Entry {
    /// A slot that nobody asked about, or whose certificate is not there.
    pub(crate) fn without(slot: Slot, state: State) -> Self {
        Self {
            slot: slot.word(),
            state,
            subject: None,
            issuer: None,
            serial: None,
            not_before: None,
            not_after: None,
            key: None,
            sha256: None,
            certificate: None,
        }
    }

    fn of(slot: Slot, der: &[u8]) -> Self {
        let certificate = match Certificate::from_der(der) {
            Ok(certificate) => certificate,
            Err(fault) => return Self::without(slot, State::Malformed(fault.to_string())),
        };
        Self {
            slot: slot.word(),
            state: State::Read,
            subject: Some(certificate.subject().to_string()),
            issuer: Some(certificate.issuer().to_string()),
            serial: Some(certificate.serial()),
            not_before: Some(certificate.not_before_rfc3339()),
            not_after: Some(certificate.not_after_rfc3339()),
            key: certificate.key().ok().map(|key| key.kind().to_string()),
            sha256: Some(certificate.sha256()),
            certificate: Some(certificate),
        }
    }

    /// Whether there is a certificate, and its time is over.
    pub(crate) fn is_expired_at(&self, now: SystemTime) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.not_after() < now)
    }

    /// Why there is no certificate.
    pub(crate) fn failure(&self) -> Failure {
        let kind = self.state.kind().unwrap_or(Kind::NotAvailable);
        let reason = self.state.reason(Lang::En).unwrap_or_default();
        let persian = self.state.reason(Lang::Fa).unwrap_or_default();
        let title = format!("{} ({})", Word::Certificate.text(Lang::Fa), self.slot_in_words().text(Lang::Fa));
        Failure::new(kind, format!("the {} certificate: {reason}", self.slot))
            .in_persian(format!("{title}: {persian}"))
            .with_sw(self.state.sw())
    }

    fn slot_in_words(&self) -> Word {
        match self.slot {
            "sign" => Word::SlotSign,
            "auth" => Word::SlotAuth,
            _ => Word::SlotCa,
        }
    }

    /// The lines for people.
    pub(crate) fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let title = format!("{} ({})", Word::Certificate.text(lang), self.slot_in_words().text(lang));
        if let Some(reason) = self.state.reason(lang) {
            return terminal.pair(&title, &reason, Nature::Words);
        }
        let mut text = terminal.heading(&title);
        let lines = [
            (Word::Subject, &self.subject),
            (Word::Issuer, &self.issuer),
            (Word::SerialNumber, &self.serial),
            (Word::ValidFrom, &self.not_before),
            (Word::ValidUntil, &self.not_after),
            (Word::PublicKey, &self.key),
            (Word::Sha256, &self.sha256),
        ];
        for (label, value) in lines {
            if let Some(value) = value {
                text += &terminal.pair(label.text(lang), value, Nature::Code);
            }
        }
        text
    }
}

/// Whether a slot is missed. Not every family has all three certificates: what its page does not know is not missed beside
/// one that is there.
pub(crate) fn is_missed(state: &State, entries: &[Entry]) -> bool {
    let beside = || entries.iter().any(|entry| entry.certificate.is_some());
    state.is_missing() && !(*state == State::LayoutUnknown && beside())
}

/// Reads the certificates of these slots, in the order in which the card gives them with the fewest exchanges.
///
/// # Errors
/// What concerns the whole card.
pub(crate) fn read(session: &mut Session<'_>, slots: &[Slot]) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    for &slot in slots {
        entries.push(match settled(certificate(session, slot))? {
            (State::Read, Some(der)) => Entry::of(slot, &der),
            (state, _) => Entry::without(slot, state),
        });
    }
    Ok(entries)
}

/// The certificate of a slot; where the page leaves open which of two files holds which, their content decides.
fn certificate(session: &mut Session<'_>, slot: Slot) -> Result<Vec<u8>, Error> {
    let other = match slot {
        Slot::Auth => Slot::Ca,
        Slot::Ca => Slot::Auth,
        Slot::Sign => return session.certificate(slot),
    };
    let open = |slot: Slot| session.page().item(slot.item()).is_some_and(|item| item.by_content);
    if !(open(slot) && open(other)) {
        return session.certificate(slot);
    }
    let here = session.certificate(slot);
    let wanted = |der: &Vec<u8>| Certificate::from_der(der).is_ok_and(|found| found.is_ca() == (slot == Slot::Ca));
    if here.as_ref().is_ok_and(wanted) {
        return here;
    }
    let there = session.certificate(other);
    match (here, there) {
        (_, Ok(there)) if wanted(&there) => Ok(there),
        // What lies here is certainly the other one: it is told there.
        (Ok(here), _) if Certificate::from_der(&here).is_ok() => Err(Error::Absent(slot.item())),
        (here, _) => here,
    }
}
