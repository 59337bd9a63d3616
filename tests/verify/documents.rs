//! The signed documents of `fixtures/cms`, each with the verdict of its table, and the ways to name a signature.

use crate::desk::Desk;
use idcard_sim::pki;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A line of the table in `fixtures/cms/README.md`.
struct Row {
    signature: String,
    document: String,
    anchors: Vec<String>,
    more: String,
    verdict: String,
}

fn table() -> Vec<Row> {
    let text = std::fs::read_to_string(fixtures().join("cms/README.md")).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    rows.filter(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            Row {
                signature: cells[0].to_owned(),
                document: cells[1].to_owned(),
                anchors: cells[2].split_whitespace().filter(|anchor| *anchor != "-").map(str::to_owned).collect(),
                more: cells[3].to_owned(),
                verdict: cells[4].to_owned(),
            }
        })
        .collect()
}

/// The arguments that a line amounts to. Certificates beside the signature go into one file, the signer's first.
fn arguments(row: &Row, desk: &Desk) -> Vec<String> {
    let file = |folder: &str, name: &str| fixtures().join(folder).join(name).to_str().unwrap().to_owned();
    let mut words = vec!["verify".to_owned(), "--json".to_owned()];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    for anchor in &row.anchors {
        option("--ca", file("certs", &format!("{anchor}.pem")));
    }
    let mut at = "2026-12-01".to_owned();
    let (key, values) = row.more.split_once(' ').unwrap_or((&row.more, ""));
    match key {
        "at" => values.clone_into(&mut at),
        "with" => {
            let read = |name: &str| std::fs::read_to_string(file("certs", &format!("{name}.pem"))).unwrap();
            desk.write("with.pem", values.split(' ').map(read).collect::<String>().as_bytes());
            option("--certificate", desk.arg("with.pem"));
        }
        "lists" => values.split(' ').for_each(|list| option("--crl", file("certs", list))),
        "legacy" => words.push("--allow-legacy-sha1".to_owned()),
        "" => {}
        other => panic!("{other}"),
    }
    words.extend(["--at".to_owned(), at]);
    if row.document == "-" {
        words.push(file("cms", &row.signature));
    } else {
        words.extend([file("cms", &row.document), "--signature".to_owned(), file("cms", &row.signature)]);
    }
    words
}

#[test]
fn every_document_gets_the_verdict_it_deserves() {
    let desk = Desk::new();
    let rows = table();
    assert!(rows.len() > 80, "{} lines", rows.len());
    for row in rows {
        let (verdict, status) = match row.verdict.as_str() {
            "valid" => ("valid", 0),
            "invalid" => ("invalid", 14),
            "inconclusive" => ("inconclusive", 15),
            "weak" => ("inconclusive", 17),
            _ => ("", 16),
        };
        let words = arguments(&row, &desk);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        let done = desk.idcard(&words);
        if status == 16 {
            assert_eq!(done.error(16)["kind"], "bad_file", "{words:?}");
            continue;
        }
        assert_eq!(done.status, status, "{words:?}: {}{}", String::from_utf8_lossy(&done.stdout), done.stderr);
        let document = done.document(status);
        assert_eq!(document["verdict"], verdict, "{words:?}");
        if status != 0 {
            let signers = document["signers"].as_array().unwrap().iter().map(|signer| &signer["reasons"]);
            let told = signers.chain([&document["reasons"]]).any(|reasons| !reasons.as_array().unwrap().is_empty());
            assert!(told, "a verdict is never without its reasons: {document:#}");
        }
    }
}

#[test]
fn a_signature_beside_its_document_is_found() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
    // A detached signature alone proves nothing about a document that nobody named.
    let alone = desk.idcard(&["verify", "contract.p7s", "--ca", "root.pem", "--json"]).error(2);
    assert!(alone["hint"].as_str().unwrap().contains("--signature"));
    std::fs::remove_file(desk.path("contract.p7s")).unwrap();
    desk.sign("sim:specimen", &["contract", "--type", "raw"]).text(0);
    desk.idcard(&["verify", "contract", "--json"]).error(2);
    desk.idcard(&["--card", "sim:specimen", "cert", "export", "--slot", "sign", "-o", "signer.der"]).text(0);
    let words = ["verify", "contract", "--certificate", "signer.der", "--ca", "root.pem", "--ca", "ca.pem"];
    desk.idcard(&words).text(0);
    desk.idcard(&words[..6]).text(15); // the authority between is not at hand
    desk.write("contract", b"another");
    desk.idcard(&words).text(14);
}

