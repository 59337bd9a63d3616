//! The secrets of the matrix, and the search for them in everything that a run leaves behind.

use super::contract::Run;

/// The PIN of every PIN object here: no other bytes of the card, of a command line or of a number look like it.
pub(super) const PIN: &str = "73195286";
/// The PIN that takes its place.
pub(super) const NEW: &str = "80516247";
/// The PUK of all of them.
pub(super) const PUK: &str = "94627153";
/// The keys of the sealed specimen (`specimen.md` 2.1).
pub(super) const KEYS: [&str; 2] = ["404142434445464748494A4B4C4D4E4F", "505152535455565758595A5B5C5D5E5F"];

/// 9: no PIN, no PUK, no key in stdout, in the log, in the trace, in a file.
pub(super) fn are_kept(run: &Run) {
    let played = &run.played;
    let own = [("stdout", &played.stdout[..]), ("stderr", played.stderr.as_bytes()), ("the trace", &run.trace[..])];
    let files = run.files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..]));
    for (place, bytes) in own.into_iter().chain(files) {
        if let Some(form) = found(bytes) {
            panic!("{place} holds {form}");
        }
    }
}

/// The first secret that is there, in the form in which it is.
fn found(bytes: &[u8]) -> Option<String> {
    let pins = [PIN, NEW, PUK].into_iter().flat_map(|pin| forms(pin.as_bytes()).into_iter().chain([pin.to_owned()]));
    let keys = KEYS.into_iter().flat_map(|key| forms(&hex::decode(key).unwrap()));
    pins.chain(keys).find(|form| memchr::memmem::find(bytes, form.as_bytes()).is_some())
}

/// Bytes as programs show them: hex with and without blanks, in both cases, and base64 by what it shows of them wherever
/// they begin.
fn forms(bytes: &[u8]) -> Vec<String> {
    let spaced: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut forms = vec![spaced.concat(), spaced.join(" ")];
    forms.extend(forms.clone().iter().map(|form| form.to_lowercase()));
    for before in 0..3 {
        let text = base64(&[&vec![0; before][..], bytes].concat());
        // The digits that no byte before or behind has a part in.
        forms.push(text[(before * 8).div_ceil(6)..(before + bytes.len()) * 8 / 6].to_owned());
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |part: &[u8]| {
        let number = part.iter().chain(&[0; 3]).take(3).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        (0..4).map(move |at| char::from(DIGITS[number >> (18 - 6 * at) & 63]))
    };
    bytes.chunks(3).flat_map(digits).collect()
}

#[test]
fn what_is_there_is_found() {
    for text in [
        "pin 73195286.",
        "> 00 20 00 82 08 37 33 31 39 35 32 38 36",
        "00200082083733313935323836",
        "\"NzMxOTUyODY=\"",
        "eDgwNTE2MjQ3",
        "keys: 40 41 42 43 44 45 46 47 48 49 4A 4B 4C 4D 4E 4F",
        "505152535455565758595a5b5c5d5e5f",
    ] {
        assert!(found(text.as_bytes()).is_some(), "{text}");
    }
    assert_eq!(found(b"7319528 and 00 20 00 82 08 ** ** **"), None);
}
