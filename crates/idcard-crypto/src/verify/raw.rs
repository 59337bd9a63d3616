//! A bare signature has no name of its scheme: what fits the key is tried.

use crate::algorithm::{HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::cms::{CheckedDocument, CheckedSigner, ContentState, Finding, Format, SignatureState, VerifyError};
use crate::hash::{Content, Digests, Hashers, for_each_piece};
use crate::key::{KeyKind, PublicKey, SignatureFault};
use crate::passed_off::Head;

/// The usual hash first, so that the usual document is read once with one hash.
const ORDER: [&[HashAlgorithm]; 2] =
    [&[HashAlgorithm::Sha256], &[HashAlgorithm::Sha384, HashAlgorithm::Sha512, HashAlgorithm::Sha1]];

pub(super) fn check<C: Content>(
    signature: &[u8],
    content: &mut C,
    certificate: &Certificate,
) -> Result<CheckedDocument, VerifyError> {
    let mut signer =
        CheckedSigner { certificate: Some(certificate.clone()), format: Format::Raw, ..CheckedSigner::default() };
    let mut length = 0;
    match certificate.key() {
        Err(fault) => signer.findings.push(Finding::Key(fault.clone())),
        Ok(key) if !fits(key.kind(), signature.len()) => {
            signer.signature = Some(SignatureState::Invalid);
            signer.findings.push(Finding::SignatureLength { length: signature.len(), key: key.kind() });
        }
        Ok(key) => {
            let again = content.opens_again();
            let plans = if again { ORDER.to_vec() } else { vec![HashAlgorithm::ALL.as_slice()] };
            let mut attributes = false;
            for hashes in plans {
                let (digests, head) = read(content, hashes)?;
                attributes = head.is_attributes();
                length = digests.length;
                signer.hash = hashes.iter().copied().find(|hash| verifies(key, *hash, &digests, signature));
                if signer.hash.is_some() {
                    break;
                }
            }
            judge(&mut signer);
            // The signature may have been cut out of a CMS file: nobody signed this as a document.
            if attributes {
                signer.findings.push(Finding::AttributesAsContent);
            }
        }
    }
    signer.settle();
    Ok(CheckedDocument { signers: vec![signer], content_length: length, ..CheckedDocument::default() })
}

fn judge(signer: &mut CheckedSigner) {
    match signer.hash {
        Some(hash) => {
            signer.signature = Some(SignatureState::Valid);
            signer.content = Some(ContentState::Match);
            if hash.is_weak() {
                signer.findings.push(Finding::WeakHash(hash));
            }
        }
        None => {
            signer.signature = Some(SignatureState::Invalid);
            signer.findings.push(Finding::Signature(SignatureFault::Invalid));
        }
    }
}

/// Whether a signature of this key can have this length.
fn fits(key: KeyKind, length: usize) -> bool {
    match key {
        KeyKind::Rsa { bits } => length == bits.div_ceil(8),
        // r‖s, or DER of two numbers that may be short.
        KeyKind::P256 => (8..=72).contains(&length),
        KeyKind::P384 => (8..=104).contains(&length),
    }
}

fn read<C: Content>(content: &mut C, hashes: &[HashAlgorithm]) -> Result<(Digests, Head), VerifyError> {
    let mut hashers = Hashers::new(hashes);
    let mut head = Head::default();
    let reader = content.open().map_err(VerifyError::ReadContent)?;
    for_each_piece(reader, |piece| {
        hashers.update(piece);
        head.take(piece);
        Ok(())
    })
    .map_err(VerifyError::ReadContent)?;
    Ok((hashers.finish(), head))
}

fn verifies(key: &PublicKey, hash: HashAlgorithm, digests: &Digests, signature: &[u8]) -> bool {
    let Some(digest) = digests.get(hash) else { return false };
    let with = |scheme| key.verify_prehash(scheme, hash, digest, signature).is_ok();
    match key.kind() {
        KeyKind::Rsa { bits } => {
            let longest = bits.saturating_sub(1).div_ceil(8).saturating_sub(hash.digest_len().saturating_add(2));
            with(SignatureScheme::Pkcs1v15)
                || with(SignatureScheme::Pss { salt_length: hash.digest_len() })
                || with(SignatureScheme::Pss { salt_length: longest })
        }
        KeyKind::P256 | KeyKind::P384 => {
            with(SignatureScheme::Ecdsa) || key.verify_prehash_raw(hash, digest, signature).is_ok()
        }
    }
}
