//! Every form of signature, of every kind of card, judged by OpenSSL.

use crate::desk::{CARDS, DOCUMENT, Desk};

const HASHES: [&str; 3] = ["sha256", "sha384", "sha512"];

/// OpenSSL checks a CMS file; its options for a detached one name the document.
fn judge(desk: &Desk, signature: &str, form: &str, more: &[&str]) -> Vec<u8> {
    let mut words = vec!["cms", "-verify", "-binary", "-inform", form, "-in", signature];
    words.extend(["-CAfile", "root.pem", "-purpose", "any"]);
    words.extend(more);
    desk.openssl_agrees(&words)
}

#[test]
fn every_form_is_accepted() {
    let desk = Desk::new();
    for (card, schemes) in CARDS {
        for hash in HASHES {
            for scheme in *schemes {
                let mut words = vec!["contract", "--hash", hash];
                if !scheme.is_empty() {
                    words.extend(["--scheme", scheme]);
                }
                desk.sign(card, &words).text(0);
                judge(&desk, "contract.p7s", "DER", &["-cades", "-content", "contract"]);
                desk.sign(card, &[&words[..], &["--attached", "-o", "whole.p7m"]].concat()).text(0);
                let content = judge(&desk, "whole.p7m", "DER", &["-cades"]);
                assert_eq!(content, DOCUMENT, "{card} {hash} {scheme}");
                let own = desk.idcard(&["verify", "contract", "--ca", "root.pem", "--json"]).document(0);
                assert_eq!(own["signers"][0]["format"], "cades-b-b");
                desk.idcard(&["verify", "whole.p7m", "--ca", "root.pem"]).text(0);
            }
        }
    }
}

#[test]
fn pem_is_accepted_too() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract", "--pem"]).text(0);
    judge(&desk, "contract.p7s", "PEM", &["-content", "contract"]);
    desk.sign("sim:specimen", &["contract", "--pem", "--attached", "-o", "whole.pem"]).text(0);
    assert_eq!(judge(&desk, "whole.pem", "PEM", &[]), DOCUMENT);
    assert!(desk.bytes("whole.pem").starts_with(b"-----BEGIN CMS-----\n"));
}

#[test]
fn a_changed_document_is_not_accepted() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.write("contract", b"another");
    let words = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "contract.p7s", "-content", "contract"];
    assert!(!desk.openssl(&[&words[..], &["-CAfile", "root.pem", "-purpose", "any"]].concat()).status.success());
    let own = desk.idcard(&["verify", "contract", "--ca", "root.pem", "--json"]).document(14);
    assert_eq!((&own["signers"][0]["signature"], &own["signers"][0]["content"]), (&"valid".into(), &"mismatch".into()));
}

#[test]
fn bare_signatures_are_accepted() {
    let desk = Desk::new();
    for (card, schemes) in CARDS {
        let export = ["--card", card, "cert", "export", "--slot", "sign", "--pem", "-o", "signer.pem"];
        desk.idcard(&export).text(0);
        desk.write("key.pem", &desk.openssl_agrees(&["x509", "-in", "signer.pem", "-noout", "-pubkey"]));
        for hash in HASHES {
            for scheme in *schemes {
                let mut words = vec!["contract", "--type", "raw", "--hash", hash];
                if !scheme.is_empty() {
                    words.extend(["--scheme", scheme]);
                }
                let made = desk.sign(card, &[&words[..], &["--json"]].concat()).document(0);
                assert_eq!((&made["type"], &made["claimed_time"]), (&"raw".into(), &serde_json::Value::Null));
                let digest = format!("-{hash}");
                let mut check = vec!["dgst", &digest, "-verify", "key.pem", "-signature", "contract.sig"];
                if *scheme == "pss" {
                    check.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
                }
                check.push("contract");
                desk.openssl_agrees(&check);
                let own = ["verify", "contract", "--signature", "contract.sig", "--certificate", "signer.pem"];
                let own = desk.idcard(&[&own[..], &["--ca", "root.pem", "--ca", "ca.pem", "--json"]].concat());
                assert_eq!(own.document(0)["signers"][0]["format"], "raw", "{card} {hash} {scheme}");
            }
        }
    }
}

/// A warning stands over the file of the authority (C-16): the signature is made, and what it lacks is told.
#[test]
fn an_issuing_certificate_that_cannot_be_put_inside_is_told() {
    let desk = Desk::new();
    let card = "sim:specimen+fault=C-16@9";
    let done = desk.idcard(&["--card", card, "sign", "contract", "--pin-file", "pin"]);
    done.text(0);
    assert!(done.stderr.contains("no sound certificate of the authority"), "{}", done.stderr);
    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(15);
    assert!(
        !desk.idcard(&["--card", "sim:specimen", "sign", "contract", "--pin-file", "pin"]).stderr.contains("sound")
    );
}

#[test]
fn the_issuing_certificate_is_inside() {
    let desk = Desk::new();
    desk.sign("sim:specimen-p256", &["contract"]).text(0);
    desk.openssl_agrees(&["pkcs7", "-inform", "DER", "-in", "contract.p7s", "-print_certs", "-out", "inside.pem"]);
    let inside = String::from_utf8(desk.bytes("inside.pem")).unwrap();
    assert_eq!(inside.matches("BEGIN CERTIFICATE").count(), 2, "{inside}");
    assert!(inside.contains("0003141594 - SIG") && inside.contains("subject=C = IR, O = idcard SPECIMEN"), "{inside}");
}
