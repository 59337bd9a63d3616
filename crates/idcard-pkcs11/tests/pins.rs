//! PINs that the reader asks for on a pad of its own, and PINs that are changed.

use crate::desk::{Desk, ID_PIN, IDENTITY, SIGN_PIN, SIGNATURE, fails, open, plain, presentations, private_key};
use cryptoki_sys::*;
use idcard_sim::Holder;

const PAD: CK_FLAGS = CKF_PROTECTED_AUTHENTICATION_PATH;

#[test]
fn a_reader_with_a_pad_asks_for_the_pin_itself() {
    let (module, card, _) = Desk::with("specimen");
    card.set_pad(Some(Holder::Knows));
    for slot in [IDENTITY, SIGNATURE] {
        assert_eq!(module.token_info(slot).unwrap().flags & PAD, PAD);
        let session = open(&module, slot);
        module.login(session, CKU_USER, None).unwrap();
        let key = private_key(&module, session);
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        if slot == SIGNATURE {
            module.login(session, CKU_CONTEXT_SPECIFIC, None).unwrap();
        }
        assert_eq!(module.sign(session, Some(b"text")).unwrap().len(), 256);
    }
    assert_eq!(presentations(&card), 3);
}

#[test]
fn what_happens_at_the_pad_is_told() {
    for (holder, rv, tries) in [
        (Holder::Errs, CKR_PIN_INCORRECT, 2),
        (Holder::Cancels, CKR_FUNCTION_CANCELED, 3),
        (Holder::Waits, CKR_FUNCTION_CANCELED, 3),
        (Holder::Types(b"123".to_vec()), CKR_PIN_LEN_RANGE, 3),
    ] {
        let (module, card, _) = Desk::with("specimen");
        card.set_pad(Some(holder));
        let session = open(&module, IDENTITY);
        assert_eq!(fails(module.login(session, CKU_USER, None)), rv);
        assert_eq!(card.pin("id-81").unwrap().tries_left, tries);
        assert_eq!(module.session_info(session).unwrap().state, CKS_RO_PUBLIC_SESSION);
    }
}

#[test]
fn without_a_pad_a_pin_is_due() {
    let (module, card, _) = Desk::with("specimen");
    assert_eq!(module.token_info(IDENTITY).unwrap().flags & PAD, 0);
    let session = open(&module, IDENTITY);
    assert_eq!(fails(module.login(session, CKU_USER, None)), CKR_ARGUMENTS_BAD);
    assert_eq!(presentations(&card), 0);
}

