//! Signatures of every kind, each verified by the certificate; digests and random bytes.

use crate::desk::{
    Desk, IDENTITY, SIGN_PIN, SIGNATURE, bytes, fails, logged_in, of_class, open, plain, presentations, private_key,
    pss,
};
use cryptoki_sys::*;
use idcard_crypto::PublicKey;
use idcard_crypto::algorithm::{HashAlgorithm, SignatureScheme};
use idcard_pkcs11::Module;
use idcard_pkcs11::mechanism::Asked;

const HASHES: [HashAlgorithm; 3] = [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];
const SHA1_INFO: &str = "3021300906052B0E03021A05000414000102030405060708090A0B0C0D0E0F10111213";

fn begin(module: &Module, session: CK_SESSION_HANDLE, asked: &Asked) {
    let key = private_key(module, session);
    module.sign_init(session, asked, key).unwrap();
    if module.session_info(session).unwrap().slotID == SIGNATURE {
        module.login(session, CKU_CONTEXT_SPECIFIC, Some(SIGN_PIN)).unwrap();
    }
}

fn signed(module: &Module, session: CK_SESSION_HANDLE, asked: &Asked, data: &[u8]) -> Vec<u8> {
    begin(module, session, asked);
    module.sign(session, Some(data)).unwrap()
}

fn public(module: &Module, session: CK_SESSION_HANDLE) -> (CK_OBJECT_HANDLE, PublicKey) {
    let handle = of_class(module, session, CKO_PUBLIC_KEY)[0];
    (handle, PublicKey::from_spki_der(&bytes(module, session, handle, CKA_PUBLIC_KEY_INFO)).unwrap())
}

/// The DigestInfo of RFC 8017, 9.2, note 1.
fn digest_info(hash: HashAlgorithm, digest: &[u8]) -> Vec<u8> {
    let head = match hash {
        HashAlgorithm::Sha256 => "3031300D060960864801650304020105000420",
        HashAlgorithm::Sha384 => "3041300D060960864801650304020205000430",
        _ => "3051300D060960864801650304020305000440",
    };
    [hex::decode(head).unwrap(), digest.to_vec()].concat()
}

#[test]
fn rsa_keys_sign_by_every_mechanism_that_they_offer() {
    let hashed = [CKM_SHA256_RSA_PKCS, CKM_SHA384_RSA_PKCS, CKM_SHA512_RSA_PKCS];
    let hashed_pss = [CKM_SHA256_RSA_PKCS_PSS, CKM_SHA384_RSA_PKCS_PSS, CKM_SHA512_RSA_PKCS_PSS];
    let digests = [CKM_SHA256, CKM_SHA384, CKM_SHA512];
    let masks = [CKG_MGF1_SHA256, CKG_MGF1_SHA384, CKG_MGF1_SHA512];
    for (image, slot) in [("specimen", IDENTITY), ("specimen", SIGNATURE), ("specimen-t0", SIGNATURE)] {
        let (module, _, _) = Desk::with(image);
        let session = logged_in(&module, slot);
        let (_, key) = public(&module, session);
        let mut offered = module.mechanism_list(slot).unwrap();
        offered.retain(|kind| module.mechanism_info(slot, *kind).unwrap().flags & CKF_SIGN != 0);
        let mut tried = vec![CKM_RSA_PKCS, CKM_RSA_PKCS_PSS];
        for (index, hash) in HASHES.into_iter().enumerate() {
            let digest = hash.digest(b"text");
            let v15 =
                |signature: &[u8]| key.verify_prehash(SignatureScheme::Pkcs1v15, hash, &digest, signature).unwrap();
            v15(&signed(&module, session, &plain(hashed[index]), b"text"));
            v15(&signed(&module, session, &plain(CKM_RSA_PKCS), &digest_info(hash, &digest)));
            let scheme = SignatureScheme::Pss { salt_length: digest.len() };
            let of_pss = |signature: &[u8]| key.verify_prehash(scheme, hash, &digest, signature).unwrap();
            let salt = digest.len() as CK_ULONG;
            let asked = pss(hashed_pss[index], digests[index], masks[index], salt);
            of_pss(&signed(&module, session, &asked, b"text"));
            let asked = pss(CKM_RSA_PKCS_PSS, digests[index], masks[index], salt);
            of_pss(&signed(&module, session, &asked, &digest));
            tried.extend([hashed[index], hashed_pss[index]]);
        }
        offered.sort_unstable();
        tried.sort_unstable();
        assert_eq!(offered, tried);
        // Bytes of the program's own: the DigestInfo of another hash, and no DigestInfo at all.
        for data in [hex::decode(SHA1_INFO).unwrap(), vec![7; 5], vec![7; 245]] {
            let signature = signed(&module, session, &plain(CKM_RSA_PKCS), &data);
            key.verify_pkcs1v15_bytes(&data, &signature).unwrap();
        }
        begin(&module, session, &plain(CKM_RSA_PKCS));
        assert_eq!(fails(module.sign(session, Some(&[7; 246]))), CKR_DATA_LEN_RANGE);
    }
}

