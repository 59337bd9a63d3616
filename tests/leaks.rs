//! Looks for what is a holder's in a text that is to be given away: every value, in every encoding, and every hash of one.

use idcard_crypto::algorithm::HashAlgorithm;
use idcard_sim::Image;
use serde_json::Value;
use std::collections::BTreeMap;

/// Names of what is searched for, and its bytes.
pub(crate) type Secrets = BTreeMap<String, Vec<u8>>;

/// What an image holds of its holder, taken from the image itself.
pub(crate) fn of_image(name: &str) -> Secrets {
    let image = Image::builtin(name).unwrap();
    let mut secrets = Secrets::new();
    let files = image.applets.iter().flat_map(|applet| &applet.files);
    for file in files.filter(|file| file.content.len() > 32 && !is_authority(&file.content)) {
        let path = file.path.iter().map(|id| format!("{id:04X}")).collect::<Vec<_>>().join("/");
        let content = trimmed(&file.content);
        for hash in HashAlgorithm::ALL {
            secrets.insert(format!("{hash} of {path}"), hash.digest(content));
        }
        if content.starts_with(&[0x30]) {
            certificate(&path, content, &mut secrets);
        }
        if let Some(at) = content.windows(3).position(|part| part == [0xFF, 0xD8, 0xFF]) {
            // Any part of the compressed picture, behind the tables that all pictures share.
            let picture = &content[at..];
            for part in [picture.len() / 4, picture.len() / 2, picture.len() / 4 * 3] {
                secrets.insert(format!("photo at {part}"), picture[part..part + 24].to_vec());
            }
            secrets.insert("hash of the photo".to_owned(), HashAlgorithm::Sha256.digest(picture));
        }
    }
    if let Some(serial) = image.serial_number() {
        secrets.insert("csn".to_owned(), serial.to_vec());
    }
    secrets
}

/// The texts of a document of `read`: names, numbers, days.
pub(crate) fn of_document(document: &Value) -> Secrets {
    let mut secrets = Secrets::new();
    let mut texts = Vec::new();
    for section in ["identity", "birth_certificate", "postal"] {
        collect(&document[section], &mut texts);
    }
    collect(&document["dates"]["issued"], &mut texts);
    collect(&document["dates"]["expires"], &mut texts);
    collect(&document["card"]["crn"], &mut texts);
    for text in texts.iter().filter(|text| text.chars().count() >= 4) {
        for (form, bytes) in encodings(text) {
            secrets.insert(format!("{text} in {form}"), bytes);
        }
        for hash in HashAlgorithm::ALL {
            secrets.insert(format!("{hash} of {text}"), hash.digest(text.as_bytes()));
        }
    }
    if let Some(csn) = document["card"]["csn"].as_str() {
        secrets.insert("csn".to_owned(), hex::decode(csn).unwrap());
    }
    secrets
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Object(parts) => {
            let told = |key: &str| !["status", "source", "gender", "warnings"].contains(&key);
            parts.iter().filter(|(key, _)| told(key)).for_each(|(_, part)| collect(part, texts));
        }
        _ => {}
    }
}

fn encodings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut forms = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
    ];
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    if digits.len() >= 6 && text.chars().all(|c| c.is_ascii_digit() || c == '-') {
        let packed = digits.chunks(2).map(|pair| (pair[0] - b'0') << 4 | pair.get(1).map_or(0, |low| low - b'0'));
        forms.push(("BCD", packed.collect()));
        let utf16 = digits.iter().flat_map(|digit| [0, *digit]).collect();
        forms.extend([("UTF-16 of its digits", utf16), ("its digits", digits)]);
    }
    forms
}

fn is_authority(content: &[u8]) -> bool {
    idcard_crypto::Certificate::from_card(content).is_ok_and(|certificate| certificate.is_ca())
}

fn trimmed(content: &[u8]) -> &[u8] {
    match idcard_crypto::certificate::der_length(content) {
        Ok(length) => &content[..length],
        Err(_) => content,
    }
}

