//! `idcard probe`: what it asks of a card, and what it says of each.

mod faults;
mod share;

use crate::program::{Done, idcard};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

pub(crate) const IMAGES: [&str; 8] =
    ["specimen", "specimen-p256", "specimen-t0", "specimen-sealed", "specimen-2", "mav2", "mav4", "pardis"];

pub(crate) fn probe(card: &str, words: &[&str]) -> Done {
    idcard(["--card", card, "--json", "probe"].into_iter().chain(words.iter().copied())).run()
}

/// The document without the lines that name the way to the card.
pub(crate) fn without_the_way(mut document: Value) -> Value {
    document["source"].take();
    document["reader"].take();
    document
}

/// The findings about a place.
pub(crate) fn found<'d>(document: &'d Value, place: &str) -> &'d Value {
    let findings = document["findings"].as_array().unwrap();
    let of_place = |finding: &&Value| finding["place"] == place && finding["subject"] != "offset_unit";
    findings.iter().find(of_place).unwrap_or_else(|| panic!("{place}: {document:#}"))
}

fn recorded(card: &str, folder: &Path) -> (Value, String) {
    let trace = folder.join("probe.apdu");
    let document = probe(&format!("sim:{card}"), &["--record", trace.to_str().unwrap()]).document(0);
    (document, std::fs::read_to_string(trace).unwrap())
}

#[test]
fn every_image_is_as_its_page_tells_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    for image in IMAGES {
        let (document, trace) = recorded(image, folder.path());
        assert_eq!(document["count"]["differed"], 0, "{image}: {document:#}");
        assert!(trace.lines().filter(|line| line.starts_with('>')).count() <= 200, "{image}: bounded");
        let replay = format!("replay:{}", folder.path().join("probe.apdu").display());
        let again = probe(&replay, &[]).document(0);
        assert_eq!(without_the_way(again), without_the_way(document), "{image}");
    }
}

/// `nid-card.md` 13: SELECT, READ BINARY, GET DATA, GET RESPONSE with GetInfo, VERIFY without a body, and nothing else.
#[test]
fn nothing_but_questions_goes_over_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let mut kinds = BTreeSet::new();
    for image in IMAGES {
        let (_, trace) = recorded(image, folder.path());
        for line in trace.lines().filter_map(|line| line.strip_prefix('>')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let kind = match (words[0], words[1]) {
                ("00", "A4") => "SELECT",
                ("00", "B0") if words.len() == 5 || words.len() == 7 => "READ BINARY",
                ("00" | "80", "CA") if words.len() == 5 => "GET DATA",
                ("00", "C0") if words[2..4] == ["00", "00"] && words.len() == 5 => "GET RESPONSE",
                ("80", "C0") if words[2..] == ["02", "05", "0C"] => "GET RESPONSE",
                ("00", "20") if words.len() == 4 => "VERIFY",
                _ => panic!("{image}: {line}"),
            };
            kinds.insert(kind);
            if words[0] == "00" && words[1] == "B0" && words[2] == "00" && words[3] == "00" && words.len() == 5 {
                assert_ne!(words[4], "", "{image}: {line}");
            }
        }
    }
    assert_eq!(kinds.len(), 5, "the test sees each kind: {kinds:?}");
}

#[test]
fn a_card_held_over_a_contactless_reader_is_surveyed_too() {
    for image in ["specimen", "mav2", "mav4"] {
        let document = probe(&format!("sim:{image}+contactless"), &[]).document(0);
        assert_eq!(document["count"]["differed"], 0, "{image}: {document:#}");
        assert_eq!(document["findings"][0]["values"]["interface"], "contactless");
        assert_eq!(document["findings"][0]["verdict"], "matched");
    }
}

#[test]
fn no_try_is_spent() {
    for image in IMAGES {
        let source = format!("sim:{image}");
        let document = probe(&source, &[]).document(0);
        let findings = document["findings"].as_array().unwrap().iter();
        let told: Vec<_> = findings.filter_map(|finding| finding["values"]["tries_left"].as_str()).collect();
        assert!(told.iter().all(|left| *left == "3"), "{image}: {told:?}");
        // Of the specimen's PINs each is asked for.
        assert!(!image.starts_with("specimen") || told.len() >= 2, "{image}: {told:?}");
    }
}

