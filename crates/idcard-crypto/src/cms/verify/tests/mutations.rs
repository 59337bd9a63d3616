//! A good signature with one byte changed, cut off or added: never a panic, never valid with another content.

use proptest::prelude::*;

use super::*;
use crate::signer::Signer;

fn keys() -> Vec<Vec<u8>> {
    let keys = [SoftwareKey::p256("p256"), SoftwareKey::rsa("rsa")];
    keys.map(|key| Certificate::from_der(key.certificate()).unwrap().spki_der().to_vec()).to_vec()
}

/// Checks bytes and holds every good result to the content and the key it vouches for.
fn hold(bytes: &[u8]) {
    let mut out = vec![];
    if let Ok(document) = verify_attached(bytes, Some(&mut out), &[])
        && is_good(&document)
    {
        assert_eq!(out, DOCUMENT, "a changed content passes for genuine");
        for signer in &document.signers {
            let key = signer.certificate.as_ref().unwrap().spki_der().to_vec();
            assert!(keys().contains(&key), "a changed key passes for genuine");
        }
    }
    let _ = verify_detached(bytes, DOCUMENT, &[]);
}

#[test]
fn every_byte_of_a_signature_may_be_anything() {
    let whole = attached(&signed(SoftwareKey::p256("p256"), options()));
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            hold(&changed);
        }
    }
}

#[test]
fn every_byte_of_the_content_matters() {
    let whole = attached(&signed(SoftwareKey::p256("p256"), options()));
    let start = whole.windows(DOCUMENT.len()).position(|window| window == DOCUMENT).unwrap();
    for at in start..start + DOCUMENT.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x20;
        let document = verify_attached(&changed[..], None, &[]).unwrap();
        assert_eq!(document.weight(), Weight::Fault);
        assert_eq!(document.signers[0].content, Some(ContentState::Mismatch));
    }
}

#[test]
fn every_length_may_be_the_last() {
    let whole = attached(&signed(SoftwareKey::rsa("rsa"), options()));
    for length in 0..whole.len() {
        let cut = verify_attached(&whole[..length], None, &[]);
        assert!(cut.map_or(true, |document| document.weight() == Weight::Fault), "{length}");
    }
}

#[test]
fn a_small_stack_is_enough() {
    let whole = attached(&signed(SoftwareKey::p256("p256"), options()));
    let deep = [&whole[..60], &[0x30, 0x80].repeat(50_000)].concat();
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
        hold(&whole);
        hold(&deep);
        hold(&[0x30, 0x80].repeat(50_000));
    });
    thread.unwrap().join().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn a_piece_may_be_replaced(
        at in any::<prop::sample::Index>(),
        cut in 0..40usize,
        new in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let whole = attached(&signed(SoftwareKey::p256("p256"), options()));
        let at = at.index(whole.len());
        let end = (at + cut).min(whole.len());
        hold(&[&whole[..at], &new, &whole[end..]].concat());
    }

    #[test]
    fn any_bytes_behind_the_door_end_well(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let whole = attached(&signed(SoftwareKey::p256("p256"), options()));
        hold(&[&whole[..19], &bytes].concat());
    }
}
