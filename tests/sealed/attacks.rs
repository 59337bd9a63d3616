//! Somebody between the card and us: answers changed, repeated, held back, in another order. Each of them closes the channel.

use super::keys;
use idcard_core::family::ItemName;
use idcard_core::transport::{Exchange, Leaving, LinkError, Protocol, Transaction};
use idcard_core::{Card, Error, LastTry, Pin, Transport};
use idcard_sim::SimTransport;

/// What becomes of an answer: its number among the protected ones, all answers so far.
type Deed = Box<dyn FnMut(usize, &[Vec<u8>]) -> Option<Vec<u8>> + Send>;

/// A link that is not honest with protected answers.
struct Meddler {
    card: SimTransport,
    deed: Deed,
    seen: Vec<Vec<u8>>,
}

struct Meddling<'a> {
    link: Box<dyn Transaction + 'a>,
    deed: &'a mut Deed,
    seen: &'a mut Vec<Vec<u8>>,
}

impl Transport for Meddler {
    fn reader(&self) -> Option<&str> {
        self.card.reader()
    }

    fn atr(&self) -> &[u8] {
        self.card.atr()
    }

    fn protocol(&self) -> Protocol {
        self.card.protocol()
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        let Self { card, deed, seen } = self;
        Ok(Box::new(Meddling { link: card.begin()?, deed, seen }))
    }
}

impl Transaction for Meddling<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        let exchange = self.link.transmit(command, answer)?;
        if command[0] & 0x0C != 0 {
            self.seen.push(answer.clone());
            match (self.deed)(self.seen.len() - 1, self.seen) {
                Some(other) => *answer = other,
                None => return Err(LinkError::Lost { code: "SCARD_F_COMM_ERROR" }),
            }
        }
        Ok(exchange)
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        self.link.recover()
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        self.link.give_way()
    }

    fn end(self: Box<Self>, leaving: Leaving) -> Result<(), LinkError> {
        self.link.end(leaving)
    }
}

/// Opens the channel, presents the PIN and reads a file: SELECT, GetInfo, VERIFY, READ BINARY; what came of it, and how
/// many commands the card has got.
fn visit(deed: impl FnMut(usize, &[Vec<u8>]) -> Option<Vec<u8>> + Send + 'static) -> (Result<(), Error>, usize) {
    let card = idcard_sim::open("specimen-sealed").unwrap();
    let handle = card.handle();
    let mut card = Card::open(Meddler { card, deed: Box::new(deed), seen: Vec::new() }).unwrap();
    let mut session = card.session().unwrap();
    session.open_channel(&mut keys()).unwrap();
    let outcome = session
        .present_for(ItemName::Identity, &Pin::new("1234").unwrap(), LastTry::Refuse)
        .and_then(|()| session.fetch(ItemName::Identity).map(drop));
    if outcome.is_err() {
        // Whatever else is asked for does not reach the card any more.
        let before = handle.exchanges();
        assert!(session.fetch(ItemName::Photo).is_err());
        assert_eq!(handle.exchanges(), before, "the channel is closed");
    }
    (outcome, handle.exchanges())
}

/// What was wrong at the VERIFY tells besides that nobody knows whether the PIN was counted.
fn cause(outcome: &Result<(), Error>) -> Option<&LinkError> {
    match outcome.as_ref().err()? {
        Error::PinUncertain { source, .. } => match source.as_ref() {
            Error::Reader { source, .. } => Some(source),
            _ => None,
        },
        Error::Reader { source, .. } => Some(source),
        _ => None,
    }
}

fn refused(outcome: &Result<(), Error>) -> bool {
    matches!(cause(outcome), Some(LinkError::SecureChannel { .. }))
}

/// The honest answers of one visit, by their lengths.
fn honest() -> Vec<usize> {
    let (sender, lengths) = std::sync::mpsc::channel();
    let (outcome, _) = visit(move |at, seen| {
        sender.send(seen[at].len()).unwrap();
        Some(seen[at].clone())
    });
    outcome.unwrap();
    lengths.iter().collect()
}

#[test]
fn every_changed_bit_of_every_answer_is_refused() {
    let answers = honest();
    assert!(answers.len() > 5, "{answers:?}");
    for (number, length) in answers.into_iter().enumerate() {
        for bit in 0..length * 8 {
            let (outcome, _) = visit(move |at, seen| {
                let mut answer = seen[at].clone();
                if at == number {
                    answer[bit / 8] ^= 1 << (bit % 8);
                }
                Some(answer)
            });
            assert!(refused(&outcome), "answer {number}, bit {bit}: {outcome:?}");
        }
    }
}

#[test]
fn replayed_dropped_and_reordered_answers_are_refused() {
    for number in 1..honest().len() {
        let (replayed, _) = visit(move |at, seen| Some(seen[if at == number { at - 1 } else { at }].clone()));
        assert!(refused(&replayed), "answer {number} replayed: {replayed:?}");
        let (first, _) = visit(move |at, seen| Some(seen[if at == number { 0 } else { at }].clone()));
        assert!(refused(&first), "the first in the place of answer {number}: {first:?}");
        let (dropped, _) = visit(move |at, seen| (at != number).then(|| seen[at].clone()));
        assert!(cause(&dropped).is_some(), "answer {number} dropped: {dropped:?}");
        let (stripped, _) = visit(move |at, seen| Some(if at == number { vec![0x90, 0x00] } else { seen[at].clone() }));
        assert!(refused(&stripped), "answer {number} without protection: {stripped:?}");
    }
}
