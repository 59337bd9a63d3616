//! The header of the photo.

#![no_main]

use idcard_core::data::photo;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(photo) = photo::decode(input) {
        assert_eq!(input.get(photo.range()), Some(photo.image()));
        let _ = (photo.width(), photo.height(), photo.may_be_decoded());
    }
});
