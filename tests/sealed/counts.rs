//! What a whole reading of the sealed specimen sends: the minimum by the image's files, the handshake, two exchanges at most.

use super::KEYS;
use crate::desk::Desk;
use idcard_sim::Image;

/// The length of a data object in a row of them, with padding behind.
fn used(content: &[u8]) -> usize {
    let mut at = 0;
    while at < content.len() && !matches!(content[at], 0x00 | 0xFF) {
        let length_at = at + 1 + usize::from(content[at] & 0x1F == 0x1F);
        let (length, size) = match content[length_at] {
            short @ ..=0x7F => (usize::from(short), 1),
            0x81 => (usize::from(content[length_at + 1]), 2),
            0x82 => (usize::from(content[length_at + 1]) << 8 | usize::from(content[length_at + 2]), 3),
            other => panic!("length byte {other:02X}"),
        };
        at = length_at + size + length;
    }
    at
}

/// The minimum (`performance.md` 2.3): free files in one answer of extended length each, what is sealed in parts of 228
/// bytes, which is what a protected answer holds in whole words (`specimen.md` 2.1).
pub(crate) fn minimum() -> usize {
    let image = Image::builtin("specimen-sealed").unwrap();
    // Three applets, four DFs and an MF, GET DATA twice; three certificates and the dates, SELECT and READ each.
    let free = 3 + 4 + 1 + 2 + 2 * 4;
    // The SOD refuses; SELECT of Classic, MSE, GET CHALLENGE, MUTUAL AUTHENTICATE; MPCOS and DF 0200 anew.
    let handshake = 2 + 4 + 2;
    let pin = 3;
    let sealed = ["0201", "0202", "0203", "0204", "0205"].map(|file| {
        let file = image.file("mpcos", &format!("3F00/0200/{file}")).unwrap();
        1 + used(&file.content).div_ceil(228)
    });
    free + handshake + pin + sealed.iter().sum::<usize>()
}

#[test]
fn a_sealed_card_costs_the_minimum_and_two_more_at_most() {
    let desk = Desk::new();
    desk.secret("keys", KEYS);
    let words = ["--card", "sim:specimen-sealed", "--terminal-keys", "keys", "read", "--json", "--stats"];
    let done = desk.idcard(&[&words[..], &["--pin-file", "id-pin"]].concat());
    let document = done.document(0);
    for section in ["identity", "birth_certificate", "postal", "photo", "fingerprints", "dates", "security_object"] {
        assert_eq!(document[section]["status"], "read", "{section}");
    }
    let spent = usize::try_from(done.stats()["apdus"].as_u64().unwrap()).unwrap();
    let minimum = minimum();
    assert!((minimum..=minimum + 2).contains(&spent), "{spent} spent, {minimum} needed");
}

#[test]
fn wrong_keys_are_told_and_nothing_follows_them() {
    let desk = Desk::new();
    desk.secret("keys", &KEYS.replace("40414243", "99887766"));
    for words in [&["read", "--fields", "identity", "--json"][..], &["pin", "verify", "--pin-kind", "id", "--json"]] {
        let mut line = vec!["--card", "sim:specimen-sealed", "--terminal-keys", "keys", "--record", "trace"];
        line.extend(words);
        line.extend(["--pin-file", "id-pin"]);
        let done = desk.idcard(&line);
        let error = done.error(12);
        assert_eq!((&error["kind"], &error["sw"]), (&"card_refused".into(), &"6300".into()));
        let trace = String::from_utf8(desk.bytes("trace")).unwrap();
        let commands: Vec<&str> = trace.lines().filter(|line| line.starts_with('>')).collect();
        assert!(commands.last().unwrap().starts_with("> 80 82 00 00 48"), "{commands:?}");
    }
}

#[test]
fn files_of_a_real_family_come_raw_with_the_keys() {
    let desk = Desk::new();
    desk.secret("keys", KEYS);
    // Bytes that mean nothing, in the form of a data object.
    desk.write(
        "card.toml",
        br#"name = "mav4-filled"
title = "a card as mav4, whose sealed files hold something"
base = "mav2"
[contact]
atr = "3B FF 96 00 00 81 31 FE 43 80 31 80 65 B0 85 04 00 11 12 0F FF 82 90 00 E0"
protocol = "T=1"
[channel]
applet = "classic"
reference = "01"
kenc = "404142434445464748494A4B4C4D4E4F"
kmac = "505152535455565758595A5B5C5D5E5F"
sn_ifd = "AABBCCDD44668877"
[[applet]]
name = "mpcos"
ef = [
    { path = "3F00/0200/0201", hex = "70 04 DE AD BE EF", size = 1024, read = ["channel", "id-0200"] },
    { path = "3F00/0200/0205", hex = "77 03 C0 FF EE", size = 2048, read = ["channel"] },
]
"#,
    );
    let card = format!("sim:{}", desk.arg("card.toml"));
    let with = ["--terminal-keys", "keys", "read", "--json", "--raw", "raw", "--pin-file", "id-pin"];
    let document: serde_json::Value =
        serde_json::from_slice(&desk.idcard(&[&["--card", &card], &with[..]].concat()).stdout).unwrap();
    for section in ["identity", "photo", "birth_certificate"] {
        assert_eq!(document[section]["status"], "layout_unknown", "{section}");
    }
    assert_eq!(desk.bytes("raw/identity.bin"), [0x70, 0x04, 0xDE, 0xAD, 0xBE, 0xEF]);
    assert_eq!(desk.bytes("raw/security_object.bin"), [0x77, 0x03, 0xC0, 0xFF, 0xEE]);
    // Without the keys no PIN goes out and nothing sealed comes.
    let without = ["--record", "trace", "read", "--raw", "plain", "--pin-file", "id-pin"];
    desk.idcard(&[&["--card", &card], &without[..]].concat()).text(13);
    assert!(!desk.path("plain/identity.bin").exists());
    assert!(!String::from_utf8(desk.bytes("trace")).unwrap().contains("> 00 20 00 00 08"));
}
