//! PIN objects: how many tries are left, by VERIFY without a body and by the counters of secret codes.

use super::plan::Stop;
use super::{Finding, Reason, Subject, Surveyor, Verdict};
use crate::apdu::{Status, question};
use crate::error::Error;
use crate::family::{Applet, Evidence, FilePath, PinObject, StatusForm};
use crate::place::{self, Step};
use std::sync::Arc;

/// A PIN reference to ask about.
struct Asked<'a> {
    path: Option<&'a FilePath>,
    reference: u8,
    evidence: Option<Evidence>,
    fills: Option<String>,
}

impl Surveyor<'_> {
    /// Asks for the tries left of the PIN objects of the page in this applet, and of the references beside them.
    ///
    /// A card for which that question is itself a failed try is found out by the first object that has tries to spare:
    /// it is asked twice, and when the count went down nothing more of the kind is asked of this card.
    pub(super) fn tries(&mut self, stop: &Stop) -> Result<(), Error> {
        let page = Arc::clone(&self.page);
        let mine = |pin: &&PinObject| stop.on_page && pin.applet == stop.applet.name;
        let of_page = page.pins.iter().filter(mine).filter(|pin| pin.status == StatusForm::EmptyVerify);
        let mut asked: Vec<Asked<'_>> = of_page
            .filter_map(|pin| {
                let reference = *pin.reference.as_slice().first()?;
                let fills = Some("11.4".to_owned());
                Some(Asked { path: pin.path.as_ref(), reference, evidence: Some(pin.evidence), fills })
            })
            .collect();
        for other in &stop.asked.references {
            let Some(&reference) = other.reference.as_slice().first() else { continue };
            if !asked.iter().any(|known| known.reference == reference) {
                asked.push(Asked { path: other.path.as_ref(), reference, evidence: None, fills: other.fills.clone() });
            }
        }
        let mut harmless = false;
        for one in &asked {
            let place = match one.path {
                Some(path) => format!("{path} {:02X}", one.reference),
                None => format!("{:02X}", one.reference),
            };
            let mut finding = Finding::new(Subject::Pin, Verdict::New, &stop.applet.name, place);
            finding.evidence = one.evidence;
            finding.fills.clone_from(&one.fills);
            let status = match self.tries_left(&stop.applet, one)? {
                Ok(status) => status,
                Err(fault) => {
                    self.findings.push(fault.judge(finding, one.evidence.is_some()));
                    continue;
                }
            };
            let mut finding = judged(finding, status, one.evidence.is_some());
            let spare = status.tries_left().filter(|left| *left >= 2);
            if let (false, Some(left)) = (harmless, spare) {
                let again = self.tries_left(&stop.applet, one)?.ok().and_then(Status::tries_left);
                if again.is_some_and(|again| again < left) {
                    finding.verdict = Verdict::Differed;
                    self.findings.push(finding.because(Reason::CostsTries));
                    return Ok(());
                }
                harmless = true;
            }
            self.findings.push(finding);
        }
        Ok(())
    }

    fn tries_left(&mut self, applet: &Applet, asked: &Asked<'_>) -> Result<Result<Status, super::Fault>, Error> {
        let command = question::tries_left(asked.reference);
        self.try_step(|session| {
            session.enter(applet, asked.path)?;
            let step = Step { verb: "VERIFY without a body", applet, path: asked.path, offset: None };
            Ok(session.channel.send(&command, &step)?.status)
        })
    }

    /// GetInfo of the secret codes: all twelve bytes, which hold counters and no code (`nid-card.md` 5.3, 11.7).
    pub(super) fn secret_codes(&mut self, stop: &Stop) -> Result<(), Error> {
        let page = Arc::clone(&self.page);
        let mine = page.pins.iter().filter(|pin| stop.on_page && pin.applet == stop.applet.name);
        let mut asked: Vec<(&FilePath, Option<Evidence>, Option<String>)> = mine
            .filter_map(|pin| Some((pin.status_path.as_ref()?, Some(pin.evidence), Some("11.7".to_owned()))))
            .collect();
        for code in &stop.asked.codes {
            if !asked.iter().any(|(path, ..)| **path == code.path) {
                asked.push((&code.path, None, code.fills.clone()));
            }
        }
        for (path, evidence, fills) in asked {
            let applet = &stop.applet;
            let answered = self.try_step(|session| {
                place::select_file(&mut session.channel, &mut session.selection, applet, path)?;
                let step = Step { verb: "GetInfo of the secret code", applet, path: Some(path), offset: None };
                let reply = session.channel.expect(&question::code_info(), &step)?;
                Ok((reply.data.to_vec(), reply.redacted))
            })?;
            let mut finding = Finding::new(Subject::SecretCode, Verdict::New, &applet.name, path.to_string());
            finding.evidence = evidence;
            finding.fills = fills;
            let finding = match answered {
                Ok((bytes, redacted)) => {
                    finding.verdict = if evidence.is_some() { Verdict::Matched } else { Verdict::New };
                    finding.bytes = Some(bytes.len());
                    if redacted {
                        finding.reason = Some(Reason::Masked);
                    } else {
                        finding.values.push(("info", hex::encode_upper(&bytes)));
                    }
                    finding.with_status(Status::OK)
                }
                Err(fault) => fault.judge(finding, evidence.is_some()),
            };
            self.findings.push(finding);
        }
        Ok(())
    }
}

fn judged(finding: Finding, status: Status, promised: bool) -> Finding {
    let finding = finding.with_status(status);
    let there = if promised { Verdict::Matched } else { Verdict::New };
    match (status, status.tries_left()) {
        (_, Some(left)) => {
            let mut finding = Finding { verdict: there, ..finding };
            finding.values.push(("tries_left", left.to_string()));
            finding
        }
        (Status::OK, _) => Finding { verdict: there, values: vec![("verified", "true".to_owned())], ..finding },
        (Status::BLOCKED, _) => Finding { verdict: there, values: vec![("blocked", "true".to_owned())], ..finding },
        (Status::UNUSABLE, _) => Finding { verdict: there, values: vec![("usable", "false".to_owned())], ..finding },
        _ => super::Fault::Status(status).judge(finding, promised),
    }
}
