//! Checks one signer against the content that was hashed, and those who countersigned him.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc3161, rfc5911};

use super::checked::{CheckedSigner, ContentState, Format, SignatureState};
use super::finding::{Finding, Weight};
use super::signed_attributes::{SignedAttributes, attributes};
use super::signer_info::SignerInfo;
use crate::algorithm::{AlgorithmFault, HashAlgorithm, SignatureScheme};
use crate::certificate::Certificate;
use crate::hash::{Digests, Hashers};
use crate::key::PublicKey;

/// How deep countersignatures of countersignatures are followed.
const DEPTH: usize = 4;

/// The most certificates of a signer's issuer and number that are tried beside the first.
const NAMESAKES: usize = 8;

/// What the signers of one SignedData have in common.
pub(super) struct Context<'a> {
    /// `None` for a countersignature, whose content has no type.
    pub(super) content_type: Option<ObjectIdentifier>,
    pub(super) digests: &'a Digests,
    /// Whether the content is itself a set of signed attributes.
    pub(super) attributes_as_content: bool,
    pub(super) certificates: &'a [Certificate],
}

/// Checks a SignerInfo. `budget` is the number of countersignatures that may still be checked.
pub(super) fn signer(bytes: &[u8], context: &Context<'_>, budget: &mut usize, depth: usize) -> CheckedSigner {
    let mut result = CheckedSigner::default();
    match SignerInfo::read(bytes) {
        Ok(info) => check(&info, context, budget, depth, &mut result),
        Err(broken) => result.findings.push(Finding::MalformedPart(broken.0)),
    }
    result.settle();
    result
}

fn check(info: &SignerInfo<'_>, context: &Context<'_>, budget: &mut usize, depth: usize, result: &mut CheckedSigner) {
    if !info.version_fits() {
        result.findings.push(Finding::Version);
    }
    let read = info.signed_attributes.map(|set| SignedAttributes::read(info, set)).transpose();
    let mut signed = match read {
        Ok(signed) => signed,
        Err(finding) => return result.findings.push(finding),
    };
    if let Some(signed) = &mut signed {
        result.findings.append(&mut signed.findings);
        result.claimed_time = signed.signing_time;
        if signed.is_cades() && context.content_type.is_some() {
            result.format = Format::CadesBB;
        }
    }
    certificate(info, signed.as_ref(), context, result);
    match algorithms(info) {
        Ok((scheme, hash)) => {
            result.hash = Some(hash);
            if hash.is_weak() {
                result.findings.push(Finding::WeakHash(hash));
            }
            signature(info, signed.as_ref(), context, (scheme, hash), result);
        }
        Err(finding) => result.findings.push(finding),
    }
    unsigned(info, context, budget, depth, result);
}

/// Finds the signer's certificate. Two of one name and number are told apart by the signed reference.
fn certificate(
    info: &SignerInfo<'_>,
    signed: Option<&SignedAttributes<'_>>,
    context: &Context<'_>,
    result: &mut CheckedSigner,
) {
    let named = || context.certificates.iter().filter(|certificate| info.sid.names(certificate));
    let refers = |certificate: &Certificate| signed.is_none_or(|signed| signed.refers_to(certificate));
    if let Some(certificate) = named().find(|certificate| refers(certificate)) {
        result.certificate = Some(certificate.clone());
        if signed.is_some_and(|signed| !signed.names(certificate)) {
            result.findings.push(Finding::ReferenceDiffers);
        }
    } else if let Some(certificate) = named().next() {
        result.certificate = Some(certificate.clone());
        result.findings.push(Finding::CertificateDiffers);
    } else {
        result.findings.push(Finding::NoCertificate);
    }
}

/// The scheme and the one hash that both algorithms must name.
fn algorithms(info: &SignerInfo<'_>) -> Result<(SignatureScheme, HashAlgorithm), Finding> {
    let fault = |fault| match fault {
        AlgorithmFault::Unknown(oid) if is_message_digest(oid) => Finding::BrokenHash(oid),
        other => Finding::Algorithm(other),
    };
    let hash = HashAlgorithm::from_algorithm_identifier(&info.digest_algorithm).map_err(fault)?;
    let (scheme, own) = SignatureScheme::from_algorithm_identifier(&info.signature_algorithm).map_err(fault)?;
    if own.is_some_and(|own| own != hash) { Err(Finding::HashesDiffer) } else { Ok((scheme, hash)) }
}

