//! Cards that lie, break off or are taken away while they sign: no false signature, no second try of a PIN.

use crate::desk::Desk;
use crate::read::pins::presentations;
use idcard_sim::Fault;

/// Every exit but those of a crash, of files and of verdicts (`cli.md` 5).
const EXITS: [i32; 12] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18];

#[test]
fn every_fault_of_the_catalogue_ends_in_order() {
    for image in ["specimen", "specimen-p256"] {
        for (fault, what) in Fault::all() {
            let desk = Desk::new();
            let card = format!("sim:{image}+fault={fault}");
            let words = ["--card", &card, "--record", "trace.apdu", "sign", "contract", "--pin-file", "pin", "--json"];
            let done = desk.idcard(&words);
            let trace = desk.path("trace.apdu");
            assert!(!trace.exists() || presentations(&trace) <= 1, "{image} {fault} ({what})");
            match done.status {
                0 => {
                    done.document(0);
                    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
                }
                // A fault that this card cannot have.
                2 => assert!(done.error(2)["message"].as_str().unwrap().contains("does not fit"), "{image} {fault}"),
                status => {
                    assert!(EXITS.contains(&status), "{image} {fault} ({what}): {status} {}", done.stderr);
                    done.error(status);
                    assert!(!desk.path("contract.p7s").exists(), "{image} {fault} ({what})");
                }
            }
        }
    }
}

#[test]
fn trouble_after_the_pin_never_sends_it_again() {
    // The exchanges from the second session on: serial number (2), AID, DF, status, VERIFY, MSE, HASH, signature.
    let desk = Desk::new();
    let words = ["--card", "sim:specimen", "--record", "trace.apdu", "sign", "contract", "--pin-file", "pin"];
    desk.idcard(&words).text(0);
    let text = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    let whole = text.lines().filter(|line| line.starts_with("> ")).count();
    for (fault, status) in [
        ("removed", 5),
        ("reset", 11),
        ("comm-error", 12),
        ("silence", 10),
        ("changed", 12),
        ("reader-unavailable", 12),
    ] {
        for exchange in 0..whole {
            let desk = Desk::new();
            let card = format!("sim:specimen+fault={fault}@{exchange}");
            let words = ["--card", &card, "--record", "trace.apdu", "sign", "contract", "--pin-file", "pin", "--json"];
            let done = desk.idcard(&words);
            assert!(presentations(&desk.path("trace.apdu")) <= 1, "{fault}@{exchange}");
            if done.status == 0 {
                // What goes before the PIN may be done once more.
                desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
                assert!(exchange + 4 < whole, "{fault}@{exchange} was not noticed");
                continue;
            }
            assert_eq!(done.status, status, "{fault}@{exchange}: {}", done.stderr);
            done.error(status);
            assert!(!desk.path("contract.p7s").exists(), "{fault}@{exchange}");
        }
    }
}

#[test]
fn another_card_in_the_reader_gets_no_pin() {
    let desk = Desk::new();
    let words =
        ["--card", "sim:specimen+fault=C-52", "--record", "trace.apdu", "sign", "contract", "--pin-file", "pin"];
    let error = desk.idcard(&[&words[..], &["--json"]].concat()).error(12);
    assert_eq!(error["kind"], "card_changed");
    assert_eq!(presentations(&desk.path("trace.apdu")), 0);
}