#[test]
fn keys_on_a_curve_sign_by_every_mechanism_that_they_offer() {
    for slot in [IDENTITY, SIGNATURE] {
        let (module, _, _) = Desk::with("specimen-p256");
        let session = logged_in(&module, slot);
        let (_, key) = public(&module, session);
        let offered = module.mechanism_list(slot).unwrap();
        assert_eq!(offered[..4], [CKM_ECDSA_SHA256, CKM_ECDSA_SHA384, CKM_ECDSA_SHA512, CKM_ECDSA]);
        for (kind, hash) in offered.clone().into_iter().zip(HASHES) {
            let digest = hash.digest(b"text");
            let signature = signed(&module, session, &plain(kind), b"text");
            key.verify_prehash_raw(hash, &digest, &signature).unwrap();
            let signature = signed(&module, session, &plain(CKM_ECDSA), &digest);
            key.verify_prehash_raw(hash, &digest, &signature).unwrap();
        }
        let digest = HashAlgorithm::Sha1.digest(b"text");
        let signature = signed(&module, session, &plain(CKM_ECDSA), &digest);
        key.verify_prehash_raw(HashAlgorithm::Sha1, &digest, &signature).unwrap();
    }
}

#[test]
fn a_text_in_pieces_is_signed_and_verified_like_one_in_whole() {
    let (module, _, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let (public, _) = public(&module, session);
    let asked = plain(CKM_SHA512_RSA_PKCS);
    begin(&module, session, &asked);
    for piece in [&b"a text"[..], b"", b" in three pieces"] {
        module.sign_update(session, piece).unwrap();
    }
    assert_eq!(fails(module.sign(session, Some(b"more"))), CKR_OPERATION_ACTIVE);
    assert_eq!(module.signature_length(session).unwrap(), 256);
    let signature = module.sign(session, None).unwrap();
    assert_eq!(signature, signed(&module, session, &asked, b"a text in three pieces"));
    module.verify_init(session, &asked, public).unwrap();
    module.verify_update(session, b"a text in").unwrap();
    module.verify_update(session, b" three pieces").unwrap();
    module.verify(session, None, &signature).unwrap();
    for (text, changed, rv) in
        [(&b"another text"[..], 0, CKR_SIGNATURE_INVALID), (b"a text", 1, CKR_SIGNATURE_LEN_RANGE)]
    {
        module.verify_init(session, &asked, public).unwrap();
        assert_eq!(fails(module.verify(session, Some(text), &signature[changed..])), rv);
        assert_eq!(fails(module.verify(session, Some(text), &signature)), CKR_OPERATION_NOT_INITIALIZED);
    }
}

#[test]
fn each_signature_of_the_signing_key_costs_a_pin() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, SIGNATURE);
    let asked = plain(CKM_SHA256_RSA_PKCS);
    for round in 1..=3 {
        signed(&module, session, &asked, b"text");
        assert_eq!(presentations(&card), 1 + round);
    }
    let key = private_key(&module, session);
    module.sign_init(session, &asked, key).unwrap();
    let before = card.exchanges();
    assert_eq!(fails(module.sign(session, Some(b"text"))), CKR_USER_NOT_LOGGED_IN);
    assert_eq!(card.exchanges(), before, "without its PIN the card is not asked");
    module.sign_init(session, &asked, key).unwrap();
    assert_eq!(fails(module.login(session, CKU_CONTEXT_SPECIFIC, Some(b"999999"))), CKR_PIN_INCORRECT);
    assert_eq!(fails(module.sign(session, Some(b"text"))), CKR_USER_NOT_LOGGED_IN);
}

