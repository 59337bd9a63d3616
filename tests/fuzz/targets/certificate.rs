//! Certificates, alone or several as PEM, and the path to an anchor.

#![no_main]

use idcard_crypto::Certificate;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static STORE: LazyLock<idcard_crypto::trust::Store> = LazyLock::new(idcard_fuzz::store);

fuzz_target!(|input: &[u8]| {
    let Ok(certificates) = Certificate::from_pem_or_der(input) else { return };
    let Some((first, others)) = certificates.split_first() else { return };
    let _ = STORE.chain(first, others, &idcard_fuzz::query());
    let _ = (first.serial(), first.subject().to_string(), first.not_before_rfc3339(), first.crn(), first.to_pem());
});
