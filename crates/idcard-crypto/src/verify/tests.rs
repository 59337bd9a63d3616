//! Every row of the table of verdicts: signature, chain, dates, revocation, weak algorithms.

mod brought;
mod hostile;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::*;
use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::cms::{SignOptions, sign_detached};
use crate::hash::OnePass;
use crate::openssl::{OpenSsl, pem};
use crate::signer::{Signer, sign_raw};
use crate::software_key::{Profile, SoftwareKey};
use crate::time::parse_rfc3339;
use crate::trust::Origin;

const DOCUMENT: &[u8] = b"a contract\n";

fn at(day: &str) -> Query {
    Query::at(parse_rfc3339(day).unwrap())
}

fn root() -> SoftwareKey {
    SoftwareKey::root("root")
}

fn certificate(key: &SoftwareKey) -> Certificate {
    Certificate::from_der(key.certificate()).unwrap()
}

fn trusting(root: &SoftwareKey) -> Store {
    let mut store = Store::empty();
    store.add_anchor(certificate(root), Origin::Caller).unwrap();
    store
}

fn signature(key: &mut SoftwareKey, time: SystemTime) -> Vec<u8> {
    sign_detached(key, DOCUMENT, SignOptions::at(time)).unwrap().to_der()
}

#[test]
fn the_table_of_verdicts() {
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let signature = signature(&mut key, UNIX_EPOCH + Duration::from_secs(1_750_000_000));
    let [own, other, nobody] = [trusting(&root()), trusting(&SoftwareKey::root("other")), Store::empty()];
    let [now, before, after] = ["2026-01-01", "2024-01-01", "2032-01-01"].map(at);
    for (store, query, content, verdict, chain) in [
        (&own, now, DOCUMENT, Verdict::Valid, "trusted"),
        (&own, now, b"another", Verdict::Invalid, "trusted"),
        (&other, now, DOCUMENT, Verdict::Inconclusive, "incomplete"),
        (&nobody, now, DOCUMENT, Verdict::Inconclusive, "incomplete"),
        (&nobody, now, b"another", Verdict::Invalid, "incomplete"),
        // The claimed time lies within the validity and moves nothing.
        (&own, after, DOCUMENT, Verdict::Inconclusive, "expired"),
        (&own, before, DOCUMENT, Verdict::Inconclusive, "not_yet_valid"),
    ] {
        let verified = Verifier::new(store, query).detached(&signature[..], content).unwrap();
        let report = verified.report();
        assert_eq!((verified.verdict, report.signers[0].chain.as_str()), (verdict, chain), "{report:?}");
        assert_eq!(report.signers[0].reasons.is_empty(), verdict == Verdict::Valid, "{report:?}");
        assert_eq!(report.signers[0].revocation, "not_checked");
        assert_eq!(report.signers[0].claimed_time.as_deref(), Some("2025-06-15T15:06:40Z"));
    }
}

#[test]
fn a_self_signed_signer_is_untrusted_and_a_cut_file_invalid() {
    let mut key = SoftwareKey::p256("alone");
    let signature = signature(&mut key, UNIX_EPOCH);
    let store = trusting(&root());
    let verifier = Verifier::new(&store, at("2026-01-01"));
    let verified = verifier.detached(&signature[..], DOCUMENT).unwrap();
    assert_eq!((verified.verdict, verified.report().signers[0].chain.as_str()), (Verdict::Inconclusive, "untrusted"));
    let cut = verifier.detached(&signature[..60], DOCUMENT).unwrap();
    assert_eq!((cut.verdict, cut.report().reasons.len()), (Verdict::Invalid, 1));
}

#[test]
fn revocation_counts_only_when_it_is_asked_for() {
    let Some(openssl) = OpenSsl::find() else { return };
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let signature = signature(&mut key, UNIX_EPOCH);
    openssl
        .put("root.pem", pem(root().certificate()))
        .put("root.key", root().to_pkcs8_pem())
        .put("signer.pem", pem(key.certificate()))
        .put("index", "")
        .put("number", "01")
        .put(
            "ca.cnf",
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=30\n",
        );
    let ca = "ca -config ca.cnf -cert root.pem -keyfile root.key";
    let list = |name: &str| {
        openssl.run(&format!("{ca} -gencrl -out {name}")).unwrap();
        let mut lists = RevocationLists::empty();
        lists.add_path(&openssl.path(name)).unwrap();
        lists
    };
    let good = list("good.crl");
    openssl.run(&format!("{ca} -revoke signer.pem")).unwrap();
    let revoked = list("revoked.crl");
    let store = trusting(&root());
    let with = |lists| Verifier { lists, ..Verifier::new(&store, Query::at(SystemTime::now())) };
    for (lists, verdict, word) in [
        (None, Verdict::Valid, "not_checked"),
        (Some(&good), Verdict::Valid, "good"),
        (Some(&revoked), Verdict::Invalid, "revoked"),
        (Some(&RevocationLists::empty()), Verdict::Inconclusive, "unknown"),
    ] {
        let verified = with(lists).detached(&signature[..], DOCUMENT).unwrap();
        let report = verified.report();
        assert_eq!((verified.verdict, report.signers[0].revocation.as_str()), (verdict, word), "{report:?}");
    }
}