#[test]
fn what_a_guarded_file_is_and_what_a_free_one_holds_is_told() {
    let document = probe("sim:specimen", &[]).document(0);
    for path in ["3F00/0200/0201", "3F00/0200/0202", "3F00/0200/0203"] {
        let finding = found(&document, path);
        assert_eq!((&finding["verdict"], &finding["reason"]), (&"matched".into(), &"guarded".into()), "{path}");
        assert_eq!(finding["status_word"], "6982");
        assert_eq!(finding["shape"], Value::Null);
    }
    let dates = found(&document, "3F00/0300/0303");
    assert_eq!((&dates["bytes"], &dates["shape"]), (&40.into(), &"B2[18 utf-16] B3[18 utf-16]".into()));
    assert_eq!(dates["values"]["issued"], "1403 solar_hijri");
    assert_eq!(found(&document, "3F00/0600/0601")["values"]["d5"], "0FFF");
    assert_eq!(found(&document, "3F00/5100/5040")["values"]["role"], "SIG");
    assert_eq!(document["questions"], serde_json::json!([]), "the specimen leaves nothing open");
    let sealed = probe("sim:specimen-sealed", &[]).document(0);
    assert_eq!(found(&sealed, "3F00/0200/0205")["reason"], "sealed");
}

#[test]
fn a_real_family_answers_open_questions() {
    let document = probe("sim:mav2", &[]).document(0);
    let numbers: Vec<_> =
        document["questions"].as_array().unwrap().iter().map(|question| &question["number"]).collect();
    assert_eq!(numbers, ["11.1", "11.3", "11.4", "11.5", "11.7", "11.9"]);
    assert_eq!(found(&document, "01")["verdict"], "new", "the second reference of nid-card.md 12.7");
    assert_eq!(found(&document, "3F00/0200/020F")["verdict"], "absent");
    let pardis = probe("sim:pardis", &[]).document(0);
    let answering: Vec<_> =
        pardis["findings"].as_array().unwrap().iter().filter(|f| f["subject"] == "applet").collect();
    assert!(answering.len() >= 8, "each AID of nid-card.md 13.2 is told of");
}

/// A copy of a built-in image with a change in its files.
fn changed(folder: &Path, name: &str, change: impl FnOnce(&Path, &mut String)) -> String {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idcard-sim/images");
    let mut text = std::fs::read_to_string(images.join(name).with_extension("toml")).unwrap();
    std::fs::create_dir(folder.join(name)).unwrap();
    for file in std::fs::read_dir(images.join(name)).unwrap().flatten() {
        std::fs::copy(file.path(), folder.join(name).join(file.file_name())).unwrap();
    }
    change(&folder.join(name), &mut text);
    let image = folder.join("changed.toml");
    std::fs::write(&image, text).unwrap();
    format!("sim:{}", image.display())
}

type Change = fn(&Path, &mut String);

