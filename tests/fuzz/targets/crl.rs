//! Revocation lists, looked up for a certificate of their issuer.

#![no_main]

use idcard_crypto::Certificate;
use idcard_crypto::trust::revocation::{Finding, RevocationList};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CERTIFICATES: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    [idcard_sim::pki::CA, idcard_sim::pki::REVOKED]
        .map(|known| Certificate::from_der(known.der).expect("of the specimen"))
});

fuzz_target!(|input: &[u8]| {
    let Some(list) = RevocationList::from_der(input) else { return };
    let [issuer, revoked] = &*CERTIFICATES;
    let key = issuer.key().expect("a usable key");
    let finding = list.look_up(revoked, key, Some(issuer), &idcard_fuzz::query());
    // The specimen revoked it: no list that its authority signed says otherwise.
    assert!(!matches!(finding, Finding::Good { .. }), "a changed list says that all is well");
});
