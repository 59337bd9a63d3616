//! No PIN, PUK or key in anything that the program leaves behind: output, log, trace, files; searched for in every encoding.

use super::SIGN;
use crate::desk::Desk;
use idcard_core::secure::{CardChallenge, KeyError, LongTermKeys, SessionKeys, TerminalKeys};
use idcard_core::transport::record::Record;
use idcard_core::{Card, LastTry, PinKind};
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

pub(crate) const ID: &str = "73195286";
pub(crate) const NEW: &str = "80516247";
pub(crate) const SIGNING: &str = "61728394";
pub(crate) const PUK: &str = "94627153";
pub(crate) const KENC: &str = "9F8E7D6C5B4A39281706F5E4D3C2B1A0";
pub(crate) const KMAC: &str = "C7B6A59483726150E1F2031425364758";

/// A card whose secrets occur nowhere by accident, sealed or not.
pub(crate) fn card(desk: &Desk, sealed: bool) -> String {
    let channel = format!(
        "sealed = [\"mpcos:3F00/0200/0201\", \"mpcos:3F00/0200/0202\", \"mpcos:3F00/0200/0203\", \"mpcos:3F00/0200/0205\"]\n\
         [channel]\napplet = \"classic\"\nreference = \"01\"\nkenc = \"{KENC}\"\nkmac = \"{KMAC}\"\nsn_ifd = \"AABBCCDD44668877\""
    );
    desk.write(
        "card.toml",
        format!(
            r#"name = "secretive"
title = "the specimen with secrets of its own"
base = "specimen"
{}
[[applet]]
name = "mpcos"
pin = [
    {{ name = "id-0200", references = ["00"], folder = "0200", value = "{ID}", tries = 3, digits = [4, 8], puk = "puk-0200" }},
    {{ name = "id-0500", references = ["00"], folder = "0500", value = "{ID}", tries = 3, digits = [4, 8], puk = "puk-0500" }},
]
puk = [
    {{ name = "puk-0200", value = "{PUK}", tries = 10 }},
    {{ name = "puk-0500", value = "{PUK}", tries = 10 }},
]
[[applet]]
name = "classic"
pin = [
    {{ name = "id-81", references = ["81"], value = "{ID}", tries = 3, digits = [4, 8], puk = "puk-83" }},
    {{ name = "sign", references = ["82"], folder = "5100", value = "{SIGNING}", tries = 3, digits = [6, 8], puk = "puk-83", spent_by_signature = true }},
]
puk = [{{ name = "puk-83", reference = "83", value = "{PUK}", tries = 10 }}]
"#,
            if sealed { &channel } else { "" }
        )
        .as_bytes(),
    );
    format!("sim:{}", desk.arg("card.toml"))
}

/// The keys of its channel, as a file of `--terminal-keys` has them.
pub(crate) fn keys() -> String {
    format!(r#"{{"kenc":"{KENC}","kmac":"{KMAC}","sn_ifd":"AABBCCDD44668877","key_ref":1}}"#)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = |part: &[u8]| {
        let number = part.iter().chain(&[0; 3]).take(3).fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
        let digit = move |at: usize| char::from(DIGITS[number >> (18 - 6 * at) & 63]);
        let there = part.len() + 1;
        (0..4).map(move |at| if at < there { digit(at) } else { '=' })
    };
    bytes.chunks(3).flat_map(digits).collect()
}

/// Bytes as programs show them: raw, hex in both cases and with every customary divider, decimal lists, base64, UTF-16.
pub(crate) fn shown(bytes: &[u8]) -> Vec<Vec<u8>> {
    let hex = |divider: &str| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(divider);
    let mut texts: Vec<String> = ["", " ", ":", "-", ", ", ", 0x", "\\x"].iter().map(|divider| hex(divider)).collect();
    texts.extend(texts.clone().iter().map(|text| text.to_lowercase()));
    texts.push(bytes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    texts.push(base64(bytes));
    // Wherever it stands among other bytes, base64 shows one of three middles.
    for shift in 1..3 {
        let text = base64(&[&vec![0; shift][..], bytes].concat());
        texts.push(text[shift + 1..(shift + bytes.len()) * 8 / 6].to_owned());
    }
    texts.retain(|text| text.len() > 5);
    let wide = |text: &String| {
        [
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>(),
        ]
    };
    let mut found: Vec<Vec<u8>> = texts.iter().flat_map(wide).collect();
    found.extend(texts.into_iter().map(String::into_bytes));
    found.push(bytes.to_vec());
    found
}

/// A PIN in all its forms: ASCII, packed, its nibbles swapped, in digits of other scripts.
fn pin_forms(pin: &str) -> Vec<Vec<u8>> {
    let digits: Vec<u8> = pin.bytes().map(|digit| digit & 0x0F).collect();
    let packed: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let swapped: Vec<u8> = digits.chunks(2).map(|pair| pair[1] << 4 | pair[0]).collect();
    let persian: String = digits.iter().map(|digit| char::from_u32(0x06F0 + u32::from(*digit)).unwrap()).collect();
    [pin.as_bytes(), &packed, &swapped, persian.as_bytes(), &digits].into_iter().flat_map(shown).collect()
}

fn key_forms(key: &str) -> Vec<Vec<u8>> {
    let bytes: Vec<u8> =
        (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).unwrap()).collect();
    [&bytes[..], &bytes[..8], &bytes[8..]].into_iter().flat_map(shown).collect()
}

