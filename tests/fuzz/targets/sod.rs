//! The security object of a card.

#![no_main]

use idcard_crypto::sod;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static STORE: LazyLock<idcard_crypto::trust::Store> = LazyLock::new(idcard_fuzz::store);

fuzz_target!(|input: &[u8]| {
    let _ = idcard_core::data::security_object::decode(input);
    let report = sod::check(input, &[(1, b"not what was signed"), (99, b"")], &STORE, &idcard_fuzz::query());
    assert_eq!(report.groups.len(), 2);
});
