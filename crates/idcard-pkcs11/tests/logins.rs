//! Logging in and out: what the card sees, and what it keeps.

use crate::desk::{
    Desk, ID_PIN, IDENTITY, SIGN_PIN, SIGNATURE, commands, fails, logged_in, open, plain, presentations, private_key,
};
use cryptoki_sys::*;
use idcard_sim::Action;

#[test]
fn a_login_presents_the_pin_once_and_leaves_no_other_pin_touched() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    assert_eq!(presentations(&card), 1);
    assert!(card.pin("id-81").unwrap().verified);
    assert_eq!(module.session_info(session).unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert_eq!(fails(module.login(session, CKU_USER, Some(ID_PIN))), CKR_USER_ALREADY_LOGGED_IN);
    assert_eq!(presentations(&card), 1);
    // The other slot has a user of its own.
    let other = open(&module, SIGNATURE);
    assert_eq!(module.session_info(other).unwrap().state, CKS_RO_PUBLIC_SESSION);
}

#[test]
fn wrong_pins_are_counted_down_to_the_block() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    let flags = [CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED];
    let all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
    for (wrong, flags) in flags.into_iter().enumerate() {
        let rv = if wrong < 2 { CKR_PIN_INCORRECT } else { CKR_PIN_LOCKED };
        assert_eq!(fails(module.login(session, CKU_USER, Some(b"9999"))), rv);
        assert_eq!(presentations(&card), wrong + 1, "one VERIFY a login");
        assert_eq!(module.token_info(IDENTITY).unwrap().flags & all, flags);
    }
    assert_eq!(fails(module.login(session, CKU_USER, Some(ID_PIN))), CKR_PIN_LOCKED);
    assert_eq!(presentations(&card), 3, "a PIN that is blocked is not sent");
}

#[test]
fn the_right_pin_in_the_last_try_logs_in() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    for _ in 0..2 {
        assert_eq!(fails(module.login(session, CKU_USER, Some(b"9999"))), CKR_PIN_INCORRECT);
    }
    module.login(session, CKU_USER, Some(ID_PIN)).unwrap();
    assert_eq!(card.pin("id-81").unwrap().tries_left, 3);
}

#[test]
fn what_cannot_be_a_pin_is_not_sent() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    for (pin, rv) in [
        (&b""[..], CKR_PIN_LEN_RANGE),
        (b"123", CKR_PIN_LEN_RANGE),
        (b"123456789", CKR_PIN_LEN_RANGE),
        (b"12a4", CKR_PIN_INVALID),
        (b"\xFF\xFE\xFD\xFC", CKR_PIN_INVALID),
    ] {
        assert_eq!(fails(module.login(session, CKU_USER, Some(pin))), rv, "{pin:?}");
    }
    for user in [CKU_SO, 7] {
        assert_eq!(fails(module.login(session, user, Some(ID_PIN))), CKR_USER_TYPE_INVALID);
    }
    assert_eq!(fails(module.login(session, CKU_CONTEXT_SPECIFIC, Some(ID_PIN))), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(presentations(&card), 0);
}

#[test]
fn a_login_ends_with_logout_with_the_last_session_and_with_the_module() {
    let ends: [fn(&idcard_pkcs11::Module, CK_SESSION_HANDLE); 4] = [
        |module, session| module.logout(session).unwrap(),
        |module, session| module.close_session(session).unwrap(),
        |module, _| module.close_all_sessions(IDENTITY).unwrap(),
        |module, _| module.finish(),
    ];
    for end in ends {
        let (module, card, _) = Desk::with("specimen");
        let session = logged_in(&module, IDENTITY);
        assert!(card.pin("id-81").unwrap().verified);
        end(&module, session);
        assert!(!card.pin("id-81").unwrap().verified);
    }
}

#[test]
fn a_session_of_several_may_be_closed_without_a_logout() {
    let (module, card, _) = Desk::with("specimen");
    let first = logged_in(&module, IDENTITY);
    let second = open(&module, IDENTITY);
    assert_eq!(module.session_info(second).unwrap().state, CKS_RO_USER_FUNCTIONS);
    module.close_session(first).unwrap();
    assert!(card.pin("id-81").unwrap().verified);
    assert_eq!(fails(module.session_info(first)), CKR_SESSION_HANDLE_INVALID);
}

#[test]
fn the_signature_pin_does_not_stay_presented_for_others() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, SIGNATURE);
    assert!(!card.pin("sign").unwrap().verified, "a login alone leaves nothing unlocked");
    let key = private_key(&module, session);
    module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    module.login(session, CKU_CONTEXT_SPECIFIC, Some(SIGN_PIN)).unwrap();
    assert!(card.pin("sign").unwrap().verified);
    module.cancel_signature(session).unwrap();
    assert!(!card.pin("sign").unwrap().verified, "a signature that is given up takes the PIN back");
}