fn secrets() -> Search {
    let pins = [ID, NEW, SIGNING, PUK].into_iter().flat_map(pin_forms);
    Search::of(pins.chain([KENC, KMAC].into_iter().flat_map(key_forms)))
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|part| part == needle)
}

/// Secrets by their first four bytes, so that a text is gone through once, and quickly where no secret begins.
pub(crate) struct Search {
    begins: Vec<bool>,
    secrets: HashMap<[u8; 4], Vec<Vec<u8>>>,
}

fn beginning(first: &[u8]) -> usize {
    usize::from(first[0]) << 8 | usize::from(first[1])
}

impl Search {
    pub(crate) fn of(secrets: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut by_beginning: HashMap<[u8; 4], Vec<Vec<u8>>> = HashMap::new();
        let mut begins = vec![false; 1 << 16];
        for secret in secrets {
            begins[beginning(&secret)] = true;
            by_beginning.entry(*secret.first_chunk().unwrap()).or_default().push(secret);
        }
        Self { begins, secrets: by_beginning }
    }

    pub(crate) fn find(&self, text: &[u8]) -> Option<&[u8]> {
        let places = text.windows(4).enumerate().filter(|(_, first)| self.begins[beginning(first)]);
        places.into_iter().find_map(|(at, first)| {
            let known = self.secrets.get(first)?;
            known.iter().find(|secret| text[at..].starts_with(secret)).map(Vec::as_slice)
        })
    }

    #[track_caller]
    pub(crate) fn finds_nothing(&self, what: &str, text: &[u8]) {
        if let Some(secret) = self.find(text) {
            panic!("{what} holds {:?}", String::from_utf8_lossy(secret));
        }
    }
}

#[test]
fn the_search_finds_what_is_there() {
    for text in [
        "73195286",
        "7319 5286 73 19 52 86",
        "37 33 31 39 35 32 38 36",
        "NzMxOTUyODY=",
        "۷۳۱۹۵۲۸۶",
        "55, 51, 49, 57, 53, 50, 56, 54",
    ] {
        assert!(pin_forms(ID).iter().any(|form| holds(text.as_bytes(), form)), "{text}");
    }
    let wide: Vec<u8> = ID.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(pin_forms(ID).iter().any(|form| holds(&wide, form)));
    let within = base64(format!("x{ID}yz").as_bytes());
    assert!(pin_forms(ID).iter().any(|form| holds(within.as_bytes(), form)), "{within}");
    assert!(key_forms(KENC).iter().any(|form| holds(b"9f8e7d6c5b4a3928", form)), "half a key");
}

