//! What it costs to tell what is in the readers, and what is told of it.

use crate::desk::{
    Desk, ID_PIN, IDENTITY, SIGNATURE, commands, fails, of_class, open, plain, presentations, private_key,
};
use cryptoki_sys::*;
use idcard_sim::{Action, Card, Image};

/// A card of others: the applets of the specimen under names that nobody asks for.
fn foreign() -> Card {
    let mut image = Image::builtin("specimen").unwrap();
    for applet in &mut image.applets {
        applet.aid = vec![0xF0, 0x01, 0x02, 0x03, 0x04];
    }
    Card::new(image)
}

fn text(field: &[u8]) -> &str {
    std::str::from_utf8(field).unwrap().trim_end()
}

#[test]
fn a_card_of_ours_is_told_in_twelve_exchanges() {
    for image in ["specimen", "specimen-p256", "specimen-t0", "specimen-sealed", "mav2", "mav4", "pardis"] {
        let (module, card, _) = Desk::with(image);
        assert_eq!(module.slot_list(false).unwrap(), [IDENTITY, SIGNATURE]);
        assert_eq!(card.exchanges(), 0, "{image}: a list of slots disturbs no card");
        for slot in module.slot_list(true).unwrap() {
            module.slot_info(slot).unwrap();
            module.token_info(slot).unwrap();
        }
        assert!(card.exchanges() <= 12, "{image}: {} exchanges: {:?}", card.exchanges(), commands(&card));
        assert_eq!(presentations(&card), 0, "{image}");
    }
}

/// What docs/pkcs11.md tells.
#[test]
fn the_cost_of_each_step_is_what_is_told() {
    let (module, card, _) = Desk::with("specimen");
    let mut before = 0;
    let mut spent = || {
        let now = card.exchanges();
        now - std::mem::replace(&mut before, now)
    };
    for slot in module.slot_list(true).unwrap() {
        module.token_info(slot).unwrap();
    }
    assert_eq!(spent(), 6);
    let session = open(&module, IDENTITY);
    of_class(&module, session, CKO_CERTIFICATE);
    assert_eq!(spent(), 9);
    module.login(session, CKU_USER, Some(ID_PIN)).unwrap();
    assert_eq!(spent(), 11);
    let key = private_key(&module, session);
    module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    module.sign(session, Some(b"text")).unwrap();
    assert_eq!(spent(), 3);
}

#[test]
fn a_card_of_others_is_left_alone_after_four_exchanges() {
    let desk = Desk::default();
    desk.attach("Reader A");
    let card = desk.insert_card(0, foreign());
    let module = desk.module();
    for _ in 0..3 {
        assert_eq!(module.slot_list(true).unwrap(), []);
        for slot in module.slot_list(false).unwrap() {
            assert_eq!(module.slot_info(slot).unwrap().flags & CKF_TOKEN_PRESENT, 0);
            assert_eq!(fails(module.token_info(slot)), CKR_TOKEN_NOT_RECOGNIZED);
            assert_eq!(fails(module.open_session(slot, CKF_SERIAL_SESSION)), CKR_TOKEN_NOT_RECOGNIZED);
        }
    }
    module.finish();
    assert!(card.exchanges() <= 4, "{} exchanges", card.exchanges());
}

#[test]
fn a_card_that_answers_nonsense_is_left_alone_too() {
    for answer in [vec![], vec![0x90], vec![0x61, 0x05], vec![0x6C, 0x6C], vec![0xFF; 300]] {
        let desk = Desk::default();
        desk.attach("Reader A");
        let card = desk.insert(0, "specimen");
        (0..40).for_each(|exchange| card.at(exchange, Action::Answer(answer.clone())));
        let module = desk.module();
        for _ in 0..5 {
            assert_eq!(module.slot_list(true).unwrap(), [], "{answer:?}");
            assert_eq!(fails(module.token_info(IDENTITY)), CKR_TOKEN_NOT_RECOGNIZED);
        }
        assert!(card.exchanges() <= 4, "{answer:?}: {} exchanges", card.exchanges());
    }
}