#[test]
fn what_the_card_does_not_do_is_not_begun() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    let (public, _) = public(&module, session);
    let before = card.exchanges();
    let wrong_salt = pss(CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 20);
    let wrong_mask = pss(CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA1, 32);
    let wrong_hash = pss(CKM_SHA256_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384, 48);
    let short = Asked { kind: CKM_SHA256_RSA_PKCS_PSS, parameter: vec![0; 23] };
    let surplus = Asked { kind: CKM_SHA256_RSA_PKCS, parameter: vec![0] };
    for asked in [&wrong_salt, &wrong_mask, &wrong_hash, &short, &surplus, &plain(CKM_RSA_PKCS_PSS)] {
        assert_eq!(fails(module.sign_init(session, asked, key)), CKR_MECHANISM_PARAM_INVALID, "{asked:?}");
    }
    for kind in [CKM_SHA1_RSA_PKCS, CKM_RSA_X_509, CKM_MD5, CKM_AES_CBC] {
        assert_eq!(fails(module.sign_init(session, &plain(kind), key)), CKR_MECHANISM_INVALID);
    }
    assert_eq!(fails(module.sign_init(session, &plain(CKM_ECDSA), key)), CKR_KEY_TYPE_INCONSISTENT);
    assert_eq!(fails(module.sign_init(session, &plain(CKM_RSA_PKCS), public)), CKR_KEY_FUNCTION_NOT_PERMITTED);
    assert_eq!(fails(module.verify_init(session, &plain(CKM_RSA_PKCS), key)), CKR_KEY_FUNCTION_NOT_PERMITTED);
    assert_eq!(fails(module.sign_init(session, &plain(CKM_RSA_PKCS), 99)), CKR_KEY_HANDLE_INVALID);
    assert_eq!(fails(module.sign(session, Some(b"text"))), CKR_OPERATION_NOT_INITIALIZED);
    module.sign_init(session, &plain(CKM_RSA_PKCS), key).unwrap();
    assert_eq!(fails(module.sign_init(session, &plain(CKM_RSA_PKCS), key)), CKR_OPERATION_ACTIVE);
    assert_eq!(card.exchanges(), before);
}

#[test]
fn a_signature_costs_four_exchanges_between_others_turns() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    let before = card.exchanges();
    module.sign_init(session, &plain(CKM_SHA256_RSA_PKCS), key).unwrap();
    assert_eq!(card.exchanges(), before);
    module.sign(session, Some(b"text")).unwrap();
    assert_eq!(card.exchanges() - before, 3, "the proof of the login, the environment, the signature");
}

#[test]
fn digests_are_those_of_the_standard() {
    let (module, _, _) = Desk::with("specimen");
    let session = open(&module, IDENTITY);
    let expected = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"; // FIPS 180-4, "abc"
    module.digest_init(session, &plain(CKM_SHA256)).unwrap();
    assert_eq!(module.digest_length(session).unwrap(), 32);
    assert_eq!(hex::encode_upper(module.digest(session, Some(b"abc")).unwrap()), expected);
    module.digest_init(session, &plain(CKM_SHA256)).unwrap();
    assert_eq!(fails(module.digest_init(session, &plain(CKM_SHA256))), CKR_OPERATION_ACTIVE);
    module.digest_update(session, b"a").unwrap();
    module.digest_update(session, b"bc").unwrap();
    assert_eq!(fails(module.digest(session, Some(b"d"))), CKR_OPERATION_ACTIVE);
    assert_eq!(hex::encode_upper(module.digest(session, None).unwrap()), expected);
    assert_eq!(fails(module.digest(session, None)), CKR_OPERATION_NOT_INITIALIZED);
    assert_eq!(fails(module.digest_init(session, &plain(CKM_MD5))), CKR_MECHANISM_INVALID);
}

#[test]
fn random_bytes_come_from_card_and_system() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let before = card.exchanges();
    let first = module.random(session, 100).unwrap();
    assert_eq!(card.exchanges() - before, 1);
    assert!(card.pin("id-81").unwrap().verified, "nothing is selected for it");
    assert_eq!(first.len(), 100);
    assert_ne!(first, module.random(session, 100).unwrap());
    // A card that gives zeros, or nothing at all, does not make the bytes worse or the call fail.
    for answer in [vec![0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0x00], vec![0x6D, 0x00], vec![0x01, 0x90, 0x00]] {
        let draw = |module: &Module| {
            card.at(card.exchanges(), idcard_sim::Action::Answer(answer.clone()));
            module.random(session, 32).unwrap()
        };
        assert_ne!(draw(&module), draw(&module));
    }
    assert_eq!(module.random(session, 0).unwrap(), []);
}

/// PKCS#11 3.0, 5.13.1: the call that begins an operation ends it where no mechanism is named.
#[test]
fn operations_are_given_up_one_by_one() {
    let (module, card, _) = Desk::with("specimen");
    let session = logged_in(&module, IDENTITY);
    let key = private_key(&module, session);
    let (public, _) = public(&module, session);
    let begin = || {
        module.sign_init(session, &plain(CKM_RSA_PKCS), key).unwrap();
        module.verify_init(session, &plain(CKM_RSA_PKCS), public).unwrap();
        module.digest_init(session, &plain(CKM_SHA256)).unwrap();
    };
    begin();
    for flag in [CKF_SIGN, CKF_VERIFY, CKF_DIGEST] {
        module.give_up(session, flag).unwrap();
        assert_eq!(fails(module.give_up(session, flag)), CKR_ARGUMENTS_BAD);
    }
    begin();
    assert_eq!(fails(module.give_up(session + 1, CKF_SIGN)), CKR_SESSION_HANDLE_INVALID);
    assert!(card.pin("id-81").unwrap().verified, "the login outlives them");
}
