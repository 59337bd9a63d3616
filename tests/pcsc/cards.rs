//! Virtual cards behind a real PC/SC service: the program reads them as it does in the process, and OpenSC reads them too.

use super::{Lab, text};
use std::process::Command;

/// The OpenSC configuration of `specimen.md` 8.
pub(super) const OPENSC: &str = r#"app default {
  card_atr 3B:DB:96:00:81:31:FE:85:80:13:53:50:43:73:96:71:5B:91:30:3B { name = "specimen"; driver = "gemsafeV1"; type = 21003; }
  card_atr 3B:7B:96:00:00:80:13:53:50:43:73:96:71:1B:91:30 { name = "specimen T=0"; driver = "gemsafeV1"; type = 21003; }
}
"#;

/// What `read` prints, with the lines taken out that name the way to the card.
fn without_the_way(document: &str) -> String {
    document.lines().filter(|line| !line.contains("\"source\": \"") && !line.contains("\"reader\": ")).collect()
}

fn pin_file(lab: &Lab) -> String {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = lab.path("pin");
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    file.unwrap().write_all(b"1234\n").unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn every_image_gives_the_same_through_a_reader_as_in_the_process() {
    let mut lab = Lab::start();
    let pin = pin_file(&lab);
    for image in ["specimen", "specimen-p256", "specimen-t0", "specimen-2", "specimen-sealed", "mav2", "mav4", "pardis"]
    {
        lab.insert(image);
        let words = ["read", "--json", "--pin-file", &pin];
        let through_a_reader = lab.idcard(words);
        let mut here = Command::new(env!("CARGO_BIN_EXE_idcard"));
        let here = here.arg(format!("--card=sim:{image}")).args(words).output().unwrap();
        assert_eq!(through_a_reader.status.code(), here.status.code(), "{image}: {through_a_reader:?}");
        let (there, here) = (String::from_utf8(through_a_reader.stdout), String::from_utf8(here.stdout));
        let (there, here) = (there.unwrap(), here.unwrap());
        assert!(there.contains("\"source\": \"pcsc\"") && there.contains("Virtual PCD 00 00"), "{image}: {there}");
        assert_eq!(without_the_way(&there), without_the_way(&here), "{image}");
        lab.remove();
    }
}

#[test]
fn readers_are_listed_with_what_is_in_them() {
    let mut lab = Lab::start();
    lab.insert("mav4");
    let list = text(&lab.idcard(["readers", "--json"]));
    for part in ["Virtual PCD 00 00", "Virtual PCD 00 01", "3BFF9600008131FE4380318065B085040011120FFF829000E0", "mav4"]
    {
        assert!(list.contains(part), "{part}: {list}");
    }
    lab.remove();
    let gone = lab.idcard(["info", "--timeout", "0.2"]);
    assert_eq!(gone.status.code(), Some(5), "{gone:?}");
}

#[test]
fn two_cards_at_once_are_not_guessed_between() {
    let mut lab = Lab::start();
    lab.insert_into(0, "specimen");
    lab.insert_into(1, "specimen-2");
    let ambiguous = lab.idcard(["read", "--fields", "dates"]);
    assert_eq!(ambiguous.status.code(), Some(2), "{ambiguous:?}");
    let named = text(&lab.idcard(["--card", "pcsc:00 01", "info", "--json"]));
    let other = text(&lab.idcard(["--card", "pcsc:00 00", "info", "--json"]));
    assert!(other.contains("0003141594") && !named.contains("0003141594"), "{named}");
}

/// The reader that is used, and whether the specimen's holder is told.
fn seen_by(lab: &Lab, words: &[&str]) -> (String, bool) {
    let found = text(&lab.idcard([words, &["info", "--json"]].concat()));
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    (found["reader"].as_str().unwrap().to_owned(), found.to_string().contains("0003141594"))
}

#[test]
fn among_four_readers_the_only_card_is_found_and_others_are_named() {
    let mut lab = Lab::with_four_readers();
    lab.insert_into(3, "specimen");
    assert_eq!(seen_by(&lab, &[]), ("Further PCD 00 01".to_owned(), true));
    lab.insert_into(1, "mav4");
    lab.insert_into(2, "specimen-2");
    let list: serde_json::Value = serde_json::from_str(&text(&lab.idcard(["readers", "--json"]))).unwrap();
    let listed = list["readers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reader| (reader["name"].as_str().unwrap(), &reader["generation"]));
    let names = ["Virtual PCD 00 00", "Virtual PCD 00 01", "Further PCD 00 00", "Further PCD 00 01"];
    let generations = [serde_json::Value::Null, "mav4".into(), "specimen".into(), "specimen".into()];
    assert_eq!(listed.collect::<Vec<_>>(), names.into_iter().zip(&generations).collect::<Vec<_>>());
    let ambiguous = lab.idcard(["info"]);
    assert_eq!(ambiguous.status.code(), Some(2), "{ambiguous:?}");
    let told = String::from_utf8(ambiguous.stderr).unwrap();
    assert!(names[1..].iter().all(|name| told.contains(name)) && !told.contains(names[0]), "{told}");
    assert_eq!(seen_by(&lab, &["--card", "pcsc:Further PCD 00 01"]), (names[3].to_owned(), true));
    assert_eq!(seen_by(&lab, &["--card", "pcsc:Further PCD 00 00"]), (names[2].to_owned(), false));
    // Two slots a reader, in the order of the readers.
    let slots = text(&lab.run(["pkcs11-tool", "--module", super::pkcs11::module().to_str().unwrap(), "-L"]));
    for (reader, name) in names.iter().enumerate() {
        for (slot, what) in [(2 * reader, "identity"), (2 * reader + 1, "signature")] {
            assert!(slots.contains(&format!("Slot {slot} (0x{slot:x}): {name} ({what})")), "{slots}");
        }
    }
}

#[test]
fn opensc_reads_the_same_card() {
    let mut lab = Lab::start();
    let configuration = lab.path("opensc.conf");
    std::fs::write(&configuration, OPENSC).unwrap();
    for image in ["specimen", "specimen-t0"] {
        lab.insert(image);
        let select = "00:A4:04:0C:0C:A0:00:00:00:18:0C:00:00:01:63:42:00";
        let sent = text(&lab.run(["opensc-tool", "--card-driver", "default", "-s", select]));
        assert!(sent.contains("SW1=0x90, SW2=0x00"), "{image}: {sent}");

        let mut dump = lab.bounded("pkcs15-tool");
        let dump = text(&dump.args(["--dump"]).env("OPENSC_CONF", &configuration).output().unwrap());
        for part in ["Authentication certificate", "Signing certificate", "Digital Citizen CA", "SIGN PIN"] {
            assert!(dump.contains(part), "{image}: {part}: {dump}");
        }
        let mut theirs = lab.bounded("pkcs15-tool");
        theirs.args(["--read-certificate", "03"]).env("OPENSC_CONF", &configuration);
        let theirs = text(&theirs.output().unwrap());
        let ours = text(&lab.idcard(["cert", "export", "--slot", "sign", "--pem"]));
        let body = |pem: &str| pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
        assert_eq!(body(&theirs), body(&ours), "{image}");
        lab.remove();
    }
}

#[test]
fn every_image_is_surveyed_through_a_reader_as_in_the_process() {
    let mut lab = Lab::start();
    for image in ["specimen", "specimen-p256", "specimen-t0", "specimen-2", "specimen-sealed", "mav2", "mav4", "pardis"]
    {
        lab.insert(image);
        let there = text(&lab.idcard(["probe", "--json"]));
        let bundle = lab.path("bundle.apdu");
        text(&lab.idcard(["probe", "--share", bundle.to_str().unwrap()]));
        let bundle = std::fs::read_to_string(bundle).unwrap();
        assert!(bundle.contains("\n# This trace replays to the same report as the card's:\n"), "{image}: {bundle}");
        let mut here = Command::new(env!("CARGO_BIN_EXE_idcard"));
        let here = text(&here.arg(format!("--card=sim:{image}")).args(["probe", "--json"]).output().unwrap());
        assert!(there.contains("\"source\": \"pcsc\""), "{image}: {there}");
        // How often the card was given away, and selected anew, is a matter of time.
        let untimed = |text: &str| -> String {
            without_the_way(text).split_inclusive(',').filter(|part| !part.contains("\"exchanges\"")).collect()
        };
        assert_eq!(untimed(&there), untimed(&here), "{image}");
        lab.remove();
    }
}

#[test]
fn a_foreign_card_in_a_reader_is_left_at_once() {
    let mut lab = Lab::start();
    lab.insert("specimen+fault=C-47");
    let trace = lab.path("foreign.apdu");
    let done = lab.idcard(["probe", "--json", "--record", trace.to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(7), "{done:?}");
    let sent = std::fs::read_to_string(trace).unwrap().lines().filter(|line| line.starts_with('>')).count();
    assert!((1..=4).contains(&sent), "{sent}");
}