/// MD2, MD4, MD5, alone or under RSA (RFC 8017, appendix B.1; RFC 3279, 2.2.1).
fn is_message_digest(oid: ObjectIdentifier) -> bool {
    [
        "1.2.840.113549.2.2",
        "1.2.840.113549.2.4",
        "1.2.840.113549.2.5",
        "1.2.840.113549.1.1.2",
        "1.2.840.113549.1.1.3",
        "1.2.840.113549.1.1.4",
    ]
    .iter()
    .any(|known| ObjectIdentifier::new(known) == Ok(oid))
}

fn signature(
    info: &SignerInfo<'_>,
    signed: Option<&SignedAttributes<'_>>,
    context: &Context<'_>,
    (scheme, hash): (SignatureScheme, HashAlgorithm),
    result: &mut CheckedSigner,
) {
    let Some(content) = context.digests.get(hash) else {
        return result.findings.push(Finding::HashNotAnnounced(hash));
    };
    let digest = match signed {
        Some(signed) => {
            result.content = Some(content_state(signed, content, context, &mut result.findings));
            hash.digest(&signed.der)
        }
        None => {
            if context.content_type.is_some_and(|kind| kind != rfc5911::ID_DATA) {
                result.findings.push(Finding::NoAttributes);
            }
            if context.attributes_as_content {
                result.findings.push(Finding::AttributesAsContent);
            }
            content.to_vec()
        }
    };
    let Some(first) = &result.certificate else { return };
    let key = match first.key() {
        Ok(key) => key,
        Err(fault) => return result.findings.push(Finding::Key(fault.clone())),
    };
    let is_by = |key: &PublicKey| key.verify_prehash(scheme, hash, &digest, info.signature);
    // Where nothing signed tells namesakes apart, one that a stranger added does not spoil the signature.
    let refers = |one: &&Certificate| signed.is_none_or(|signed| signed.refers_to(one));
    let namesakes = || context.certificates.iter().filter(|one| *one != first && info.sid.names(one)).filter(refers);
    let by = |one: &&Certificate| one.key().is_ok_and(|key| is_by(key).is_ok());
    let mut verified = is_by(key);
    if verified.is_err()
        && let Some(other) = namesakes().take(NAMESAKES).find(by).cloned()
    {
        result.certificate = Some(other);
        verified = Ok(());
    }
    match verified {
        Ok(()) => {
            result.signature = Some(SignatureState::Valid);
            if signed.is_none() {
                result.content = Some(ContentState::Match);
            }
        }
        Err(fault) => result.findings.push(Finding::Signature(fault)),
    }
}

fn content_state(
    signed: &SignedAttributes<'_>,
    content: &[u8],
    context: &Context<'_>,
    findings: &mut Vec<Finding>,
) -> ContentState {
    match (context.content_type, signed.content_type) {
        (Some(_), None) => findings.push(Finding::AttributeMissing("content-type")),
        (Some(due), Some(found)) if due != found => findings.push(Finding::ContentTypeDiffers),
        (None, Some(_)) => findings.push(Finding::AttributeForbidden(rfc5911::ID_CONTENT_TYPE)),
        _ => {}
    }
    match signed.message_digest {
        Some(digest) if digest == content => ContentState::Match,
        Some(_) => {
            findings.push(Finding::ContentDiffers);
            ContentState::Mismatch
        }
        None => {
            findings.push(Finding::AttributeMissing("message-digest"));
            ContentState::Mismatch
        }
    }
}

/// Unsigned attributes: countersignatures are checked, time stamps are named (RFC 5652, 11.4).
fn unsigned(
    info: &SignerInfo<'_>,
    context: &Context<'_>,
    budget: &mut usize,
    depth: usize,
    result: &mut CheckedSigner,
) {
    let Some(set) = info.unsigned_attributes else { return };
    let all = match attributes(set) {
        Ok(all) => all,
        Err(finding) => return result.findings.push(finding),
    };
    for (kind, values) in all {
        if kind == rfc3161::ID_AA_TIME_STAMP_TOKEN {
            result.findings.push(Finding::TimeStampNotChecked);
        }
        if kind != rfc5911::ID_COUNTERSIGNATURE {
            continue;
        }
        let mut hashers = Hashers::new(&HashAlgorithm::ALL);
        hashers.update(info.signature);
        let digests = hashers.finish();
        let inner = Context { content_type: None, digests: &digests, attributes_as_content: false, ..*context };
        for value in values {
            if *budget == 0 || depth >= DEPTH {
                result.findings.push(Finding::TooManyCountersignatures);
                break;
            }
            *budget -= 1;
            let counter = signer(value.raw, &inner, budget, depth + 1);
            if counter.findings.iter().any(|finding| finding.weight() > Weight::Note) {
                result.findings.push(Finding::Countersignature);
            }
            result.countersignatures.push(counter);
        }
    }
}
