//! What each command sends, card by card: the minimum that follows from the image, and no more than the goals allow.
//!
//! A whole reading has its own tests in `read/exchanges.rs`, the secure channel in `sealed/counts.rs`.

use crate::desk::Desk;
use crate::program::{Done, idcard};
use idcard_core::transport::Protocol;
use idcard_sim::Image;

/// The cards with every key and certificate.
const CARDS: [&str; 3] = ["specimen", "specimen-p256", "specimen-t0"];
/// The certificates of `specimen.md` 2: slot, folder, file.
const SLOTS: [(&str, &str); 3] = [("sign", "3F00/5100/5040"), ("auth", "3F00/5000/0303"), ("ca", "3F00/5000/5040")];

fn run(card: &str, words: &[&str]) -> Done {
    let source = format!("sim:{card}");
    idcard(["--card", &source, "--json", "--stats"].into_iter().chain(words.iter().copied())).run()
}

/// Commands and bytes of both directions.
fn spent(done: &Done) -> (usize, usize) {
    let stats = done.stats();
    let number = |key: &str| usize::try_from(stats[key].as_u64().unwrap()).unwrap();
    (number("apdus"), number("command_bytes") + number("response_bytes"))
}

/// The length of the certificate that begins a file: two bytes of length behind tag and form.
fn certificate(image: &Image, path: &str) -> usize {
    let content = &image.file("classic", path).unwrap().content;
    assert_eq!(content[..2], [0x30, 0x82]);
    4 + usize::from(u16::from_be_bytes([content[2], content[3]]))
}

/// READ BINARY for that many bytes: two bytes of Le where the card has them, else 256 (T=0) or 252 (T=1).
fn reads(image: &Image, length: usize) -> usize {
    match (image.contact.protocol, image.contact.extended) {
        (Protocol::T1, true) => 1,
        (Protocol::T1, false) => length.div_ceil(252),
        (Protocol::T0, _) => length.div_ceil(256),
    }
}

#[test]
fn a_certificate_costs_its_three_selections_and_its_length() {
    for card in CARDS {
        let image = Image::builtin(card).unwrap();
        for (slot, path) in SLOTS {
            let length = certificate(&image, path);
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path().join("certificate.der");
            let (exchanges, bytes) =
                spent(&run(card, &["cert", "export", "--slot", slot, "-o", out.to_str().unwrap()]));
            let minimum = 3 + reads(&image, length);
            assert_eq!(exchanges, minimum, "{card} {slot}: SELECT of applet, DF and EF, then the file");
            // SELECT takes 19, 9 and 9 bytes with its answer; READ BINARY 5 or 7 and a status word. An Le of two bytes
            // brings what stands behind the certificate, too: that is less than another exchange costs.
            let file = image.file("classic", path).unwrap().content.len();
            let brought = if image.contact.extended { file } else { length };
            let most = brought + 9 * reads(&image, length) + 19 + 9 + 9;
            assert!((length..=most).contains(&bytes), "{card} {slot}: {bytes} bytes for {length}");
        }
    }
}

#[test]
fn all_certificates_share_their_selections() {
    for card in CARDS {
        let image = Image::builtin(card).unwrap();
        let each: usize = SLOTS.iter().map(|(_, path)| 1 + reads(&image, certificate(&image, path))).sum();
        let (exchanges, _) = spent(&run(card, &["cert", "list"]));
        assert_eq!(exchanges, 1 + 2 + each, "{card}: one applet, two folders");
    }
}

/// `info`: the PINs of the applet that recognition has selected, the card manager, then MPCOS.
#[test]
fn info_selects_each_applet_once() {
    for card in CARDS {
        let image = Image::builtin(card).unwrap();
        // Classic: SELECT, the state of 81, DF 5100, the state of 82. Card manager: SELECT, two data objects.
        let classic_and_manager = 4 + 3;
        // MPCOS: SELECT, the DFs 0600, 0300, 0500 and 0200 with the MF between two, and in each its EF and one question.
        let mpcos = 1 + 4 + 3 + 4 * 2;
        // On the way from one folder to the next: whether a change of the PIN is unfinished.
        let journal = 2;
        // A file that ends before Le is announced once on T=0: versions and meta data are such files.
        let short = ["3F00/0600/0601", "3F00/0300/0302"].iter().filter(|path| {
            image.contact.protocol == Protocol::T0 && image.file("mpcos", path).unwrap().content.len() < 256
        });
        let (exchanges, _) = spent(&run(card, &["info"]));
        assert_eq!(exchanges, classic_and_manager + mpcos + journal + short.count(), "{card}");
        let document = run(card, &["info"]).document(0);
        let applets = document["applets"].as_array().unwrap();
        assert!(applets.len() == 3 && applets.iter().all(|applet| applet["answers"] == true), "{card}: {applets:?}");
    }
}