#[test]
fn the_two_slots_of_a_reader_are_told_apart() {
    let (module, card, _) = Desk::with("specimen");
    let info = module.slot_info(SIGNATURE).unwrap();
    assert_eq!(text(&info.slotDescription), "Reader A (signature)");
    assert_eq!(info.flags, CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE | CKF_HW_SLOT);
    let (identity, signature) = (module.token_info(IDENTITY).unwrap(), module.token_info(SIGNATURE).unwrap());
    assert_eq!(text(&identity.label), "SPECIMEN ID card (identity)");
    assert_eq!(text(&signature.label), "SPECIMEN ID card (signature)");
    let serial = card.with_card(|card| card.image().serial_number()).flatten().unwrap();
    assert_eq!(text(&identity.serialNumber), hex::encode_upper(serial));
    // specimen.md 5: the ID PIN has 4 to 8 digits, the SIGN PIN 6 to 8.
    assert_eq!((identity.ulMinPinLen, identity.ulMaxPinLen), (4, 8));
    assert_eq!((signature.ulMinPinLen, signature.ulMaxPinLen), (6, 8));
    let expected =
        CKF_TOKEN_INITIALIZED | CKF_WRITE_PROTECTED | CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
    assert_eq!((identity.flags, signature.flags), (expected, expected));
}

#[test]
fn the_tries_that_are_left_are_told_and_none_is_spent() {
    for (left, flags) in [
        (3, 0),
        (2, CKF_USER_PIN_COUNT_LOW),
        (1, CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY),
        (0, CKF_USER_PIN_LOCKED),
    ] {
        let (module, card, _) = Desk::with("specimen");
        module.token_info(IDENTITY).unwrap();
        let spend = |card: &mut Card| {
            let pins = card.image_mut().applets.iter_mut().flat_map(|applet| &mut applet.pins);
            pins.filter(|pin| pin.name == "id-81").for_each(|pin| pin.failed = pin.tries - left);
        };
        card.with_card(spend).unwrap();
        let all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
        assert_eq!(module.token_info(IDENTITY).unwrap().flags & all, flags, "{left} left");
        assert_eq!(module.token_info(SIGNATURE).unwrap().flags & all, 0);
        assert_eq!(card.pin("id-81").unwrap().tries_left, left);
    }
}

#[test]
fn a_card_whose_keys_are_not_published_has_certificates_alone() {
    let (module, _, _) = Desk::with("mav4");
    let info = module.token_info(SIGNATURE).unwrap();
    assert_eq!(info.flags & CKF_LOGIN_REQUIRED, 0);
    let list = module.mechanism_list(SIGNATURE).unwrap();
    assert_eq!(list, [CKM_SHA256, CKM_SHA384, CKM_SHA512, CKM_SHA_1]);
}

#[test]
fn slots_that_never_were_are_refused() {
    let (module, _, _) = Desk::with("specimen");
    for slot in [2, 3, CK_SLOT_ID::MAX] {
        assert_eq!(fails(module.token_info(slot)), CKR_SLOT_ID_INVALID);
        assert_eq!(fails(module.slot_info(slot)), CKR_SLOT_ID_INVALID);
        assert_eq!(fails(module.close_all_sessions(slot)), CKR_SLOT_ID_INVALID);
    }
}

#[test]
fn one_kind_of_slot_may_be_shown_alone() {
    use idcard_pkcs11::module::Shown;
    for (words, slots) in
        [("identity", vec![0, 2]), ("signature", vec![1, 3]), ("signature, identity", vec![0, 1, 2, 3])]
    {
        let desk = Desk::default();
        desk.attach("Reader A");
        desk.insert(0, "specimen");
        desk.attach("Reader B");
        let module = desk.module_showing(Shown::of_words(words).unwrap());
        assert_eq!(module.slot_list(false).unwrap(), slots, "{words}");
        for slot in 0..4 {
            assert_eq!(
                module.slot_info(slot).is_ok(),
                slots.contains(&slot),
                "{words}: the numbers are those of before"
            );
            if !slots.contains(&slot) {
                assert_eq!(fails(module.token_info(slot)), CKR_SLOT_ID_INVALID);
                assert_eq!(fails(module.open_session(slot, CKF_SERIAL_SESSION)), CKR_SLOT_ID_INVALID);
                assert_eq!(fails(module.close_all_sessions(slot)), CKR_SLOT_ID_INVALID);
            }
        }
        desk.remove(0);
        let told: Vec<_> = std::iter::from_fn(|| module.changed_slot().unwrap()).collect();
        assert_eq!(told, slots.iter().copied().filter(|slot| *slot < 2).collect::<Vec<_>>(), "{words}");
    }
    for words in ["", "Identity", "identity,", "identity signature", "both"] {
        assert_eq!(Shown::of_words(words), None, "{words}");
    }
}
