//! A transaction that lets nothing through but questions: what surveys of cards that nobody knows go through.

use super::pad::PinPad;
use super::{Exchange, Leaving, LinkError, Transaction};
use crate::apdu::Question;

/// Carries questions; any other command is refused before it reaches the link.
pub(crate) struct Asking<'t>(pub(crate) Box<dyn Transaction + 't>);

const NO_QUESTION: LinkError = LinkError::Unlawful { what: "a survey only asks, and this command does more" };

impl Transaction for Asking<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let question = Question::of(command).ok_or(NO_QUESTION)?;
        self.0.transmit(question.as_bytes(), answer)
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.0.recover()
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.0.give_way()
    }

    fn verify_on_pad(&mut self, _: &PinPad<'_>, answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        answer.clear();
        Err(NO_QUESTION)
    }

    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.0.end(leaving)
    }
}
