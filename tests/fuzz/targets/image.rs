//! The picture itself, decoded as the program does it.

#![no_main]

#[path = "../../../crates/idcard-cli/src/commands/read/photo/decode.rs"]
mod decode;

use idcard_core::data::photo;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(photo) = photo::decode(input) {
        if let Ok(picture) = decode::decode(&photo) {
            assert!(u64::from(picture.width()) * u64::from(picture.height()) <= 4_000_000);
        }
    }
});