fn certificate(path: &str, der: &[u8], secrets: &mut Secrets) {
    let Ok(certificate) = idcard_crypto::Certificate::from_der(der) else { return };
    let signature = certificate.parsed().signature().as_bytes().unwrap();
    secrets.insert(format!("signature of {path}"), signature.to_vec());
    secrets.insert(format!("serial number of {path}"), hex::decode(certificate.serial()).unwrap());
    let key = certificate.spki_der();
    // The middle of a point or a modulus: neither algorithm nor exponent.
    secrets.insert(format!("key of {path}"), key[key.len() - 40..key.len() - 8].to_vec());
    secrets.insert(format!("fingerprint of the key of {path}"), HashAlgorithm::Sha256.digest(key));
    if let Some(identifier) = certificate.subject_key_id() {
        secrets.insert(format!("key identifier of {path}"), hex::decode(identifier.replace(':', "")).unwrap());
    }
    for text in [certificate.given_name(), certificate.surname(), certificate.crn()].into_iter().flatten() {
        for (form, bytes) in encodings(text) {
            secrets.insert(format!("{text} of {path} in {form}"), bytes);
        }
    }
}

/// Which of the secrets a file holds: in the bytes of its answers and commands, in its text as it is, as hex, as base64.
pub(crate) fn found(secrets: &Secrets, file: &str) -> Vec<String> {
    let bytes = |sign: char| -> String {
        let lines = file.lines().filter_map(|line| line.strip_prefix(sign));
        hex::encode_upper(lines.flat_map(|line| without_status(sign, line)).collect::<Vec<u8>>())
    };
    let squeezed: String = file.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let conversation = [bytes('<'), bytes('>')];
    let aligned = |haystack: &String, digits: &str| haystack.match_indices(digits).any(|(at, _)| at % 2 == 0);
    let mut found = Vec::new();
    for (name, secret) in secrets.iter().filter(|(_, secret)| secret.len() >= 4) {
        let digits = hex::encode_upper(secret);
        let in_bytes = conversation.iter().any(|haystack| aligned(haystack, &digits));
        let in_hex = secret.len() >= 6 && squeezed.contains(&digits);
        let in_text = std::str::from_utf8(secret).is_ok_and(|text| stands_in(file, text));
        let in_base64 = base64(secret).iter().any(|text| text.len() >= 6 && file.contains(text.as_str()));
        if in_bytes || in_hex || in_text || in_base64 {
            found.push(name.clone());
        }
    }
    found
}

/// A few digits also come up by chance within a hash or a pseudonym: those count as a word of their own.
fn stands_in(file: &str, text: &str) -> bool {
    let in_a_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_hexdigit());
    file.match_indices(text).any(|(at, _)| {
        let (before, after) = (file[..at].chars().next_back(), file[at + text.len()..].chars().next());
        text.len() >= 6 || !in_a_word(before) && !in_a_word(after)
    })
}

fn without_status(sign: char, line: &str) -> Vec<u8> {
    let words = line.split_whitespace().take_while(|word| !word.starts_with(['@', '#']));
    let mut bytes: Vec<u8> = words.map(|word| u8::from_str_radix(word, 16).unwrap_or(0)).collect();
    if sign == '<' {
        bytes.truncate(bytes.len().saturating_sub(2));
    }
    bytes
}

/// The three ways in which bytes can stand inside of base64, without the characters that hang together with what is around.
fn base64(secret: &[u8]) -> Vec<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encode = |skip: usize| {
        let bits: Vec<u8> =
            secret[skip..].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        let whole = bits.chunks_exact(6).map(|six| six.iter().fold(0usize, |sum, bit| sum << 1 | usize::from(*bit)));
        whole.map(|index| char::from(ALPHABET[index])).collect::<String>()
    };
    (0..3).map(encode).collect()
}

#[test]
fn the_search_finds_what_is_there() {
    let secrets = Secrets::from([("name".to_owned(), "نمونه".as_bytes().to_vec())]);
    for text in [
        "# نمونه",
        "< D9 86 D9 85 D9 88 D9 86 D9 87 90 00",
        "# d986d985d988d986d987",
        "# 2YbZhdmI2YbZhw==",
        "< D9 86 D9 85 90 00 @1ms\n> 00 B0 00 00\n< D9 88 D9 86 D9 87 90 00",
    ] {
        assert_eq!(found(&secrets, text), ["name"], "{text}");
    }
    assert!(found(&secrets, "< D9 86 D9 85 90 00").is_empty());
}
