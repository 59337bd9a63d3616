//! What a card tells of its tries and the PIN that is sent upon it belong to one turn at the card: no other program changes
//! the PIN between the two.

use super::{ID, PUK, SIGN, pin, puk};
use idcard_core::family::ItemName;
use idcard_core::transport::clock::{Link, Profile};
use idcard_core::transport::record::Record;
use idcard_core::transport::trace::{Step, Trace};
use idcard_core::{Card, Error, LastTry, PinKind, Session};
use idcard_sim::{Image, SimTransport};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a session says to a card on a link so slow that others are let in wherever they may be.
fn recorded(image: &str, work: impl FnOnce(&mut Session<'_>) -> Result<(), Error>) -> Vec<Step> {
    let transport = SimTransport::new(idcard_sim::Card::new(Image::builtin(image).unwrap()));
    transport.handle().set_link(Link { host: Duration::from_secs(2), ..Profile::named("t0-94").unwrap().link });
    let kept = Kept::default();
    let record = Record::new(transport, kept.clone());
    let recording = record.recording();
    let mut card = Card::open(record).unwrap();
    let mut session = card.session().unwrap();
    work(&mut session).unwrap();
    drop(session);
    drop(card);
    recording.finish().unwrap();
    let trace = Trace::parse(kept.0.lock().unwrap().as_slice()).unwrap();
    trace.entries().iter().map(|entry| entry.step.clone()).collect()
}

/// VERIFY without a body, or GetInfo of a secret code.
fn asks(step: &Step) -> bool {
    matches!(step, Step::Command(command) if matches!(command.filled(), [0x00, 0x20, _, _] | [0x80, 0xC0, 0x02, 0x05, ..]))
}

#[test]
fn the_question_and_the_pin_belong_to_one_turn() {
    let turns = |steps: &[Step]| steps.iter().filter(|step| **step == Step::End).count();
    let slow = recorded("specimen-t0", |session| session.security_object().map(drop));
    assert!(turns(&slow) >= 3, "others are let in between pieces of a free file: {}", turns(&slow));
    type Work = fn(&mut Session<'_>) -> Result<(), Error>;
    let works: [(&str, Work); 7] = [
        ("verify id", |session| session.verify_pin(PinKind::Id, &pin(ID), LastTry::Refuse)),
        ("verify sign", |session| session.verify_pin(PinKind::Sign, &pin(SIGN), LastTry::Refuse)),
        ("present", |session| session.present_for(ItemName::Identity, &pin(ID), LastTry::Refuse)),
        ("change id", |session| session.change_pin(PinKind::Id, &pin(ID), &pin("2581"), LastTry::Refuse).map(drop)),
        ("change sign", |session| {
            session.change_pin(PinKind::Sign, &pin(SIGN), &pin("258147"), LastTry::Refuse).map(drop)
        }),
        ("unblock id", |session| session.unblock_pin(PinKind::Id, &puk(PUK), &pin("2581"), LastTry::Refuse).map(drop)),
        ("unblock sign", |session| {
            session.unblock_pin(PinKind::Sign, &puk(PUK), &pin("258147"), LastTry::Refuse).map(drop)
        }),
    ];
    for image in ["specimen", "specimen-t0"] {
        for (name, work) in works {
            let steps = recorded(image, work);
            let secret = |step: &Step| matches!(step, Step::Command(command) if command.has_masks());
            let secrets: Vec<usize> = (0..steps.len()).filter(|at| secret(&steps[*at])).collect();
            assert!(!secrets.is_empty(), "{image} {name}");
            for at in secrets {
                let begun = steps[..at].iter().rposition(|step| *step == Step::Begin).unwrap();
                assert!(steps[begun..at].iter().any(asks), "{image} {name}: item {at} without a question in its turn");
            }
        }
    }
}
