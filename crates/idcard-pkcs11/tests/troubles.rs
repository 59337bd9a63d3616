//! Every trouble at every exchange: calls fail in words that programs understand, no PIN goes out twice, and it goes on.

use crate::desk::{Desk, ID_PIN, IDENTITY, SIGN_PIN, SIGNATURE, plain, presentations};
use cryptoki_sys::*;
use idcard_core::LinkError;
use idcard_pkcs11::{Module, Rv};
use idcard_sim::{Action, Handle};
use std::time::Duration;

/// Two signatures from the list of slots to the logout, one with each key; the calls that present a PIN are counted.
fn visit(module: &Module, logins: &mut usize) -> Result<(), Rv> {
    let text = plain(CKM_SHA256_RSA_PKCS);
    for (slot, pin) in [(IDENTITY, ID_PIN), (SIGNATURE, SIGN_PIN)] {
        if !module.slot_list(true)?.contains(&slot) {
            return Err(Rv(CKR_TOKEN_NOT_PRESENT));
        }
        module.token_info(slot)?;
        let session = module.open_session(slot, CKF_SERIAL_SESSION)?;
        *logins += 1;
        module.login(session, CKU_USER, Some(pin))?;
        module.find_init(session, &[(CKA_CLASS, CKO_PRIVATE_KEY.to_ne_bytes().to_vec())])?;
        let key = module.find(session, 1)?.pop().ok_or(Rv(CKR_KEY_HANDLE_INVALID))?;
        module.find_final(session)?;
        module.sign_init(session, &text, key)?;
        if slot == SIGNATURE {
            *logins += 1;
            module.login(session, CKU_CONTEXT_SPECIFIC, Some(pin))?;
        }
        assert_eq!(module.sign(session, Some(b"text"))?.len(), 256);
        module.logout(session)?;
        module.close_session(session)?;
    }
    Ok(())
}

fn is_locked(card: &Handle) -> bool {
    card.pins().iter().all(|pin| !pin.verified)
}

/// The troubles, each with whether the same module and card must work again at once.
fn troubles() -> Vec<(Action, bool)> {
    let waited = Duration::from_secs(10);
    vec![
        (Action::Remove, false),
        (Action::Reset, true),
        (Action::Fail(LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" }), true),
        (Action::Fail(LinkError::TimedOut { waited }), true),
        (Action::Answer(vec![0x6F, 0x00]), true),
        (Action::Answer(vec![0x63, 0xC2]), true),
        (Action::Answer(vec![0x69, 0x82]), true),
        (Action::Answer(vec![0x90, 0x00]), true),
        (Action::Answer(vec![]), true),
    ]
}

#[test]
fn a_trouble_is_told_and_got_over() {
    let understood = [
        CKR_DEVICE_ERROR,
        CKR_DEVICE_REMOVED,
        CKR_USER_NOT_LOGGED_IN,
        CKR_TOKEN_NOT_PRESENT,
        CKR_TOKEN_NOT_RECOGNIZED,
        CKR_SESSION_HANDLE_INVALID,
        CKR_PIN_INCORRECT,
        CKR_PIN_LOCKED,
        CKR_KEY_HANDLE_INVALID,
        CKR_FUNCTION_NOT_SUPPORTED,
        CKR_USER_ALREADY_LOGGED_IN,
        CKR_FUNCTION_REJECTED, // 6982 to a file that is free on open cards: what a sealed card says
    ];
    let (module, card, _) = Desk::with("specimen");
    visit(&module, &mut 0).unwrap();
    assert!(is_locked(&card));
    let length = card.exchanges();
    assert!(length > 30, "{length} exchanges");
    for (trouble, works_again) in troubles() {
        for at in 0..length {
            let (module, card, desk) = Desk::with("specimen");
            card.at(at, trouble.clone());
            let mut logins = 0;
            let told = visit(&module, &mut logins);
            let what = format!("{trouble:?} at exchange {at}: {told:?}");
            if let Err(Rv(rv)) = told {
                assert!(understood.contains(&rv), "{what}");
            }
            assert!(presentations(&card) <= logins, "{what}");
            let pins = card.pins();
            assert!(pins.iter().all(|pin| pin.tries_left == 3), "no try was spent: {what}, {pins:?}");
            // The program gives up its sessions; then it tries once more, or puts the card in anew.
            for slot in [IDENTITY, SIGNATURE] {
                let _ = module.close_all_sessions(slot);
            }
            let again = visit(&module, &mut 0);
            if !works_again || again.is_err() {
                desk.remove(0);
                desk.insert(0, "specimen");
                visit(&module, &mut 0).unwrap_or_else(|rv| panic!("{what}, then {rv}"));
            }
            assert!(is_locked(&card), "{what}");
        }
    }
}

#[test]
fn a_reset_by_others_costs_a_login_at_most() {
    let (module, card, _) = Desk::with("specimen");
    visit(&module, &mut 0).unwrap();
    let length = card.exchanges();
    for at in 0..length {
        let (module, card, _) = Desk::with("specimen");
        card.at(at, Action::Reset);
        let _ = visit(&module, &mut 0);
        for slot in [IDENTITY, SIGNATURE] {
            module.close_all_sessions(slot).unwrap();
        }
        visit(&module, &mut 0).unwrap_or_else(|rv| panic!("exchange {at}: {rv}"));
    }
}