#[test]
fn a_pin_is_changed_wherever_the_card_holds_it() {
    let (module, card, _) = Desk::with("specimen");
    let session = module.open_session(IDENTITY, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    module.login(session, CKU_USER, Some(ID_PIN)).unwrap();
    module.set_pin(session, ID_PIN, b"6789").unwrap();
    assert_eq!(module.session_info(session).unwrap().state, CKS_RW_PUBLIC_SESSION, "the card was reset");
    assert!(!card.pin("id-81").unwrap().verified);
    // specimen.md 5: the ID PIN has three objects.
    let applets = |card: &mut idcard_sim::Card| card.image().applets.clone();
    let pins: Vec<_> = card.with_card(applets).unwrap().into_iter().flat_map(|applet| applet.pins).collect();
    let id: Vec<_> = pins.iter().filter(|pin| pin.name.starts_with("id-")).map(|pin| pin.value.clone()).collect();
    assert_eq!(id.len(), 3);
    assert!(id.iter().all(|value| value.starts_with(b"6789")), "{id:?}");
    assert_eq!(fails(module.login(session, CKU_USER, Some(ID_PIN))), CKR_PIN_INCORRECT);
    module.login(session, CKU_USER, Some(b"6789")).unwrap();
}

#[test]
fn a_pin_is_not_changed_by_halves_or_by_guess() {
    let (module, card, _) = Desk::with("specimen");
    let reads = open(&module, SIGNATURE);
    assert_eq!(fails(module.set_pin(reads, SIGN_PIN, b"654321")), CKR_SESSION_READ_ONLY);
    let session = module.open_session(SIGNATURE, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    assert_eq!(fails(module.set_pin(session, SIGN_PIN, b"12345")), CKR_PIN_LEN_RANGE);
    assert_eq!(fails(module.set_pin(session, SIGN_PIN, b"12345x")), CKR_PIN_INVALID);
    assert_eq!(presentations(&card), 0);
    assert_eq!(fails(module.set_pin(session, b"999999", b"654321")), CKR_PIN_INCORRECT);
    assert_eq!(card.pin("sign").unwrap().tries_left, 2);
    assert_ne!(module.token_info(SIGNATURE).unwrap().flags & CKF_USER_PIN_COUNT_LOW, 0);
    module.login(session, CKU_USER, Some(SIGN_PIN)).unwrap();
}

/// The flags tell of the object 81 alone until another one has failed: a program that goes by them blocks none of the three
/// (`specimen.md` 5).
#[test]
fn no_change_takes_the_last_try_of_an_object_that_the_flags_do_not_show() {
    let (module, card, _) = Desk::with("specimen");
    let session = module.open_session(IDENTITY, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    let low = CKF_USER_PIN_COUNT_LOW;
    let last = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY;
    for (rv, flags) in
        [(CKR_PIN_INCORRECT, low), (CKR_PIN_INCORRECT, last), (CKR_FUNCTION_FAILED, last), (CKR_FUNCTION_FAILED, last)]
    {
        assert_eq!(fails(module.set_pin(session, b"4321", b"6789")), rv);
        // What was seen to fail is told, and is still told when it is asked for once more.
        for _ in 0..2 {
            assert_eq!(module.token_info(IDENTITY).unwrap().flags & (last | CKF_USER_PIN_LOCKED), flags);
        }
    }
    assert_eq!(presentations(&card), 2);
    let left = ["id-0500", "id-0200", "id-81"].map(|name| card.pin(name).unwrap().tries_left);
    assert_eq!(left, [1, 3, 3]);
    // The signature PIN has one object, of which the flags tell the last try: it is the program's own risk.
    let session = module.open_session(SIGNATURE, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    for rv in [CKR_PIN_INCORRECT, CKR_PIN_INCORRECT, CKR_PIN_LOCKED] {
        assert_eq!(fails(module.set_pin(session, b"999999", b"654321")), rv);
    }
}

#[test]
fn a_blocked_object_is_told_before_anything_is_sent() {
    let (module, card, _) = Desk::with("specimen");
    card.with_card(|card| card.image_mut().applets[1].pins[1].failed = 3);
    assert_eq!(card.pin("id-0500").unwrap().tries_left, 0);
    let session = module.open_session(IDENTITY, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    assert_eq!(fails(module.set_pin(session, ID_PIN, b"6789")), CKR_PIN_LOCKED);
    assert_eq!(presentations(&card), 0);
}

/// Objects that are known to be out of step get no PIN: DF 0500 was changed and the others were not (byte 29 of the journal).
#[test]
fn while_a_change_is_unfinished_no_pin_is_sent() {
    let (module, card, _) = Desk::with("specimen");
    card.with_card(|card| card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[29] = 0x0F);
    let session = module.open_session(IDENTITY, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    assert_eq!(fails(module.login(session, CKU_USER, Some(ID_PIN))), CKR_FUNCTION_FAILED);
    assert_eq!(fails(module.set_pin(session, ID_PIN, b"6789")), CKR_FUNCTION_FAILED);
    assert_eq!(presentations(&card), 0);
    // The signature PIN has no part in it.
    let other = open(&module, SIGNATURE);
    module.login(other, CKU_USER, Some(SIGN_PIN)).unwrap();
    card.with_card(|card| card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[29] = 0x00);
    module.login(session, CKU_USER, Some(ID_PIN)).unwrap();
}
