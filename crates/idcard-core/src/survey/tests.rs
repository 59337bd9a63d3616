//! Surveys of cards made up for one point each.

use super::*;
use crate::apdu::Question;
use crate::family::Roster;
use crate::transport::{Exchange, Leaving, LinkError, Protocol, Transaction, Transport};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A specimen by its mark, with applets that answer and hold nothing.
#[derive(Clone, Default)]
struct Fake {
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    /// VERIFY without a body is a failed try.
    costly: bool,
}

const ATR: [u8; 20] = [
    0x3B, 0xDB, 0x96, 0x00, 0x81, 0x31, 0xFE, 0x85, 0x80, 0x13, 0x53, 0x50, 0x43, 0x73, 0x96, 0x71, 0x5B, 0x91, 0x30,
    0x3B,
];

impl Fake {
    fn verifies(&self) -> usize {
        self.sent.lock().unwrap().iter().filter(|command| command[1] == 0x20).count()
    }

    fn answer(&self, command: &[u8]) -> Vec<u8> {
        match command {
            [0x00, 0xA4, 0x04, _, _, 0xA0, 0x00, 0x00, 0x00, 0x18, 0x0C, ..] => vec![0x90, 0x00],
            [0x00, 0xA4, 0x00, ..] => vec![0x90, 0x00],
            [0x00, 0x20, ..] => {
                let spent = if self.costly { u8::try_from(self.verifies()).unwrap() } else { 0 };
                vec![0x63, 0xC3 - spent.min(3)]
            }
            _ => vec![0x6A, 0x82],
        }
    }
}

impl Transport for Fake {
    fn reader(&self) -> Option<&str> {
        None
    }

    fn atr(&self) -> &[u8] {
        &ATR
    }

    fn protocol(&self) -> Protocol {
        Protocol::T1
    }

    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LinkError> {
        Ok(Box::new(self.clone()))
    }
}

impl Transaction for Fake {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        *answer = self.answer(command);
        self.sent.lock().unwrap().push(command.to_vec());
        Ok(Exchange::default())
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

fn pins(found: &Survey) -> Vec<(&str, Verdict, Option<Reason>)> {
    let pins = found.findings.iter().filter(|finding| finding.subject == Subject::Pin);
    pins.map(|finding| (finding.place.as_str(), finding.verdict, finding.reason)).collect()
}

#[test]
fn a_card_that_counts_the_question_as_a_try_is_asked_twice_and_no_more() {
    let fake = Fake { costly: true, ..Fake::default() };
    let found = survey(&mut Card::open(fake.clone()).unwrap()).unwrap();
    assert_eq!(pins(&found), [("81", Verdict::Differed, Some(Reason::CostsTries))]);
    assert_eq!(fake.verifies(), 2);
}

#[test]
fn a_card_that_does_not_is_asked_for_every_reference() {
    let fake = Fake::default();
    let found = survey(&mut Card::open(fake.clone()).unwrap()).unwrap();
    let places: Vec<_> = pins(&found).into_iter().map(|(place, verdict, _)| (place, verdict)).collect();
    let expected = [("81", Verdict::Matched), ("3F00/5100 82", Verdict::Matched), ("01", Verdict::New)];
    assert!(expected.iter().all(|pin| places.contains(pin)), "{places:?}");
    assert_eq!(fake.verifies(), places.len() + 1, "the first one twice");
}

#[test]
fn what_a_page_calls_a_data_object_is_not_sent_when_it_is_no_question() {
    let page =
        include_str!("../../cards/specimen.toml").replacen("command = \"80 CA 01 01\"", "command = \"00 D6 00 00\"", 1);
    let manager = page
        .replacen("recognised_by = [\"classic\", \"mpcos\"]", "recognised_by = [\"classic\"]", 1)
        .replacen("A0 00 00 00 18 43 4D 00", "A0 00 00 00 18 0C 00 00 02", 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile.toml");
    std::fs::write(&path, manager).unwrap();
    let mut roster = Roster::built_in().unwrap();
    roster.add(Path::new(&path)).unwrap();
    let fake = Fake::default();
    let refused = survey(&mut Card::with_roster(Box::new(fake.clone()), roster)).unwrap_err();
    assert!(matches!(refused, Error::Reader { source: LinkError::Unlawful { .. }, .. }), "{refused}");
    let sent = fake.sent.lock().unwrap();
    assert!(!sent.is_empty() && sent.iter().all(|command| Question::of(command).is_some()));
}
