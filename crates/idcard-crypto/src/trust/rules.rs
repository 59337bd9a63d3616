//! The rules of RFC 5280, section 6, over one finished path: the library's validation, with our keys and our clock.

use super::anchor::Anchor;
use crate::certificate::{Certificate, KeyPurpose};
use certval::{
    CertificationPath, CertificationPathResults, CertificationPathSettings, Error as PathError, PDVCertificate,
    PDVTrustAnchorChoice, PathValidationStatus, PkiEnvironment, TimeOfInterest, VerifySignatureMessage,
    check_critical_extensions, check_extended_key_usage, enforce_trust_anchor_constraints, validate_path_rfc5280,
    verify_signatures,
};
use der::asn1::{BitString, OctetString};
use der::{Decode, Encode};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use std::fmt;
use x509_cert::anchor::{CertPathControls, TrustAnchorChoice, TrustAnchorInfo};
use x509_cert::name::Name;

/// A rule of RFC 5280 that a path can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// The names do not chain (6.1.3 a 4).
    NameChaining,
    /// An issuer has no basicConstraints that make it an authority (6.1.4 k).
    BasicConstraints,
    /// More authorities than a pathLenConstraint allows (6.1.4 l, m).
    PathLength,
    /// An issuer has a keyUsage without keyCertSign (6.1.4 n).
    KeyUsage,
    /// Certificate policies leave nothing, or are inconsistent (6.1.3 d to f, 6.1.5 g).
    Policy,
    /// A name is outside of what an authority above may name (6.1.3 b, c).
    NameConstraints,
    /// A critical extension is not understood (6.1.4 o, 6.1.5 f).
    CriticalExtension,
    /// A serial number is negative or takes more than 20 bytes (4.1.2.2).
    SerialNumber,
    /// An extension is not encoded as prescribed (4.2).
    Encoding,
    /// The signature does not verify (6.1.3 a 1).
    Signature,
    /// The processing reached a bound.
    Limit,
    /// Another rule of the validation.
    Unspecific,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameChaining => "its issuer name is not the name of the certificate above it",
            Self::BasicConstraints => "an issuer is no authority by its basicConstraints",
            Self::PathLength => "there are more authorities than a path length constraint allows",
            Self::KeyUsage => "the keyUsage of an issuer does not let it sign certificates",
            Self::Policy => "its certificate policies are not those that are required above it",
            Self::NameConstraints => "its name is outside of the name constraints above it",
            Self::CriticalExtension => "it has a critical extension that is not understood",
            Self::SerialNumber => "its serial number is negative or too long",
            Self::Encoding => "an extension is malformed",
            Self::Signature => "its signature does not verify",
            Self::Limit => "its constraints are too many to be worked through",
            Self::Unspecific => "the validation of RFC 5280 refuses it",
        })
    }
}

/// Validates a path, target first, whose signatures were verified on the way: they, dates and key sizes are not looked at here.
/// The position of the certificate that breaks a rule is counted as in [`super::Reason`].
pub(super) fn validate(path: &[&Certificate], anchor: &Anchor) -> Result<(), (usize, Rule)> {
    let Some((target, issuers)) = path.split_first() else { return Err((0, Rule::Unspecific)) };
    may_issue(anchor).map_err(|rule| (path.len(), rule))?;
    if let Some(at) = path.iter().position(|certificate| has_odd_serial(certificate)) {
        return Err((at, Rule::SerialNumber));
    }
    let encoding = |at| move |_| (at, Rule::Encoding);
    let target = PDVCertificate::try_from(target.der()).map_err(encoding(0))?;
    let above = issuers.iter().enumerate().rev();
    let above = above.map(|(index, issuer)| PDVCertificate::try_from(issuer.der()).map_err(encoding(index + 1)));
    let trust_anchor = trust_anchor(anchor).map_err(|rule| (path.len(), rule))?;

    let mut settings = CertificationPathSettings::new();
    // Dates are judged with their own reasons in `path`; the library would stop at the first.
    settings.set_time_of_interest(TimeOfInterest::disabled());
    settings.set_enforce_trust_anchor_validity(false);
    settings.set_check_revocation_status(false);
    // The anchor is an argument, no store is asked for it.
    settings.set_require_ta_store(false);
    settings.set_enforce_trust_anchor_constraints(true);
    settings.set_min_rsa_modulus_bits(0);
    let settings = enforce_trust_anchor_constraints(&settings, &trust_anchor)
        .map_err(|error| (path.len(), rule(error, Rule::CriticalExtension)))?;

    let mut environment = PkiEnvironment::new();
    environment.clear_all_callbacks();
    environment.add_verify_signature_message_callback(signed_along(path, anchor));

    let certification = CertificationPath::new(trust_anchor, above.collect::<Result<_, _>>()?, target);
    let mut results = CertificationPathResults::new();
    let mut validated = validate_path_rfc5280(&environment, &settings, &certification, &mut results);
    // 6.1.4 (n) asks for keyCertSign where there is a keyUsage; the library stops there where there is none.
    let stopped = PathError::PathValidation(PathValidationStatus::InvalidKeyUsage);
    if validated == Err(stopped) && issuers.iter().all(|issuer| issuer.allows(KeyPurpose::KeyCertSign)) {
        validated = [check_extended_key_usage, check_critical_extensions, verify_signatures]
            .into_iter()
            .try_for_each(|check| check(&environment, &settings, &certification, &mut results));
    }
    validated.map_err(|error| {
        // The library counts from the anchor (0) down to the target.
        let from_anchor = results.get_failure_index().unwrap_or(0) as usize;
        (path.len().saturating_sub(from_anchor), rule(error, Rule::Unspecific))
    })
}

