//! Memory: what a whole run of a program does in the module, looked at by valgrind.

use super::{Bench, ID_PIN, said};

/// A program without faults of its own in such a run: whatever valgrind finds with the module in its way is the module's.
fn looked_at(bench: &Bench, words: &[&str]) -> String {
    let options = ["--leak-check=full", "--show-leak-kinds=definite", "--num-callers=40", "--log-file=found"];
    let mut program = bench.command("valgrind");
    program.args(options).arg("p11tool").args(["--provider", &bench.module]).args(words).env("GNUTLS_PIN", ID_PIN);
    let output = program.output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let found = std::fs::read_to_string(bench.lab.path("found")).unwrap();
    assert!(found.contains("ERROR SUMMARY"), "{found}");
    // Each finding is a block of lines, with an empty one behind it.
    let blocks = found.split("== \n").filter(|block| block.contains("    at 0x") && block.contains("idcard_"));
    let blocks: Vec<_> = blocks.collect();
    assert!(blocks.is_empty(), "{}", blocks.join("\n"));
    said(&output)
}

#[test]
fn valgrind_finds_nothing_in_the_module() {
    let bench = Bench::with("specimen");
    let key = "pkcs11:token=SPECIMEN%20ID%20card%20%28identity%29;object=Authentication%20key;type=private";
    assert_eq!(looked_at(&bench, &["--list-token-urls"]).matches("SPECIMEN").count(), 2);
    assert!(
        looked_at(&bench, &["--login", "--test-sign", key]).contains("Verifying against public key in the token... ok")
    );
}
