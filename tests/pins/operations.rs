//! What goes to the card, and what does not, when a PIN is presented, changed, unblocked and resumed.

use super::{ID, PUK, SIGN, card, counters, fail, full, held, held_by_all, journal, pin, puk};
use idcard_core::data::Minutiae;
use idcard_core::family::{ItemName, KeyName};
use idcard_core::{Entitlement, Error, LastTry, PinKind};
use idcard_sim::Handle;

/// The commands that carried a PIN, a PUK or a finger, by INS and P1 P2.
fn presentations(handle: &Handle) -> Vec<[u8; 3]> {
    let secret = |command: &[u8]| matches!(command, [_, 0x20 | 0x21 | 0x24 | 0x2C, _, _, _, _, ..]);
    let log = handle.log();
    let commands = log.iter().map(|entry| entry.command.as_slice()).filter(|command| secret(command));
    commands.map(|command| [command[1], command[2], command[3]]).collect()
}

#[test]
fn the_identity_pin_is_presented_to_its_three_objects_in_their_order() {
    let (mut card, handle) = card("specimen");
    card.session().unwrap().verify_pin(PinKind::Id, &pin(ID), LastTry::Refuse).unwrap();
    // 0500 and 0200 by reference 00, then 81 (specimen.md 5).
    assert_eq!(presentations(&handle), [[0x20, 0, 0x00], [0x20, 0, 0x00], [0x20, 0, 0x81]]);
    card.session().unwrap().verify_pin(PinKind::Sign, &pin(SIGN), LastTry::Refuse).unwrap();
    assert_eq!(presentations(&handle)[3..], [[0x20, 0, 0x82]]);
    assert_eq!(counters(&handle), full());
}

/// `specimen.md` 5 and `nid-card.md` 5.5, byte by byte: 8 bytes in MPCOS and 16 in Classic, filled with 00; packed digits
/// where MPCOS replaces a PIN (`reliability.md` P-12).
#[test]
fn every_field_is_written_as_its_applet_wants_it() {
    let id = ["00 20 00 00 08 31323334 00000000"; 2];
    let token = "00 20 00 81 10 31323334 000000000000000000000000";
    let sign = "00 20 00 82 10 313233343536 00000000000000000000";
    let change = ["80 24 00 00 08 12340000 73190000"; 2];
    let change_token = "00 24 00 81 20 31323334 000000000000000000000000 37333139 000000000000000000000000";
    let unblock = "00 2C 00 82 20 3837363534333231 0000000000000000 373331393436 00000000000000000000";
    let expected = [id[0], id[1], token, sign, id[0], id[1], token, change[0], change[1], change_token, unblock];
    for image in ["specimen", "specimen-t0"] {
        let (mut card, handle) = card(image);
        card.session().unwrap().verify_pin(PinKind::Id, &pin(ID), LastTry::Refuse).unwrap();
        card.session().unwrap().verify_pin(PinKind::Sign, &pin(SIGN), LastTry::Refuse).unwrap();
        card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("7319"), LastTry::Refuse).unwrap();
        fail(&handle, "sign", 3);
        card.session().unwrap().unblock_pin(PinKind::Sign, &puk(PUK), &pin("731946"), LastTry::Refuse).unwrap();
        let log = handle.log();
        let sent = log.iter().map(|entry| &entry.command).filter(|command| presents(command));
        let sent: Vec<String> = sent.map(hex::encode_upper).collect();
        assert_eq!(sent, expected.map(|line| line.replace(' ', "")), "{image}");
    }
}

