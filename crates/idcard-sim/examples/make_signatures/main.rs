//! Makes the signed documents of `fixtures/cms` that OpenSSL cannot make: forgeries, a countersignature.
//!
//! `cargo run -p idcard-sim --example make_signatures`, after `fixtures/cms/make.sh`, whose files are its matter. Each
//! file departs from a good one in a single thing, and every one of those signed anew is signed with the test key of
//! `p256.pem`, so that nothing but that thing is wrong.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo, SignerInfos};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode};
use p256::ecdsa::signature::Signer;
use pkcs8::DecodePrivateKey;
use sha2::{Digest, Sha256};
use x509_cert::attr::{Attribute, Attributes};

mod files;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// contentType, messageDigest, countersignature (RFC 5652), signingCertificateV2 (RFC 5035).
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const COUNTERSIGNATURE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6");
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

fn main() -> Outcome<()> {
    files::make_all(&Shelf(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cms")))
}

/// The folder of the files.
struct Shelf(PathBuf);

impl Shelf {
    fn read(&self, name: &str) -> Outcome<Vec<u8>> {
        fs::read(self.0.join(name)).map_err(|error| format!("{name}: {error}").into())
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Outcome<()> {
        Ok(fs::write(self.0.join(name), bytes)?)
    }

    /// The SignedData in a DER file.
    fn signed(&self, name: &str) -> Outcome<SignedData> {
        Ok(ContentInfo::from_der(&self.read(name)?)?.content.decode_as()?)
    }

    fn write_signed(&self, name: &str, data: &SignedData) -> Outcome<()> {
        let content_type = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
        self.write(name, &ContentInfo { content_type, content: Any::encode_from(data)? }.to_der()?)
    }

    /// The file `from` with its only signer changed by `change`, written as `to`.
    fn change(&self, from: &str, to: &str, change: impl FnOnce(&mut SignerInfo) -> Outcome<()>) -> Outcome<()> {
        let mut data = self.signed(from)?;
        let mut signer = data.signer_infos.0.get(0).ok_or("no signer")?.clone();
        change(&mut signer)?;
        data.signer_infos = SignerInfos(SetOfVec::try_from(vec![signer])?);
        self.write_signed(to, &data)
    }

    /// ECDSA with SHA-256 by the key of `p256.pem`.
    fn sign(&self, message: &[u8]) -> Outcome<Vec<u8>> {
        let key = p256::SecretKey::from_pkcs8_pem(&String::from_utf8(self.read("../certs/keys/p256.pem")?)?)?;
        let signature: p256::ecdsa::DerSignature = p256::ecdsa::SigningKey::from(key).try_sign(message)?;
        Ok(signature.as_bytes().to_vec())
    }

    /// Replaces the signed attributes and signs them.
    fn sign_anew(&self, signer: &mut SignerInfo, attributes: Vec<Attribute>) -> Outcome<()> {
        let attributes: Attributes = SetOfVec::try_from(attributes)?;
        signer.signature = OctetString::new(self.sign(&attributes.to_der()?)?)?;
        signer.signed_attrs = Some(attributes);
        Ok(())
    }
}

fn attribute(oid: ObjectIdentifier, values: &[Any]) -> Outcome<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(values.to_vec())? })
}

fn content_type(oid: ObjectIdentifier) -> Outcome<Attribute> {
    attribute(CONTENT_TYPE, &[Any::encode_from(&oid)?])
}

fn digest_of(content: &[u8]) -> Outcome<Any> {
    Ok(Any::encode_from(&OctetString::new(Sha256::digest(content).to_vec())?)?)
}

fn message_digest(content: &[u8]) -> Outcome<Attribute> {
    attribute(MESSAGE_DIGEST, &[digest_of(content)?])
}
