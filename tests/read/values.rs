//! What `specimen.md` section 7 says about the holder, on every image that shows him.

use super::read;
use crate::program::idcard;
use serde_json::{Value, json};

fn specimen(card: &str) -> Value {
    read(card, Some("1234"), &[]).document(0)
}

#[test]
fn the_holder_is_the_one_of_the_contract_on_every_image() {
    for card in ["specimen", "specimen-t0", "specimen-p256", "specimen+contactless"] {
        let document = specimen(card);
        assert_eq!(document["source"], "sim");
        assert_eq!(document["specimen"], true);
        assert_eq!(document["card"]["family"], "specimen");
        assert_eq!(document["card"]["generation"], "specimen");
        assert_eq!(document["card"]["crn"], "0003141594");
        assert_eq!(
            document["identity"],
            json!({
                "status": "read", "source": "card", "given_name": "نمونه", "surname": "شناسه\u{200C}پور",
                "father_name": "آزمون", "national_number": "0001234560", "gender": "female",
                "birth_date": { "jalali": "1375-12-30", "iso": "1997-03-20" }, "issue_place": "تهران",
                "birth_place": "شیراز", "latin_given_name": "NEMUNEH", "latin_surname": "SHENASEHPUR"
            }),
            "{card}"
        );
        assert_eq!(
            document["birth_certificate"],
            json!({
                "status": "read", "number": "1234", "series": "الف 12", "serial": "123456", "registered_at": "تهران"
            })
        );
        assert_eq!(
            document["postal"],
            json!({ "status": "read", "postal_code": "1354612345", "address": null, "warnings": ["tail_2"] })
        );
        assert_eq!(
            document["fingerprints"],
            json!({ "status": "read", "enrolled": ["right_index", "left_index"], "match_on_card": true })
        );
        assert_eq!(
            document["dates"],
            json!({
                "status": "read", "issued": { "jalali": "1403-01-01", "iso": "2024-03-20" },
                "expires": { "jalali": "1410-01-01", "iso": "2031-03-21" }
            })
        );
        assert_eq!(document["photo"]["width"], 240);
        assert_eq!(document["photo"]["height"], 320);
        assert_eq!(document["warnings"], json!([]));
    }
}

#[test]
fn the_serial_number_is_the_one_in_the_chip() {
    for card in ["specimen", "specimen-2", "mav2"] {
        let serial = idcard_sim::Image::builtin(card).unwrap().serial_number().unwrap();
        let document = read(card, None, &["--fields", "card"]).document(0);
        assert_eq!(document["card"]["csn"], hex::encode_upper(serial), "{card}");
    }
}

#[test]
fn certificates_are_those_of_the_holder_and_his_authority() {
    for (card, key) in [("specimen", "rsa-2048"), ("specimen-p256", "p-256")] {
        let document = specimen(card);
        let [sign, auth, ca] = document["certificates"].as_array().unwrap().as_slice() else { panic!("three slots") };
        for (entry, slot, role) in [(sign, "sign", "SIG"), (auth, "auth", "AUT")] {
            assert_eq!(entry["slot"], slot);
            assert_eq!(entry["status"], "read");
            let subject = format!("CN=0003141594 - {role},SN=شناسه\u{200C}پور,GN=نمونه,OU=SPECIMEN Citizen,C=IR");
            assert_eq!(entry["subject"], subject);
            assert_eq!(entry["not_before"], "2024-03-20T00:00:00Z");
            assert_eq!(entry["not_after"], "2031-03-20T00:00:00Z");
            assert_eq!(entry["key"], key);
            assert_eq!(entry["issuer"], ca["subject"]);
        }
        assert_eq!(ca["slot"], "ca");
        assert!(ca["subject"].as_str().unwrap().starts_with("CN=idcard SPECIMEN Digital Citizen CA,"));
        assert_eq!(ca["not_after"], "2045-01-01T00:00:00Z");
    }
}

