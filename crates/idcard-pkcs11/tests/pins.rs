//! PINs that the reader asks for on a pad of its own, and PINs that are changed.

use crate::desk::{Desk, ID_PIN, IDENTITY, SIGN_PIN, SIGNATURE, fails, open, plain, presentations, private_key};
use cryptoki_sys::*;
use idcard_sim::Holder;

const PAD: CK_FLAGS = CKF_PROTECTED_AUTHENTICATION_PATH;

#[test]
fn a_reader_with_a_pad_asks_for_the_pin_itself() {
    let (mut module, card, _) = Desk::with("specimen");
    card.set_pad(Some(Holder::Knows));
    for slot in [IDENTITY, SIGNATURE] {
        assert_eq!(module.token_info(slot).unwrap().flags & PAD, PAD);
        let session = open(&mut module, slot);
        module.login(session, CKU_USER, None).unwrap();
        let key = private_key(&mut module, session);
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
        let (mut module, card, _) = Desk::with("specimen");
        card.set_pad(Some(holder));
        let session = open(&mut module, IDENTITY);
        assert_eq!(fails(module.login(session, CKU_USER, None)), rv);
        assert_eq!(card.pin("id-81").unwrap().tries_left, tries);
        assert_eq!(module.session_info(session).unwrap().state, CKS_RO_PUBLIC_SESSION);
    }
}

#[test]
fn without_a_pad_a_pin_is_due() {
    let (mut module, card, _) = Desk::with("specimen");
    assert_eq!(module.token_info(IDENTITY).unwrap().flags & PAD, 0);
    let session = open(&mut module, IDENTITY);
    assert_eq!(fails(module.login(session, CKU_USER, None)), CKR_ARGUMENTS_BAD);
    assert_eq!(presentations(&card), 0);
}

#[test]
fn a_pin_is_changed_wherever_the_card_holds_it() {
    let (mut module, card, _) = Desk::with("specimen");
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
    let (mut module, card, _) = Desk::with("specimen");
    let reads = open(&mut module, SIGNATURE);
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
