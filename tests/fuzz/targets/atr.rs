//! The answer to reset.

#![no_main]

use idcard_core::atr::Atr;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(atr) = Atr::parse(input) {
        assert_eq!(atr.as_bytes(), input);
        let _ = (atr.historical().as_bytes(), atr.capabilities(), atr.extended_length(), atr.is_contactless());
    }
});
