//! What a whole reading sends: the minimum that follows from the files of the image, two exchanges more at most. With a PIN
//! these two go to its journal: a try that an interrupted change would cost is worth more than two exchanges.

use super::read;
use idcard_core::transport::Protocol;
use idcard_sim::Image;

/// The files that the document needs, by applet and path (`specimen.md` section 2, `nid-card.md` 3.1 and 3.3).
const CLASSIC: [&str; 3] = ["3F00/5100/5040", "3F00/5000/0303", "3F00/5000/5040"];
const DATES: &str = "3F00/0300/0303";
const FINGERPRINTS: &str = "3F00/0200/0204";
const SECURITY_OBJECT: &str = "3F00/0200/0205";
const GUARDED: [&str; 3] = ["3F00/0200/0201", "3F00/0200/0202", "3F00/0200/0203"];
/// Three applets; the DFs 5100, 5000, 0300, 0200 and one MF between the last two; GET DATA 9F7F and 0101.
const AROUND: usize = 3 + 4 + 1 + 2;
/// The PIN file, its counter, VERIFY.
const PIN: usize = 3;

/// The length of what a file holds: its data objects in a row, without padding.
fn used(content: &[u8]) -> usize {
    let mut at = 0;
    while at < content.len() && !matches!(content[at], 0x00 | 0xFF) {
        let long_tag = content[at] & 0x1F == 0x1F;
        let length_at = at + 1 + usize::from(long_tag);
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

/// SELECT and READ BINARY for one file.
fn for_file(image: &Image, applet: &str, path: &str) -> usize {
    let file = image.file(applet, path).unwrap_or_else(|| panic!("{path}"));
    let length = used(&file.content);
    let reads = match (image.contact.protocol, image.contact.extended) {
        // Two bytes of Le: the longest object in one answer.
        (Protocol::T1, true) => 1,
        (Protocol::T1, false) => length.div_ceil(252),
        // A file that ends before Le is announced once.
        (Protocol::T0, _) => length.div_ceil(256) + usize::from(file.content.len() < 256),
    };
    1 + reads
}

fn minimum(image: &Image, with_pin: bool) -> usize {
    let guarded: &[&str] = if with_pin { &GUARDED } else { &[] };
    let mpcos = [DATES, FINGERPRINTS, SECURITY_OBJECT].iter().chain(guarded);
    let mpcos: usize = mpcos.map(|path| for_file(image, "mpcos", path)).sum();
    let classic: usize = CLASSIC.iter().map(|path| for_file(image, "classic", path)).sum();
    AROUND + classic + mpcos + if with_pin { PIN } else { 0 }
}

fn spent(card: &str, pin: Option<&str>, status: i32) -> usize {
    let done = read(card, pin, &[]);
    done.document(status);
    usize::try_from(done.stats()["apdus"].as_u64().unwrap()).unwrap()
}

#[test]
fn everything_costs_the_minimum_and_two_more_at_most() {
    for card in ["specimen", "specimen-2", "specimen-p256", "specimen-t0"] {
        let image = Image::builtin(card).unwrap();
        for (pin, status) in [(Some("1234"), 0), (None, 13)] {
            let (minimum, spent) = (minimum(&image, pin.is_some()), spent(card, pin, status));
            assert!((minimum..=minimum + 2).contains(&spent), "{card}: {spent} spent, {minimum} needed");
        }
    }
}

#[test]
fn what_is_not_asked_for_costs_nothing() {
    let spent = |fields: &str, pin| {
        let done = read("specimen", pin, &["--fields", fields]);
        done.document(0);
        done.stats()["apdus"].as_u64().unwrap()
    };
    // SELECT by AID recognises the card in any case.
    assert_eq!(spent("dates", None), 1 + 1 + 1 + 2, "applet, DF, EF, READ");
    assert_eq!(spent("card", None), 1 + 1 + 2, "card manager, two data objects");
    assert_eq!(spent("certificates", None), 1 + 2 + 3 * 2);
    assert_eq!(
        spent("identity", Some("1234")),
        1 + 2 + 1 + 1 + 2 + 3 + 2,
        "with the file that tells of a seal, the journal of the PIN, and the PIN"
    );
}

#[test]
fn the_count_is_that_of_the_link() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("a.apdu");
    let done = read("specimen-t0", Some("1234"), &["--record", trace.to_str().unwrap()]);
    done.document(0);
    let text = std::fs::read_to_string(&trace).unwrap();
    let bytes = |mark: &str| -> (usize, usize) {
        let lines: Vec<_> = text.lines().filter_map(|line| line.strip_prefix(mark)).collect();
        let count = |line: &&str| line.split(['@', '#']).next().unwrap().split_whitespace().count();
        (lines.len(), lines.iter().map(count).sum())
    };
    let stats = done.stats();
    let ((commands, sent), (answers, received)) = (bytes("> "), bytes("< "));
    assert_eq!(commands, answers);
    assert_eq!(stats["apdus"], commands);
    assert_eq!(stats["command_bytes"], sent);
    assert_eq!(stats["response_bytes"], received);
    assert!(stats["link_ms"].as_f64().unwrap() > 500.0, "the modelled time of a line of 250 kbit/s");
    assert!(stats["retries"].as_u64().unwrap() > 0, "short files are announced by 6Cxx");
}
