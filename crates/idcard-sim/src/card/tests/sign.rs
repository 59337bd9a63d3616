//! Keys and signatures: `specimen.md` 5; every signature is checked with the key of the card's certificate.

use der::{Decode as _, Encode as _};
use p256::ecdsa::VerifyingKey;
use pkcs8::DecodePublicKey as _;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier as _;
use x509_cert::Certificate;

use super::*;

const ID_81: &str = "00 20 00 81 10 31323334000000000000000000000000";
const SIGN_PIN: &str = "00 20 00 82 10 31323334353600000000000000000000";
const SIGN_FOLDER: &str = "00 A4 00 0C 02 5100";

/// The public key of the certificate in that file, DER.
fn public_key(card: &Card, path: &str) -> Vec<u8> {
    let content = &card.image().file("classic", path).unwrap().content;
    let length = 4 + usize::from(u16::from_be_bytes([content[2], content[3]]));
    let certificate = Certificate::from_der(&content[..length]).unwrap();
    certificate.tbs_certificate().subject_public_key_info().to_der().unwrap()
}

fn sign_key(card: &Card) -> Vec<u8> {
    public_key(card, "3F00/5100/5040")
}

/// The data of a successful answer, fetched where it waits.
fn data(card: &mut Card, command: &str) -> Vec<u8> {
    let mut answer = say(card, command);
    if let Some(waiting) = answer.strip_prefix("61") {
        answer = say(card, &format!("00 C0 00 00 {waiting}"));
    }
    hex::decode(answer.strip_suffix("9000").unwrap_or_else(|| panic!("{command}: {answer}"))).unwrap()
}

/// One signature with the key of folder 5100: PIN, environment, hash, signature.
fn sign(card: &mut Card, algorithm: &str, hash: &[u8], le: &str) -> Vec<u8> {
    let length = hash.len();
    let hash = format!("00 2A 90 A0 {:02X} 90 {length:02X} {}", length + 2, hex::encode(hash));
    go(card, &[SIGN_PIN, &format!("00 22 41 B6 06 8001{algorithm} 840103"), &hash]);
    data(card, &format!("00 2A 9E 9A {le}"))
}

fn rsa_holds(key: &[u8], algorithm: &str, hash: &[u8], signature: &[u8]) -> bool {
    let key = RsaPublicKey::from_public_key_der(key).unwrap();
    let outcome = match algorithm {
        "42" => key.verify(Pkcs1v15Sign::new::<Sha256>(), hash, signature),
        "52" => key.verify(Pkcs1v15Sign::new::<Sha384>(), hash, signature),
        "62" => key.verify(Pkcs1v15Sign::new::<Sha512>(), hash, signature),
        "45" => key.verify(Pss::<Sha256>::new_with_salt(32), hash, signature),
        "55" => key.verify(Pss::<Sha384>::new_with_salt(48), hash, signature),
        "65" => key.verify(Pss::<Sha512>::new_with_salt(64), hash, signature),
        "02" => key.verify(Pkcs1v15Sign::new_unprefixed(), hash, signature),
        _ => panic!("{algorithm}"),
    };
    outcome.is_ok()
}

fn p256_holds(key: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    let signature = p256::ecdsa::Signature::from_slice(signature).unwrap();
    VerifyingKey::from_public_key_der(key).unwrap().verify_prehash(hash, &signature).is_ok()
}

fn hashes() -> [Vec<u8>; 3] {
    [Sha256::digest(b"x").to_vec(), Sha384::digest(b"x").to_vec(), Sha512::digest(b"x").to_vec()]
}

#[test]
fn every_rsa_algorithm() {
    let [sha256, sha384, sha512] = hashes();
    let info = [&hex::decode("3031300D060960864801650304020105000420").unwrap(), sha256.as_slice()].concat();
    for image in ["specimen", "specimen-t0", "specimen-2", "specimen-sealed"] {
        let mut card = card(image);
        let key = sign_key(&card);
        go(&mut card, &[CLASSIC, SIGN_FOLDER]);
        let cases = [
            ("42", &sha256),
            ("52", &sha384),
            ("62", &sha512),
            ("45", &sha256),
            ("55", &sha384),
            ("65", &sha512),
            ("02", &info),
        ];
        for (algorithm, hash) in cases {
            let signature = sign(&mut card, algorithm, hash, "00");
            assert_eq!(signature.len(), 256);
            assert!(rsa_holds(&key, algorithm, hash, &signature), "{image} {algorithm}");
        }
        // The card adds the DigestInfo to 42, so it equals 02 with one.
        let signature = sign(&mut card, "42", &sha256, "00");
        assert!(rsa_holds(&key, "02", &info, &signature));
        // 02 pads what is given, and nothing else.
        let signature = sign(&mut card, "02", &sha256, "00");
        assert!(rsa_holds(&key, "02", &sha256, &signature));
    }
}

