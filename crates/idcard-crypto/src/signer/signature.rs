//! The forms of one signature: as the card gives it, as CMS holds it, as JSON Web Signatures hold it.

use crate::key::{KeyKind, PublicKey, SignatureFault};

/// A signature, normalised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    encoded: Vec<u8>,
    plain: Vec<u8>,
}

impl Signature {
    /// Reads what a key answered: RSA as long as the modulus or shorter by leading zeros; ECDSA as r‖s or DER.
    ///
    /// # Errors
    /// [`SignatureFault::Malformed`].
    pub(crate) fn read(key: &PublicKey, answer: &[u8]) -> Result<Self, SignatureFault> {
        if answer.is_empty() {
            return Err(SignatureFault::Malformed("it is empty"));
        }
        match key.kind() {
            KeyKind::Rsa { bits } => {
                let missing = bits.div_ceil(8).checked_sub(answer.len());
                let missing = missing.ok_or(SignatureFault::Malformed("it is longer than the key"))?;
                let whole = [&vec![0; missing], answer].concat();
                Ok(Self { encoded: whole.clone(), plain: whole })
            }
            KeyKind::P256 => {
                let read = match answer.len() {
                    64 => p256::ecdsa::Signature::from_slice(answer),
                    _ => p256::ecdsa::Signature::from_der(answer),
                };
                let signature = read.map_err(|_| NOT_ECDSA)?;
                Ok(Self { encoded: signature.to_der().as_bytes().to_vec(), plain: signature.to_bytes().to_vec() })
            }
            KeyKind::P384 => {
                let read = match answer.len() {
                    96 => p384::ecdsa::Signature::from_slice(answer),
                    _ => p384::ecdsa::Signature::from_der(answer),
                };
                let signature = read.map_err(|_| NOT_ECDSA)?;
                Ok(Self { encoded: signature.to_der().as_bytes().to_vec(), plain: signature.to_bytes().to_vec() })
            }
        }
    }

    /// As CMS and X.509 hold it: RSA as it is, ECDSA as DER (RFC 3279, 2.2.3).
    #[must_use]
    pub fn to_der(&self) -> &[u8] {
        &self.encoded
    }

    /// As JSON Web Signatures hold it: RSA as it is, ECDSA as r‖s (RFC 7518, 3.4).
    #[must_use]
    pub fn to_plain(&self) -> &[u8] {
        &self.plain
    }
}

const NOT_ECDSA: SignatureFault =
    SignatureFault::Malformed("neither r and s as long as the curve nor a DER sequence of them, both in its range");
