//! Mechanisms: their numbers, what they ask for, and what a key of the card computes.

use crate::rv::{Result, Rv};
use cryptoki_sys::*;
use idcard_core::family::{Hash, Key, Scheme};
use idcard_crypto::algorithm::{HashAlgorithm, SignatureScheme};
use idcard_crypto::key::KeyKind;

/// A mechanism as a program asks for it: its number, and its parameter as it lies in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The number, `CKM_…`.
    pub kind: CK_MECHANISM_TYPE,
    /// The parameter, in the form of the host's C.
    pub parameter: Vec<u8>,
}

/// How a signature is computed or verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recipe {
    pub kind: CK_MECHANISM_TYPE,
    pub scheme: Scheme,
    /// The hash that is computed here; without it the program brings a digest or a DigestInfo.
    pub hashing: Option<HashAlgorithm>,
    /// For RSA-PSS: the hash by which the digest was made, and the length of the salt.
    pub pss: Option<(HashAlgorithm, usize)>,
}

/// The signature mechanisms in the order of listing, those that hash first.
const SIGNATURES: [(CK_MECHANISM_TYPE, Scheme, Option<HashAlgorithm>); 12] = [
    (CKM_SHA256_RSA_PKCS, Scheme::Pkcs1, Some(HashAlgorithm::Sha256)),
    (CKM_SHA384_RSA_PKCS, Scheme::Pkcs1, Some(HashAlgorithm::Sha384)),
    (CKM_SHA512_RSA_PKCS, Scheme::Pkcs1, Some(HashAlgorithm::Sha512)),
    (CKM_RSA_PKCS, Scheme::Pkcs1, None),
    (CKM_SHA256_RSA_PKCS_PSS, Scheme::Pss, Some(HashAlgorithm::Sha256)),
    (CKM_SHA384_RSA_PKCS_PSS, Scheme::Pss, Some(HashAlgorithm::Sha384)),
    (CKM_SHA512_RSA_PKCS_PSS, Scheme::Pss, Some(HashAlgorithm::Sha512)),
    (CKM_RSA_PKCS_PSS, Scheme::Pss, None),
    (CKM_ECDSA_SHA256, Scheme::Ecdsa, Some(HashAlgorithm::Sha256)),
    (CKM_ECDSA_SHA384, Scheme::Ecdsa, Some(HashAlgorithm::Sha384)),
    (CKM_ECDSA_SHA512, Scheme::Ecdsa, Some(HashAlgorithm::Sha512)),
    (CKM_ECDSA, Scheme::Ecdsa, None),
];

/// The digest mechanisms, all computed in software.
const DIGESTS: [(CK_MECHANISM_TYPE, HashAlgorithm); 4] = [
    (CKM_SHA256, HashAlgorithm::Sha256),
    (CKM_SHA384, HashAlgorithm::Sha384),
    (CKM_SHA512, HashAlgorithm::Sha512),
    (CKM_SHA_1, HashAlgorithm::Sha1),
];

const CARD_HASHES: [Hash; 3] = [Hash::Sha256, Hash::Sha384, Hash::Sha512];

/// The hash of a digest mechanism.
pub(crate) fn digest(asked: &Asked) -> Result<HashAlgorithm> {
    let known = DIGESTS.iter().find(|(kind, _)| *kind == asked.kind);
    let (_, hash) = known.ok_or(Rv(CKR_MECHANISM_INVALID))?;
    if asked.parameter.is_empty() { Ok(*hash) } else { Err(Rv(CKR_MECHANISM_PARAM_INVALID)) }
}

impl Recipe {
    /// Reads what a program asks for.
    pub(crate) fn of(asked: &Asked) -> Result<Self> {
        let known = SIGNATURES.iter().find(|(kind, _, _)| *kind == asked.kind);
        let &(kind, scheme, hashing) = known.ok_or(Rv(CKR_MECHANISM_INVALID))?;
        let pss = match scheme {
            Scheme::Pss => Some(pss(&asked.parameter, hashing)?),
            _ if asked.parameter.is_empty() => None,
            _ => return Err(Rv(CKR_MECHANISM_PARAM_INVALID)),
        };
        Ok(Self { kind, scheme, hashing, pss })
    }

    /// Whether the key is of the kind that the mechanism is for.
    pub(crate) fn goes_with(&self, key: KeyKind) -> bool {
        matches!(key, KeyKind::Rsa { .. }) == (self.scheme != Scheme::Ecdsa)
    }

