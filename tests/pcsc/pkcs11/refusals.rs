//! Wrong PINs: what programs are told, and what the card was sent.

use super::{Bench, ID_PIN, SIGN_PIN, presentations, said};

impl Bench {
    fn login(&self, slot: &str, pin: &str) -> String {
        said(&self.run("pkcs11-tool", &["--module", &self.module, "--slot", slot, "--login", "--pin", pin, "-O"]))
    }

    /// The flags of a token, as the tool tells them.
    fn flags(&self, slot: usize) -> String {
        let told = self.done("pkcs11-tool", &["--module", &self.module, "-L"]);
        let flags = told.lines().filter(|line| line.contains("token flags")).nth(slot);
        flags.unwrap_or_else(|| panic!("{told}")).split_once("login required").unwrap().1.to_owned()
    }
}

const USUAL: &str = ", rng, token initialized, PIN initialized, readonly";

#[test]
fn wrong_pins_are_told_until_the_card_is_blocked() {
    for image in ["specimen", "specimen-t0"] {
        for (slot, object, wrong, right) in [("0", 0x81, "4321", ID_PIN), ("1", 0x82, "654321", SIGN_PIN)] {
            let bench = Bench::with(image);
            let number = slot.parse().unwrap();
            assert_eq!(bench.flags(number), USUAL);
            for (more, code) in [
                (", user PIN count low", "CKR_PIN_INCORRECT"),
                (", final user PIN try", "CKR_PIN_INCORRECT"),
                (", user PIN locked", "CKR_PIN_LOCKED"),
            ] {
                let told = bench.login(slot, wrong);
                assert!(told.contains("C_Login failed") && told.contains(code), "{image} {slot}: {told}");
                assert!(bench.flags(number).contains(more), "{image} {slot}: {}", bench.flags(number));
                // The other PIN has a counter of its own.
                assert_eq!(bench.flags(1 - number), USUAL, "{image} {slot}");
            }
            let told = bench.login(slot, right);
            assert!(told.contains("CKR_PIN_LOCKED"), "{image} {slot}: {told}");
            let presented = presentations(&bench.commands_until_removed());
            assert_eq!(presented, vec![(object, wrong.to_owned()); 3], "{image}: a blocked PIN is sent no more");
        }
    }
}

#[test]
fn the_right_pin_makes_the_counter_whole() {
    let bench = Bench::with("specimen");
    bench.login("0", "4321");
    bench.login("0", "4321");
    assert!(bench.flags(0).contains("final user PIN try"), "{}", bench.flags(0));
    assert!(bench.login("0", ID_PIN).contains("Private Key Object"));
    assert_eq!(bench.flags(0), USUAL);
}

#[test]
fn what_cannot_be_a_pin_is_not_sent() {
    let bench = Bench::with("specimen");
    for (slot, pin, code) in [
        ("0", "123", "CKR_PIN_LEN_RANGE"),
        ("0", "123456789", "CKR_PIN_LEN_RANGE"),
        ("1", "12345", "CKR_PIN_LEN_RANGE"),
        ("0", "12a4", "CKR_PIN_INVALID"),
    ] {
        let told = bench.login(slot, pin);
        assert!(told.contains(code), "{pin}: {told}");
    }
    assert_eq!(bench.flags(0), USUAL);
    assert_eq!(presentations(&bench.commands_until_removed()), []);
}