#[test]
fn a_login_to_one_slot_leaves_that_to_the_other_alone() {
    let (module, card, _) = Desk::with("specimen");
    let identity = logged_in(&module, IDENTITY);
    let signature = logged_in(&module, SIGNATURE);
    assert!(card.pin("id-81").unwrap().verified);
    let key = private_key(&module, identity);
    module.sign_init(identity, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    module.sign(identity, Some(b"text")).unwrap();
    assert_eq!(presentations(&card), 2);
    module.logout(signature).unwrap();
    assert_eq!(module.session_info(identity).unwrap().state, CKS_RO_USER_FUNCTIONS);
    assert!(card.pin("id-81").unwrap().verified);
}

#[test]
fn a_wrong_signature_pin_leaves_the_identity_logged_in() {
    let (module, card, _) = Desk::with("specimen");
    let identity = logged_in(&module, IDENTITY);
    let signature = open(&module, SIGNATURE);
    assert_eq!(fails(module.login(signature, CKU_USER, Some(b"999999"))), CKR_PIN_INCORRECT);
    assert!(card.pin("id-81").unwrap().verified);
    let key = private_key(&module, identity);
    module.sign_init(identity, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    module.sign(identity, Some(b"text")).unwrap();
}

#[test]
fn a_login_that_another_program_ended_is_noticed_before_anything_is_selected() {
    let select_other = hex::decode("00A4040C08A000000018434D00").unwrap();
    for how in 0..2 {
        let (module, card, _) = Desk::with("specimen");
        let session = logged_in(&module, IDENTITY);
        let key = private_key(&module, session);
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        match how {
            0 => card.act(Action::Reset),
            _ => assert_eq!(card.exchange(&select_other).unwrap(), [0x90, 0x00]),
        }
        let before = commands(&card).len();
        let rv = fails(module.sign(session, Some(b"text")));
        assert_eq!(rv, CKR_USER_NOT_LOGGED_IN);
        let after = commands(&card).split_off(before);
        assert!(after.iter().all(|command| command == "00200081"), "an empty VERIFY and nothing else: {after:?}");
        assert_eq!(module.session_info(session).unwrap().state, CKS_RO_PUBLIC_SESSION);
        // The holder may log in again, in the same session.
        module.login(session, CKU_USER, Some(ID_PIN)).unwrap();
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        module.sign(session, Some(b"text")).unwrap();
    }
}

#[test]
fn a_pin_that_another_program_presented_is_not_ours() {
    let (module, card, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    module.token_info(IDENTITY).unwrap();
    card.exchange(&hex::decode("00A404000CA0000000180C000001634200").unwrap()).unwrap();
    let verify = hex::decode("002000811031323334000000000000000000000000").unwrap();
    assert_eq!(card.exchange(&verify).unwrap(), [0x90, 0x00]);
    assert_eq!(module.session_info(session).unwrap().state, CKS_RO_PUBLIC_SESSION);
    let key = 2;
    assert_eq!(fails(module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key)), CKR_KEY_HANDLE_INVALID);
}

/// Whatever ends a signature that has its PIN takes the PIN back, also where the identity stays logged in.
#[test]
fn a_pin_for_a_signature_that_is_not_made_is_taken_back() {
    let ends: [fn(&idcard_pkcs11::Module, CK_SESSION_HANDLE); 6] = [
        |module, session| module.cancel_signature(session).unwrap(),
        |module, session| module.cancel(session, CKF_SIGN).unwrap(),
        |module, session| module.close_session(session).unwrap(),
        |module, session| module.logout(session).unwrap(),
        |module, _| module.close_all_sessions(SIGNATURE).unwrap(),
        |module, _| module.finish(),
    ];
    for (number, end) in ends.into_iter().enumerate() {
        let (module, card, _) = Desk::with("specimen");
        logged_in(&module, IDENTITY);
        let session = logged_in(&module, SIGNATURE);
        let key = private_key(&module, session);
        module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
        module.login(session, CKU_CONTEXT_SPECIFIC, Some(SIGN_PIN)).unwrap();
        assert!(card.pin("sign").unwrap().verified);
        end(&module, session);
        assert!(!card.pin("sign").unwrap().verified, "end {number}");
    }
}

#[test]
fn a_key_that_does_not_ask_takes_no_second_login() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    let again = module.login(session, CKU_CONTEXT_SPECIFIC, Some(ID_PIN));
    assert_eq!(fails(again), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(presentations(&card), 1);
    module.sign(session, Some(b"text")).unwrap();
}

/// specimen.md 2.1: no ID PIN is sent in clear to a sealed card. The signing key stands outside of that.
#[test]
fn a_sealed_card_gets_no_identity_pin_in_clear() {
    let (module, card, _) = Desk::with("specimen-sealed");
    let session = open(&module, IDENTITY);
    assert_eq!(fails(module.login(session, CKU_USER, Some(ID_PIN))), CKR_FUNCTION_REJECTED);
    assert_eq!(presentations(&card), 0);
    let session = logged_in(&module, SIGNATURE);
    let key = private_key(&module, session);
    module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    module.login(session, CKU_CONTEXT_SPECIFIC, Some(SIGN_PIN)).unwrap();
    assert_eq!(module.sign(session, Some(b"text")).unwrap().len(), 256);
}

/// The commands of another program that logs in: SELECT of the applet, and the ID PIN (specimen.md 5).
const LOGIN_OF_OTHERS: [&str; 2] = ["00A4040C0CA0000000180C000001634200", "002000811031323334000000000000000000000000"];

#[test]
fn who_looks_at_a_card_does_not_end_the_login_of_another_program() {
    for image in ["specimen", "specimen-p256", "specimen-t0"] {
        let (module, card, _) = Desk::with(image);
        for command in LOGIN_OF_OTHERS {
            assert_eq!(card.exchange(&hex::decode(command).unwrap()).unwrap(), [0x90, 0x00]);
        }
        let serial = |slot| String::from_utf8(module.token_info(slot).unwrap().serialNumber.to_vec()).unwrap();
        for slot in module.slot_list(true).unwrap() {
            for _ in 0..2 {
                assert_eq!(serial(slot).trim(), "", "{image}: it lies in another applet");
            }
            let session = open(&module, slot);
            module.find_init(session, &[]).unwrap();
            assert_eq!(module.find(session, 100).unwrap().len(), 3, "{image}: two certificates and a public key");
            module.find_final(session).unwrap();
            module.random(session, 8).unwrap();
            module.close_session(session).unwrap();
        }
        assert!(card.pin("id-81").unwrap().verified, "{image}: {:?}", commands(&card));
        // The login is over: what it kept from being read is read now.
        card.act(Action::Reset);
        assert_eq!([serial(IDENTITY).trim(), serial(SIGNATURE).trim()].map(str::len), [16; 2], "{image}");
        let session = open(&module, IDENTITY);
        assert!(!crate::desk::of_class(&module, session, CKO_DATA).is_empty(), "{image}");
    }
}

#[test]
fn the_sessions_of_a_slot_share_their_login_and_each_has_operations_of_its_own() {
    let (module, _, _) = Desk::with("specimen");
    let reads = logged_in(&module, IDENTITY);
    let writes = module.open_session(IDENTITY, CKF_SERIAL_SESSION | CKF_RW_SESSION).unwrap();
    let other = open(&module, SIGNATURE);
    let states = || [reads, writes, other].map(|session| module.session_info(session).unwrap().state);
    assert_eq!(states(), [CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS, CKS_RO_PUBLIC_SESSION]);
    assert_eq!(fails(module.login(writes, CKU_USER, Some(ID_PIN))), CKR_USER_ALREADY_LOGGED_IN);
    let key = private_key(&module, writes);
    let asked = plain(CKM_SHA256_RSA_PKCS);
    for session in [reads, writes] {
        module.sign_init(session, &asked, key).unwrap();
        module.sign_update(session, if session == reads { b"one" } else { b"two" }).unwrap();
    }
    let (one, two) = (module.sign(reads, None).unwrap(), module.sign(writes, None).unwrap());
    assert_ne!(one, two);
    module.sign_init(writes, &asked, key).unwrap();
    assert_eq!(module.sign(writes, Some(b"one")).unwrap(), one);
    // One logs out for both, and what needs the login ends.
    module.sign_init(reads, &asked, key).unwrap();
    module.logout(writes).unwrap();
    assert_eq!(states(), [CKS_RO_PUBLIC_SESSION, CKS_RW_PUBLIC_SESSION, CKS_RO_PUBLIC_SESSION]);
    assert_eq!(fails(module.sign(reads, Some(b"one"))), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(fails(module.logout(reads)), CKR_USER_NOT_LOGGED_IN);
    // The sessions of one slot end, those of the other stay.
    module.close_all_sessions(IDENTITY).unwrap();
    assert_eq!([reads, writes].map(|session| fails(module.session_info(session))), [CKR_SESSION_HANDLE_INVALID; 2]);
    module.session_info(other).unwrap();
}
