//! AlgorithmIdentifier (RFC 5280, 4.1.1.2) read into a scheme and a hash, and written from them.

use super::{HashAlgorithm, SignatureScheme};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912 as oid;
use der::Sequence;
use der::asn1::{Any, Null};
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;

/// ecdsa-with-SHA1 (RFC 3279, 2.2.3).
const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

/// Why an algorithm identifier names nothing that can be verified here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AlgorithmFault {
    /// The algorithm is none of those that are verified here.
    #[error("the algorithm {0} is not supported")]
    Unknown(ObjectIdentifier),
    /// The parameters are not those which the algorithm prescribes.
    #[error("the parameters of the algorithm {0} are malformed")]
    Parameters(ObjectIdentifier),
    /// RSASSA-PSS with parts that do not go together.
    #[error("RSA-PSS with {0} is not supported")]
    Pss(&'static str),
}

impl HashAlgorithm {
    /// The hash of a digestAlgorithm; parameters absent or NULL (RFC 5754, 2).
    ///
    /// # Errors
    /// [`AlgorithmFault`] for an unknown hash or other parameters.
    pub fn from_algorithm_identifier(id: &AlgorithmIdentifierOwned) -> Result<Self, AlgorithmFault> {
        let hash = Self::from_oid(id.oid)?;
        null_or_absent(id)?;
        Ok(hash)
    }

    /// The digestAlgorithm, without parameters (RFC 5754, 2).
    #[must_use]
    pub fn algorithm_identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.oid(), parameters: None }
    }
}

impl SignatureScheme {
    /// The scheme of a signatureAlgorithm, and its hash where the identifier names one.
    ///
    /// `rsaEncryption` and `id-ecPublicKey` stand alone in some CMS files; the hash is then that of the
    /// digestAlgorithm beside them, and `None` here.
    ///
    /// # Errors
    /// [`AlgorithmFault`]: an unknown algorithm, wrong parameters, or RSA-PSS whose mask hash differs from its hash.
    pub fn from_algorithm_identifier(
        id: &AlgorithmIdentifierOwned,
    ) -> Result<(Self, Option<HashAlgorithm>), AlgorithmFault> {
        use HashAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        let (scheme, hash) = match id.oid {
            oid::RSA_ENCRYPTION => (Self::Pkcs1v15, None),
            oid::SHA_1_WITH_RSA_ENCRYPTION => (Self::Pkcs1v15, Some(Sha1)),
            oid::SHA_256_WITH_RSA_ENCRYPTION => (Self::Pkcs1v15, Some(Sha256)),
            oid::SHA_384_WITH_RSA_ENCRYPTION => (Self::Pkcs1v15, Some(Sha384)),
            oid::SHA_512_WITH_RSA_ENCRYPTION => (Self::Pkcs1v15, Some(Sha512)),
            oid::ID_RSASSA_PSS => return pss(id),
            ECDSA_WITH_SHA_1 => (Self::Ecdsa, Some(Sha1)),
            oid::ECDSA_WITH_SHA_256 => (Self::Ecdsa, Some(Sha256)),
            oid::ECDSA_WITH_SHA_384 => (Self::Ecdsa, Some(Sha384)),
            oid::ECDSA_WITH_SHA_512 => (Self::Ecdsa, Some(Sha512)),
            // Its parameters name the curve; the key decides which curve it is.
            oid::ID_EC_PUBLIC_KEY => return Ok((Self::Ecdsa, None)),
            other => return Err(AlgorithmFault::Unknown(other)),
        };
        null_or_absent(id)?;
        Ok((scheme, hash))
    }

