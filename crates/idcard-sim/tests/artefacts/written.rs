//! `pki::write`: every document in both forms, whole, with the index and the guide.

use idcard_sim::pki;
use pkcs8::der::pem;

#[test]
fn the_whole_set_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("made/on/demand");
    let written = pki::write(&target).unwrap();
    assert_eq!(written.len(), 2 * 12 + 3);
    assert_eq!(std::fs::read_dir(&target).unwrap().count(), written.len(), "no temporary file stays");
    for name in ["root.der", "root.pem", "ca.crl", "ca.crl.pem", "ocsp.key", "ocsp.key.pem", "index.txt", "README"] {
        assert!(written.contains(&target.join(name)), "{name}");
    }
    assert_eq!(std::fs::read(target.join("ca.crl")).unwrap(), pki::CA_LIST.der);
    pki::write(&target).expect("a second time replaces");
}

#[test]
fn pem_and_der_say_the_same() {
    for document in pki::ALL {
        let (label, bytes) = pem::decode_vec(document.pem.as_bytes()).unwrap();
        let expected = match document.kind {
            pki::Kind::Certificate => "CERTIFICATE",
            pki::Kind::PrivateKey => "PRIVATE KEY",
            pki::Kind::RevocationList => "X509 CRL",
        };
        assert_eq!((label, bytes.as_slice()), (expected, document.der), "{}", document.name);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"in the way").unwrap();
    let error = pki::write(&file.join("below")).unwrap_err();
    assert!(error.to_string().contains("below"), "{error}");
}