/// The status word and the counter contradict one another: both are told (`reliability.md` P-32).
#[test]
fn a_refusal_that_the_counter_contradicts_is_told_with_it() {
    type Work = fn(&mut idcard_core::Session<'_>) -> Result<(), Error>;
    let works: [Work; 2] = [
        |session| session.signing_key(KeyName::Sign, &pin(SIGN), LastTry::Refuse).map(drop),
        |session| session.present_for(ItemName::Identity, &pin(ID), LastTry::Refuse),
    ];
    for (work, word, tries_left) in [(works[0], [0x63, 0xC1], Some(1)), (works[1], [0x63, 0x00], None)] {
        let (mut card, handle) = card("specimen");
        work(&mut card.session().unwrap()).unwrap();
        let first = handle.log().iter().position(|entry| presents(&entry.command)).unwrap();
        let (mut card, handle) = self::card("specimen");
        handle.at(first, idcard_sim::Action::Answer(word.to_vec()));
        let refused = work(&mut card.session().unwrap());
        let Err(Error::WrongPinOfObject { tries_left: told, fewest, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((told, fewest.1), (tries_left, 3));
        assert_eq!(presentations(&handle).len(), 1);
    }
}

#[test]
fn a_wrong_pin_stops_at_the_first_object() {
    let (mut card, handle) = card("specimen");
    let refused = card.session().unwrap().verify_pin(PinKind::Id, &pin("4321"), LastTry::Refuse);
    assert_eq!(refused, Err(Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) }));
    let refused = card.session().unwrap().change_pin(PinKind::Id, &pin("4321"), &pin("7319"), LastTry::Refuse);
    assert_eq!(refused, Err(Error::WrongPin { kind: PinKind::Id, tries_left: Some(1) }));
    assert_eq!(presentations(&handle).len(), 2);
    // Now it would be the last try: nothing goes out.
    let refused = card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("7319"), LastTry::Refuse);
    assert_eq!(refused, Err(Error::PinNotTried { kind: PinKind::Id, tries_left: Some(1) }));
    assert_eq!(presentations(&handle).len(), 2);
    assert_eq!((held_by_all(&handle), journal(&handle)), ([ID; 3].map(str::to_owned), vec![0; 32]));
    card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("7319"), LastTry::Allow).unwrap();
    assert_eq!(counters(&handle), full());
}

#[test]
fn the_old_pin_is_proved_everywhere_before_anything_is_changed() {
    let (mut card, handle) = card("specimen");
    handle.with_card(|card| card.image_mut().applets[2].pins[0].value = b"5555".to_vec());
    let refused = card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("7319"), LastTry::Refuse);
    assert_eq!(refused, Err(Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) }));
    assert_eq!(held_by_all(&handle), [ID, ID, "5555"], "nothing was changed");
    assert_eq!(journal(&handle), [0; 32]);
}

#[test]
fn a_change_goes_through_every_object_and_leaves_no_trace() {
    for image in ["specimen", "specimen-t0", "specimen-p256"] {
        let (mut card, handle) = card(image);
        card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("80516"), LastTry::Refuse).unwrap();
        assert_eq!(held_by_all(&handle), ["80516"; 3], "{image}");
        // Three proofs, three changes.
        let changes = [[0x24, 0, 0x00], [0x24, 0, 0x00], [0x24, 0, 0x81]];
        assert_eq!(presentations(&handle)[3..], changes, "{image}");
        card.session().unwrap().verify_pin(PinKind::Id, &pin("80516"), LastTry::Refuse).unwrap();
        card.session().unwrap().change_pin(PinKind::Sign, &pin(SIGN), &pin("731946"), LastTry::Refuse).unwrap();
        assert_eq!(held(&handle, "sign"), "731946");
        assert_eq!((counters(&handle), journal(&handle)), (full(), vec![0; 32]), "{image}");
    }
}

#[test]
fn blocked_objects_are_unblocked_by_the_puk() {
    let (mut card, handle) = card("specimen");
    fail(&handle, "id-0200", 3);
    fail(&handle, "sign", 3);
    let blocked = card.session().unwrap().verify_pin(PinKind::Id, &pin(ID), LastTry::Allow);
    assert_eq!(blocked, Err(Error::Locked { kind: PinKind::Id }));
    assert!(presentations(&handle).is_empty());
    card.session().unwrap().unblock_pin(PinKind::Id, &puk(PUK), &pin("7319"), LastTry::Refuse).unwrap();
    card.session().unwrap().unblock_pin(PinKind::Sign, &puk(PUK), &pin("731946"), LastTry::Refuse).unwrap();
    // `80 24 01` in each DF, `00 2C` for 81 and 82. The new PIN opens DF 0200 once, to be compared with the national number.
    let expected = [[0x24, 1, 0x00], [0x24, 1, 0x00], [0x20, 0, 0x00], [0x2C, 0, 0x81], [0x2C, 0, 0x82]];
    assert_eq!(presentations(&handle), expected);
    assert_eq!(held_by_all(&handle), ["7319"; 3]);
    assert_eq!(counters(&handle), full());
}

