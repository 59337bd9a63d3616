//! Revoked certificates: by list, and by a responder of OpenSSL on the loopback.

use super::der::{children, wrapped};
use crate::desk::Desk;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

/// A desk with the specimen's PKI, a good signature `contract.p7s` and one by the revoked certificate, `revoked.p7s`.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.idcard(&["sim", "pki", "-o", "pki"]).text(0);
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.openssl_agrees(&[
        "cms",
        "-sign",
        "-binary",
        "-cades",
        "-outform",
        "DER",
        "-in",
        "contract",
        "-out",
        "revoked.p7s",
        "-signer",
        "pki/revoked.pem",
        "-inkey",
        "pki/revoked.key.pem",
        "-certfile",
        "pki/ca.pem",
    ]);
    desk
}

/// A detached signature in DER with revocation lists put behind its certificates (RFC 5652, 5.1).
fn with_lists(file: &[u8], lists: &[Vec<u8>]) -> Vec<u8> {
    let signed_data = children(children(file)[1])[0];
    let parts = children(signed_data);
    let (signers, before) = parts.split_last().unwrap();
    let lists = wrapped(0xA1, &lists.concat());
    let signed_data = wrapped(0x30, &[&before.concat(), &lists, *signers].concat());
    wrapped(0x30, &[children(file)[0], &wrapped(0xA0, &signed_data)].concat())
}

fn verify(desk: &Desk, signature: &str, more: &[&str], status: i32) -> serde_json::Value {
    let words = ["verify", "contract", "--signature", signature, "--ca", "root.pem", "--json"];
    desk.idcard(&[&words[..], more].concat()).document(status)["signers"][0].clone()
}

#[test]
fn lists_tell_who_is_revoked() {
    let desk = desk();
    assert_eq!(verify(&desk, "revoked.p7s", &[], 0)["revocation"], "not_checked");
    let both = ["--crl", "pki/ca.crl", "--crl", "pki/root.crl"];
    for lists in [&both[..], &["--crl", "pki"], &["--crl", "pki/ca.crl.pem", "--crl", "pki/root.crl.pem"]] {
        assert_eq!(verify(&desk, "contract.p7s", lists, 0)["revocation"], "good", "{lists:?}");
        let revoked = verify(&desk, "revoked.p7s", lists, 14);
        assert_eq!((&revoked["signature"], &revoked["revocation"]), (&"valid".into(), &"revoked".into()));
        assert!(revoked["reasons"].to_string().contains("2024-06-01"), "{revoked}");
    }
}

#[test]
fn unknown_is_not_good() {
    let desk = desk();
    // A list of another authority only.
    let other = verify(&desk, "contract.p7s", &["--crl", "pki/root.crl"], 15);
    assert_eq!(other["revocation"], "unknown");
    desk.idcard(&["verify", "contract", "--crl", "contract", "--json"]).error(16);
}

/// `openssl ocsp` on a free port of the loopback.
struct Responder {
    process: Child,
    url: String,
}

impl Responder {
    fn start(desk: &Desk) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut process = Command::new("openssl")
            .args(["ocsp", "-index", "index.txt", "-port", &port.to_string(), "-rsigner", "ocsp.pem"])
            .args(["-rkey", "ocsp.key.pem", "-CA", "ca.pem", "-nmin", "60", "-ignore_err"])
            .current_dir(desk.path("pki"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says so when it listens.
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap().contains("waiting for OCSP client connections")));
        // What it says later must find a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self { process, url: format!("http://127.0.0.1:{port}/ocsp") }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_responder_tells_who_is_revoked() {
    let desk = desk();
    let responder = Responder::start(&desk);
    // The root's own list says of the authority between that it is not revoked.
    let ask = ["--ocsp", "--ocsp-url", &responder.url, "--crl", "pki/root.crl"];
    assert_eq!(verify(&desk, "contract.p7s", &ask, 0)["revocation"], "good");
    let revoked = verify(&desk, "revoked.p7s", &ask, 14);
    assert_eq!(revoked["revocation"], "revoked");
    assert!(revoked["reasons"].to_string().contains("2024-06-01"), "{revoked}");
}

