//! The files of a card, each with its decoder.

#![no_main]

use idcard_core::data::{birth_certificate, crn, dates, fingerprints, identity, meta, postal, serial, versions};
use idcard_core::data::{national_number, postal_code};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(identity) = identity::decode(input) {
        let _ = identity.national_number_check();
    }
    if let Ok(postal) = postal::decode(input) {
        let _ = postal.code_check();
    }
    let _ = (birth_certificate::decode(input), dates::decode(input), fingerprints::decode(input), meta::decode(input));
    let _ = (crn::decode(input), serial::decode_cplc(input), serial::decode_plain(input), versions::decode(input));
    if let Ok(text) = std::str::from_utf8(input) {
        let _ = national_number::NationalNumber::check_lenient(text);
        let _ = postal_code::PostalCode::check(text);
    }
});
