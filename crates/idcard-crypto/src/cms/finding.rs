//! What a check of a signature found, each with its weight.

use const_oid::ObjectIdentifier;
use thiserror::Error;

use super::walk::{Broken, Unnamed};
use crate::algorithm::{AlgorithmFault, HashAlgorithm};
use crate::key::{KeyFault, KeyKind, SignatureFault};

/// What a finding means for the verdict, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth a word; the verdict stands.
    Note,
    /// Something could not be checked.
    Unknown,
    /// An algorithm proves nothing any more.
    Weak,
    /// The signature is not valid.
    Fault,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Finding {
    /// The structure is broken.
    #[error("the signature is malformed: {what}, at byte {offset}")]
    Malformed {
        /// What is wrong.
        what: &'static str,
        /// Offset in the DER or BER file.
        offset: u64,
    },
    /// A part of the structure is broken.
    #[error("the signature is malformed: {0}")]
    MalformedPart(&'static str),
    /// The check stopped at a bound of this library; what lies behind it is not known.
    #[error("the check stopped at the limit of {0}: what comes after it was not looked at")]
    Limit(&'static str),
    /// Bytes follow the signature.
    #[error("data follow the end of the signature")]
    TrailingData,
    /// Nobody signed.
    #[error("there is no signer in it")]
    NoSigner,
    /// The signature holds a document, and the one that was given beside it is another.
    #[error("the signature holds another document than the one that was given")]
    TwoContents,
    /// The signer's certificate is not at hand.
    #[error("the signer's certificate is not in the signature and was not given")]
    NoCertificate,
    /// An embedded certificate cannot be read.
    #[error("a certificate in the signature cannot be read, or has more than 32 KiB")]
    UnreadableCertificate,
    /// An embedded revocation list cannot be read, and says nothing.
    #[error("a revocation list in the signature cannot be read")]
    UnreadableList,
    /// The key in the signer's certificate cannot be used.
    #[error(transparent)]
    Key(KeyFault),
    /// The signature uses an algorithm that is not supported.
    #[error(transparent)]
    Algorithm(AlgorithmFault),
    /// The digest is one of the MD family.
    #[error("the hash {0} proves nothing and is not supported")]
    BrokenHash(ObjectIdentifier),
    /// The digest proves nothing any more.
    #[error("the hash {0} is too weak")]
    WeakHash(HashAlgorithm),
    /// The signer's hash is not announced before the content.
    #[error("the signer's hash {0} is not among the announced ones")]
    HashNotAnnounced(HashAlgorithm),
    /// The hash of the signature algorithm is another one than that of the digest.
    #[error("the hash of the digest and that of the signature differ")]
    HashesDiffer,
    /// The version does not go with the way the signer is named.
    #[error("the version of the SignerInfo does not go with its signer identifier")]
    Version,
    /// Signed attributes are missing though the content is not plain data.
    #[error("signed attributes are missing though the content type asks for them")]
    NoAttributes,
    /// The content is itself a set of signed attributes: a signature over attributes is being passed off.
    #[error("the content looks like the signed attributes of another signature")]
    AttributesAsContent,
    /// A signed attribute is missing.
    #[error("the signed attribute {0} is missing")]
    AttributeMissing(&'static str),
    /// A signed attribute occurs twice or has several values.
    #[error("the signed attribute {0} is there more than once")]
    AttributeRepeated(ObjectIdentifier),
    /// A signed attribute has another form than its standard says.
    #[error("the signed attribute {0} is malformed")]
    AttributeMalformed(ObjectIdentifier),
    /// A signed attribute that must not be there.
    #[error("the signed attribute {0} must not be there")]
    AttributeForbidden(ObjectIdentifier),
    /// The signed content type is another one than that of the content.
    #[error("the signed content type is not that of the content")]
    ContentTypeDiffers,
    /// The attributes stand in another order than DER asks; the signature is over their DER.
    #[error("the signed attributes are not in DER order")]
    AttributesNotDer,
    /// The document is not the one that was signed.
    #[error("the document is not the one that was signed")]
    ContentDiffers,
    /// The signed certificate reference names another certificate.
    #[error("the signature was made for another certificate")]
    CertificateDiffers,
    /// The signed certificate reference has the hash of the certificate, and contradicts it in issuer or serial number.
    #[error("the signed certificate reference has another issuer or serial number than the certificate")]
    ReferenceDiffers,
    /// The signed algorithms are other ones than those of the signature (RFC 6211).
    #[error("the algorithms of the signature are not those that were signed")]
    AlgorithmsDiffer,
    /// A bare signature has a length that none by this key has.
    #[error("the signature has {length} bytes, a length that no signature by this key has ({key})")]
    SignatureLength {
        /// Its length, in bytes.
        length: usize,
        /// The key.
        key: KeyKind,
    },
    /// The signature does not verify.
    #[error(transparent)]
    Signature(SignatureFault),
    /// A countersignature does not verify.
    #[error("a countersignature is not valid")]
    Countersignature,
    /// More signatures than are checked.
    #[error("there are more countersignatures than are checked")]
    TooManyCountersignatures,
    /// A time stamp is there, and nobody checked it.
    #[error("a time stamp is there and was not checked")]
    TimeStampNotChecked,
}

impl From<Broken> for Finding {
    fn from(broken: Broken) -> Self {
        Self::MalformedPart(broken.0)
    }
}

impl From<Unnamed> for Finding {
    fn from(unnamed: Unnamed) -> Self {
        let (limit, what) = Unnamed::WHAT;
        match unnamed {
            Unnamed::TooLong => Self::Limit(limit),
            Unnamed::Broken => Self::MalformedPart(what),
        }
    }
}

impl Finding {
    /// What the finding means for the verdict.
    #[must_use]
    pub const fn weight(&self) -> Weight {
        match self {
            Self::UnreadableCertificate
            | Self::UnreadableList
            | Self::AttributesNotDer
            | Self::Countersignature
            | Self::TooManyCountersignatures
            | Self::TimeStampNotChecked => Weight::Note,
            Self::Limit(_) | Self::NoCertificate | Self::Key(_) | Self::Algorithm(_) => Weight::Unknown,
            Self::BrokenHash(_) | Self::WeakHash(_) => Weight::Weak,
            _ => Weight::Fault,
        }
    }
}
