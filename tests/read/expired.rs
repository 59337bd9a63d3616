//! Cards and certificates whose time is over, by the clock of the machine.

use crate::desk::Desk;
use serde_json::{Value, json};

/// The dates of a card as `specimen.md` 2 writes them: B2 and B3, UTF-16 with a byte-order mark, Solar Hijri.
fn dates(issued: &str, expires: &str) -> String {
    let object = |tag: &str, date: &str| {
        let digits: String = date.bytes().map(|digit| format!("00{digit:02X}")).collect();
        format!("{tag}12FEFF{digits}")
    };
    object("B2", issued) + &object("B3", expires)
}

/// A specimen with other dates, and another certificate in the place of the holder's authentication certificate.
fn card(desk: &Desk, expires: &str, certificate: Option<&str>) -> String {
    let certificate = certificate.map(|name| {
        let path = format!("{}/../../fixtures/certs/{name}.pem", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read(path).unwrap();
        let der = idcard_crypto::Certificate::from_pem_or_der(&text).unwrap()[0].der().to_vec();
        format!("\n[[applet]]\nname = \"classic\"\nef = [{{ path = \"3F00/5000/0303\", hex = \"{}\" }}]\n", hex(&der))
    });
    let text = format!(
        "name = \"old\"\ntitle = \"another time\"\nbase = \"specimen\"\n\n[[applet]]\nname = \"mpcos\"\n\
         ef = [{{ path = \"3F00/0300/0303\", hex = \"{}\" }}]\n{}",
        dates("13930101", expires),
        certificate.unwrap_or_default()
    );
    desk.write("old.toml", text.as_bytes());
    format!("sim:{}", desk.arg("old.toml"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn warnings(desk: &Desk, card: &str, fields: &str) -> Vec<Value> {
    let document = desk.idcard(&["--card", card, "read", "--json", "--fields", fields]).document(0);
    document["warnings"].as_array().unwrap().clone()
}

#[test]
fn a_card_whose_last_day_is_past_is_flagged() {
    let desk = Desk::new();
    // 1400-01-01 is 2021-03-21; the specimen itself is valid into 2031.
    for (expires, expired) in [("14000101", true), ("14100101", false), ("14991229", false)] {
        let card = card(&desk, expires, None);
        let expected = if expired { vec![json!("card_expired")] } else { vec![] };
        assert_eq!(warnings(&desk, &card, "dates"), expected, "{expires}");
    }
    let old = card(&desk, "14000101", None);
    assert!(warnings(&desk, &old, "fingerprints").is_empty(), "the dates were not asked for");
    let text = desk.idcard(&["--card", &old, "read", "--fields", "dates"]);
    assert!(text.text(0).ends_with("Warning: the card has expired\n"), "{}", text.text(0));
    let persian = desk.idcard(&["--card", &old, "read", "--fields", "dates", "--lang", "fa"]);
    assert!(persian.text(0).contains("اعتبار کارت به پایان رسیده است"));
}

#[test]
fn a_certificate_whose_time_is_over_is_flagged_by_its_slot() {
    let desk = Desk::new();
    let old = card(&desk, "14100101", Some("rsa-expired"));
    let told = warnings(&desk, &old, "certificates");
    assert!(told.contains(&json!("certificate_expired:auth")), "{told:?}");
    assert!(!told.iter().any(|warning| warning == "certificate_expired:sign" || warning == "certificate_expired:ca"));
    assert!(!warnings(&desk, &old, "dates").contains(&json!("certificate_expired:auth")));
    let text = desk.idcard(&["--card", &old, "read", "--fields", "certificates"]);
    assert!(text.text(0).contains("Warning: the authentication certificate has expired\n"), "{}", text.text(0));
}
