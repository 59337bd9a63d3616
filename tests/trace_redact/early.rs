//! A value of the holder's that stands in front of the place which tells that it is one is replaced there too.

use super::{TRACES, fixture, in_a_file, redact};
use crate::leaks::{self, Secrets};
use std::fmt::Write;

fn bytes(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!(" {byte:02X}"))
}

/// What of an image and its document stands in a trace, so that a redactor learns of it there.
fn told(name: &str, image: &str, trace: &str) -> Secrets {
    let mut secrets = leaks::of_image(image);
    let document = std::fs::read_to_string(fixture(name).with_extension("json")).unwrap();
    secrets.append(&mut leaks::of_document(&serde_json::from_str(&document).unwrap()));
    let there = leaks::found(&secrets, trace);
    // Four digits come up by chance among the hundreds of digits of pseudonyms.
    secrets.retain(|name, secret| there.contains(name) && secret.len() >= 6);
    secrets
}

/// A value in each lawful place that holds so many bytes.
fn places(text: &mut String, value: &[u8]) {
    let (hex, length) = (bytes(value), value.len());
    let mut say = |command: &str, answer: &str| writeln!(text, "> {command}\n< {answer}").unwrap();
    say("00 CA 5F 50 00", &format!("{hex} 90 00"));
    say("00 CA 5F 51 00", &format!("{} 90 00", bytes(hex::encode(value).as_bytes())));
    say("00 B0 12 34 00", &format!("{hex} 90 00"));
    say("00 88 00 00 00", &format!("{hex} 90 00"));
    if length <= 120 {
        say(&format!("00 A4 04 00 {length:02X}{hex}"), "6A 82");
        say(&format!("00 CB 3F FF {length:02X}{hex} 00"), "6A 82");
        say(&format!("00 22 41 B6 {length:02X}{hex}"), "6A 82");
        say(&format!("80 C0 02 05 {length:02X}"), &format!("{hex} 90 00"));
        let (inner, outer) = (length, length + 2);
        say("00 A4 00 00 02 3F 00", &format!("6F {outer:02X} 84 {inner:02X}{hex} 90 00"));
        say("00 A4 00 00 02 77 77", &format!("62 {outer:02X} 82 {inner:02X}{hex} 90 00"));
        for tag in ["CC", "D6", "AD"] {
            say("00 A4 00 0C 02 77 77", "90 00");
            say("00 B0 00 00 00", &format!("{tag} {length:02X}{hex} 90 00"));
        }
    }
}

#[test]
fn a_value_in_front_of_where_it_is_known_is_replaced() {
    for (name, image) in TRACES {
        let original = std::fs::read_to_string(fixture(name)).unwrap();
        let mut secrets = told(name, image, &original);
        assert!(secrets.len() >= 4, "{name}: {:?}", secrets.keys());
        let mut text = String::from("# idcard trace 1\n");
        for value in secrets.values() {
            writeln!(text, "# {}\n# {}", String::from_utf8_lossy(value).replace('\n', " "), hex::encode(value))
                .unwrap();
            places(&mut text, value);
        }
        text.push_str(original.strip_prefix("# idcard trace 1\n").unwrap());
        let typed: Secrets = secrets
            .iter()
            .map(|(name, value)| (format!("{name} in typed hex"), hex::encode(value).into_bytes()))
            .collect();
        secrets.extend(typed);
        assert_eq!(leaks::found(&secrets, &text).len(), secrets.len(), "{name}: the search finds all of it");
        let redacted = redact(in_a_file(&text).path());
        assert_eq!(leaks::found(&secrets, &redacted), Vec::<String>::new(), "{name}");
        assert!(redact(in_a_file(&redacted).path()) == redacted, "{name}");
    }
}

/// The answer to reset is how a card is recognised: it stays, but for what is the holder's or the chip's alone.
#[test]
fn numbers_in_an_answer_to_reset_are_replaced() {
    let rest = std::fs::read_to_string(fixture("mav/mav2-read")).unwrap();
    let secrets = told("mav/mav2-read", "mav2", &rest);
    let atr = rest.lines().find_map(|line| line.strip_prefix("atr ")).unwrap();
    assert!(redact(&fixture("mav/mav2-read")).contains(&format!("atr {atr}\n")), "nothing to replace");
    let csn = &secrets["csn"];
    for number in [&csn[..], &csn[2..6], &secrets.iter().find(|(name, _)| name.ends_with("in UTF-8")).unwrap().1[..10]]
    {
        // Card issuer's data, which no listed family has (ISO/IEC 7816-4, 12.1.1.6).
        let length = u8::try_from(number.len()).unwrap();
        let mut atr = [&[0x3B, 0x80 | (length + 4), 0x80, 0x01, 0x80, 0x50 | length], number, &[0x91, 0x30]].concat();
        atr.push(atr[1..].iter().fold(0, |sum, byte| sum ^ byte));
        let text = rest.replacen("atr ", &format!("atr{}\natr ", bytes(&atr)), 1);
        let redacted = redact(in_a_file(&text).path());
        let other = redacted.lines().find_map(|line| line.strip_prefix("atr ")).unwrap();
        let other: Vec<u8> = other.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
        assert_eq!((other.len(), &other[..6]), (atr.len(), &atr[..6]));
        assert!(!other.windows(number.len()).any(|part| part == number), "{other:02X?}");
        assert_eq!(other[other.len() - 3..][..2], [0x91, 0x30]);
        assert_eq!(other[1..].iter().fold(0, |sum, byte| sum ^ byte), 0, "the check byte fits");
        assert!(redacted.contains("#   answer to reset: bytes 1\n"), "it is listed");
    }
}