#[test]
fn a_certificate_asks_for_the_bare_signature_and_the_choice_is_told() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.sign("sim:specimen", &["contract", "--type", "raw"]).text(0);
    desk.idcard(&["--card", "sim:specimen", "cert", "export", "--slot", "sign", "-o", "signer.der"]).text(0);
    let words = ["verify", "contract", "--ca", "root.pem", "--ca", "ca.pem", "--json"];
    let plain = desk.idcard(&words);
    assert!(plain.stderr.contains("contract.p7s (also there, and passed over: contract.sig)"), "{}", plain.stderr);
    assert_eq!(plain.document(0)["signers"][0]["format"], "cades-b-b");
    let with = desk.idcard(&[&words[..], &["--certificate", "signer.der"]].concat());
    assert!(with.stderr.contains("contract.sig (also there, and passed over: contract.p7s)"), "{}", with.stderr);
    assert_eq!(with.document(0)["signers"][0]["format"], "raw");
    let named = desk.idcard(&[&words[..], &["--certificate", "signer.der", "--signature", "contract.p7s"]].concat());
    assert_eq!((named.document(0)["signers"][0]["format"].clone(), named.stderr.as_str()), ("cades-b-b".into(), ""));
}

/// Who names a certificate wants to hear of nobody else.
#[test]
fn a_signer_who_is_not_the_named_one_is_told() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    for (card, file) in [("sim:specimen", "signer.pem"), ("sim:specimen-p256", "other.pem")] {
        desk.idcard(&["--card", card, "cert", "export", "--slot", "sign", "--pem", "-o", file]).text(0);
    }
    let by = |file: &str, status: i32| {
        let words = ["verify", "contract", "--signature", "contract.p7s", "--ca", "root.pem", "--certificate", file];
        let done = desk.idcard(&words);
        done.text(status);
        done.stderr.contains("not the one of --certificate")
    };
    assert!(!by("signer.pem", 0));
    assert!(by("other.pem", 15));
    // In a file of several the signer's need not be the first.
    desk.write("bundle.pem", &[desk.bytes("ca.pem"), desk.bytes("signer.pem")].concat());
    assert!(!by("bundle.pem", 0));
    desk.sign("sim:specimen", &["contract", "--type", "raw"]).text(0);
    let bare = ["verify", "contract", "--signature", "contract.sig", "--ca", "root.pem", "--certificate", "bundle.pem"];
    desk.idcard(&[&bare[..], &["--ca", "ca.pem"]].concat()).text(0);
}

/// RFC 8551, 3.1.1: programs for mail sign the text with CRLF at the ends of its lines.
#[test]
fn a_text_that_was_signed_in_text_mode_is_not_called_changed_without_a_word() {
    let desk = Desk::new();
    desk.write("text", b"one line\nanother\n");
    desk.write("key.pem", pki::DOCUMENT_SIGNER_KEY.pem.as_bytes());
    desk.write("cert.pem", pki::DOCUMENT_SIGNER.pem.as_bytes());
    let sign = ["cms", "-sign", "-in", "text", "-signer", "cert.pem", "-inkey", "key.pem", "-outform", "DER"];
    desk.openssl_agrees(&[&sign[..], &["-out", "text.p7s"]].concat());
    let done = desk.idcard(&["verify", "text"]);
    done.text(14);
    assert!(done.stderr.contains("CRLF"), "{}", done.stderr);
    desk.write("text", b"one line\r\nanother\r\n");
    assert!(!desk.idcard(&["verify", "text"]).stderr.contains("CRLF"), "so it fits");
}

/// A certificate of another kind of key goes with no signature of this length: invalid, and not "no signature".
#[test]
fn a_bare_signature_of_another_kind_of_key_is_invalid() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract", "--type", "raw"]).text(0);
    let other = ["--card", "sim:specimen-p256", "cert", "export", "--slot", "sign", "-o", "other.der"];
    desk.idcard(&other).text(0);
    let document = desk.idcard(&["verify", "contract", "--certificate", "other.der", "--json"]).document(14);
    assert_eq!((&document["verdict"], &document["signers"][0]["signature"]), (&"invalid".into(), &"invalid".into()));
    assert!(document["signers"][0]["reasons"].to_string().contains("256 bytes"), "{document:#}");
}

