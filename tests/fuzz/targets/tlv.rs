//! Data objects: headers, lengths, what follows.

#![no_main]

use idcard_core::apdu::tlv;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    // Each object is followed into, or passed by: both ways end.
    while let tlv::Header::Complete { header, length, .. } = tlv::header(rest) {
        let end = header.saturating_add(length);
        rest = match rest.get(end..) {
            Some(after) => after,
            None => rest.get(header..).unwrap_or_default(),
        };
    }
});
