//! `info`, `cert`, `pin status`, `readers`: what a card is, without a PIN and without a try.

use crate::program::{Done, idcard};
use idcard_sim::Image;
use serde_json::json;

fn run(card: &str, words: &[&str]) -> Done {
    let source = format!("sim:{card}");
    idcard(["--card", &source, "--json"].into_iter().chain(words.iter().copied())).run()
}

#[test]
fn info_says_what_a_card_is() {
    let document = run("specimen", &["info"]).document(0);
    assert_eq!(document["family"], "specimen");
    assert_eq!(document["specimen"], true);
    assert_eq!(document["crn"], json!({ "status": "read", "value": "0003141594" }));
    assert_eq!(document["crn_passes_national_number_checksum"], true);
    assert_eq!(document["fingerprint_check"], json!({ "status": "read", "value": "not_required" }));
    assert_eq!(document["versions"]["status"], "read");
    let applets: Vec<_> = document["applets"].as_array().unwrap().iter().map(|a| &a["answers"]).collect();
    assert_eq!(applets, [true, true, true]);
    assert_eq!(document["map"], json!(null));
    let atr = &document["atr"];
    assert_eq!(atr["raw"], "3BDB96008131FE8580135350437396715B91303B");
    assert_eq!(atr["historical"], "80135350437396715B9130");
    assert_eq!((&atr["ta1"], &atr["bit_rate"]), (&json!("96"), &json!(250_000)), "F 512, D 32 at 4 MHz");
    assert_eq!((&atr["extended_length"], &atr["check_byte"]), (&json!(true), &json!("right")));
    assert_eq!(atr["offers"], json!(["T=1"]));

    let document = run("mav2", &["info"]).document(0);
    assert_eq!(document["generation"], "mav2");
    assert_eq!(document["atr"]["offers"], json!(["T=0"]));
    assert_eq!(document["atr"]["bit_rate"], 62_500);
}

#[test]
fn info_spends_no_try() {
    for card in ["specimen", "specimen-sealed", "mav2", "mav4", "pardis"] {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("a.apdu");
        run(card, &["info", "--map", "--record", trace.to_str().unwrap()]).document(0);
        let text = std::fs::read_to_string(&trace).unwrap();
        assert!(!text.contains("**"), "{card}: no command with a secret was sent\n{text}");
    }
}

#[test]
fn the_map_names_its_evidence() {
    let document = run("mav2", &["info", "--map"]).document(0);
    let map = document["map"].as_array().unwrap();
    let item = |name: &str| map.iter().find(|known| known["what"] == "item" && known["name"] == name).unwrap();
    assert_eq!(item("certificate_sign")["place"], "3F00/5100/5040");
    assert_eq!(item("certificate_sign")["evidence"], "A");
    assert_eq!(item("identity")["readable"], false, "its layout is not published");
    assert!(map.iter().any(|known| known["what"] == "applet" && known["applet"] == "A0000000180C000001634200"));
}

#[test]
fn the_states_of_the_pins_are_those_of_the_card() {
    let document = run("specimen", &["pin", "status"]).document(0);
    let pins: Vec<_> =
        document["pins"].as_array().unwrap().iter().map(|pin| (&pin["kind"], &pin["tries_left"])).collect();
    let (id, sign, three) = (&json!("id"), &json!("sign"), &json!(3));
    assert_eq!(pins, [(id, three), (id, three), (id, three), (sign, three)]);
    let document = run("specimen", &["pin", "status", "--pin-kind", "sign"]).document(0);
    assert_eq!(document["pins"].as_array().unwrap().len(), 1);
    assert_eq!(run("pardis", &["pin", "status"]).error(13)["kind"], "not_available");
}

#[test]
fn certificates_are_listed_and_written_as_they_lie_on_the_card() {
    let image = Image::builtin("specimen").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let listed = run("specimen", &["cert", "list"]).document(0);
    let files = [("sign", "3F00/5100/5040"), ("auth", "3F00/5000/0303"), ("ca", "3F00/5000/5040")];
    for (index, (slot, path)) in files.into_iter().enumerate() {
        let content = &image.file("classic", path).unwrap().content;
        let on_stdout = run("specimen", &["cert", "export", "--slot", slot]);
        assert_eq!(on_stdout.status, 0);
        assert!(content.starts_with(&on_stdout.stdout) && on_stdout.stdout.len() > 500, "{slot}");
        let pem = folder.path().join(format!("{slot}.pem"));
        assert_eq!(
            run("specimen", &["cert", "export", "--slot", slot, "--pem", "-o", pem.to_str().unwrap()]).status,
            0
        );
        let text = std::fs::read_to_string(&pem).unwrap();
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----\n"));
        let [certificate] = &idcard_crypto::Certificate::from_pem_or_der(text.as_bytes()).unwrap()[..] else {
            panic!()
        };
        assert_eq!(certificate.der(), on_stdout.stdout);
        assert_eq!(listed["certificates"][index]["slot"], slot);
        assert_eq!(listed["certificates"][index]["sha256"], certificate.sha256());
    }
    assert_eq!(run("pardis", &["cert", "export", "--slot", "auth"]).error(13)["kind"], "not_available");
}

/// What the page does not know of is listed so, and not missed beside a certificate that is there.
#[test]
fn slots_that_nobody_knows_are_listed_and_not_missed() {
    let listed = run("pardis", &["cert", "list"]).document(0);
    let statuses: Vec<_> =
        listed["certificates"].as_array().unwrap().iter().map(|entry| entry["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["read", "layout_unknown", "layout_unknown"]);
    run("pardis", &["read", "--fields", "certificates"]).document(0);
    // One that the page knows and the card does not have is missed, as `read` misses it.
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("lacking.toml");
    let text = "name = \"lacking\"\ntitle = \"a specimen without its authority\"\nbase = \"specimen\"\n\
                absent = [\"classic:3F00/5000/5040\"]\n";
    std::fs::write(&image, text).unwrap();
    for words in [&["cert", "list"][..], &["read", "--fields", "certificates"]] {
        let document = run(image.to_str().unwrap(), words).document(13);
        assert_eq!(document["certificates"][2]["status"], "absent", "{words:?}");
    }
}

#[test]
fn readers_tell_what_a_card_seems_to_be() {
    for (card, family, generation) in
        [("specimen", "specimen", "specimen"), ("mav4", "mav", "mav4"), ("pardis", "pardis", "pardis")]
    {
        let done = run(card, &["readers", "--stats"]);
        let document: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        crate::json::keeps_to_its_schema(&document);
        let reader = &document["readers"][0];
        assert_eq!((&reader["card"], &reader["family"]), (&json!("present"), &json!(family)));
        assert_eq!(reader["generation"], generation);
        assert_eq!(done.stats()["apdus"], 0, "nothing is asked of the card");
    }
}
