//! X.509 v3 certificates (RFC 5280): names, extensions, the signed whole.

use std::error::Error;

use sha2::{Digest, Sha256};

use crate::der::{self, Day};
use crate::keys::Key;

/// A distinguished name in wire order: attribute type and value.
#[derive(Clone)]
pub(crate) struct Name(pub(crate) Vec<(&'static str, String)>);

impl Name {
    /// DER; the country is a PrintableString, all else UTF8String.
    pub(crate) fn der(&self) -> Vec<u8> {
        let rdn = |(kind, value): &(&str, String)| {
            let text = if *kind == "C" { der::printable(value) } else { der::utf8(value) };
            der::set(&[der::seq(&[der::oid(attribute(kind)), text])])
        };
        der::seq(&self.0.iter().map(rdn).collect::<Vec<_>>())
    }

    /// The one-line form of OpenSSL's `index.txt`, bytes outside ASCII escaped.
    pub(crate) fn line(&self) -> String {
        let mut out = String::new();
        for (kind, value) in &self.0 {
            out.push_str(&format!("/{kind}="));
            for byte in value.bytes() {
                match byte {
                    0x20..=0x7E => out.push(char::from(byte)),
                    other => out.push_str(&format!("\\x{other:02X}")),
                }
            }
        }
        out
    }
}

fn attribute(kind: &str) -> &'static str {
    match kind {
        "C" => "2.5.4.6",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "GN" => "2.5.4.42",
        "SN" => "2.5.4.4",
        _ => "2.5.4.3",
    }
}

/// What a certificate shall say.
pub(crate) struct Request<'a> {
    pub(crate) label: &'a str,
    pub(crate) subject: &'a Name,
    pub(crate) key: &'a Key,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) extensions: Vec<Vec<u8>>,
}

/// A certificate and what a revocation list or an index needs of it.
pub(crate) struct Issued {
    pub(crate) der: Vec<u8>,
    pub(crate) serial: Vec<u8>,
    pub(crate) to: Day,
    pub(crate) subject: Name,
}

/// Signs the request. The serial number has sixteen octets, as those of the real card have.
pub(crate) fn issue(request: Request<'_>, issuer: &Name, signer: &Key) -> Result<Issued, Box<dyn Error>> {
    let mut serial: Vec<u8> = Sha256::digest(request.label).into_iter().take(16).collect();
    if let Some(first) = serial.first_mut() {
        *first = *first & 0x3F | 0x40;
    }
    let mut extensions = request.extensions;
    extensions.push(extension("2.5.29.14", false, &der::octets(&request.key.identifier()?)));
    if signer.identifier()? != request.key.identifier()? {
        let key_id = der::tlv(0x80, &signer.identifier()?);
        extensions.push(extension("2.5.29.35", false, &der::seq(&[key_id])));
    }
    let tbs = der::seq(&[
        der::context(0, &der::uint(&[2])),
        der::uint(&serial),
        signer.algorithm(),
        issuer.der(),
        der::seq(&[request.from.time(), request.to.time()]),
        request.subject.der(),
        request.key.public()?,
        der::context(3, &der::seq(&extensions)),
    ]);
    Ok(Issued { der: signed(&tbs, signer)?, serial, to: request.to, subject: request.subject.clone() })
}

/// `SIGNED{tbs}`: the frame of certificates and revocation lists.
pub(crate) fn signed(tbs: &[u8], signer: &Key) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(der::seq(&[tbs.to_vec(), signer.algorithm(), der::bits(&signer.sign(tbs)?, 0)]))
}

/// One extension around its DER value.
pub(crate) fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::oid(oid)];
    if critical {
        parts.push(der::yes());
    }
    parts.push(der::octets(value));
    der::seq(&parts)
}

/// basicConstraints of an authority, critical.
pub(crate) fn authority(path_length: Option<u8>) -> Vec<u8> {
    let mut parts = vec![der::yes()];
    parts.extend(path_length.map(|length| der::uint(&[length])));
    extension("2.5.29.19", true, &der::seq(&parts))
}

/// keyUsage, critical: the bits as RFC 5280 numbers them, bit 0 leftmost.
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    extension("2.5.29.15", true, &der::bits(&[bits], bits.trailing_zeros() as u8))
}

/// digitalSignature (0) alone, with nonRepudiation (1), or keyCertSign (5) with cRLSign (6).
pub(crate) const SIGN: u8 = 0b1000_0000;
pub(crate) const SIGN_FOR_GOOD: u8 = 0b1100_0000;
pub(crate) const CERTIFY: u8 = 0b0000_0110;

/// extKeyUsage.
pub(crate) fn purpose(oid: &str) -> Vec<u8> {
    extension("2.5.29.37", false, &der::seq(&[der::oid(oid)]))
}

/// cRLDistributionPoints with one address.
pub(crate) fn crl_at(url: &str) -> Vec<u8> {
    let name = der::context(0, &der::context(0, &der::tlv(0x86, url.as_bytes())));
    extension("2.5.29.31", false, &der::seq(&[der::seq(&[name])]))
}

/// authorityInfoAccess: OCSP responder and the issuer's certificate.
pub(crate) fn access(ocsp: &str, issuer: &str) -> Vec<u8> {
    let entry = |oid, url: &str| der::seq(&[der::oid(oid), der::tlv(0x86, url.as_bytes())]);
    let value = der::seq(&[entry("1.3.6.1.5.5.7.48.1", ocsp), entry("1.3.6.1.5.5.7.48.2", issuer)]);
    extension("1.3.6.1.5.5.7.1.1", false, &value)
}

/// subjectAltName with one mail address.
pub(crate) fn mail(address: &str) -> Vec<u8> {
    extension("2.5.29.17", false, &der::seq(&[der::tlv(0x81, address.as_bytes())]))
}

/// The specimen's policy, below the arc that RFC 5612 keeps for documentation. The certificates of holders say in words,
/// in two languages, what they are.
pub(crate) fn policy(notices: &[&str]) -> Vec<u8> {
    let mut parts = vec![der::oid("1.3.6.1.4.1.32473.364.1")];
    if !notices.is_empty() {
        let words = |text: &&str| der::seq(&[der::oid("1.3.6.1.5.5.7.2.2"), der::seq(&[der::utf8(text)])]);
        let place = der::seq(&[der::oid("1.3.6.1.5.5.7.2.1"), der::ia5("http://127.0.0.1:8731/README")]);
        parts.push(der::seq(&std::iter::once(place).chain(notices.iter().map(words)).collect::<Vec<_>>()));
    }
    extension("2.5.29.32", false, &der::seq(&[der::seq(&parts)]))
}
