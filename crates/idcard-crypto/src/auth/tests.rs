//! Tokens go round, and every part that is wrong is named.

use std::time::{Duration, SystemTime};

use super::*;
use crate::openssl::OpenSsl;
use crate::software_key::{Profile, SoftwareKey};
use crate::time::parse_rfc3339;
use crate::trust::{Origin, Query, Store};
use crate::verify::{Verdict, Verifier};

const ORIGIN: &str = "https://example.ir";
const NONCE: &str = "12345678123456781234567812345678912356789123";

fn time() -> SystemTime {
    parse_rfc3339("2026-01-01").unwrap()
}

fn challenge() -> Challenge {
    Challenge::new(ORIGIN, NONCE).unwrap()
}

fn expected() -> Expected {
    Expected { challenge: challenge(), issued: Some((time() - Duration::from_secs(30), Duration::from_secs(300))) }
}

fn profile() -> Profile {
    Profile {
        key_usage: Some(&[0x03, 0x02, 0x07, 0x80]),
        purpose: Some(const_oid::db::rfc5912::ID_KP_CLIENT_AUTH),
        ..Profile::new("holder")
    }
}

fn trusting() -> Store {
    let mut store = Store::empty();
    let root = SoftwareKey::root("root");
    store.add_anchor(Certificate::from_der(root.certificate()).unwrap(), Origin::Caller).unwrap();
    store
}

fn keys() -> [SoftwareKey; 2] {
    let root = SoftwareKey::root("root");
    [SoftwareKey::p256_issued(&profile(), &root), SoftwareKey::rsa_issued(&profile(), &root)]
}

fn check(token: &Token, expected: &Expected) -> Authentication {
    Verifier::new(&trusting(), Query::at(time())).token(token, expected)
}

#[test]
fn tokens_go_round() {
    for (mut key, algorithm) in keys().into_iter().zip(["ES256", "RS256"]) {
        let token = respond(&mut key, &challenge()).unwrap();
        assert_eq!((token.algorithm.as_str(), token.format.as_str()), (algorithm, "web-eid:1.0"));
        let result = check(&token, &expected());
        assert_eq!((result.verdict, result.reasons()), (Verdict::Valid, vec![]));
        assert_eq!(result.certificate.unwrap().common_name(), Some("holder"));
    }
}

#[test]
fn what_is_signed_is_what_the_format_says() {
    // By hand with OpenSSL: SHA-256(origin) ‖ SHA-256(nonce), signed with RS256 and ES256.
    let Some(openssl) = OpenSsl::find() else { return };
    openssl.put("origin", ORIGIN).put("nonce", NONCE);
    let origin = openssl.run("dgst -sha256 -binary origin").unwrap();
    let nonce = openssl.run("dgst -sha256 -binary nonce").unwrap();
    openssl.put("signed", [origin, nonce].concat());
    for mut key in keys() {
        let token = respond(&mut key, &challenge()).unwrap();
        let signature = Base64::decode_vec(&token.signature).unwrap();
        let certificate = Certificate::from_der(key.certificate()).unwrap();
        let signature = Signature::read(certificate.key().unwrap(), &signature).unwrap();
        openssl.put("signature", signature.to_der()).put("key", key.to_pkcs8_pem());
        openssl.run("pkey -in key -pubout -out public").unwrap();
        openssl.run("dgst -sha256 -verify public -signature signature signed").unwrap();
        if !key.is_rsa() {
            assert_eq!(signature.to_plain().len(), 64);
        }
    }
}

#[test]
fn another_origin_nonce_or_time_is_refused() {
    let [mut key, _] = keys();
    let token = respond(&mut key, &challenge()).unwrap();
    let with = |origin: &str, nonce: &str| Expected { challenge: Challenge::new(origin, nonce).unwrap(), ..expected() };
    let other_nonce = NONCE.replace('9', "8");
    for other in
        [with("https://example.com", NONCE), with(ORIGIN, &other_nonce), with("https://example.ir:8443", NONCE)]
    {
        let result = check(&token, &other);
        assert_eq!(result.verdict, Verdict::Invalid);
        assert!(matches!(result.faults[..], [TokenFault::Signature(_)]));
    }
    let issued = |ago: i64, lifetime| {
        let ago_by = Duration::from_secs(ago.unsigned_abs());
        let issued = if ago < 0 { time() + ago_by } else { time() - ago_by };
        Expected { issued: Some((issued, Duration::from_secs(lifetime))), ..expected() }
    };
    assert!(matches!(check(&token, &issued(301, 300)).faults[..], [TokenFault::Late(_)]));
    assert!(matches!(check(&token, &issued(-1, 300)).faults[..], [TokenFault::Early(_)]));
    assert_eq!(check(&token, &issued(300, 300)).verdict, Verdict::Valid);
    assert_eq!(check(&token, &Expected { issued: None, ..expected() }).verdict, Verdict::Valid);
}

