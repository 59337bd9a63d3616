//! The signed attributes of CAdES B-B: what is signed in place of the document (ETSI EN 319 122-1, 5 and 6.3).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::der::Encode;
use ::der::asn1::{GeneralizedTime, UtcTime};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;

use super::der;
use crate::algorithm::HashAlgorithm;
use crate::certificate::Certificate;
use crate::sign_error::SignFault;

/// content-type, message-digest, signing-time and signing-certificate-v2, as the DER SET OF that is hashed and signed.
pub(super) fn cades(
    content_digest: &[u8],
    certificate: &Certificate,
    signing_time: SystemTime,
) -> Result<Vec<u8>, SignFault> {
    // ESSCertIDv2 with its default hash, SHA-256, left out as DER asks (RFC 5035, 4); the signer's issuer and serial
    // number stand in the SignerInfo already.
    let certificate_hash = der::element(der::OCTET_STRING, &HashAlgorithm::Sha256.digest(certificate.der()));
    let certificate_id = der::element(der::SEQUENCE, &certificate_hash);
    let signing_certificate = der::element(der::SEQUENCE, &der::element(der::SEQUENCE, &certificate_id));
    Ok(der::set_of(
        der::SET,
        vec![
            attribute(rfc5911::ID_CONTENT_TYPE, &der::oid(rfc5911::ID_DATA)),
            attribute(rfc5911::ID_MESSAGE_DIGEST, &der::element(der::OCTET_STRING, content_digest)),
            attribute(rfc5911::ID_SIGNING_TIME, &time(signing_time)?),
            attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, &signing_certificate),
        ],
    ))
}

fn attribute(kind: ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    der::constructed(der::SEQUENCE, &[&der::oid(kind), &der::element(der::SET, value)])
}

/// UTCTime to the end of 2049, GeneralizedTime from then on, whole seconds (RFC 5652, 11.3).
fn time(time: SystemTime) -> Result<Vec<u8>, SignFault> {
    let since = time.duration_since(UNIX_EPOCH).map_err(|_| SignFault::Time)?;
    let since = Duration::from_secs(since.as_secs());
    let encoded = UtcTime::from_unix_duration(since)
        .and_then(|utc| utc.to_der())
        .or_else(|_| GeneralizedTime::from_unix_duration(since).and_then(|generalized| generalized.to_der()));
    encoded.map_err(|_| SignFault::Time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_signing_changes_its_form_with_2050() {
        let at = |seconds| time(UNIX_EPOCH + Duration::from_millis(seconds * 1000u64 + 700)).unwrap();
        assert_eq!(at(1_710_892_800), b"\x17\x0D240320000000Z");
        assert_eq!(at(2_524_607_999), b"\x17\x0D491231235959Z");
        assert_eq!(at(2_524_608_000), b"\x18\x0F20500101000000Z");
        assert!(time(UNIX_EPOCH - Duration::from_secs(1)).is_err());
        assert!(time(UNIX_EPOCH + Duration::from_secs(1 << 40)).is_err());
    }
}