#[test]
fn nothing_that_the_program_leaves_behind_holds_a_secret() {
    let secrets = secrets();
    let runs: &[(&[&str], &[&str])] = &[
        (&["read", "--photo", "out-photo.png", "--raw", "out-raw"], &[ID]),
        (&["read"], &[NEW]),
        (&["pin", "verify", "--pin-kind", "id"], &[ID]),
        (&["pin", "verify", "--pin-kind", "id"], &[NEW]),
        (&["pin", "change", "--pin-kind", "id"], &[ID, NEW]),
        (&["pin", "change", "--pin-kind", "id"], &[NEW, ID]),
        (&["pin", "change", "--pin-kind", "sign"], &[SIGNING, NEW]),
        (&["pin", "unblock", "--pin-kind", "id"], &[PUK, NEW]),
        (&["pin", "unblock", "--pin-kind", "sign"], &[PUK, NEW]),
        (&["pin", "unblock", "--pin-kind", "sign"], &[NEW, PUK]),
        (&["pin", "resume"], &[ID, NEW]),
        (&["sign", "contract", "-o", "out.p7s"], &[SIGNING]),
        (&["sign", "contract", "-o", "out.p7s"], &[ID]),
        (&["pin", "status"], &[]),
    ];
    for sealed in [false, true] {
        for (words, lines) in runs {
            for more in [&["--json"][..], &["--lang", "fa"], &["--lang", "en", "-vvv"]] {
                let desk = Desk::new();
                desk.secret("keys", &keys());
                desk.secret("lines", &lines.join("\n"));
                let card = card(&desk, sealed);
                let mut line = vec!["--card", &card, "--record", "out-trace", "--stats", "-vvv"];
                line.extend(*words);
                line.extend(more);
                if !lines.is_empty() {
                    line.extend(["--pin-file", "lines"]);
                }
                if sealed {
                    line.extend(["--terminal-keys", "keys"]);
                }
                let done = desk.idcard(&line);
                let place = format!("{words:?} {lines:?} {more:?} sealed {sealed}");
                assert!(![1, 2, 16].contains(&done.status), "{place}: {}", done.stderr);
                secrets.finds_nothing(&format!("stdout of {place}"), &done.stdout);
                secrets.finds_nothing(&format!("stderr of {place}"), done.stderr.as_bytes());
                for name in desk.names().into_iter().filter(|name| name.starts_with("out")) {
                    let path = desk.path(&name);
                    let files = if path.is_dir() {
                        std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect()
                    } else {
                        vec![path]
                    };
                    for file in files {
                        secrets
                            .finds_nothing(&format!("{} of {place}", file.display()), &std::fs::read(&file).unwrap());
                    }
                }
            }
        }
    }
}

/// There is no option that takes a PIN, and a process that has terminal keys leaves no core.
#[test]
fn no_argument_takes_a_secret_and_no_core_is_left() {
    let desk = Desk::new();
    for option in ["--pin", "--puk-value", "--new-pin", "--old-pin"] {
        assert_eq!(
            desk.idcard(&["--card", "sim:specimen", "pin", "verify", "--pin-kind", "sign", option, SIGN]).status,
            2
        );
    }
    desk.secret("keys", crate::sealed::KEYS);
    let (card, from) =
        ("sim:specimen-sealed", "ulimit -c >core-limit; tr '\\0' ' ' </proc/$PPID/cmdline >line; cat keys");
    desk.idcard(&["--card", card, "--terminal-keys-from", from, "read", "--fields", "security_object"]).text(0);
    assert_eq!(desk.bytes("core-limit"), b"0\n");
    assert!(!holds(&desk.bytes("line"), b"404142"));
}

/// Keys that remember what they gave, for the search.
struct Remembering(LongTermKeys, Arc<Mutex<Vec<Vec<u8>>>>);

impl TerminalKeys for Remembering {
    fn reference(&self) -> u8 {
        self.0.reference()
    }

    fn authenticate(&mut self, card: &CardChallenge) -> Result<[u8; 72], KeyError> {
        self.0.authenticate(card)
    }

    fn session_keys(&mut self, answer: &[u8; 72]) -> Result<SessionKeys, KeyError> {
        let keys = self.0.session_keys(answer)?;
        self.1.lock().unwrap().extend([keys.encryption.to_vec(), keys.authentication.to_vec()]);
        Ok(keys)
    }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Kept {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.lock().unwrap(), "{}", record.args()).unwrap();
    }

    fn flush(&self) {}
}

#[test]
fn session_keys_are_in_no_trace_and_no_log() {
    let (logged, recorded, given) = (Kept::default(), Kept::default(), Arc::new(Mutex::new(Vec::new())));
    log::set_logger(Box::leak(Box::new(logged.clone()))).expect("no other test of this binary logs");
    log::set_max_level(log::LevelFilter::Trace);
    let record = Record::new(idcard_sim::open("specimen-sealed").unwrap(), recorded.clone());
    let recording = record.recording();
    let mut card = Card::open(record).unwrap();
    let mut session = card.session().unwrap();
    let mut keys = Remembering(crate::sealed::keys(), Arc::clone(&given));
    session.open_channel(&mut keys).unwrap();
    session.verify_pin(PinKind::Id, &super::pin("1234"), LastTry::Refuse).unwrap();
    session.change_pin(PinKind::Id, &super::pin("1234"), &super::pin(NEW), LastTry::Refuse).unwrap();
    session.security_object().unwrap();
    drop(session);
    drop(card);
    recording.finish().unwrap();
    let mut secrets: Vec<Vec<u8>> = given.lock().unwrap().iter().flat_map(|key| shown(key)).collect();
    secrets.extend(pin_forms(NEW));
    let secrets = Search::of(secrets);
    let (log, trace) = (logged.0.lock().unwrap().clone(), recorded.0.lock().unwrap().clone());
    assert!(log.len() > 1000 && trace.len() > 1000);
    secrets.finds_nothing("the log", &log);
    secrets.finds_nothing("the trace", &trace);
}