#[test]
fn what_the_readme_of_the_pki_says_works() {
    let desk = desk();
    let responder = Responder::start(&desk);
    let readme = String::from_utf8(desk.bytes("pki/README")).unwrap();
    let lines: Vec<_> = readme.lines().filter_map(|line| line.trim().strip_prefix("idcard verify FILE ")).collect();
    assert_eq!(lines.len(), 3, "{readme}");
    for line in lines {
        let mut words = vec!["verify", "../contract", "--signature", "../contract.p7s"];
        words.extend(line.split(' '));
        if line.contains("--ocsp") {
            words.extend(["--ocsp-url", &responder.url]);
        }
        desk.prepare(&words).in_folder(&desk.path("pki")).run().text(0);
    }
}

#[test]
fn a_list_that_the_signer_brought_is_named_and_does_not_outdo_a_newer_one() {
    let desk = desk();
    std::fs::create_dir(desk.path("none")).unwrap();
    let lists = [desk.bytes("pki/ca.crl"), desk.bytes("pki/root.crl")];
    desk.write("brought.p7s", &with_lists(&desk.bytes("contract.p7s"), &lists));
    let alone = verify(&desk, "brought.p7s", &["--crl", "none"], 0);
    assert_eq!(alone["revocation"], "good");
    assert!(alone["reasons"].to_string().contains("came inside of the signature"), "{alone}");
    let own = verify(&desk, "brought.p7s", &["--crl", "pki"], 0);
    assert_eq!((&own["revocation"], own["reasons"].as_array().unwrap().len()), (&"good".into(), 0));
    assert_eq!(verify(&desk, "brought.p7s", &[], 0)["revocation"], "not_checked");
}

/// Nothing signs the lists beside a signature: what is broken there is told and decides nothing.
#[test]
fn a_list_that_cannot_be_read_is_told() {
    let desk = desk();
    let signature = desk.bytes("contract.p7s");
    // An answer of a responder is another kind: OtherRevocationInfoFormat (RFC 5940).
    let other = wrapped(0xA1, b"\x06\x08\x2B\x06\x01\x05\x05\x07\x10\x02\x30\x00");
    for (name, list, told) in [("broken", wrapped(0x30, b"\x05\x00"), true), ("other", other, false)] {
        desk.write(name, &with_lists(&signature, &[list]));
        let words = ["verify", "contract", "--signature", name, "--ca", "root.pem"];
        let document = desk.idcard(&[&words[..], &["--json"]].concat()).document(0);
        let reason = "a revocation list in the signature cannot be read";
        assert_eq!(document["reasons"].to_string().contains(reason), told, "{document}");
        assert_eq!(desk.idcard(&words).text(0).contains(reason), told);
        assert_eq!(verify(&desk, name, &["--crl", "pki"], 0)["revocation"], "good");
    }
}

/// The folder holds each list as DER and as PEM.
#[test]
fn notes_are_not_doubled() {
    let desk = desk();
    let revoked = verify(&desk, "revoked.p7s", &["--crl", "pki"], 14);
    let told = revoked["reasons"].as_array().unwrap().iter().filter(|why| why.to_string().contains("revoked"));
    assert_eq!(told.count(), 1, "{revoked}");
}

#[test]
fn a_responder_that_is_not_there_leaves_it_unknown() {
    let desk = desk();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/ocsp");
    let unknown = verify(&desk, "contract.p7s", &["--ocsp", "--ocsp-url", &url, "--timeout", "5"], 15);
    assert_eq!(unknown["revocation"], "unknown");
}

#[test]
fn nobody_is_asked_unless_the_user_says_so() {
    let desk = desk();
    // The certificates name a responder and a list on this port of the loopback; a listener sees who comes.
    let Ok(listener) = TcpListener::bind("127.0.0.1:8731") else { return };
    listener.set_nonblocking(true).unwrap();
    verify(&desk, "contract.p7s", &[], 0);
    verify(&desk, "contract.p7s", &["--crl", "pki"], 0);
    assert!(listener.accept().is_err(), "somebody came");
    desk.idcard(&["verify", "contract", "--ocsp-url", "http://127.0.0.1:8731/", "--json"]).error(2);
}