#[test]
fn tokens_with_a_wrong_part_are_refused() {
    let [mut p256, mut rsa] = keys();
    let token = respond(&mut p256, &challenge()).unwrap();
    let rsa_token = respond(&mut rsa, &challenge()).unwrap();
    let with = |change: &dyn Fn(&mut Token)| {
        let mut changed = token.clone();
        change(&mut changed);
        let result = check(&changed, &expected());
        assert_eq!(result.verdict, Verdict::Invalid);
        result.faults
    };
    assert_eq!(with(&|token| token.format = "web-eid:2.0".into()), [TokenFault::Format]);
    assert_eq!(with(&|token| token.format = "web-eid:10".into()), [TokenFault::Format]);
    for name in ["RS256", "ES384", "ES512", "none", "HS256", ""] {
        let faults = with(&|token| token.algorithm = name.into());
        assert!(matches!(faults[..], [TokenFault::Algorithm(KeyKind::P256)]), "{name}");
    }
    assert_eq!(with(&|token| token.signature = "!".into()), [TokenFault::Base64("signature")]);
    assert!(matches!(with(&|token| token.signature = "AAAA".into())[..], [TokenFault::Signature(_)]));
    assert!(matches!(with(&|token| token.signature.clone_from(&rsa_token.signature))[..], [TokenFault::Signature(_)]));
    let no_base64 = TokenFault::Base64("unverifiedCertificate");
    assert!(with(&|token| token.unverified_certificate = "A".repeat(LONG)).contains(&no_base64));
    assert_eq!(with(&|token| token.unverified_certificate = "=".into()), [no_base64]);
    assert!(matches!(with(&|token| token.unverified_certificate = "AAAA".into())[..], [TokenFault::Certificate(_)]));
}

const LONG: usize = 1 << 20;

#[test]
fn another_root_an_expired_certificate_and_a_signing_certificate_are_refused() {
    let [mut key, _] = keys();
    let token = respond(&mut key, &challenge()).unwrap();
    let nobody = Verifier::new(&Store::empty(), Query::at(time())).token(&token, &expected());
    assert_eq!((nobody.verdict, nobody.faults.len(), nobody.reasons().len()), (Verdict::Inconclusive, 0, 1));
    let late = Query::at(parse_rfc3339("2032-01-01").unwrap());
    let late = Verifier::new(&trusting(), late).token(&token, &Expected { issued: None, ..expected() });
    assert_eq!(late.verdict, Verdict::Inconclusive);

    let mut signing = SoftwareKey::p256_issued(&Profile::new("holder"), &SoftwareKey::root("root"));
    let token = respond(&mut signing, &challenge()).unwrap();
    let result = check(&token, &expected());
    assert_eq!((result.verdict, &result.faults[..]), (Verdict::Invalid, &[TokenFault::NotForAuthentication][..]));
}

#[test]
fn origins_are_written_in_one_way() {
    let origin = |text: &str| Challenge::new(text, NONCE);
    for good in [
        "https://example.ir",
        "https://a.b-c.xn--mgba3a4f16a",
        "https://localhost:8443",
        "https://192.0.2.1",
        "https://[2001:db8::1]:4433",
        "https://[::1]",
    ] {
        assert_eq!(origin(good).unwrap().origin(), good);
    }
    for bad in [
        "",
        "example.ir",
        "http://example.ir",
        "HTTPS://example.ir",
        "https://",
        "https://Example.ir",
        "https://example.ir/",
        "https://example.ir/path",
        "https://example.ir?query",
        "https://example.ir#part",
        "https://user@example.ir",
        "https://user:word@example.ir",
        "https://example.ir:443",
        "https://example.ir:0",
        "https://example.ir:",
        "https://example.ir:08443",
        "https://example.ir:+8443",
        "https://example.ir:65536",
        "https://example.ir:8443/",
        "https://example..ir",
        "https://example.ir.",
        "https://-example.ir",
        "https://نمونه.ir",
        "https://example.ir\n",
        " https://example.ir",
        "https://[::1",
        "https://[::1]x",
        "https://[0:0::1]",
        "https://[example]",
        "https://example.ir\\@evil.example",
    ] {
        assert!(matches!(origin(bad), Err(ChallengeFault::Origin(_))), "{bad:?}");
    }
    assert!(origin(&format!("https://{}.ir", "a".repeat(63))).is_ok());
    assert!(origin(&format!("https://{}.ir", "a".repeat(64))).is_err());
    assert!(origin(&format!("https://{}ir", "a.".repeat(130))).is_err());
}

#[test]
fn nonces_have_44_to_128_visible_characters() {
    let nonce = |text: &str| Challenge::new(ORIGIN, text).map(|_| ());
    assert_eq!(nonce(&"x".repeat(43)), Err(ChallengeFault::ShortNonce(43)));
    assert_eq!(nonce(&"x".repeat(44)), Ok(()));
    assert_eq!(nonce(&"x".repeat(128)), Ok(()));
    assert_eq!(nonce(&"x".repeat(129)), Err(ChallengeFault::LongNonce(129)));
    assert_eq!(nonce(&" ".repeat(44)), Err(ChallengeFault::Nonce));
    assert_eq!(nonce(&"ن".repeat(44)), Err(ChallengeFault::Nonce));
}