    /// The scheme in the words of verification.
    pub(crate) fn signature_scheme(&self) -> SignatureScheme {
        match (self.scheme, self.pss) {
            (Scheme::Pkcs1, _) => SignatureScheme::Pkcs1v15,
            (Scheme::Pss, Some((_, salt_length))) => SignatureScheme::Pss { salt_length },
            (Scheme::Pss, None) => SignatureScheme::Pss { salt_length: 0 },
            (Scheme::Ecdsa, _) => SignatureScheme::Ecdsa,
        }
    }
}

/// `CK_RSA_PKCS_PSS_PARAMS`: three numbers, the hash, the mask, the length of the salt.
fn pss(parameter: &[u8], hashing: Option<HashAlgorithm>) -> Result<(HashAlgorithm, usize)> {
    const WORD: usize = size_of::<CK_ULONG>();
    let invalid = Rv(CKR_MECHANISM_PARAM_INVALID);
    let mut words = parameter.chunks_exact(WORD).filter_map(|word| word.try_into().ok()).map(CK_ULONG::from_ne_bytes);
    let (Some(hash), Some(mask), Some(salt), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err(invalid);
    };
    let (_, hash) = DIGESTS.iter().find(|(kind, _)| *kind == hash).ok_or(invalid)?;
    let expected = match hash {
        HashAlgorithm::Sha1 => CKG_MGF1_SHA1,
        HashAlgorithm::Sha256 => CKG_MGF1_SHA256,
        HashAlgorithm::Sha384 => CKG_MGF1_SHA384,
        HashAlgorithm::Sha512 => CKG_MGF1_SHA512,
    };
    if parameter.len() != 3 * WORD || mask != expected || hashing.is_some_and(|hashing| hashing != *hash) {
        return Err(invalid);
    }
    Ok((*hash, usize::try_from(salt).map_err(|_| invalid)?))
}

/// The hash in the words of card pages; cards know no SHA-1.
pub(crate) const fn on_card(hash: HashAlgorithm) -> Option<Hash> {
    match hash {
        HashAlgorithm::Sha1 => None,
        HashAlgorithm::Sha256 => Some(Hash::Sha256),
        HashAlgorithm::Sha384 => Some(Hash::Sha384),
        HashAlgorithm::Sha512 => Some(Hash::Sha512),
    }
}

/// The signature mechanisms that a key of the card computes.
pub(crate) fn of_key(key: &Key, kind: KeyKind) -> Vec<CK_MECHANISM_TYPE> {
    let rsa = matches!(kind, KeyKind::Rsa { .. });
    let computes = |scheme: Scheme, hash: Option<HashAlgorithm>| match hash {
        Some(hash) => on_card(hash).is_some_and(|hash| key.algorithm(scheme, hash).is_some()),
        None => CARD_HASHES.iter().any(|hash| key.algorithm(scheme, *hash).is_some()),
    };
    let fitting =
        SIGNATURES.iter().filter(|(_, scheme, hash)| (*scheme != Scheme::Ecdsa) == rsa && computes(*scheme, *hash));
    fitting.map(|(kind, _, _)| *kind).collect()
}

/// The digest mechanisms.
pub(crate) fn digests() -> impl Iterator<Item = CK_MECHANISM_TYPE> {
    DIGESTS.iter().map(|(kind, _)| *kind)
}

/// What is to be told about a mechanism; `kind` is that of the key on the card.
pub(crate) fn info(mechanism: CK_MECHANISM_TYPE, kind: Option<KeyKind>) -> CK_MECHANISM_INFO {
    if digests().any(|digest| digest == mechanism) {
        return CK_MECHANISM_INFO { ulMinKeySize: 0, ulMaxKeySize: 0, flags: CKF_DIGEST };
    }
    let (bits, extra) = match kind {
        Some(KeyKind::Rsa { bits }) => (CK_ULONG::try_from(bits).unwrap_or(0), 0),
        Some(KeyKind::P256) => (256, CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS),
        Some(KeyKind::P384) => (384, CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS),
        None => (0, 0),
    };
    CK_MECHANISM_INFO { ulMinKeySize: bits, ulMaxKeySize: bits, flags: CKF_HW | CKF_SIGN | CKF_VERIFY | extra }
}

/// The digest inside a DigestInfo (RFC 8017, 9.2), and its hash, where it is one of those known here.
pub(crate) fn digest_info(bytes: &[u8]) -> Option<(HashAlgorithm, &[u8])> {
    let heads: [(HashAlgorithm, &[u8]); 3] = [
        (HashAlgorithm::Sha256, b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"),
        (HashAlgorithm::Sha384, b"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"),
        (HashAlgorithm::Sha512, b"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"),
    ];
    heads.iter().find_map(|(hash, head)| {
        let digest = bytes.strip_prefix(*head)?;
        (digest.len() == hash.digest_len()).then_some((*hash, digest))
    })
}