#[test]
fn every_value_of_the_second_specimen_is_another_one() {
    let (one, two) = (specimen("specimen"), specimen("specimen-2"));
    for section in ["identity", "birth_certificate", "postal", "dates"] {
        for (key, value) in one[section].as_object().unwrap() {
            let same_by_design = ["status", "source", "address", "warnings"].contains(&key.as_str());
            assert!(same_by_design || *value != two[section][key], "{section}.{key} tells no two cards apart");
        }
    }
    assert_ne!(one["card"]["csn"], two["card"]["csn"]);
    assert_ne!(one["photo"]["sha256"], two["photo"]["sha256"]);
    assert_eq!(two["photo"]["format"], "jp2", "the other kind of picture");
}

#[test]
fn the_security_object_vouches_for_the_files() {
    let document = specimen("specimen");
    let groups = json!({ "1": "match", "2": "match", "11": "match", "16": "match" });
    assert_eq!(
        document["security_object"],
        json!({ "status": "read", "verdict": "untrusted_signer", "groups": groups })
    );
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../idcard-sim/pki/root.pem");
    let trusted = read("specimen", Some("1234"), &["--ca", root]).document(0);
    assert_eq!(trusted["security_object"]["verdict"], "authentic");
    let foreign = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/certs/rsa-root.pem");
    let untrusted = read("specimen", Some("1234"), &["--ca", foreign]).document(15);
    assert_eq!(untrusted["security_object"]["verdict"], "untrusted_signer");
    let error = idcard(["--card", "sim:specimen", "read", "--json", "--ca", "/nowhere"]).run().error(16);
    assert_eq!(error["kind"], "file");
}

#[test]
fn only_what_is_asked_for_is_there() {
    let document = read("specimen", Some("1234"), &["--fields", "postal,dates"]).document(0);
    for section in ["identity", "birth_certificate", "photo", "fingerprints", "security_object"] {
        assert_eq!(document[section]["status"], "not_requested", "{section}");
    }
    assert!(document["certificates"].as_array().unwrap().iter().all(|entry| entry["status"] == "not_requested"));
    assert_eq!(document["card"]["crn"], Value::Null);
    assert_eq!(document["postal"]["status"], "read");
    assert_eq!(document["birth_certificate"]["number"], Value::Null);
    let error = idcard(["--card", "sim:specimen", "read", "--fields", "religion", "--json"]).run().error(2);
    assert_eq!(error["kind"], "usage");
}

#[test]
fn people_get_one_label_and_value_a_line_and_are_told_of_the_specimen() {
    let arguments = ["--card", "sim:specimen", "read", "--pin-fd", "0"];
    let english = idcard(arguments).with_stdin("1234\n").run();
    for line in [
        "SPECIMEN CARD: its holder does not exist",
        "Surname: شناسه\u{200C}پور",
        "CRN: 0003141594",
        "Date of birth: 1375-12-30 (1997-03-20)",
        "Sex: female",
        "Postal code: 1354612345",
    ] {
        assert!(english.text(0).lines().any(|shown| shown == line), "{line}\n{}", english.text(0));
    }
    let persian = idcard(arguments).with_stdin("۱۲۳۴\n").with_env("LANG", "fa_IR.UTF-8").run();
    for line in [
        "نام خانوادگی: شناسه\u{200C}پور",
        "شماره ملی: ۰۰۰۱۲۳۴۵۶۰",
        "جنسیت: زن",
        "تاریخ تولد: ۱۳۷۵/۱۲/۳۰ (1997-03-20)",
        "کد پستی: ۱۳۵۴۶۱۲۳۴۵",
    ] {
        assert!(persian.text(0).lines().any(|shown| shown == line), "{line}\n{}", persian.text(0));
    }
    let isolated = idcard(["--bidi", "isolate"].into_iter().chain(arguments)).with_stdin("1234\n").run();
    assert!(isolated.text(0).contains("\u{2068}Surname\u{2069}: \u{2068}شناسه\u{200C}پور\u{2069}\n"));
}
