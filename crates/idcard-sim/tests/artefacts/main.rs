//! What lies in the images is what specimen.md says: certificates, keys, security objects, files, pictures.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::path::PathBuf;

use der::{Decode, Encode};
use p256::ecdsa::signature::Verifier;
use x509_cert::Certificate;

mod certificates;
mod files;
mod photos;
mod revocation;
mod security_object;
mod written;

const SPECIMENS: [&str; 3] = ["specimen", "specimen-p256", "specimen-2"];
const ALL: [&str; 6] = ["specimen", "specimen-p256", "specimen-2", "mav2", "mav4", "pardis"];

fn path(image: &str, file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("images").join(image).join(file)
}

fn read(image: &str, file: &str) -> Vec<u8> {
    let path = path(image, file);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn certificate(image: &str, file: &str) -> Certificate {
    Certificate::from_der(&read(image, file)).unwrap()
}

/// Whether `signer`, a P-256 certificate, signed `message` with ecdsa-with-SHA256.
fn signed_by(signer: &Certificate, message: &[u8], signature: &[u8]) -> bool {
    let point = signer.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes().to_vec();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    key.verify(message, &p256::ecdsa::DerSignature::from_bytes(signature).unwrap()).is_ok()
}

fn issued_by(issuer: &Certificate, subject: &Certificate) -> bool {
    let tbs = subject.tbs_certificate();
    tbs.issuer() == issuer.tbs_certificate().subject()
        && signed_by(issuer, &tbs.to_der().unwrap(), subject.signature().raw_bytes())
}
