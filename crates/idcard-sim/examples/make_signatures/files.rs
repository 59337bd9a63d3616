//! One function for each group of files.

use cms::signed_data::SignerInfo;
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::pem;
use der::{Any, Encode, Sequence};
use sha2::{Digest, Sha256};

use crate::{
    COUNTERSIGNATURE, DATA, MESSAGE_DIGEST, Outcome, SIGNING_CERTIFICATE, Shelf, attribute, content_type, digest_of,
    message_digest,
};

/// Makes all files.
pub(crate) fn make_all(shelf: &Shelf) -> Outcome<()> {
    bytes(shelf)?;
    attributes(shelf)?;
    references(shelf)?;
    others(shelf)
}

/// Changes that need no key.
fn bytes(shelf: &Shelf) -> Outcome<()> {
    let changed = shelf.read("message-changed.txt")?;
    shelf.change("rsa.p7s", "flipped-signature.p7s", |signer| {
        let mut value = signer.signature.as_bytes().to_vec();
        value.iter_mut().last().map(|byte| *byte ^= 1).ok_or("no signature")?;
        signer.signature = OctetString::new(value)?;
        Ok(())
    })?;
    // The digest of the changed message, put in without the key.
    shelf.change("rsa.p7s", "other-digest.p7s", |signer| {
        let kept =
            signer.signed_attrs.iter().flat_map(|all| all.iter()).filter(|one| one.oid != MESSAGE_DIGEST).cloned();
        let all: Vec<_> = kept.chain([message_digest(&changed)?]).collect();
        signer.signed_attrs = Some(SetOfVec::try_from(all)?);
        Ok(())
    })?;
    // sha512WithRSAEncryption where sha256 was digested and signed.
    shelf.change("rsa.p7s", "other-algorithm.p7s", |signer| {
        signer.signature_algorithm.oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
        Ok(())
    })?;
    let mut data = shelf.signed("rsa-attached.p7m")?;
    data.encap_content_info.econtent = Some(Any::encode_from(&OctetString::new(changed)?)?);
    shelf.write_signed("changed-content.p7m", &data)?;

    let whole = shelf.read("rsa.p7s")?;
    shelf.write("truncated.p7s", whole.get(..whole.len() / 2).ok_or("too short")?)?;
    shelf.write("trailing.p7s", &[whole.as_slice(), b"more"].concat())
}

/// Signed attributes that break a rule, signed.
fn attributes(shelf: &Shelf) -> Outcome<()> {
    let message = shelf.read("message.txt")?;
    let make = |name: &str, all: Vec<_>| shelf.change("p256.p7s", name, |signer| shelf.sign_anew(signer, all));
    make("fewest-attributes.p7s", vec![content_type(DATA)?, message_digest(&message)?])?;
    make("no-message-digest.p7s", vec![content_type(DATA)?])?;
    make("no-content-type.p7s", vec![message_digest(&message)?])?;
    let lds = ObjectIdentifier::new_unwrap("2.23.136.1.1.1");
    make("other-content-type.p7s", vec![content_type(lds)?, message_digest(&message)?])?;
    let two = attribute(MESSAGE_DIGEST, &[digest_of(&message)?, digest_of(b"another")?])?;
    make("two-digests.p7s", vec![content_type(DATA)?, two])?;

    // A signature over attributes passed off as one over content: RFC 5652 alone would accept it.
    let data = shelf.signed("p256.p7s")?;
    let signer = data.signer_infos.0.get(0).ok_or("no signer")?;
    shelf.write("attributes.bin", &signer.signed_attrs.to_der()?)?;
    shelf.change("p256.p7s", "attributes-as-content.p7s", |signer| {
        signer.signed_attrs = None;
        Ok(())
    })
}

/// `ESSCertIDv2` with its default hash, SHA-256, and without the issuer's name.
#[derive(Sequence)]
struct CertificateId {
    hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

/// The signed reference to the signer's certificate: right, and to another one.
fn references(shelf: &Shelf) -> Outcome<()> {
    let message = shelf.read("message.txt")?;
    for (name, of) in [("p256-cades.p7s", "p256"), ("other-reference.p7s", "p384")] {
        let (_, certificate) = pem::decode_vec(&shelf.read(&format!("../certs/{of}.pem"))?)?;
        let hash = OctetString::new(Sha256::digest(certificate).to_vec())?;
        let reference = SigningCertificate { certificates: vec![CertificateId { hash }] };
        let reference = attribute(SIGNING_CERTIFICATE, &[Any::encode_from(&reference)?])?;
        let all = vec![content_type(DATA)?, message_digest(&message)?, reference];
        shelf.change("p256.p7s", name, |signer| shelf.sign_anew(signer, all))?;
    }
    Ok(())
}

/// Unsigned attributes: one that nobody knows, a countersignature, and a countersignature of something else.
fn others(shelf: &Shelf) -> Outcome<()> {
    let template = shelf.signed("p256.p7s")?;
    let template = template.signer_infos.0.get(0).ok_or("no signer")?;
    let countersign = |value: &[u8]| -> Outcome<SignerInfo> {
        let mut counter = template.clone();
        // No content type: RFC 5652, 11.4.
        shelf.sign_anew(&mut counter, vec![message_digest(value)?])?;
        Ok(counter)
    };
    let with = |name: &str, oid, value: &dyn Fn(&SignerInfo) -> Outcome<Any>| {
        shelf.change("rsa.p7s", name, |signer| {
            signer.unsigned_attrs = Some(SetOfVec::try_from(vec![attribute(oid, &[value(signer)?])?])?);
            Ok(())
        })
    };
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.364.99");
    with("unknown-attribute.p7s", unknown, &|_| Ok(Any::encode_from(&OctetString::new(b"?".to_vec())?)?))?;
    with("countersigned.p7s", COUNTERSIGNATURE, &|signer| {
        Ok(Any::encode_from(&countersign(signer.signature.as_bytes())?)?)
    })?;
    with("countersigned-badly.p7s", COUNTERSIGNATURE, &|_| Ok(Any::encode_from(&countersign(b"something else")?)?))
}
