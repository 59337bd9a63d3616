//! Transcripts of `opensc-tool -s`: `Sending:`, `Received (SW1=0x90, SW2=0x00)`, rows of the answer.

use super::conversations::{Conversations, Key, Outcome};
use super::hexes::{self, Secret};
use super::name::Name;
use super::{Damage, ImportError, Line, Log};

/// What is under way.
#[derive(Default)]
pub(super) struct OpenScTool {
    key: Key,
    answer: Option<Answer>,
}

struct Answer {
    line: usize,
    status: [u8; 2],
    bytes: Secret,
}

impl Log for OpenScTool {
    fn line(&mut self, line: &Line<'_>, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        if let Some(reader) = line.text.strip_prefix("Using reader with a card: ") {
            self.end(into)?;
            into.leave(&self.key)?;
            self.key.reader = Some(Name::of(reader));
        } else if let Some(command) = line.text.strip_prefix("Sending: ") {
            self.end(into)?;
            return match hexes::bytes(command) {
                Ok(bytes) => into.command(&self.key, line.number, &bytes),
                Err(what) => into.lost(&self.key, line.number, what),
            };
        } else if let Some(told) = line.text.strip_prefix("Received (SW1=0x") {
            self.end(into)?;
            match status(told) {
                Some((status, true)) => {
                    self.answer = Some(Answer { line: line.number, status, bytes: Secret::default() });
                }
                Some((status, false)) => {
                    return into.outcome(&self.key, line.number, &Outcome::Answer(&status), None);
                }
                None => return into.lost(&self.key, line.number, Damage::NotHex),
            }
        } else if let Some(answer) = &mut self.answer {
            match hexes::row(line.text) {
                Some(row) => {
                    answer.bytes.extend_from_slice(&row);
                    answer.line = line.number;
                    if answer.bytes.len() > super::super::ANSWER_LIMIT {
                        self.answer = None;
                        return into.lost(&self.key, line.number, Damage::AnswerLength);
                    }
                }
                None => return self.end(into),
            }
        } else if line.text.starts_with("APDU transmit failed") {
            return into.outcome(&self.key, line.number, &Outcome::Failure("SCARD_E_NOT_TRANSACTED"), None);
        }
        Ok(())
    }

    fn end(&mut self, into: &mut Conversations<'_>) -> Result<(), ImportError> {
        let Some(mut answer) = self.answer.take() else { return Ok(()) };
        if answer.bytes.is_empty() {
            return into.lost(&self.key, answer.line, Damage::CutOff);
        }
        answer.bytes.extend_from_slice(&answer.status);
        into.outcome(&self.key, answer.line, &Outcome::Answer(&answer.bytes), None)
    }
}

/// `90, SW2=0x00):` as a status word, and whether rows follow.
fn status(told: &str) -> Option<([u8; 2], bool)> {
    let (first, rest) = told.split_once(", SW2=0x")?;
    let (second, behind) = rest.split_once(')')?;
    let mut word = [0; 2];
    hex::decode_to_slice(format!("{first}{second}"), &mut word).ok()?;
    Some((word, behind.trim_end() == ":"))
}
