//! Identifiers of algorithms: what is written is read back, and what is not known is refused.

use super::*;
use der::asn1::Any;
use der::{Decode, Encode};
use spki::AlgorithmIdentifierOwned;

const SCHEMES: [SignatureScheme; 3] =
    [SignatureScheme::Pkcs1v15, SignatureScheme::Pss { salt_length: 32 }, SignatureScheme::Ecdsa];

#[test]
fn what_is_written_is_read() {
    for hash in HashAlgorithm::ALL {
        assert_eq!(HashAlgorithm::from_algorithm_identifier(&hash.algorithm_identifier()), Ok(hash));
        assert_eq!(hash.digest(b"abc").len(), hash.digest_len());
        for scheme in SCHEMES {
            let id = scheme.algorithm_identifier(hash).unwrap();
            let id = AlgorithmIdentifierOwned::from_der(&id.to_der().unwrap()).unwrap();
            assert_eq!(SignatureScheme::from_algorithm_identifier(&id), Ok((scheme, Some(hash))));
        }
    }
}

#[test]
fn digests_are_those_of_fips_180() {
    let hex = |hash: HashAlgorithm| hex::encode(hash.digest(b"abc"));
    assert_eq!(hex(HashAlgorithm::Sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    assert!(hex(HashAlgorithm::Sha256).starts_with("ba7816bf8f01cfea"));
    assert!(hex(HashAlgorithm::Sha384).starts_with("cb00753f45a35e8b"));
    assert!(hex(HashAlgorithm::Sha512).starts_with("ddaf35a193617aba"));
    for hash in HashAlgorithm::ALL {
        let mut pieces = hash.hasher();
        std::io::copy(&mut &b"a"[..], &mut pieces).unwrap();
        pieces.update(b"bc");
        assert_eq!(pieces.finish(), hash.digest(b"abc"));
    }
}

fn read(text: &str) -> Result<(SignatureScheme, Option<HashAlgorithm>), AlgorithmFault> {
    let id = AlgorithmIdentifierOwned::from_der(&hex::decode(text).unwrap()).unwrap();
    SignatureScheme::from_algorithm_identifier(&id)
}

#[test]
fn identifiers_of_the_standards_are_known() {
    let sha256 = Some(HashAlgorithm::Sha256);
    // sha256WithRSAEncryption with NULL, and without (RFC 4055 asks to accept both).
    assert_eq!(read("300d06092a864886f70d01010b0500"), Ok((SignatureScheme::Pkcs1v15, sha256)));
    assert_eq!(read("300b06092a864886f70d01010b"), Ok((SignatureScheme::Pkcs1v15, sha256)));
    assert_eq!(read("300d06092a864886f70d0101010500"), Ok((SignatureScheme::Pkcs1v15, None)));
    assert_eq!(read("300a06082a8648ce3d040302"), Ok((SignatureScheme::Ecdsa, sha256)));
    // RSASSA-PSS with every part left to its default.
    let default = (SignatureScheme::Pss { salt_length: 20 }, Some(HashAlgorithm::Sha1));
    assert_eq!(read("300d06092a864886f70d01010a3000"), Ok(default));
}

#[test]
fn others_are_refused() {
    // md5WithRSAEncryption, Ed25519.
    assert!(matches!(read("300d06092a864886f70d0101040500"), Err(AlgorithmFault::Unknown(_))));
    assert!(matches!(read("300506032b6570"), Err(AlgorithmFault::Unknown(_))));
    // Parameters that do not belong there; RSASSA-PSS without any.
    assert!(matches!(read("300e06092a864886f70d01010b040100"), Err(AlgorithmFault::Parameters(_))));
    assert!(matches!(read("300b06092a864886f70d01010a"), Err(AlgorithmFault::Parameters(_))));
    assert!(matches!(read("300d06092a864886f70d01010a0500"), Err(AlgorithmFault::Parameters(_))));
    let too_long = SignatureScheme::Pss { salt_length: 0x1_0000 }.algorithm_identifier(HashAlgorithm::Sha256);
    assert!(matches!(too_long, Err(AlgorithmFault::Pss(_))));
}

/// The longest salt for RSA-3072 and SHA-256, as OpenSSL writes it.
#[test]
fn long_salts_are_read() {
    let sha256 = "300d06096086480165030402010500";
    let text = format!("304206092a864886f70d01010a3035a00f{sha256}a11c301a06092a864886f70d010108{sha256}a2040202015e");
    let scheme = SignatureScheme::Pss { salt_length: 350 };
    assert_eq!(read(&text), Ok((scheme, Some(HashAlgorithm::Sha256))));
    let ours = scheme.algorithm_identifier(HashAlgorithm::Sha256).unwrap();
    assert_eq!(hex::encode(ours.to_der().unwrap()), text);
    // A trailer other than 1.
    let other = text.replace("a2040202015e", "a203020120a303020102").replacen("304206", "304606", 1);
    assert_eq!(read(&other.replacen("3035a0", "3039a0", 1)), Err(AlgorithmFault::Pss("another trailer than BC")));
}

#[test]
fn the_mask_of_pss_has_the_hash_of_the_signature() {
    let id = SignatureScheme::Pss { salt_length: 32 }.algorithm_identifier(HashAlgorithm::Sha256).unwrap();
    let der = hex::encode(id.to_der().unwrap());
    // The second SHA-256 is that of MGF1; SHA-512 in its place.
    let sha256 = "608648016503040201";
    let second = der.rfind(sha256).unwrap();
    let mixed = format!("{}608648016503040203{}", &der[..second], &der[second + sha256.len()..]);
    assert!(matches!(read(&mixed), Err(AlgorithmFault::Pss(_))));
    let first = der.find(sha256).unwrap();
    let mixed = format!("{}608648016503040203{}", &der[..first], &der[first + sha256.len()..]);
    assert!(matches!(read(&mixed), Err(AlgorithmFault::Pss(_))));
    let any = Any::from_der(&[0x30, 0x03, 0xa2, 0x01, 0x00]).unwrap();
    let broken = AlgorithmIdentifierOwned { oid: id.oid, parameters: Some(any) };
    assert!(SignatureScheme::from_algorithm_identifier(&broken).is_err());
}
