//! `idcard page suggest` from the outside: the page drafted from a visit reads that visit again, and tells nothing of the holder.

use crate::desk::Desk;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn trace(name: &str) -> String {
    root().join("fixtures/traces").join(name).with_extension("apdu").display().to_string()
}

fn expected(name: &str) -> Value {
    let path = root().join("fixtures/traces").join(name).with_extension("json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

const VISITS: [&str; 7] = [
    "specimen/specimen-read",
    "specimen/specimen-2-read",
    "specimen/specimen-p256-read",
    "specimen/specimen-t0-read",
    "mav/mav2-read",
    "mav/mav4-read",
    "pardis/pardis-read",
];

#[test]
fn a_visit_reads_the_same_with_the_page_that_it_suggests() {
    for name in VISITS {
        let desk = Desk::new();
        let visit = trace(name);
        let told = desk.idcard(&["page", "suggest", &visit, "-o", "page.toml", "--json"]).document(0);
        let checked = desk.idcard(&["page", "check", "page.toml", "--json"]).document(0);
        assert_eq!(told["items"], checked["items"], "{name}");
        let card = format!("replay:{visit}");
        let words = ["--page", "page.toml", "--card", &card, "read", "--json", "--pin-file", "id-pin"];
        let mut expected = expected(name);
        let done = desk.idcard(&words);
        let mut found = done.document(done.status);
        assert_eq!(found["card"]["family"], "draft");
        for document in [&mut found, &mut expected] {
            document["card"]["family"] = Value::Null;
        }
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn without_a_pin_the_free_sections_are_read() {
    let desk = Desk::new();
    let name = "specimen/specimen-read";
    desk.idcard(&["--card", "sim:specimen", "--record", "visit.apdu", "read", "--json"]).document(13);
    desk.idcard(&["page", "suggest", "visit.apdu", "-o", "page.toml"]).text(0);
    let done = desk.idcard(&["--page", "page.toml", "--card", "replay:visit.apdu", "read", "--json"]);
    let (found, expected) = (done.document(13), expected(name));
    for section in ["dates", "certificates"] {
        assert_eq!(found[section], expected[section]);
    }
    for number in ["csn", "crn"] {
        assert_eq!(found["card"][number], expected["card"][number]);
    }
    assert_eq!(found["identity"]["status"], "layout_unknown"); // nothing was asked of it on this visit
    assert_eq!(found["specimen"], true);
}

#[test]
fn the_log_of_a_visit_suggests_a_page_as_well() {
    let desk = Desk::new();
    let log = root().join("fixtures/logs/pcscd-visit.log").display().to_string();
    desk.idcard(&["trace", "import", &log, "-o", "visit.apdu"]).text(0);
    desk.idcard(&["page", "suggest", "visit.apdu", "-o", "page.toml"]).text(0);
    let words = ["--page", "page.toml", "--card", "replay:visit.apdu", "read", "--json"];
    let found = desk.idcard(&[words.as_slice(), &["--fields", "card,dates,certificates"]].concat()).document(0);
    let expected = expected("specimen/specimen-read");
    for section in ["dates", "certificates"] {
        assert_eq!(found[section], expected[section]);
    }
}

#[test]
fn nothing_of_the_holder_is_in_the_page() {
    for name in VISITS {
        let desk = Desk::new();
        let page = desk.idcard(&["page", "suggest", &trace(name)]).text(0).to_owned();
        let packed: String = page.chars().filter(|c| !c.is_whitespace()).collect();
        let document = expected(name);
        let mut values = Vec::new();
        for section in ["identity", "birth_certificate", "postal", "dates", "certificates", "photo"] {
            collect(&document[section], &mut values);
        }
        collect(&document["card"]["csn"], &mut values);
        collect(&document["card"]["crn"], &mut values);
        assert!(values.len() >= 8, "{name}: {values:?}");
        for value in values.iter().filter(|value| value.chars().count() > 3) {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            let utf16: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let mut forms = vec![value.clone(), hex::encode_upper(value), hex::encode_upper(utf16)];
            forms.extend(Some(digits).filter(|digits| digits.len() >= 8));
            for form in forms {
                assert!(!packed.contains(&form), "{name}: {form}");
            }
        }
    }
}

/// The texts and numbers of a section that belong to its card.
fn collect(section: &Value, values: &mut Vec<String>) {
    let told = |key: &str| !["status", "source", "format", "gender", "slot", "key"].contains(&key);
    match section {
        Value::String(text) => values.push(text.clone()),
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, values)),
        Value::Object(parts) => {
            parts.iter().filter(|(key, _)| told(key)).for_each(|(_, part)| collect(part, values));
        }
        _ => {}
    }
}

#[test]
fn a_redacted_trace_suggests_where_things_lie() {
    let desk = Desk::new();
    desk.idcard(&["trace", "redact", &trace("mav/mav2-read"), "-o", "masked.apdu"]).text(0);
    let told = desk.idcard(&["page", "suggest", "masked.apdu", "-o", "page.toml", "--json"]).document(0);
    let items: Vec<_> = told["items"].as_array().unwrap().iter().map(|item| item.as_str().unwrap()).collect();
    for item in ["serial", "crn", "dates"] {
        assert!(items.contains(&item), "{items:?}");
    }
}

#[test]
fn a_page_is_not_made_up() {
    let desk = Desk::new();
    desk.write("none.apdu", b"# idcard trace 1\n> 00 84 00 00 08\n< 6D 00\n");
    let error = desk.idcard(&["page", "suggest", "none.apdu", "-o", "page.toml", "--json"]).error(16);
    assert!(error["message"].as_str().unwrap().contains("no applet answers"), "{error}");
    let both = [trace("mav/mav2-read"), trace("specimen/specimen-read")];
    let error = desk.idcard(&["page", "suggest", &both[0], &both[1], "-o", "page.toml", "--json"]).error(16);
    assert!(error["message"].as_str().unwrap().contains("trace 2 is of another family"), "{error}");
    for words in [&["--family", "A B"][..], &["--json"]] {
        assert_eq!(desk.idcard(&[&["page", "suggest", &both[0]], words].concat()).status, 2);
    }
    assert!(!desk.names().iter().any(|name| name.starts_with("page")), "{:?}", desk.names());
}

#[test]
fn two_visits_to_one_card_are_one_page() {
    let desk = Desk::new();
    let page = desk.idcard(&["page", "suggest", &trace("specimen/specimen-read"), &trace("specimen/specimen-t0-read")]);
    let page = page.text(0);
    assert_eq!(page.matches("[[mark]]").count(), 2, "{page}");
    assert_eq!(page.matches("[[applet]]").count(), 3, "{page}");
    // One of the two links proves the units.
    assert_eq!(page.matches("offset_unit: shown by a file").count(), 2, "{page}");
}