#[test]
fn weak_hashes_need_consent() {
    let Some(openssl) = OpenSsl::find() else { return };
    let key = SoftwareKey::rsa_issued(&Profile::new("signer"), &root());
    openssl.put("document", DOCUMENT).put("signer.pem", pem(key.certificate())).put("signer.key", key.to_pkcs8_pem());
    let sign = "cms -sign -binary -in document -outform DER -out out -signer signer.pem -inkey signer.key";
    let store = trusting(&root());
    for (hash, allow_legacy_sha1, verdict) in [
        ("sha1", false, Verdict::Weak),
        ("sha1", true, Verdict::Valid),
        ("md5", true, Verdict::Weak),
        ("sha256", false, Verdict::Valid),
    ] {
        openssl.run(&format!("{sign} -md {hash}")).unwrap();
        let verifier = Verifier::new(&store, Query { allow_legacy_sha1, ..at("2026-01-01") });
        let verified = verifier.detached(&openssl.get("out")[..], DOCUMENT).unwrap();
        assert_eq!(verified.verdict, verdict, "{hash}");
    }
    assert_eq!(Verdict::Weak.name(), "inconclusive");
    assert!(Verdict::Invalid > Verdict::Weak && Verdict::Weak > Verdict::Inconclusive);
}

#[test]
fn bare_signatures_of_every_scheme_verify() {
    use HashAlgorithm::{Sha256, Sha384, Sha512};
    let store = trusting(&root());
    let verifier = Verifier::new(&store, at("2026-01-01"));
    for hash in [Sha256, Sha384, Sha512] {
        let pss = Some(SignatureScheme::Pss { salt_length: hash.digest_len() });
        let rsa = || SoftwareKey::rsa_issued(&Profile::new("rsa"), &root());
        let p256 = SoftwareKey::p256_issued(&Profile::new("p256"), &root());
        for (mut key, scheme) in [(rsa(), None), (rsa(), pss), (p256, None)] {
            let signature = sign_raw(&mut key, DOCUMENT, scheme, hash).unwrap();
            let certificate = certificate(&key);
            for form in [signature.to_der(), signature.to_plain()] {
                let good = verifier.raw(form, &mut { DOCUMENT }, &certificate).unwrap();
                assert_eq!((good.verdict, good.signers[0].checked.hash), (Verdict::Valid, Some(hash)));
                let piped = verifier.raw(form, &mut OnePass::new(DOCUMENT), &certificate).unwrap();
                assert_eq!(piped.verdict, Verdict::Valid, "a stream is read once");
                let other = verifier.raw(form, &mut &b"another"[..], &certificate).unwrap();
                assert_eq!((other.verdict, other.report().signers[0].format), (Verdict::Invalid, "raw"));
            }
            let longer = [signature.to_der(), &[0; 60]].concat();
            let result = verifier.raw(&longer, &mut { DOCUMENT }, &certificate).unwrap();
            assert_eq!((result.verdict, result.report().signers[0].signature), (Verdict::Invalid, Some("invalid")));
            assert!(result.report().signers[0].reasons[0].contains("a length that no signature by this key has"));
        }
    }
}

#[test]
fn bare_signatures_by_openssl_verify() {
    let Some(openssl) = OpenSsl::find() else { return };
    let store = trusting(&root());
    let verifier = Verifier::new(&store, at("2026-01-01"));
    let rsa = SoftwareKey::rsa_issued(&Profile::new("rsa"), &root());
    let p256 = SoftwareKey::p256_issued(&Profile::new("p256"), &root());
    openssl.put("document", DOCUMENT).put("rsa.key", rsa.to_pkcs8_pem()).put("p256.key", p256.to_pkcs8_pem());
    for (key, line) in [
        (&rsa, "-sha256 -sign rsa.key"),
        (&rsa, "-sha512 -sign rsa.key"),
        (&rsa, "-sha256 -sign rsa.key -sigopt rsa_padding_mode:pss"),
        (&rsa, "-sha384 -sign rsa.key -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"),
        (&p256, "-sha256 -sign p256.key"),
        (&p256, "-sha384 -sign p256.key"),
    ] {
        openssl.run(&format!("dgst {line} -out out document")).unwrap();
        let verified = verifier.raw(&openssl.get("out"), &mut { DOCUMENT }, &certificate(key)).unwrap();
        assert_eq!(verified.verdict, Verdict::Valid, "{line}");
    }
}

#[test]
fn the_report_has_the_fields_of_the_contract() {
    let mut key = SoftwareKey::p256_issued(&Profile::new("signer"), &root());
    let signature = signature(&mut key, UNIX_EPOCH);
    let store = trusting(&root());
    let verified = Verifier::new(&store, at("2026-01-01")).detached(&signature[..], DOCUMENT).unwrap();
    let report = verified.report();
    let signer = &report.signers[0];
    assert_eq!((report.verdict, signer.subject.as_deref()), ("valid", Some("CN=signer")));
    assert_eq!(signer.certificate_sha256.as_deref(), Some(certificate(&key).sha256().as_str()));
    assert_eq!((signer.signature, signer.content, signer.format), (Some("valid"), Some("match"), "cades-b-b"));
}