#[test]
fn a_wrong_puk_is_sent_once_and_its_last_try_is_not_risked() {
    let (mut card, handle) = card("specimen");
    let mut unblock = |last_try| {
        card.session().unwrap().unblock_pin(PinKind::Id, &puk("00000000"), &pin("7319"), last_try).unwrap_err()
    };
    assert_eq!(unblock(LastTry::Refuse), Error::WrongPuk { kind: PinKind::Id, tries_left: Some(9) });
    assert_eq!((presentations(&handle).len(), journal(&handle)), (1, vec![0; 32]));
    for left in (1..9).rev() {
        assert_eq!(unblock(LastTry::Refuse), Error::WrongPuk { kind: PinKind::Id, tries_left: Some(left) });
    }
    assert_eq!(unblock(LastTry::Refuse), Error::PukNotTried { kind: PinKind::Id, tries_left: Some(1) });
    assert_eq!(presentations(&handle).len(), 9);
    assert_eq!(unblock(LastTry::Allow), Error::PukLocked { kind: PinKind::Id });
    assert_eq!(unblock(LastTry::Allow), Error::PukLocked { kind: PinKind::Id });
    assert_eq!(presentations(&handle).len(), 10, "a blocked PUK is not sent");
    assert_eq!(held_by_all(&handle), [ID; 3]);
}

#[test]
fn rules_are_checked_before_anything_is_sent() {
    let (mut card, handle) = card("specimen");
    let mut session = card.session().unwrap();
    for new in ["123", "123456789", "7310", "73190"] {
        assert!(session.change_pin(PinKind::Id, &pin(ID), &pin(new), LastTry::Refuse).is_err(), "{new}");
        assert!(session.unblock_pin(PinKind::Id, &puk(PUK), &pin(new), LastTry::Refuse).is_err(), "{new}");
    }
    assert!(session.change_pin(PinKind::Id, &pin(ID), &pin(ID), LastTry::Refuse).is_err(), "the old one again");
    assert!(session.change_pin(PinKind::Sign, &pin(SIGN), &pin("73194"), LastTry::Refuse).is_err());
    assert!(session.unblock_pin(PinKind::Id, &puk(PUK), &pin(PUK), LastTry::Refuse).is_err(), "the PUK as a PIN");
    assert!(session.unblock_pin(PinKind::Id, &puk("8765"), &pin("7319"), LastTry::Refuse).is_err());
    drop(session);
    assert!(presentations(&handle).is_empty());
    // Eight digits leave no room for doubt, and the signature PIN is never packed.
    card.session().unwrap().change_pin(PinKind::Id, &pin(ID), &pin("73194650"), LastTry::Refuse).unwrap();
    card.session().unwrap().change_pin(PinKind::Sign, &pin(SIGN), &pin("731940"), LastTry::Refuse).unwrap();
}

#[test]
fn a_sealed_card_gets_no_pin_in_clear() {
    for image in ["specimen-sealed", "mav2", "mav4"] {
        let (mut card, handle) = card(image);
        let mut session = card.session().unwrap();
        let withheld = Error::PinNeedsChannel { kind: PinKind::Id };
        assert_eq!(session.verify_pin(PinKind::Id, &pin(ID), LastTry::Allow).as_ref(), Err(&withheld), "{image}");
        let unblocking = session.unblock_pin(PinKind::Id, &puk(PUK), &pin("7319"), LastTry::Allow);
        assert_eq!(unblocking, Err(withheld), "{image}");
        drop(session);
        assert!(presentations(&handle).is_empty(), "{image}");
    }
}

#[test]
fn what_no_page_tells_is_not_tried() {
    for (image, kind) in [("mav2", PinKind::Id), ("mav2", PinKind::Sign), ("pardis", PinKind::Id)] {
        let (mut card, handle) = card(image);
        let refused = card.session().unwrap().change_pin(kind, &pin(ID), &pin("731946"), LastTry::Refuse);
        assert!(matches!(refused, Err(Error::NoPinChange { .. })), "{image}: {refused:?}");
        assert!(presentations(&handle).is_empty(), "{image}");
    }
}

#[test]
fn inside_the_channel_everything_is_protected() {
    for (image, last_try) in [("specimen-sealed", LastTry::Refuse), ("mav4", LastTry::Allow)] {
        let (mut card, handle) = card(image);
        let mut session = card.session().unwrap();
        session.open_channel(&mut crate::sealed::keys()).unwrap();
        session.verify_pin(PinKind::Id, &pin(ID), LastTry::Refuse).unwrap();
        session.unblock_pin(PinKind::Id, &puk(PUK), &pin("7319"), last_try).unwrap();
        drop(session);
        assert_eq!(held_by_all(&handle), ["7319"; 3], "{image}");
        let bare = |command: &[u8]| presents(command) && command[0] & 0x0C == 0;
        assert!(handle.log().iter().all(|entry| !bare(&entry.command)), "{image}");
    }
}

fn presents(command: &[u8]) -> bool {
    matches!(command, [_, 0x20 | 0x24 | 0x2C, _, _, _, _, ..])
}