/// RFC 8551, 3.2.1: what holds its document ends with .p7m.
#[test]
fn a_signature_around_its_document_is_found_and_compared() {
    let desk = Desk::new();
    let document = desk.sign("sim:specimen", &["contract", "--attached", "--json"]).document(0);
    assert_eq!(document["files"][0]["signature"], "contract.p7m");
    assert!(!desk.path("contract.p7s").exists());
    let verify = |file: &str| desk.idcard(&["verify", file, "--ca", "root.pem", "--json"]);
    for file in ["contract.p7m", "contract"] {
        assert_eq!(verify(file).document(0)["verdict"], "valid", "{file}");
    }
    // Other programs write .p7s around a document, too.
    std::fs::rename(desk.path("contract.p7m"), desk.path("contract.p7s")).unwrap();
    for file in ["contract.p7s", "contract"] {
        assert_eq!(verify(file).document(0)["verdict"], "valid", "{file}");
    }
    desk.write("contract", b"another");
    assert_eq!(verify("contract.p7s").document(0)["verdict"], "valid");
    let two = verify("contract").document(14);
    assert_eq!(two["signers"][0]["content"], "mismatch");
    assert!(two["reasons"].to_string().contains("another document than the one that was given"), "{two:#}");
}

#[test]
fn purposes_bind_the_built_in_anchors_only() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    for purpose in ["card", "gpki", "any"] {
        desk.idcard(&["verify", "contract", "--ca", "root.pem", "--purpose", purpose]).text(0);
        let without = desk.idcard(&["verify", "contract", "--purpose", purpose, "--json"]).document(15);
        assert_eq!(without["signers"][0]["chain"], "incomplete");
    }
}

#[test]
fn the_time_of_the_check_is_the_users() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    for (at, chain, status) in [
        ("2024-03-19T23:59:59Z", "not_yet_valid", 15),
        ("2024-03-20", "trusted", 0),
        ("2031-03-20", "trusted", 0),
        ("2031-03-20T00:00:01Z", "expired", 15),
    ] {
        let words = ["verify", "contract", "--ca", "root.pem", "--at", at, "--json"];
        assert_eq!(desk.idcard(&words).document(status)["signers"][0]["chain"], chain, "{at}");
    }
    desk.idcard(&["verify", "contract", "--at", "yesterday", "--json"]).error(2);
}

#[test]
fn the_verdict_is_told_in_both_languages() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    let say = |lang: &str, words: &[&str], status: i32| {
        let done = desk.idcard(&[&["verify", "contract", "--lang", lang], words].concat());
        done.text(status).to_owned()
    };
    let trusted = &["--ca", "root.pem"][..];
    assert!(say("en", trusted, 0).starts_with("SIGNATURE VALID\n"));
    assert!(say("fa", trusted, 0).starts_with("امضا معتبر است\n"));
    assert!(say("en", &[], 15).starts_with("NOT PROVED"));
    desk.write("contract", b"another");
    let changed = say("en", trusted, 14);
    assert!(changed.starts_with("SIGNATURE INVALID\n") && changed.contains("CHANGED AFTER SIGNING"), "{changed}");
    assert!(say("fa", trusted, 14).contains("سند پس از امضا تغییر کرده است"));
}

#[test]
fn what_is_no_signature_is_said_to_be_none() {
    let desk = Desk::new();
    desk.write("text", b"only a text");
    desk.write("empty", b"");
    for words in [&["verify", "text"][..], &["verify", "empty"], &["verify", "contract", "--signature", "text"]] {
        assert_eq!(desk.idcard(&[words, &["--json"]].concat()).error(16)["kind"], "bad_file", "{words:?}");
    }
    for words in [&["verify", "absent"][..], &["verify", "contract", "--ca", "absent", "--signature", "text"]] {
        assert_eq!(desk.idcard(&[words, &["--json"]].concat()).error(16)["kind"], "file", "{words:?}");
    }
}
