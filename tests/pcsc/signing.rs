//! Signatures through a real PC/SC service: by the program, and by OpenSC's PKCS#11 module on the same card.

use super::cards::OPENSC;
use super::{Lab, text};
use crate::read::pins::presentations;
use std::path::Path;
use std::process::Output;

/// What is signed.
const DOCUMENT: &[u8] = b"\x00 signed through a reader \xFF";

fn prepared(lab: &Lab) {
    use std::os::unix::fs::PermissionsExt;
    for (name, bytes) in [("contract", DOCUMENT), ("root.pem", idcard_sim::pki::ROOT.pem.as_bytes())] {
        std::fs::write(lab.path(name), bytes).unwrap();
    }
    for (name, pin) in [("pin", "123456\n"), ("wrong-pin", "654321\n"), ("id-pin", "1234\n")] {
        std::fs::write(lab.path(name), pin).unwrap();
        std::fs::set_permissions(lab.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn openssl_agrees(lab: &Lab, words: &[&str]) -> Output {
    let output = lab.bounded("openssl").args(words).output().unwrap();
    assert!(output.status.success(), "openssl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

const JUDGE: [&str; 11] =
    ["cms", "-verify", "-binary", "-cades", "-inform", "DER", "-CAfile", "root.pem", "-purpose", "any", "-in"];

#[test]
fn every_signing_specimen_signs_through_a_reader() {
    let mut lab = Lab::start();
    prepared(&lab);
    for image in ["specimen", "specimen-p256", "specimen-t0"] {
        lab.insert(image);
        text(&lab.idcard(["sign", "contract", "--pin-file", "pin"]));
        openssl_agrees(&lab, &[&JUDGE[..], &["contract.p7s", "-content", "contract"]].concat());
        text(&lab.idcard([
            "sign",
            "contract",
            "--attached",
            "--hash",
            "sha512",
            "-o",
            "whole.p7m",
            "--pin-file",
            "pin",
        ]));
        assert_eq!(openssl_agrees(&lab, &[&JUDGE[..], &["whole.p7m"]].concat()).stdout, DOCUMENT, "{image}");
        let origin = ["--origin", "https://example.ir", "--challenge", &"n".repeat(44)];
        let token = text(&lab.idcard([&["auth", "respond", "--pin-file", "id-pin"][..], &origin].concat()));
        assert!(token.contains("web-eid:1.0"), "{image}: {token}");
        lab.remove();
    }
}

#[test]
fn the_card_is_left_locked_and_counts_what_was_wrong() {
    let mut lab = Lab::start();
    prepared(&lab);
    lab.insert("specimen");
    let tries = |lab: &Lab| {
        let state = text(&lab.idcard(["pin", "status", "--pin-kind", "sign", "--json"]));
        let state: serde_json::Value = serde_json::from_str(&state).unwrap();
        (state["pins"][0]["tries_left"].clone(), state["pins"][0]["verified"].clone())
    };
    text(&lab.idcard(["sign", "contract", "--pin-file", "pin"]));
    assert_eq!(tries(&lab), (3.into(), false.into()), "a PIN that was presented does not stay");
    for (left, status) in [(2, 8), (1, 8)] {
        let wrong = lab.idcard(["sign", "contract", "--pin-file", "wrong-pin"]);
        assert_eq!(wrong.status.code(), Some(status), "{wrong:?}");
        assert_eq!(tries(&lab).0, left);
    }
    // One is left: nothing goes out, right or wrong, unless the holder says so.
    let sign = |pin: &str, more: &[&str]| {
        let words = ["--record", "trace.apdu", "sign", "contract", "--pin-file", pin];
        let done = lab.idcard([&words[..], more].concat());
        (done.status.code(), presentations(&lab.path("trace.apdu")))
    };
    assert_eq!(sign("pin", &[]), (Some(11), 0));
    assert_eq!(tries(&lab).0, 1);
    assert_eq!(sign("wrong-pin", &["--last-try"]), (Some(9), 1));
    assert_eq!(sign("pin", &["--last-try"]), (Some(9), 0));
}

/// OpenSC's own test of the identity slot, and a signature of the signing slot.
#[test]
fn opensc_signs_with_the_same_card() {
    let mut lab = Lab::start();
    prepared(&lab);
    let configuration = lab.path("opensc.conf");
    std::fs::write(&configuration, OPENSC).unwrap();
    let module = ["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"];
    let module = module.into_iter().find(|path| Path::new(path).exists()).expect("opensc-pkcs11.so of Debian");
    for image in ["specimen", "specimen-t0"] {
        lab.insert(image);
        let tool = |words: &[&str]| {
            let mut tool = lab.bounded("pkcs11-tool");
            tool.args(["--module", module]).args(words).env("OPENSC_CONF", &configuration).output().unwrap()
        };
        let tested = tool(&["--slot-index", "0", "--login", "--pin", "1234", "--test"]);
        let said = format!("{}{}", text(&tested), String::from_utf8_lossy(&tested.stderr));
        assert!(said.contains("No errors"), "{image}: {said}");

        let sign = ["--slot-index", "1", "--login", "--pin", "123456", "--sign", "--mechanism", "SHA256-RSA-PKCS"];
        let signed = tool(&[&sign[..], &["--id", "03", "-i", "contract", "-o", "contract.sig"]].concat());
        assert!(signed.status.success(), "{image}: {signed:?}");
        text(&lab.idcard(["cert", "export", "--slot", "sign", "--pem", "-o", "signer.pem"]));
        openssl_agrees(&lab, &["x509", "-in", "signer.pem", "-noout", "-pubkey", "-out", "key.pem"]);
        openssl_agrees(&lab, &["dgst", "-sha256", "-verify", "key.pem", "-signature", "contract.sig", "contract"]);
        lab.remove();
    }
}