/// On the real family the published routine unblocks DF 0200 before DF 0500 (`specimen.md` 5).
#[test]
fn the_published_order_of_the_real_family_is_kept() {
    let (mut card, handle) = card("mav2");
    handle.with_card(|card| {
        // A security object that comes in clear: the card is not sealed.
        let witness = card.image_mut().file_mut("mpcos", "3F00/0200/0205").unwrap();
        witness.read = idcard_sim::image::Access::default();
        witness.content[..4].copy_from_slice(&[0x77, 0x02, 0x30, 0x00]);
        let journal = card.image_mut().file_mut("mpcos", "3F00/0010").unwrap();
        journal.content[28] = 0x02; // a second PIN for holders without fingers is there
        journal.content[0] = 0x55;
    });
    card.session().unwrap().unblock_pin(PinKind::Id, &puk(PUK), &pin("7319"), LastTry::Allow).unwrap();
    assert_eq!(held_by_all(&handle), ["7319"; 3]);
    let updates: Vec<_> = handle.log().into_iter().map(|entry| entry.command).filter(|one| one[1] == 0xD6).collect();
    let written: Vec<&[u8]> = updates.iter().map(|update| &update[3..]).collect();
    // Word 2, word 7, word 3, each begun and finished; then all cleared, and word 0 with them (nid-card.md 5.4, 5.5).
    let expected: [&[u8]; 10] = [
        &[2, 1, 0x01],
        &[2, 1, 0x0F],
        &[7, 2, 0x02, 0x01],
        &[7, 2, 0x02, 0x0F],
        &[3, 1, 0x01],
        &[3, 1, 0x0F],
        &[2, 1, 0x00],
        &[7, 2, 0x02, 0x00],
        &[3, 1, 0x00],
        &[0, 1, 0x00],
    ];
    assert_eq!(written, expected);
}

#[test]
fn nothing_is_resumed_where_nothing_was_interrupted() {
    let (mut card, handle) = card("specimen");
    let (old, key) = (pin(ID), puk(PUK));
    for by in [Entitlement::Old(&old), Entitlement::Puk(&key)] {
        card.session().unwrap().resume_pin(PinKind::Id, by, &pin("7319"), LastTry::Refuse).unwrap();
        let by_sign = card.session().unwrap().pin_journal(PinKind::Sign).unwrap();
        assert_eq!(by_sign, None);
    }
    assert!(presentations(&handle).is_empty());
}

/// A new PIN that is not the one of the interrupted change would make a mixture: it is found out and stops.
#[test]
fn another_new_pin_does_not_resume() {
    let (mut card, handle) = card("specimen");
    handle.with_card(|card| {
        card.image_mut().applets[1].pins[1].value = b"73190000".to_vec(); // DF 0500 was changed
        card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[29] = 0x0F;
    });
    let old = pin(ID);
    let other = card.session().unwrap().resume_pin(PinKind::Id, Entitlement::Old(&old), &pin("8051"), LastTry::Refuse);
    assert!(matches!(other, Err(Error::WrongPin { tries_left: Some(2), .. })), "{other:?}");
    assert_eq!(held_by_all(&handle), ["7319", ID, ID]);
    let right = card.session().unwrap().resume_pin(PinKind::Id, Entitlement::Old(&old), &pin("7319"), LastTry::Refuse);
    assert_eq!((right, held_by_all(&handle)), (Ok(()), ["7319"; 3].map(str::to_owned)));
    assert_eq!(counters(&handle), full());
}

/// The change from `ID` to 2581 was torn at one object; one of the two PINs with which it is resumed is mistaken.
#[test]
fn a_mistake_when_resuming_costs_one_try() {
    // Applet, PIN and flag of the objects of DF 0500, DF 0200 and reference 81 (specimen.md 5, nid-card.md 5.4).
    let objects = [(1, 1, 29), (1, 0, 8), (2, 0, 12)];
    for (torn, was_done, old, new) in [(0, true, ID, "9991"), (2, false, "4321", "2581"), (0, false, ID, "9991")] {
        let (mut card, handle) = card("specimen");
        handle.with_card(|card| {
            for (at, (applet, pin, flag)) in objects.into_iter().enumerate().take(torn + 1) {
                if at < torn || was_done {
                    card.image_mut().applets[applet].pins[pin].value = b"2581".to_vec();
                }
                let mark = if at < torn { 0x0F } else { 0x01 };
                card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[flag] = mark;
            }
        });
        let mut resume = |old, new| {
            card.session().unwrap().resume_pin(PinKind::Id, Entitlement::Old(&pin(old)), &pin(new), LastTry::Refuse)
        };
        let mistaken = resume(old, new);
        if torn == 0 && !was_done {
            // The object still held the old PIN: nothing can tell that the new one is not the one meant before.
            assert_eq!((mistaken, held_by_all(&handle)), (Ok(()), [new; 3].map(str::to_owned)));
            continue;
        }
        let Err(Error::PinInterrupted { source, .. }) = mistaken else { panic!("{mistaken:?}") };
        assert!(matches!(*source, Error::PinUnproved { tries_left: Some(2), .. }), "{source:?}");
        assert_eq!(handle.pins().iter().map(|pin| pin.tries_left).sum::<u8>(), 4 * 3 - 1);
        assert_eq!(resume(ID, "2581"), Ok(()));
        assert_eq!((held_by_all(&handle), journal(&handle)), (["2581"; 3].map(str::to_owned), vec![0; 32]));
        assert_eq!(counters(&handle), full());
    }
}

