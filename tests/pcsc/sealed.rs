//! The sealed specimen behind a real PC/SC service: read whole with the keys, in as few exchanges as inside the process.

use super::Lab;
use crate::sealed::{KEYS, counts};
use std::path::Path;

fn secret(path: &Path, text: &str) -> String {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_sealed_specimen_is_read_whole_through_a_reader() {
    let mut lab = Lab::start();
    lab.insert("specimen-sealed");
    let (pin, keys) = (secret(&lab.path("pin"), "1234\n"), secret(&lab.path("keys"), KEYS));
    let done = lab.idcard(["read", "--json", "--stats", "--pin-file", &pin, "--terminal-keys", &keys]);
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let document: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    for section in ["identity", "birth_certificate", "postal", "photo", "fingerprints", "dates", "security_object"] {
        assert_eq!(document[section]["status"], "read", "{section}");
    }
    assert_eq!(document["identity"]["national_number"], "0001234560");
    let stats: serde_json::Value =
        serde_json::from_str(String::from_utf8(done.stderr).unwrap().lines().last().unwrap()).unwrap();
    let spent = usize::try_from(stats["apdus"].as_u64().unwrap()).unwrap();
    let minimum = counts::minimum();
    assert!((minimum..=minimum + 2).contains(&spent), "{spent} spent, {minimum} needed");
}

#[test]
fn pins_are_changed_and_unblocked_through_a_reader() {
    let mut lab = Lab::start();
    let keys = secret(&lab.path("keys"), KEYS);
    for (image, more) in
        [("specimen", vec![]), ("specimen-t0", vec![]), ("specimen-sealed", vec!["--terminal-keys", &keys])]
    {
        lab.insert(image);
        let run = |operation: &str, secrets: &str, status: i32| {
            let file = secret(&lab.path("secrets"), secrets);
            let mut words = vec!["pin", operation, "--pin-kind", "id", "--pin-file", &file];
            words.extend(&more);
            let done = lab.idcard(words);
            assert_eq!(done.status.code(), Some(status), "{image} {operation}: {done:?}");
        };
        run("change", "1234\n80516\n", 0);
        run("verify", "1234\n", 8);
        run("verify", "80516\n", 0);
        run("unblock", "87654321\n7319\n", 0);
        run("verify", "7319\n", 0);
        let status = lab.idcard(["pin", "status", "--json"]);
        let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
        assert_eq!(status["journal"]["in_step"], true, "{image}");
        assert!(status["pins"].as_array().unwrap().iter().all(|pin| pin["tries_left"] == 3), "{image}: {status}");
        lab.remove();
    }
}
