//! The security object: EF.SOD of ICAO Doc 9303 part 10 (specimen.md, section 4).

use std::error::Error;

use sha2::{Digest, Sha256};

use crate::der::{self, tlv};
use crate::pki::Pki;

const LDS_SECURITY_OBJECT: &str = "2.23.136.1.1.1";

/// Hashes the groups `(number, whole object)` and signs the list as the document signer.
pub(crate) fn sign(pki: &Pki, groups: &[(u8, &[u8])]) -> Result<Vec<u8>, Box<dyn Error>> {
    let sha256 = der::seq(&[der::oid("2.16.840.1.101.3.4.2.1")]);
    let hash =
        |(number, object): &(u8, &[u8])| der::seq(&[der::uint(&[*number]), der::octets(&Sha256::digest(object))]);
    let hashes = der::seq(&groups.iter().map(hash).collect::<Vec<_>>());
    let content = der::seq(&[der::uint(&[0]), sha256.clone(), hashes]);

    let attribute = |kind: &str, value: Vec<u8>| der::seq(&[der::oid(kind), der::set(&[value])]);
    let attributes = der::set(&[
        attribute("1.2.840.113549.1.9.3", der::oid(LDS_SECURITY_OBJECT)),
        attribute("1.2.840.113549.1.9.4", der::octets(&Sha256::digest(&content))),
    ]);
    // Signed as the explicit SET, sent as [0] (RFC 5652, 5.4): only the first byte differs.
    let implicit = [&[0xA0], attributes.get(1..).unwrap_or_default()].concat();

    let signer = der::seq(&[
        der::uint(&[1]),
        pki.signer_id.clone(),
        sha256.clone(),
        implicit,
        pki.signer.key.algorithm(),
        der::octets(&pki.signer.key.sign(&attributes)?),
    ]);
    let signed_data = der::seq(&[
        der::uint(&[3]),
        der::set(&[sha256]),
        der::seq(&[der::oid(LDS_SECURITY_OBJECT), der::context(0, &der::octets(&content))]),
        der::context(0, &pki.signer.certificate),
        der::set(&[signer]),
    ]);
    Ok(tlv(0x77, &der::seq(&[der::oid("1.2.840.113549.1.7.2"), der::context(0, &signed_data)])))
}
