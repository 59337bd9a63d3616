//! Every shape of CMS that the program OpenSSL makes.

use super::*;
use crate::openssl::{OpenSsl, pem};
use crate::signer::Signer;

fn workplace() -> Option<OpenSsl> {
    let openssl = OpenSsl::find()?;
    let root = SoftwareKey::root("root");
    let rsa = SoftwareKey::rsa_issued(&Profile::new("rsa"), &root);
    let p256 = SoftwareKey::p256_issued(&Profile { serial: 0x12, ..Profile::new("p256") }, &root);
    openssl
        .put("document", DOCUMENT)
        .put("root.pem", pem(root.certificate()))
        .put("rsa.pem", pem(rsa.certificate()))
        .put("rsa.key", rsa.to_pkcs8_pem())
        .put("p256.pem", pem(p256.certificate()))
        .put("p256.key", p256.to_pkcs8_pem());
    Some(openssl)
}

const SIGN: &str = "cms -sign -binary -in document -out out";
const RSA: &str = "-signer rsa.pem -inkey rsa.key";
const P256: &str = "-signer p256.pem -inkey p256.key";

#[test]
fn attached_shapes_verify() {
    let Some(openssl) = workplace() else { return };
    for (shape, signers) in [
        (format!("-nodetach -outform DER {RSA}"), 1),
        (format!("-nodetach -outform DER {P256} -md sha512"), 1),
        (format!("-nodetach -stream -outform DER {RSA} -certfile root.pem"), 1),
        (format!("-nodetach -stream -outform PEM {RSA}"), 1),
        (format!("-nodetach -outform PEM {P256} -cades"), 1),
        (format!("-nodetach -outform DER {RSA} -noattr"), 1),
        (format!("-nodetach -outform DER {RSA} -keyid -md sha384"), 1),
        (format!("-nodetach -outform DER {RSA} -keyopt rsa_padding_mode:pss -md sha256"), 1),
        (format!("-nodetach -outform DER {RSA} -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20"), 1),
        (format!("-nodetach -outform DER {RSA} {P256}"), 2),
        (format!("-nodetach -outform DER {RSA} -econtent_type 1.2.3.4"), 1),
        (format!("-nodetach -outform DER {RSA} -nosmimecap"), 1),
    ] {
        openssl.run(&format!("{SIGN} {shape}")).unwrap();
        let mut out = vec![];
        let document = verify_attached(&openssl.get("out")[..], Some(&mut out), &[]).unwrap();
        assert!(is_good(&document), "{shape}: {document:?}");
        assert_eq!((document.signers.len(), &out[..]), (signers, DOCUMENT), "{shape}");
        let cades = shape.contains("-cades");
        assert_eq!(document.signers[0].format == Format::CadesBB, cades, "{shape}");
    }
}

/// Without being told another, OpenSSL takes the longest salt that the key has room for.
#[test]
fn long_keys_and_their_longest_salts_verify() {
    let Some(openssl) = workplace() else { return };
    for (bits, hash) in [(3072, "sha256"), (4096, "sha512")] {
        openssl
            .run(&format!("req -x509 -newkey rsa:{bits} -nodes -keyout long.key -out long.pem -subj /CN=long"))
            .unwrap();
        for padding in ["pkcs1", "pss"] {
            let key = format!("-signer long.pem -inkey long.key -keyopt rsa_padding_mode:{padding} -md {hash}");
            openssl.run(&format!("{SIGN} -outform DER {key}")).unwrap();
            let document = verify_detached(&openssl.get("out")[..], DOCUMENT, &[]).unwrap();
            assert!(is_good(&document), "{bits}, {padding}: {document:?}");
        }
    }
}

#[test]
fn detached_shapes_verify() {
    let Some(openssl) = workplace() else { return };
    for shape in [
        format!("{SIGN} -outform DER {RSA}"),
        format!("{SIGN} -outform PEM {P256} -cades -md sha384"),
        format!("smime -sign -binary -in document -out out -outform DER {RSA} -md sha256"),
        format!("smime -sign -binary -in document -out out -outform PEM {RSA} -md sha256 -noattr"),
    ] {
        openssl.run(&shape).unwrap();
        let signature = openssl.get("out");
        let document = verify_detached(&signature[..], DOCUMENT, &[]).unwrap();
        assert!(is_good(&document), "{shape}: {document:?}");
        let other = verify_detached(&signature[..], &b"another"[..], &[]).unwrap();
        assert_eq!(other.weight(), Weight::Fault, "{shape}");
    }
}

#[test]
fn a_signer_added_later_is_seen() {
    let Some(openssl) = workplace() else { return };
    openssl.run(&format!("{SIGN} -nodetach -outform DER {RSA}")).unwrap();
    openssl.run(&format!("cms -resign -inform DER -in out -outform DER -out two {P256}")).unwrap();
    let document = verify_attached(&openssl.get("two")[..], None, &[]).unwrap();
    assert!(is_good(&document) && document.signers.len() == 2, "{document:?}");
}

#[test]
fn weak_hashes_and_missing_certificates_are_named() {
    let Some(openssl) = workplace() else { return };
    openssl.run(&format!("{SIGN} -nodetach -outform DER {RSA} -md sha1")).unwrap();
    let document = verify_attached(&openssl.get("out")[..], None, &[]).unwrap();
    assert_eq!(document.signers[0].findings, [Finding::WeakHash(HashAlgorithm::Sha1)]);
    assert_eq!(document.signers[0].signature, Some(SignatureState::Valid), "the numbers are right");

    openssl.run(&format!("{SIGN} -nodetach -outform DER {RSA} -md md5")).unwrap();
    let document = verify_attached(&openssl.get("out")[..], None, &[]).unwrap();
    assert_eq!((document.weight(), document.signers[0].signature), (Weight::Weak, None));
    assert!(matches!(document.signers[0].findings[..], [Finding::BrokenHash(_)]));

    openssl.run(&format!("{SIGN} -nodetach -outform DER {RSA} -nocerts")).unwrap();
    let document = verify_attached(&openssl.get("out")[..], None, &[]).unwrap();
    assert_eq!((document.weight(), document.signers[0].findings.len()), (Weight::Unknown, 1));
    let rsa = Certificate::from_pem_or_der(&openssl.get("rsa.pem")).unwrap();
    assert!(is_good(&verify_attached(&openssl.get("out")[..], None, &rsa).unwrap()));
}

#[test]
fn what_is_no_signed_data_is_no_signature() {
    let Some(openssl) = workplace() else { return };
    openssl.run("cms -encrypt -binary -in document -outform DER -out out -aes256 rsa.pem").unwrap();
    let result = verify_attached(&openssl.get("out")[..], None, &[]);
    assert!(matches!(result, Err(VerifyError::NotASignature(_))));
}