/// A PIN that one object refuses while another has fewer tries is told as that; while a change is unfinished none is sent.
#[test]
fn a_refusal_tells_of_the_other_objects() {
    let present = |card: &mut idcard_core::Card| {
        card.session().unwrap().present_for(ItemName::Identity, &pin("7319"), LastTry::Refuse).unwrap_err()
    };
    let (mut plain, _) = card("specimen");
    assert_eq!(present(&mut plain), Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) });
    let (mut torn, handle) = card("specimen");
    handle.with_card(|card| {
        card.image_mut().applets[1].pins[1].value = b"73190000".to_vec(); // DF 0500 was changed
        card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[29] = 0x0F;
    });
    assert_eq!(present(&mut torn), Error::PinUnfinished { kind: PinKind::Id });
    assert!(presentations(&handle).is_empty());
    let (mut uneven, handle) = card("specimen");
    fail(&handle, "id-81", 2);
    let told = present(&mut uneven);
    assert!(told.to_string().ends_with("object id, 2 tries left; its object classic has 1 try left"), "{told}");
    assert_eq!(handle.pin("id-81").unwrap().tries_left, 1);
}

/// The fingers of the virtual specimen and the rule by which they match are in the documentation of `idcard-sim`.
#[test]
fn a_finger_is_compared_on_the_card() {
    let (mut card, handle) = card("specimen");
    let mut session = card.session().unwrap();
    let fingers = session.fingerprints().unwrap();
    let reference = *fingers.enrolled[0].reference.valid().unwrap();
    let right = Minutiae::compact(&hex("4A5B6C7D2E3F405162738495")).unwrap();
    let wrong = Minutiae::compact(&hex("4A5B6C7D2E3F405162738496")).unwrap();
    assert_eq!(session.finger_state(reference).unwrap().tries_left, Some(5));
    let differs = |tries_left| Err(Error::FingerDiffers { tries_left: Some(tries_left) });
    assert_eq!(session.verify_finger(reference, &wrong, LastTry::Refuse), differs(4));
    assert_eq!(session.verify_finger(reference, &right, LastTry::Refuse), Ok(()));
    for left in (1..5).rev() {
        assert_eq!(session.verify_finger(reference, &wrong, LastTry::Refuse), differs(left));
    }
    let last = session.verify_finger(reference, &right, LastTry::Refuse);
    assert_eq!(last, Err(Error::FingerNotTried { tries_left: Some(1) }));
    assert_eq!(session.verify_finger(reference, &wrong, LastTry::Allow), Err(Error::FingerLocked));
    assert_eq!(session.verify_finger(reference, &right, LastTry::Allow), Err(Error::FingerLocked));
    // The other finger has a counter and a template of its own.
    assert_eq!(session.verify_finger(0x82, &right, LastTry::Refuse), differs(4));
    assert!(matches!(session.verify_finger(0x99, &right, LastTry::Refuse), Err(Error::Refused { .. })));
    drop(session);
    assert_eq!(presentations(&handle).len(), 8);
}

#[test]
fn fingers_are_offered_only_where_a_page_says_so() {
    let finger = Minutiae::compact(&[1, 2, 3]).unwrap();
    for image in ["mav2", "mav4", "pardis"] {
        let (mut card, handle) = card(image);
        let refused = card.session().unwrap().verify_finger(0x81, &finger, LastTry::Allow);
        assert!(refused.is_err(), "{image}");
        assert!(presentations(&handle).is_empty(), "{image}");
    }
    let (mut card, handle) = card("specimen-sealed");
    let refused = card.session().unwrap().verify_finger(0x81, &finger, LastTry::Allow);
    assert!(matches!(refused, Err(Error::SecureChannelRequired(_))), "{refused:?}");
    assert!(presentations(&handle).is_empty());
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