#[test]
fn every_p256_algorithm() {
    let mut card = card("specimen-p256");
    let key = sign_key(&card);
    go(&mut card, &[CLASSIC, SIGN_FOLDER]);
    for (algorithm, hash) in ["44", "54", "64"].into_iter().zip(hashes()) {
        let signature = sign(&mut card, algorithm, &hash, "40");
        assert_eq!(signature.len(), 64, "r and s, plain");
        assert!(p256_holds(&key, &hash[..32], &signature), "{algorithm}: a longer hash is cut");
    }
    let hash = Sha256::digest(b"y");
    let signature = sign(&mut card, "04", &hash, "40");
    assert!(p256_holds(&key, &hash, &signature));
}

#[test]
fn algorithms_that_are_not_the_keys() {
    for (image, foreign) in [("specimen", ["44", "04", "12"]), ("specimen-p256", ["42", "45", "02"])] {
        let mut card = card(image);
        go(&mut card, &[CLASSIC, SIGN_FOLDER]);
        for algorithm in foreign {
            assert_eq!(
                say(&mut card, &format!("00 22 41 B6 06 8001{algorithm} 840103")),
                "6A80",
                "{image} {algorithm}"
            );
        }
        assert_eq!(say(&mut card, "00 22 41 B6 06 800142 840104"), "6A88");
        assert_eq!(say(&mut card, "00 22 41 B8 06 800142 840103"), "6A86");
        assert_eq!(say(&mut card, "00 22 41 B6 03 840103"), "6A80");
    }
}

#[test]
fn the_signing_key_is_known_in_its_folder_only() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC]);
    assert_eq!(say(&mut card, "00 22 41 B6 06 800142 840103"), "6A88");
    go(&mut card, &["00 A4 00 0C 02 5000"]);
    assert_eq!(say(&mut card, "00 22 41 B6 06 800142 840103"), "6A88");
    // Either order of the objects is understood.
    go(&mut card, &[SIGN_FOLDER, "00 22 41 B6 06 840103 800142"]);
}

