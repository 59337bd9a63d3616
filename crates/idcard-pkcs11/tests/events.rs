//! Cards and readers that come and go.

use crate::desk::{Desk, IDENTITY, SIGNATURE, fails, logged_in, of_class, open, plain, private_key};
use cryptoki_sys::*;
use idcard_sim::{Action, Card, Image};

#[test]
fn what_is_in_at_the_beginning_is_no_event_and_each_change_is_told_once_a_slot() {
    let (module, _, desk) = Desk::with("specimen");
    assert_eq!(module.changed_slot().unwrap(), None);
    desk.remove(0);
    assert_eq!(module.changed_slot().unwrap(), Some(IDENTITY));
    assert_eq!(module.changed_slot().unwrap(), Some(SIGNATURE));
    assert_eq!(module.changed_slot().unwrap(), None);
    desk.attach("Reader B");
    desk.insert(1, "specimen-2");
    assert_eq!(
        [module.changed_slot().unwrap(), module.changed_slot().unwrap(), module.changed_slot().unwrap()],
        [Some(2), Some(3), None]
    );
}

/// PKCS#11 2.40, 5.4: first the number is asked for, then so many slots.
#[test]
fn a_card_that_comes_between_number_and_list_does_not_make_the_list_fail() {
    let (module, _, desk) = Desk::with("specimen");
    desk.attach("Reader B");
    assert_eq!(module.slot_list_for(true, Some(0)).unwrap().len(), 2, "nothing was told yet: there are more");
    assert_eq!(module.slot_list_for(true, None).unwrap(), [0, 1]);
    desk.insert(1, "specimen-2");
    desk.attach("Reader C");
    assert_eq!(module.slot_list_for(true, Some(2)).unwrap(), [0, 1]);
    assert_eq!(module.slot_list_for(true, Some(1)).unwrap().len(), 4, "less room than was told of");
    assert_eq!(module.slot_list_for(true, Some(8)).unwrap(), [0, 1, 2, 3], "with room the list is that of now");
    assert_eq!(module.slot_list_for(false, Some(4)).unwrap().len(), 6, "another number");
}

#[test]
fn a_reader_keeps_its_slots() {
    let (module, _, desk) = Desk::with("specimen");
    desk.attach("Reader B");
    assert_eq!(module.slot_list(false).unwrap(), [0, 1, 2, 3]);
    desk.detach(0);
    assert_eq!(module.slot_list(false).unwrap(), [2, 3]);
    assert_eq!(fails(module.token_info(IDENTITY)), CKR_TOKEN_NOT_PRESENT);
    desk.attach("Reader A");
    desk.insert(1, "specimen-2");
    assert_eq!(module.slot_list(true).unwrap(), [0, 1]);
}

#[test]
fn sessions_end_with_their_card() {
    let (module, _, desk) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    desk.remove(0);
    assert_eq!(fails(module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key)), CKR_DEVICE_REMOVED);
    assert_eq!(fails(module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key)), CKR_SESSION_HANDLE_INVALID);
    assert_eq!(fails(module.token_info(IDENTITY)), CKR_TOKEN_NOT_PRESENT);

    // Another card of the same kind: nobody is logged in, and the old session does not come to life.
    let card = desk.insert(0, "specimen-2");
    assert_eq!(fails(module.session_info(session)), CKR_SESSION_HANDLE_INVALID);
    let session = open(&module, IDENTITY);
    assert_eq!(module.session_info(session).unwrap().state, CKS_RO_PUBLIC_SESSION);
    assert_eq!(of_class(&module, session, CKO_PRIVATE_KEY), []);
    assert!(!card.pin("id-81").unwrap().verified);
}

#[test]
fn certificates_are_those_of_the_card_that_is_in() {
    let (module, _, desk) = Desk::with("specimen");
    let read = || {
        let session = open(&module, IDENTITY);
        let certificate = of_class(&module, session, CKO_CERTIFICATE)[0];
        crate::desk::bytes(&module, session, certificate, CKA_VALUE)
    };
    let first = read();
    desk.remove(0);
    desk.insert(0, "specimen-2");
    assert_ne!(read(), first);
    let card = Card::new(Image::builtin("specimen").unwrap());
    desk.remove(0);
    desk.insert_card(0, card);
    assert_eq!(read(), first);
}

#[test]
fn a_card_that_goes_in_the_middle_of_a_signature_is_told_as_gone() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    let begun = card.exchanges();
    for later in 0..3 {
        let (module, card, desk) = Desk::with("specimen");
        let session = logged_in(&module, IDENTITY);
        assert_eq!(card.exchanges(), begun, "the same steps");
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        card.at(begun + later, Action::Remove);
        assert_eq!(fails(module.sign(session, Some(b"text"))), CKR_DEVICE_REMOVED, "exchange {later}");
        desk.remove(0);
        desk.insert(0, "specimen");
        let session = logged_in(&module, IDENTITY);
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        assert_eq!(module.sign(session, Some(b"text")).unwrap().len(), 256);
    }
}

#[test]
fn a_thousand_cards_leave_nothing_behind() {
    let (module, _, desk) = Desk::with("specimen");
    for round in 0..1_000 {
        let image = ["specimen", "specimen-2", "mav4"][round % 3];
        desk.remove(0);
        desk.insert(0, image);
        let session = open(&module, IDENTITY);
        assert_eq!(module.slot_list(true).unwrap(), [IDENTITY, SIGNATURE]);
        assert_eq!(module.token_info(IDENTITY).unwrap().ulSessionCount, 1, "round {round}");
        module.session_info(session).unwrap();
    }
}
