//! What it costs on the wire that a program loads the module and lists the tokens.

use super::super::STUB;
use super::{Bench, IMAGES};

/// The programs, each as it looks for tokens when it starts.
const LISTINGS: [&str; 4] = [
    "pkcs11-tool --module $M -L",
    "p11tool --provider $M --list-tokens",
    "ssh-keygen -D $M",
    "mkdir db && certutil -N -d sql:db --empty-password && modutil -force -dbdir sql:db -add idcard -libfile $M && modutil -dbdir sql:db -list",
];

#[test]
fn a_card_of_others_is_left_alone_after_four_exchanges() {
    for listing in LISTINGS {
        let mut bench = Bench::without_a_card();
        let mut stub = bench.lab.command("bash");
        stub.args(["-c", STUB, &bench.lab.port_of(0).to_string()]);
        bench.lab.insert_peer(0, stub);
        let told = super::said(&bench.run("sh", &["-c", listing]));
        assert!(!told.contains("ID card ("), "{listing}: {told}");
        // NSS is two programs here, and each of them looks at the card.
        let runs = if listing.contains("-list") && listing.contains("-add") { 2 } else { 1 };
        let spent = bench.commands_until_removed().len();
        assert!((1..=4 * runs).contains(&spent), "{listing}: {spent}");
    }
}

#[test]
fn tokens_are_listed_within_twelve_exchanges() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let told = bench.done("pkcs11-tool", &["--module", &bench.module, "-L"]);
        assert_eq!(told.matches("token label        : SPECIMEN ID card").count(), 2, "{image}: {told}");
        let commands = bench.commands_until_removed();
        assert!((1..=12).contains(&commands.len()), "{image}: {}", commands.len());
    }
}
