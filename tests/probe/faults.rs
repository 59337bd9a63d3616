//! Surveys of cards that are none of ours, lie, or break off.

use super::probe;
use idcard_sim::Fault;
use serde_json::Value;

#[test]
fn a_foreign_card_is_left_at_once() {
    for fault in ["C-47", "C-47b", "C-47c"] {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("foreign.apdu");
        let done = probe(&format!("sim:specimen+fault={fault}"), &["--record", trace.to_str().unwrap()]);
        let error = done.error(7);
        assert_eq!(error["kind"], "unknown_card", "{fault}");
        let sent = std::fs::read_to_string(trace).unwrap().lines().filter(|line| line.starts_with('>')).count();
        assert!((1..=4).contains(&sent), "{fault}: {sent} exchanges");
    }
}

#[test]
fn every_fault_of_the_catalogue_ends_in_order() {
    for (name, what) in Fault::all() {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("a.apdu");
        let source = format!("sim:specimen+fault={name}");
        let done = probe(&source, &["--timeout", "2", "--record", trace.to_str().unwrap()]);
        if let Ok(text) = std::fs::read_to_string(&trace) {
            let sent: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
            assert!(sent.len() <= 4_096, "{name}");
            for line in sent {
                let presents = line.starts_with("00 20 ") && line.len() > "00 20 00 81".len();
                let header = ["00 A4", "00 B0", "00 CA", "80 CA", "00 C0", "80 C0 02 05", "00 20 00"];
                assert!(!presents && header.iter().any(|known| line.starts_with(known)), "{name} ({what}): {line}");
            }
        }
        if done.stdout.is_empty() {
            let status = done.status;
            assert!([3, 4, 5, 6, 7, 10, 12].contains(&status), "{name} ({what}): {status} {}", done.stderr);
            let error: Value = serde_json::from_str(&done.stderr).unwrap_or_else(|_| panic!("{name}: {}", done.stderr));
            assert_eq!(error["error"]["exit"], status, "{name}");
        } else {
            done.document(0);
        }
    }
}

#[test]
fn a_card_that_counts_bytes_is_noticed() {
    // C-21 of the catalogue: offsets of the MPCOS applet in bytes.
    let counts = Fault::all().find(|(_, what)| what.contains("offsets") && what.contains("bytes"));
    let Some((name, _)) = counts else { panic!("the catalogue has such a card") };
    let document = probe(&format!("sim:specimen+fault={name}"), &[]).document(0);
    let units = document["findings"].as_array().unwrap().iter().filter(|finding| finding["subject"] == "offset_unit");
    assert!(units.clone().any(|finding| finding["verdict"] == "differed"), "{name}: {document:#}");
}
