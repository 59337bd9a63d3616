//! A survey of a card that nobody knows yet: what is on it, asked by questions alone, and how that stands to its page.

mod content;
mod files;
mod finding;
mod plan;
mod presence;
mod tries;

pub use finding::{Finding, Reason, Subject, Verdict};

use crate::apdu::Status;
use crate::atr::Atr;
use crate::card::Card;
use crate::error::Error;
use crate::family::{Generation, ItemName, Page};
use crate::place::TURN;
use crate::session::Session;
use plan::Stop;
use std::sync::Arc;

/// What a survey brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The page by which the card was recognised.
    pub page: Arc<Page>,
    /// The generation.
    pub generation: Generation,
    /// One finding for each question, in the order of asking.
    pub findings: Vec<Finding>,
    /// Certificates and signed objects that were read whole, for others to take apart.
    pub read: Vec<(ItemName, Vec<u8>)>,
    /// How many commands were sent.
    pub exchanges: u32,
}

/// Surveys the card: no PIN, no write, nothing but questions, which the transaction itself enforces.
///
/// What is asked is told in `nid-card.md` 13: the applets; the free files that the page knows, whole; of all other files
/// four bytes; the unit of offsets; the tries left, by VERIFY without a body; versions of applets. A fault in one
/// answer is a finding and ends nothing.
///
/// ```no_run
/// use idcard_core::{Card, survey::{Verdict, survey}};
/// let mut card = Card::connect()?;
/// let found = survey(&mut card)?;
/// for finding in found.findings.iter().filter(|finding| finding.verdict == Verdict::New) {
///     println!("{} {}", finding.applet, finding.place);
/// }
/// # Ok::<(), idcard_core::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unrecognised`] after four exchanges at most; [`Error::Reader`] from the link; [`Error::CardChanged`];
/// [`Error::Limit`].
pub fn survey(card: &mut Card) -> Result<Survey, Error> {
    let parsed = Atr::parse(card.atr()).ok();
    let historical = parsed.as_ref().map(|atr| atr.historical().as_bytes().to_vec()).unwrap_or_default();
    let contactless = parsed.is_some_and(|atr| atr.is_contactless());
    let session = card.asking_session()?;
    let page = session.recognised_page();
    let generation = session.generation();
    let mut surveyor = Surveyor { session, page: Arc::clone(&page), findings: Vec::new(), read: Vec::new() };
    surveyor.atr(&historical, contactless);
    for stop in plan::stops(&page)? {
        surveyor.stop(&stop)?;
    }
    // A report is of one card: a serial number that is another one at the end ends it.
    surveyor.session.compare(ItemName::Serial)?;
    let Surveyor { session, mut findings, read, .. } = surveyor;
    let exchanges = session.exchanges();
    session.end()?;
    if page.specimen {
        // The specimen is documented whole: nothing of it answers a question about the real card.
        findings.iter_mut().for_each(|finding| finding.fills = None);
    }
    Ok(Survey { page, generation, findings, read, exchanges })
}

/// What is being done, for messages.
const STEP: &str = "surveying the card";

/// A survey under way.
struct Surveyor<'c> {
    session: Session<'c>,
    page: Arc<Page>,
    findings: Vec<Finding>,
    read: Vec<(ItemName, Vec<u8>)>,
}

impl<'c> Surveyor<'c> {
    fn atr(&mut self, historical: &[u8], contactless: bool) {
        let mark = self.page.mark(historical);
        let verdict = if mark.is_some() { Verdict::Matched } else { Verdict::New };
        let mut finding = Finding::new(Subject::Atr, verdict, "", hex::encode_upper(historical));
        finding.evidence = mark.map(|mark| mark.evidence);
        finding.reason = mark.is_none().then_some(Reason::Unmarked);
        finding.values.push(("generation", self.session.generation().to_string()));
        finding.values.push(("interface", if contactless { "contactless" } else { "contact" }.to_owned()));
        finding.fills = Some("11.9".to_owned());
        self.findings.push(finding);
    }

    fn stop(&mut self, stop: &Stop) -> Result<(), Error> {
        // Another applet is selected in any case: here a turn for the others costs no exchange.
        self.session.let_others(STEP, TURN / 2)?;
        if self.applet(stop)? {
            self.data_objects(stop)?;
            self.files(stop)?;
            self.tries(stop)?;
            self.secret_codes(stop)?;
        }
        Ok(())
    }

    /// Does one thing with the session, and a second time when another program has reset the card meanwhile.
    fn step<T>(&mut self, act: impl Fn(&mut Session<'c>) -> Result<T, Error>) -> Result<T, Error> {
        loop {
            match act(&mut self.session) {
                // How often that may happen, the session's channel bounds.
                Err(Error::Reader { source, step }) => self.session.go_on_after(source, step)?,
                other => return other,
            }
        }
    }

    /// As [`Self::step`]; what the card refuses or garbles is no error here but the answer.
    fn try_step<T>(&mut self, act: impl Fn(&mut Session<'c>) -> Result<T, Error>) -> Result<Result<T, Fault>, Error> {
        match self.step(act) {
            Ok(value) => Ok(Ok(value)),
            Err(Error::Refused { status, .. }) => Ok(Err(Fault::Status(status))),
            Err(Error::Garbled { source, .. } | Error::Malformed { source, .. }) => {
                Ok(Err(Fault::Garbled(source.to_string())))
            }
            Err(other) => Err(other),
        }
    }
}

/// How the card failed to answer a question.
enum Fault {
    /// It refused, with this status.
    Status(Status),
    /// It answered against its protocol.
    Garbled(String),
}

impl Fault {
    /// What it makes of a finding that was promised by the page, or was not.
    fn judge(&self, finding: Finding, promised: bool) -> Finding {
        let verdict = if promised { Verdict::Differed } else { Verdict::Absent };
        match self {
            Self::Status(status @ (Status::NOT_FOUND | Status::REFERENCE_NOT_FOUND)) => {
                Finding { verdict, ..finding.because(Reason::NotThere).with_status(*status) }
            }
            Self::Status(status @ Status::SECURITY_STATUS) => {
                let verdict = if promised { Verdict::Differed } else { Verdict::New };
                Finding { verdict, ..finding.because(Reason::Guarded).with_status(*status) }
            }
            Self::Status(status) => Finding { verdict, ..finding.because(Reason::Refused).with_status(*status) },
            Self::Garbled(detail) => {
                let verdict = if promised { Verdict::Differed } else { Verdict::New };
                Finding { verdict, detail: Some(detail.clone()), ..finding.because(Reason::Malformed) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
