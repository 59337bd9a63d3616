//! Signed documents: attached, detached, PEM or DER.

#![no_main]

use idcard_crypto::verify::{Verdict, Verifier};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static STORE: LazyLock<idcard_crypto::trust::Store> = LazyLock::new(idcard_fuzz::store);
/// What the seeds are signatures of.
const DOCUMENT: &[u8] = b"a document\n";

fuzz_target!(|input: &[u8]| {
    let verifier = Verifier::new(&STORE, idcard_fuzz::query());
    if let Ok(verified) = verifier.detached(input, DOCUMENT) {
        let _ = verified.report();
    }
    if let Ok(verified) = verifier.detached(input, &b"another document"[..]) {
        assert_ne!(verified.verdict, Verdict::Valid, "a signature of another document");
    }
    let mut content = Vec::new();
    if let Ok(verified) = verifier.attached(input, Some(&mut content)) {
        let _ = verified.report();
        assert!(content.len() <= input.len());
    }
});