#[test]
fn one_pin_for_one_signature() {
    let mut card = card("specimen");
    let hash = "00 2A 90 A0 22 90 20 ".to_owned() + &"11".repeat(32);
    let mse = "00 22 41 B6 06 800142 840103";
    go(&mut card, &[CLASSIC, SIGN_FOLDER]);
    assert_eq!(say(&mut card, &hash), "6985", "no environment yet");
    go(&mut card, &[mse, &hash]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 00"), "6982", "no PIN yet");
    go(&mut card, &[ID_81]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 00"), "6982", "not that one");
    go(&mut card, &[SIGN_PIN]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 80"), "6C00", "a wrong Le costs neither hash nor PIN");
    assert_eq!(data(&mut card, "00 2A 9E 9A 00").len(), 256);
    assert_eq!(say(&mut card, "00 20 00 82"), "63C3", "the verification is used up");
    go(&mut card, &["00 20 00 81", &hash]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 00"), "6982");
    go(&mut card, &[SIGN_PIN]);
    assert_eq!(data(&mut card, "00 2A 9E 9A 00").len(), 256);
    go(&mut card, &[SIGN_PIN]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 00"), "6985", "a hash is signed once");
}

#[test]
fn wrong_lengths_and_places() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC, SIGN_FOLDER, SIGN_PIN, "00 22 41 B6 06 800142 840103"]);
    assert_eq!(say(&mut card, &format!("00 2A 90 A0 16 90 14 {}", "11".repeat(20))), "6A80");
    assert_eq!(say(&mut card, &format!("00 2A 90 A0 22 91 20 {}", "11".repeat(32))), "6A80");
    assert_eq!(say(&mut card, "00 2A 90 80 02 9000"), "6A86");
    go(&mut card, &[&format!("00 2A 90 A0 22 90 20 {}", "11".repeat(32)), "00 A4 00 0C 02 5000"]);
    assert_eq!(say(&mut card, "00 2A 9E 9A 00"), "6A88", "the key stays behind in its folder");
    go(&mut card, &[SIGN_FOLDER]);
    assert_eq!(say(&mut card, "00 2A 9E 9A"), "6C00", "on T=1 an absent Le asks for nothing");
    assert_eq!(data(&mut card, "00 2A 9E 9A 00 0100").len(), 256, "256 in extended form");

    let mut p256 = super::card("specimen-p256");
    go(&mut p256, &[CLASSIC, SIGN_FOLDER, SIGN_PIN, "00 22 41 B6 06 800144 840103"]);
    go(&mut p256, &[&format!("00 2A 90 A0 22 90 20 {}", "11".repeat(32))]);
    assert_eq!(say(&mut p256, "00 2A 9E 9A 00"), "6C40");
    assert_eq!(data(&mut p256, "00 2A 9E 9A 40").len(), 64);
}

#[test]
fn authentication_with_key_01() {
    let hash = Sha256::digest(b"challenge");
    let info = [&hex::decode("3031300D060960864801650304020105000420").unwrap(), hash.as_slice()].concat();
    for image in ["specimen", "specimen-t0"] {
        let mut card = card(image);
        let key = public_key(&card, "3F00/5000/0303");
        let le = if image == "specimen" { "00" } else { "" };
        let command = format!("00 88 00 00 33 {} {le}", hex::encode(&info));
        go(&mut card, &[CLASSIC]);
        assert_eq!(say(&mut card, &command), "6985", "no environment yet");
        go(&mut card, &["00 22 41 A4 06 800102 840101"]);
        assert_eq!(say(&mut card, &command), "6982", "no PIN yet");
        go(&mut card, &[ID_81]);
        for _ in 0..2 {
            let signature = data(&mut card, &command);
            assert!(rsa_holds(&key, "02", &info, &signature), "{image}: one PIN for many");
        }
        assert_eq!(say(&mut card, &format!("00 88 00 00 {} {le}", "")), "6700");
        assert_eq!(say(&mut card, "00 22 41 A4 06 800142 840101"), "6A80");
        go(&mut card, &[SIGN_FOLDER]);
        assert_eq!(say(&mut card, "00 22 41 A4 06 800102 840103"), "6A88", "key 03 does not authenticate");
    }
    let mut card = card("specimen-p256");
    let key = public_key(&card, "3F00/5000/0303");
    go(&mut card, &[CLASSIC, ID_81, "00 22 41 A4 06 800104 840101"]);
    let command = format!("00 88 00 00 20 {}", hex::encode(hash));
    assert_eq!(say(&mut card, &format!("{command} 00")), "6C40");
    let signature = data(&mut card, &format!("{command} 40"));
    assert!(p256_holds(&key, &hash, &signature));
}

#[test]
fn key_01_also_signs_by_pso_with_the_id_pin() {
    let mut card = card("specimen");
    let key = public_key(&card, "3F00/5000/0303");
    let hash = Sha256::digest(b"z");
    go(&mut card, &[CLASSIC, ID_81]);
    for _ in 0..2 {
        go(&mut card, &["00 22 41 B6 06 800142 840101", &format!("00 2A 90 A0 22 90 20 {}", hex::encode(hash))]);
        let signature = data(&mut card, "00 2A 9E 9A 00");
        assert!(rsa_holds(&key, "42", &hash, &signature));
    }
}

#[test]
fn challenges_have_the_length_asked_for() {
    for image in ["specimen", "specimen-t0"] {
        let mut card = card(image);
        go(&mut card, &[CLASSIC]);
        let eight = data(&mut card, "00 84 00 00 08");
        assert_eq!(eight.len(), 8);
        assert_ne!(eight, data(&mut card, "00 84 00 00 08"));
        assert_eq!(data(&mut card, "80 84 00 00 20").len(), 32);
        assert_eq!(data(&mut card, "00 84 00 00 00").len(), 256);
    }
}

#[test]
fn a_finger_is_compared_on_the_card() {
    let mut card = card("specimen");
    go(&mut card, &[CLASSIC]);
    let probe = |nibble: &str| format!("00 21 00 81 11 7F2E 0E 81 0C {}", nibble.repeat(12));
    assert_eq!(say(&mut card, "00 21 00 81"), "63C5");
    assert_eq!(say(&mut card, &probe("5A")), "63C4");
    let template = card.image().applet("classic").unwrap().fingers[0].template.clone();
    let right = format!("00 21 00 81 11 7F2E 0E 81 0C {}", hex::encode(template));
    go(&mut card, &[&right]);
    assert_eq!(say(&mut card, "00 21 00 81"), "63C5");
    assert_eq!(say(&mut card, "00 21 00 81 03 7F2E01"), "6A80");
    assert_eq!(say(&mut card, "00 21 00 83"), "6A88");
    for left in (0..5).rev() {
        assert_eq!(say(&mut card, &probe("5A")), format!("63C{left}"));
    }
    assert_eq!(say(&mut card, &right), "6983");
}