/// An applet that was asked for and refused is told so at no second exchange.
#[test]
fn info_asks_only_applets_that_nothing_else_needed() {
    for (card, most) in [("mav2", 25), ("mav4", 23), ("pardis", 3)] {
        let (exchanges, _) = spent(&run(card, &["info"]));
        assert!(exchanges <= most, "{card}: {exchanges}");
    }
}

#[test]
fn a_foreign_card_costs_four_exchanges_at_most() {
    for fault in ["C-47", "C-47b", "C-47c"] {
        for words in [&["info"][..], &["read"], &["cert", "list"], &["pin", "status"]] {
            let done = run(&format!("specimen+fault={fault}"), words);
            assert_eq!(done.status, 7, "{fault} {words:?}");
            let stats = done.stderr.lines().last().unwrap();
            let stats: serde_json::Value = serde_json::from_str(stats).unwrap();
            assert!(stats["apdus"].as_u64().unwrap() <= 4, "{fault} {words:?}: {stats}");
        }
    }
}

/// A signature: applet, DF, status, VERIFY, MSE, hash, signature; around them the certificates and, twice, the serial number.
#[test]
fn signatures_cost_seven_exchanges_between_the_certificates() {
    for card in CARDS {
        let image = Image::builtin(card).unwrap();
        let desk = Desk::new();
        let source = format!("sim:{card}");
        let done = desk.idcard(&["--card", &source, "--stats", "sign", "contract", "--pin-file", "pin"]);
        assert_eq!(done.status, 0, "{}", done.stderr);
        let certificates: usize =
            ["3F00/5100/5040", "3F00/5000/5040"].iter().map(|path| 1 + reads(&image, certificate(&image, path))).sum();
        // The serial number lies in the card manager: SELECT and GET DATA, before the PIN and with it.
        let serial = 2 * 2;
        let (exchanges, _) = spent(&done);
        // Recognition selects Classic, which reading the certificates after the serial number has to do again.
        let minimum = 2 + 2 + certificates + serial + 7;
        assert!((minimum - 2..=minimum + 2).contains(&exchanges), "{card}: {exchanges}, {minimum} needed");
    }
}

/// The files of a whole reading (`specimen.md` 2).
const FILES: [(&str, &[&str]); 2] = [
    ("classic", &["3F00/5100/5040", "3F00/5000/0303", "3F00/5000/5040"]),
    (
        "mpcos",
        &["3F00/0300/0303", "3F00/0200/0201", "3F00/0200/0202", "3F00/0200/0203", "3F00/0200/0204", "3F00/0200/0205"],
    ),
];

#[test]
fn a_reading_takes_three_percent_more_bytes_than_it_brings() {
    for card in CARDS {
        let image = Image::builtin(card).unwrap();
        let desk = Desk::new();
        let source = format!("sim:{card}");
        let words = ["--card", &source, "--stats", "--json", "read", "--pin-file", "id-pin", "--raw", "raw"];
        let done = desk.idcard(&words);
        assert_eq!(done.status, 0, "{}", done.stderr);
        let read =
            std::fs::read_dir(desk.path("raw")).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let read: usize = read.map(|content| content.len()).sum();
        let files = FILES.iter().flat_map(|(applet, paths)| paths.iter().map(move |path| (applet, path)));
        let whole: usize = files.map(|(applet, path)| image.file(applet, path).unwrap().content.len()).sum();
        let brought = if image.contact.extended { whole } else { read };
        let (exchanges, bytes) = spent(&done);
        // Of each exchange 9 bytes are around the data, of the three selections by AID up to 14 more; 100 for data objects.
        let most = (brought + 9 * exchanges + 3 * 14 + 100) * 103 / 100;
        assert!((read..=most).contains(&bytes), "{card}: {bytes} bytes for {brought} in {exchanges} exchanges");
    }
}
