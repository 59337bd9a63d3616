//! Keys at their limits, and forgeries against a real key with a small exponent.

mod wycheproof;

use super::*;
use crate::trust::Store;
use HashAlgorithm::{Sha1, Sha256};
use SignatureScheme::{Ecdsa, Pkcs1v15, Pss};

/// The legacy root: RSA-2048 with exponent 3.
fn exponent_three() -> PublicKey {
    let anchors = Store::builtin().unwrap();
    anchors.anchors().iter().find(|anchor| anchor.legacy).unwrap().key.clone()
}

/// The cube root of a block that begins like a padded digest of `LETTER` and ends in whatever the cube ends in:
/// a verifier that stops reading after the digest takes it for a signature. No private key was needed.
const FORGED_SHA256: &str = "32cbfd4a7adc7905583d767520f51640759176d37826f2ef63ae3dc7aa305d67f38cae8146c0bacc2090d43237\
da9e21402cf4791d3ea232366e130a77691b569055b3d27d0b698b2ebccf984fbee14445acaf12f4";
const FORGED_SHA1: &str = "32cbfd4a7adc7905583d75edab851cd700a52e579c7368819daa6f620db521efc3fbdb3f1fb971c9737d178e1822\
ef0a3a54befe80f00204538431965d2dad6b16b8afad7c65db99b2753ae69fe1bca26147e35f5b";
const LETTER: &[u8] = b"a letter nobody signed";

#[test]
fn a_cube_root_is_no_signature() {
    let key = exponent_three();
    for (hash, forged) in [(Sha256, FORGED_SHA256), (Sha1, FORGED_SHA1)] {
        let root = hex::decode(forged).unwrap();
        let whole = [vec![0; 256 - root.len()], root.clone()].concat();
        assert_eq!(key.verify(Pkcs1v15, hash, LETTER, &whole), Err(SignatureFault::Invalid));
        assert!(matches!(key.verify(Pkcs1v15, hash, LETTER, &root), Err(SignatureFault::Malformed(_))));
    }
}

#[test]
fn small_and_large_numbers_are_no_signatures() {
    let key = exponent_three();
    let modulus = hex::encode(key.spki_der());
    let start = modulus.find("0282010100").unwrap() / 2 + 5;
    let modulus = key.spki_der().get(start..start + 256).unwrap().to_vec();
    let mut below = modulus.clone();
    below[255] -= 1;
    for scheme in [Pkcs1v15, Pss { salt_length: 32 }] {
        for number in [vec![0; 256], [vec![0; 255], vec![1]].concat(), below.clone()] {
            assert_eq!(key.verify(scheme, Sha256, LETTER, &number), Err(SignatureFault::Invalid));
        }
        for number in [vec![], vec![0xff; 256], modulus.clone(), vec![0; 255], vec![0; 257], vec![0; 100_000]] {
            assert!(matches!(key.verify(scheme, Sha256, LETTER, &number), Err(SignatureFault::Malformed(_))));
        }
    }
    let long = Pss { salt_length: usize::MAX };
    assert!(matches!(key.verify(long, Sha256, LETTER, &below), Err(SignatureFault::Malformed(_))));
    for salt_length in 190..=256 {
        assert!(key.verify(Pss { salt_length }, Sha256, LETTER, &below).is_err());
    }
}

#[test]
fn schemes_go_with_their_keys() {
    let rsa = exponent_three();
    assert_eq!(rsa.kind().to_string(), "rsa-2048");
    assert!(matches!(rsa.verify(Ecdsa, Sha256, LETTER, &[0; 64]), Err(SignatureFault::Mismatch { .. })));
    assert!(matches!(rsa.verify_prehash_raw(Sha256, &[0; 32], &[0; 64]), Err(SignatureFault::Mismatch { .. })));
    let short = rsa.verify_prehash(Pkcs1v15, Sha256, &[0; 20], &[0; 256]);
    assert_eq!(short, Err(SignatureFault::DigestLength { hash: Sha256, found: 20 }));
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyFault> {
    PublicKey::from_rsa_numbers(modulus, exponent)
}

#[test]
fn rsa_keys_have_limits() {
    let odd = |bytes: usize| [vec![0x80], vec![1; bytes - 1]].concat();
    let kind = |bytes| rsa(&odd(bytes), &[1, 0, 1]).map(|key| (key.kind().to_string(), key.is_weak()));
    assert_eq!(kind(128), Ok(("rsa-1024".to_owned(), true)));
    assert_eq!(kind(255), Ok(("rsa-2040".to_owned(), true)));
    assert_eq!(kind(256), Ok(("rsa-2048".to_owned(), false)));
    assert_eq!(kind(1024), Ok(("rsa-8192".to_owned(), false)));
    assert_eq!(kind(127), Err(KeyFault::Size(1016)));
    assert_eq!(kind(1025), Err(KeyFault::Size(8200)));
    for exponent in [&[][..], &[0], &[1], &[2], &[4], &[3, 0, 0, 0, 1], &[0xff; 256]] {
        assert!(rsa(&odd(256), exponent).is_err(), "{exponent:?}");
    }
    assert!(rsa(&odd(256), &[3]).is_ok());
    let even = [vec![0x80], vec![2; 255]].concat();
    assert!(rsa(&even, &[1, 0, 1]).is_err());
}

#[test]
fn other_keys_are_refused_with_their_name() {
    // Ed25519.
    let mut spki = hex::decode("302a300506032b6570032100").unwrap();
    spki.extend([7; 32]);
    let fault = PublicKey::from_spki_der(&spki).unwrap_err();
    assert_eq!(fault.to_string(), "the algorithm 1.3.101.112 is not supported");
    for rubbish in [&[][..], &[0x30], &[0x30, 0x00], &[0x30, 0x80, 0, 0]] {
        assert!(PublicKey::from_spki_der(rubbish).is_err());
    }
    // P-256 with a point that is not on the curve, and the point at infinity.
    let header = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
    let off = [hex::decode(header).unwrap(), vec![4], vec![5; 64]].concat();
    assert_eq!(PublicKey::from_spki_der(&off), Err(KeyFault::Malformed("the point is not on the curve")));
    let infinity = hex::decode("3019301306072a8648ce3d020106082a8648ce3d03010703020000").unwrap();
    assert!(PublicKey::from_spki_der(&infinity).is_err());
}

#[test]
fn no_mutation_of_a_key_panics() {
    let der = exponent_three().spki_der().to_vec();
    for place in 0..der.len() {
        for byte in [0x00, 0xff, 0x80, der[place] ^ 1, der[place].wrapping_add(1)] {
            let mut other = der.clone();
            other[place] = byte;
            if let Ok(key) = PublicKey::from_spki_der(&other) {
                assert!(key.verify(Pkcs1v15, Sha256, LETTER, &[1; 256]).is_err());
            }
        }
        assert!(PublicKey::from_spki_der(&der[..place]).is_err());
    }
}
