//! Where signatures go, what is left behind, and what `sign` refuses before a card is touched.

use crate::desk::{DOCUMENT, Desk, SIGN_PIN};

#[test]
fn signatures_go_where_they_are_sent() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("out")).unwrap();
    desk.write("second", b"2");
    desk.sign("sim:specimen", &["contract", "second", "-o", "out"]).text(0);
    assert!(desk.path("out/contract.p7s").exists() && desk.path("out/second.p7s").exists());
    desk.sign("sim:specimen", &["contract", "-o", "named.p7s"]).text(0);
    let piped = desk.sign("sim:specimen", &["contract", "-o", "-"]);
    assert_eq!(piped.status, 0);
    desk.write("piped.p7s", &piped.stdout);
    for signature in ["out/contract.p7s", "named.p7s", "piped.p7s"] {
        desk.idcard(&["verify", "contract", "--signature", signature, "--ca", "root.pem"]).text(0);
    }
}

#[test]
fn a_document_may_come_from_stdin() {
    let desk = Desk::new();
    let text = std::str::from_utf8(b"from a pipe").unwrap();
    for (words, attached) in [(&["-"][..], false), (&["-", "--attached"], true), (&["/dev/stdin", "--attached"], true)]
    {
        let words = [&["--card", "sim:specimen", "sign", "--pin-file", "pin"], words].concat();
        let made = desk.prepare(&words).with_stdin(text).run();
        assert_eq!(made.status, 0, "{}", made.stderr);
        desk.write("signature", &made.stdout);
        if attached {
            let shown = desk.idcard(&["verify", "signature", "--ca", "root.pem", "-o", "-"]);
            assert_eq!((shown.status, shown.stdout.as_slice()), (0, text.as_bytes()));
        } else {
            let words = ["verify", "-", "--signature", "signature", "--ca", "root.pem"];
            desk.prepare(&words).with_stdin(text).run().text(0);
            desk.prepare(&words).with_stdin("other").run().text(14);
        }
    }
}

#[test]
fn document_and_pin_do_not_share_stdin() {
    let desk = Desk::new();
    for file in ["-", "/dev/stdin"] {
        let words = ["--card", "sim:specimen", "sign", file, "-o", "x", "--pin-fd", "0", "--json"];
        assert_eq!(desk.prepare(&words).with_stdin(SIGN_PIN).run().error(2)["kind"], "usage");
    }
    assert!(!desk.path("x").exists());
}

#[test]
fn what_cannot_be_done_is_said_before_the_card_is_touched() {
    let desk = Desk::new();
    desk.write("second", b"2");
    std::fs::create_dir(desk.path("folder")).unwrap();
    std::os::unix::fs::symlink("elsewhere", desk.path("link")).unwrap();
    let refused: [(&[&str], i32); 13] = [
        (&["contract", "second", "-o", "one.p7s"], 2),
        (&["contract", "second", "-o", "-"], 2),
        (&["contract", "contract"], 2),
        (&["contract", "-o", "contract"], 2),
        (&["second", "contract", "-o", "./second"], 2),
        (&["-", "-"], 2),
        (&["contract", "--type", "raw", "--attached"], 2),
        (&["contract", "--type", "raw", "--pem"], 2),
        (&["absent"], 16),
        (&["folder"], 16),
        (&["contract", "-o", "link"], 16),
        (&["contract", "-o", "nowhere/x.p7s"], 16),
        (&["contract", "-o", "-", "--json"], 2),
    ];
    for (words, status) in refused {
        let before = desk.names();
        let run = desk
            .idcard(&[&["--card", "sim:specimen", "--record", "trace", "sign", "--pin-file", "pin"], words].concat());
        run.text(status);
        assert_eq!(desk.names(), before, "{words:?}: nothing is made, no link was opened");
    }
    assert_eq!(desk.bytes("contract"), DOCUMENT);
}

#[test]
fn a_pin_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    std::fs::set_permissions(desk.path("pin"), std::fs::Permissions::from_mode(0o640)).unwrap();
    desk.sign("sim:specimen", &["contract"]).text(16);
}

#[test]
fn the_list_is_shown_before_the_pin_goes_out() {
    let desk = Desk::new();
    let wrong = desk.prepare(&["--card", "sim:specimen", "sign", "contract", "--pin-fd", "0"]);
    let wrong = wrong.with_stdin("654321\n").run();
    wrong.text(8);
    let digest = String::from_utf8(desk.openssl_agrees(&["dgst", "-sha256", "-r", "contract"])).unwrap();
    let digest = digest.split_whitespace().next().unwrap();
    assert!(wrong.stderr.contains(&format!("contract: {digest}")), "{}", wrong.stderr);
    assert!(wrong.stderr.contains("SPECIMEN") && wrong.stderr.contains("0003141594 - SIG"), "{}", wrong.stderr);
}

#[test]
fn a_signature_replaces_an_older_one_whole() {
    let desk = Desk::new();
    desk.write("contract.p7s", &vec![b'x'; 100_000]);
    desk.sign("sim:specimen", &["contract"]).text(0);
    assert!(desk.bytes("contract.p7s").len() < 4096);
    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
}

#[test]
fn an_empty_document_is_a_document() {
    let desk = Desk::new();
    desk.write("empty", b"");
    desk.sign("sim:specimen-p256", &["empty"]).text(0);
    desk.sign("sim:specimen-p256", &["empty", "--attached", "-o", "empty.p7m"]).text(0);
    desk.idcard(&["verify", "empty", "--ca", "root.pem"]).text(0);
    desk.idcard(&["verify", "empty.p7m", "--ca", "root.pem"]).text(0);
}

#[test]
fn a_document_that_changes_meanwhile_is_not_signed() {
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};
    let desk = Desk::new();
    let done = AtomicBool::new(false);
    let mut growing = std::fs::OpenOptions::new().append(true).open(desk.path("contract")).unwrap();
    growing.write_all(&vec![b'x'; 16 << 20]).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                growing.write_all(b"x").unwrap();
            }
        });
        for words in [&["contract", "--json"][..], &["contract", "--attached", "--json"]] {
            let error = desk.sign("sim:specimen", words);
            assert_eq!((error.status, desk.path("contract.p7s").exists()), (16, false), "{}", error.stderr);
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// A long document is copied while it is hashed; what comes out is the same as of a short one.
#[test]
fn a_long_document_is_signed_in_one_reading() {
    let desk = Desk::new();
    desk.write("long", &vec![b'l'; 9 << 20]);
    for card in ["sim:specimen", "sim:specimen-p256"] {
        desk.sign(card, &["long", "--attached", "-o", "long.p7m"]).text(0);
        desk.idcard(&["verify", "long.p7m", "--ca", "root.pem", "-o", "content"]).text(0);
        assert!(desk.bytes("content") == desk.bytes("long"));
        let judge = ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "long.p7m", "-CAfile", "root.pem"];
        assert!(desk.openssl_agrees(&[&judge[..], &["-purpose", "any"]].concat()) == desk.bytes("long"));
    }
    // A wrong PIN leaves no copy behind.
    let before = desk.names();
    let wrong = ["--card", "sim:specimen", "sign", "long", "--attached", "-o", "new.p7m", "--pin-fd", "0"];
    desk.prepare(&wrong).with_stdin("654321\n").run().text(8);
    assert_eq!(desk.names(), before);
}
