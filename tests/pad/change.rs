//! A PIN changed on the pad of the reader: the signature PIN, which lies in one object; the identity PIN is left alone.

use crate::desk::Desk;
use crate::pins::{card_of, counters, full, held};
use idcard_core::pin::Pad;
use idcard_core::{Error, LastTry, PinKind};
use idcard_sim::{Holder, Image};

fn with(holder: Holder) -> (idcard_core::Card, idcard_sim::Handle) {
    let (card, handle) = card_of(Image::builtin("specimen").unwrap());
    handle.set_pad(Some(holder));
    (card, handle)
}

#[test]
fn the_signature_pin_is_changed_on_the_pad() {
    let (mut card, handle) = with(Holder::Knows);
    let mut session = card.session().unwrap();
    assert!(session.changes_on_pad(PinKind::Sign) && !session.changes_on_pad(PinKind::Id));
    session.change_pin_on_pad(PinKind::Sign, Pad::default(), LastTry::Refuse).unwrap();
    let refused = session.change_pin_on_pad(PinKind::Id, Pad::default(), LastTry::Refuse);
    assert_eq!(refused, Err(Error::PadUnfit { kind: PinKind::Id }));
    drop(session);
    assert_eq!(held(&handle, "sign"), "73194652", "what the holder of the virtual pad types");
    assert_eq!(counters(&handle), full());
    let sent: Vec<_> = handle.log().into_iter().filter(|entry| entry.command[1] == 0x24).collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].command[..11], [0x00, 0x24, 0x00, 0x82, 0x20, b'1', b'2', b'3', b'4', b'5', b'6']);
}

#[test]
fn what_the_holder_does_instead_is_told() {
    let kind = PinKind::Sign;
    for (holder, error) in [
        (Holder::Errs, Error::WrongPin { kind, tries_left: Some(2) }),
        (Holder::Cancels, Error::PadCancelled { kind }),
        (Holder::Waits, Error::PadTimedOut { kind }),
        (Holder::Types(b"12345".to_vec()), Error::PinLength { kind, minimum: 6, maximum: 8 }),
    ] {
        let (mut card, handle) = with(holder.clone());
        let refused = card.session().unwrap().change_pin_on_pad(kind, Pad::default(), LastTry::Refuse);
        assert_eq!(refused, Err(error), "{holder:?}");
        assert_eq!(held(&handle, "sign"), "123456");
    }
}

#[test]
fn the_program_points_to_the_pad() {
    let desk = Desk::new();
    let words = ["--card", "sim:specimen+pad", "--record", "trace", "pin", "change", "--pin-kind", "sign"];
    let done = desk.idcard(&words);
    done.text(0);
    let line =
        "Signature PIN: type it on the pin pad of the card reader (tries left: 3; the old one, then the new one twice)";
    assert!(done.stderr.contains(line), "{}", done.stderr);
    let trace = String::from_utf8(desk.bytes("trace")).unwrap();
    assert!(trace.contains(&format!("> 00 24 00 82 20{}", " **".repeat(32))), "{trace}");
    // The identity PIN is asked for on the terminal, and there is none.
    let words = ["--card", "sim:specimen+pad", "pin", "change", "--pin-kind", "id", "--json"];
    assert_eq!(desk.idcard(&words).error(11)["kind"], "pin_not_tried");
    for (holder, status) in [("wrong", 8), ("cancel", 10), ("wait", 10)] {
        let card = format!("sim:specimen+pad={holder}");
        assert_eq!(desk.idcard(&["--card", &card, "pin", "change", "--pin-kind", "sign"]).status, status, "{holder}");
    }
    for kind in ["id", "sign"] {
        desk.idcard(&["--card", "sim:specimen+pad", "pin", "verify", "--pin-kind", kind]).text(0);
    }
}
