//! A whole session with a card that answers as the input says: read everything, present PINs, sign.

#![no_main]

use idcard_core::Card;
use idcard_fuzz::answers::Answers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Some(answers) = Answers::new(input) {
        idcard_fuzz::visit(&mut Card::open(answers).expect("the built-in pages"));
    }
});
