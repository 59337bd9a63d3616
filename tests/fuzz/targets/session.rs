//! A whole session with a card that answers as the input says: read everything, present PINs, sign.

#![no_main]

use idcard_core::Card;
use idcard_core::family::Roster;
use idcard_fuzz::answers::Answers;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// Read once: parsing the pages takes longer than a visit.
static ROSTER: LazyLock<Roster> = LazyLock::new(|| Roster::built_in().expect("the built-in pages"));

fuzz_target!(|input: &[u8]| {
    if let Some(answers) = Answers::new(input) {
        idcard_fuzz::visit(&mut Card::with_roster(Box::new(answers), ROSTER.clone()));
    }
});