#[test]
fn two_cards_that_differ_in_one_file_are_told_apart() {
    let changes: [(&str, Change); 6] = [
        ("3F00/0600/0601", |files, _| {
            let mut versions = std::fs::read(files.join("versions.bin")).unwrap();
            let last = versions.iter().rposition(|byte| *byte == 0x08).unwrap();
            versions[last] = 0x09;
            std::fs::write(files.join("versions.bin"), versions).unwrap();
        }),
        ("3F00/0300/0302", |files, _| std::fs::write(files.join("meta.bin"), [0xAD, 1, 1, 0]).unwrap()),
        ("3F00/0300/0303", |files, _| {
            let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
            let dates = [&[0xB2, 16][..], &utf16("14030101"), &[0xB3, 16], &utf16("14110101")].concat();
            std::fs::write(files.join("dates.bin"), dates).unwrap();
        }),
        ("3F00/0200/0206", |files, text| {
            std::fs::write(files.join("more.bin"), [0x76, 2, 0x80, 0]).unwrap();
            let before = "    { path = \"3F00/0300/0302\"";
            *text = text.replacen(
                before,
                &format!("    {{ path = \"3F00/0200/0206\", file = \"more.bin\" }},\n{before}"),
                1,
            );
        }),
        ("3F00/0200/0204", |_, text| {
            *text = text.lines().filter(|line| !line.contains("0200/0204")).map(|line| format!("{line}\n")).collect();
        }),
        ("3F00/0200/0201", |_, text| {
            *text = text.replacen("file = \"personal1.bin\", read = [\"id-0200\"]", "file = \"personal1.bin\"", 1);
        }),
    ];
    let usual = without_the_way(probe("sim:specimen", &[]).document(0));
    for (place, change) in changes {
        let folder = tempfile::tempdir().unwrap();
        let image = changed(folder.path(), "specimen", change);
        let other = without_the_way(probe(&image, &[]).document(0));
        assert_ne!(found(&usual, place), found(&other, place), "{place}: {other:#}");
        let places = |document: &Value| -> BTreeSet<String> {
            document["findings"].as_array().unwrap().iter().map(ToString::to_string).collect()
        };
        let (before, after) = (places(&usual), places(&other));
        assert!(before.difference(&after).all(|finding| finding.contains(place)), "nothing else: {place}");
    }
}

/// Historical bytes of a generation that nobody has seen; the CRN says that the card is one of ours.
#[test]
fn an_unknown_generation_is_surveyed_like_a_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let image = changed(folder.path(), "mav4", |_, text| {
        let line = text.lines().find(|line| line.starts_with("atr = \"3B FF")).unwrap().to_owned();
        let seen = "B0 85 04 00 11";
        assert!(line.contains(seen), "{line}");
        // The check byte follows: 04 xor 05.
        let check: String = line.split_whitespace().last().unwrap().trim_end_matches('"').to_owned();
        let check_before = u8::from_str_radix(&check, 16).unwrap();
        let other = line.replacen(seen, "B0 85 05 00 11", 1);
        let at = other.rfind(&check).unwrap();
        let other = format!("{}{:02X}{}", &other[..at], check_before ^ 1, &other[at + 2..]);
        *text = text.replacen(&line, &other, 1);
    });
    let document = probe(&image, &[]).document(0);
    assert_eq!((&document["family"], &document["generation"]), (&"mav".into(), &"unknown".into()));
    assert_eq!(document["atr"]["check_byte"], "right");
    let mark = &document["findings"][0];
    assert_eq!((&mark["verdict"], &mark["reason"]), (&"new".into(), &"unmarked".into()));
    assert_eq!(found(&document, "3F00/5100/5040")["verdict"], "matched");
    let asks = document["questions"].as_array().unwrap().iter().any(|question| question["number"] == "11.9");
    assert!(asks, "which answer to reset belongs to which card");
}

#[test]
fn what_differs_from_the_page_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let image = changed(folder.path(), "specimen", |_, text| {
        *text = text.replacen("file = \"personal1.bin\", read = [\"id-0200\"]", "file = \"personal1.bin\"", 1);
    });
    let document = probe(&image, &[]).document(0);
    let identity = found(&document, "3F00/0200/0201");
    assert_eq!((&identity["verdict"], &identity["reason"]), (&"differed".into(), &"free".into()));
    assert_eq!(identity["bytes"], 4, "and no more of it is read");
}

#[test]
fn people_are_told_in_both_languages() {
    let english = idcard(["--card", "sim:mav2", "probe", "--lang", "en"]).run();
    for part in ["As the page tells (", "New: not on the page (1)", "no try was spent"] {
        assert!(english.text(0).contains(part), "{part}");
    }
    let persian = idcard(["--card", "sim:mav2", "probe", "--lang", "fa"]).run();
    assert!(persian.text(0).contains("همان که صفحهٔ کارت می‌گوید"));
}