/// A byte of zeros in front, which only says that a number is positive, is not counted.
fn has_odd_serial(certificate: &Certificate) -> bool {
    match certificate.parsed().tbs_certificate().serial_number().as_bytes() {
        [0, rest @ ..] => rest.len() > 20,
        bytes => bytes.len() > 20 || bytes.first().is_some_and(|first| *first > 0x7F),
    }
}

/// Whether anything can be below the anchor: if not, it vouches for itself alone, whatever its key signs.
///
/// RFC 5280, 6.1.4 (k) and (n), asked of the anchor as of every issuer; the library does not. A certificate of version
/// 1 or 2 cannot say that it is an authority: there, the word of the one who named it as an anchor has to do.
fn may_issue(anchor: &Anchor) -> Result<(), Rule> {
    match &anchor.certificate {
        Some(root) if !root.predates_extensions() && !root.is_ca() => Err(Rule::BasicConstraints),
        Some(root) if !root.allows(KeyPurpose::KeyCertSign) => Err(Rule::KeyUsage),
        _ => Ok(()),
    }
}

fn trust_anchor(anchor: &Anchor) -> Result<PDVTrustAnchorChoice, Rule> {
    if let Some(certificate) = &anchor.certificate {
        return PDVTrustAnchorChoice::try_from(certificate.der()).map_err(|_| Rule::Encoding);
    }
    let key_id = anchor.key_id.as_deref().and_then(|id| hex::decode(id).ok()).unwrap_or_default();
    let info = || -> der::Result<TrustAnchorInfo<_>> {
        Ok(TrustAnchorInfo {
            version: x509_cert::anchor::Version::default(),
            pub_key: SubjectPublicKeyInfoOwned::from_der(anchor.key.spki_der())?,
            key_id: OctetString::new(key_id)?,
            ta_title: None,
            cert_path: Some(CertPathControls {
                ta_name: Name::from_der(anchor.subject.der())?,
                certificate: None,
                policy_set: None,
                policy_flags: None,
                name_constr: None,
                path_len_constraint: anchor.path_len.map(u32::from),
            }),
            extensions: None,
            ta_title_lang_tag: None,
        })
    };
    let info = info().map_err(|_| Rule::Encoding)?;
    PDVTrustAnchorChoice::try_from(TrustAnchorChoice::TaInfo(info)).map_err(|_| Rule::Encoding)
}

/// The library asks for every signature. All of the path have been verified on the way to it, each under the key above, and
/// verifying is what costs: a question has to be about one of these.
fn signed_along(path: &[&Certificate], anchor: &Anchor) -> impl VerifySignatureMessage + Send + Sync + 'static {
    let keys = path.iter().skip(1).map(|issuer| issuer.spki_der()).chain([anchor.key.spki_der()]);
    let of = |(certificate, key): (&&Certificate, &[u8])| (certificate.tbs_der().to_vec(), key.to_vec());
    let signed: Vec<_> = path.iter().zip(keys).map(of).collect();
    move |_: &PkiEnvironment,
          message: &[u8],
          _: &BitString,
          _: &AlgorithmIdentifierOwned,
          key: &SubjectPublicKeyInfoOwned| {
        let key = key.to_der()?;
        let known = signed.iter().any(|(tbs, issuer)| tbs == message && *issuer == key);
        known.then_some(()).ok_or(PathError::PathValidation(PathValidationStatus::SignatureVerificationFailure))
    }
}

fn rule(error: PathError, otherwise: Rule) -> Rule {
    use PathValidationStatus as Status;
    match error {
        PathError::PathValidation(status) => match status {
            Status::NameChainingFailure => Rule::NameChaining,
            Status::MissingBasicConstraints | Status::InvalidBasicConstraints => Rule::BasicConstraints,
            Status::InvalidPathLength => Rule::PathLength,
            Status::InvalidKeyUsage => Rule::KeyUsage,
            Status::NullPolicySet | Status::InvalidPolicyMapping => Rule::Policy,
            Status::NameConstraintsViolation => Rule::NameConstraints,
            Status::UnprocessedCriticalExtension => Rule::CriticalExtension,
            Status::EncodingError => Rule::Encoding,
            Status::SignatureVerificationFailure => Rule::Signature,
            Status::ProcessingLimitExceeded => Rule::Limit,
            _ => otherwise,
        },
        PathError::Asn1Error(_) | PathError::ParseError => Rule::Encoding,
        _ => otherwise,
    }
}