    /// The signatureAlgorithm for this scheme with this hash (RFC 4055, RFC 5758).
    ///
    /// # Errors
    /// [`AlgorithmFault::Pss`] when the salt is longer than 65,535 bytes.
    pub fn algorithm_identifier(self, hash: HashAlgorithm) -> Result<AlgorithmIdentifierOwned, AlgorithmFault> {
        use HashAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        Ok(match self {
            Self::Pkcs1v15 => AlgorithmIdentifierOwned {
                oid: match hash {
                    Sha1 => oid::SHA_1_WITH_RSA_ENCRYPTION,
                    Sha256 => oid::SHA_256_WITH_RSA_ENCRYPTION,
                    Sha384 => oid::SHA_384_WITH_RSA_ENCRYPTION,
                    Sha512 => oid::SHA_512_WITH_RSA_ENCRYPTION,
                },
                parameters: Some(Any::null()),
            },
            Self::Ecdsa => AlgorithmIdentifierOwned {
                oid: match hash {
                    Sha1 => ECDSA_WITH_SHA_1,
                    Sha256 => oid::ECDSA_WITH_SHA_256,
                    Sha384 => oid::ECDSA_WITH_SHA_384,
                    Sha512 => oid::ECDSA_WITH_SHA_512,
                },
                parameters: None,
            },
            Self::Pss { salt_length } => {
                let salt = u16::try_from(salt_length).map_err(|_| AlgorithmFault::Pss("a salt over 65,535 bytes"))?;
                let parameters = PssParams::new(hash, salt).and_then(|params| Any::encode_from(&params));
                let parameters = parameters.map_err(|_| AlgorithmFault::Parameters(oid::ID_RSASSA_PSS))?;
                AlgorithmIdentifierOwned { oid: oid::ID_RSASSA_PSS, parameters: Some(parameters) }
            }
        })
    }
}

/// RSASSA-PSS-params (RFC 4055, 3.1): every part that is left out has a default, SHA-1 and 20 bytes of salt.
///
/// The type of the `rsa` crate holds salts of 255 bytes at most. Others sign with the longest that the key has room for:
/// 350 bytes with RSA-3072 and SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct PssParams {
    #[asn1(context_specific = "0", default = "PssParams::sha1", tag_mode = "EXPLICIT")]
    hash: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "1", default = "PssParams::sha1_mask", tag_mode = "EXPLICIT")]
    mask: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "2", default = "PssParams::salt", tag_mode = "EXPLICIT")]
    salt_length: u16,
    #[asn1(context_specific = "3", default = "PssParams::trailer", tag_mode = "EXPLICIT")]
    trailer: u8,
}

impl PssParams {
    fn new(hash: HashAlgorithm, salt_length: u16) -> der::Result<Self> {
        // The hash has NULL as its parameters here (RFC 4055, 2.1).
        let hash = AlgorithmIdentifierOwned { oid: hash.oid(), parameters: Some(Any::null()) };
        let mask = AlgorithmIdentifierOwned { oid: oid::ID_MGF_1, parameters: Some(Any::encode_from(&hash)?) };
        Ok(Self { hash, mask, salt_length, trailer: Self::trailer() })
    }

    fn sha1() -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: HashAlgorithm::Sha1.oid(), parameters: Some(Any::null()) }
    }

    fn sha1_mask() -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: oid::ID_MGF_1, parameters: Any::encode_from(&Self::sha1()).ok() }
    }

    const fn salt() -> u16 {
        20
    }

    const fn trailer() -> u8 {
        1
    }
}

fn pss(id: &AlgorithmIdentifierOwned) -> Result<(SignatureScheme, Option<HashAlgorithm>), AlgorithmFault> {
    let malformed = || AlgorithmFault::Parameters(id.oid);
    let params = id.parameters.as_ref().ok_or_else(malformed)?.decode_as::<PssParams>().map_err(|_| malformed())?;
    let hash = HashAlgorithm::from_algorithm_identifier(&params.hash)?;
    if params.mask.oid != oid::ID_MGF_1 {
        return Err(AlgorithmFault::Pss("another mask than MGF1"));
    }
    let mask_hash = params.mask.parameters.as_ref().ok_or_else(malformed)?;
    let mask_hash = mask_hash.decode_as::<AlgorithmIdentifierOwned>().map_err(|_| malformed())?;
    if HashAlgorithm::from_algorithm_identifier(&mask_hash)? != hash {
        return Err(AlgorithmFault::Pss("a mask of another hash"));
    }
    if params.trailer != PssParams::trailer() {
        return Err(AlgorithmFault::Pss("another trailer than BC"));
    }
    Ok((SignatureScheme::Pss { salt_length: usize::from(params.salt_length) }, Some(hash)))
}

fn null_or_absent(id: &AlgorithmIdentifierOwned) -> Result<(), AlgorithmFault> {
    match &id.parameters {
        None => Ok(()),
        Some(any) if any.decode_as::<Null>().is_ok() => Ok(()),
        Some(_) => Err(AlgorithmFault::Parameters(id.oid)),
    }
}
