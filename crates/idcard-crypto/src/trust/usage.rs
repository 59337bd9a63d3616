//! What a certificate is asked to do, against its keyUsage and extendedKeyUsage.

use super::chain::Reason;
use crate::certificate::{Certificate, KeyPurpose};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ANY_EXTENDED_KEY_USAGE, ID_KP_CLIENT_AUTH, ID_KP_EMAIL_PROTECTION, ID_KP_OCSP_SIGNING};

/// Mail; documents as RFC 9336 names them, and before it Microsoft and Adobe.
const DOCUMENTS: [ObjectIdentifier; 4] = [
    ID_KP_EMAIL_PROTECTION,
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
];

/// What the key of the certificate in question does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Usage {
    /// Signs documents: keyUsage digitalSignature or nonRepudiation; an extendedKeyUsage names mail or document
    /// signing, unless nonRepudiation already says that content is signed and the extendedKeyUsage is not critical.
    Sign,
    /// Proves presence: keyUsage digitalSignature; an extendedKeyUsage names clientAuth.
    Authenticate,
    /// Signs revocation states for an authority: extendedKeyUsage OCSPSigning (RFC 6960, 4.2.2.2).
    OcspSign,
    /// Issues certificates: basicConstraints and keyUsage keyCertSign.
    Issue,
    /// Not asked.
    #[default]
    Any,
}

impl Usage {
    /// What speaks against this use.
    pub(super) fn check(self, certificate: &Certificate) -> Option<Reason> {
        use KeyPurpose::{DigitalSignature, KeyCertSign, NonRepudiation};
        let extended = certificate.extended_key_usage();
        let has = |wanted: &[ObjectIdentifier]| extended.iter().any(|oid| wanted.contains(oid));
        let names = |wanted: &[ObjectIdentifier]| extended.is_empty() || has(&[ANY_EXTENDED_KEY_USAGE]) || has(wanted);
        let commits = certificate.key_usage().is_some()
            && certificate.allows(NonRepudiation)
            && !certificate.has_critical_extended_key_usage();
        let what = match self {
            Self::Sign if !certificate.allows(DigitalSignature) && !certificate.allows(NonRepudiation) => {
                "its keyUsage has neither digitalSignature nor nonRepudiation"
            }
            Self::Sign if !commits && !names(&DOCUMENTS) => {
                "its extendedKeyUsage names other uses than signing documents"
            }
            Self::Authenticate if !certificate.allows(DigitalSignature) => "its keyUsage has no digitalSignature",
            Self::Authenticate if !names(&[ID_KP_CLIENT_AUTH]) => "its extendedKeyUsage has no clientAuth",
            Self::OcspSign if !has(&[ID_KP_OCSP_SIGNING]) => "its extendedKeyUsage has no OCSPSigning",
            Self::OcspSign if !certificate.allows(DigitalSignature) => "its keyUsage has no digitalSignature",
            Self::Issue if !certificate.is_ca() && !certificate.predates_extensions() => {
                "its basicConstraints make it no authority"
            }
            Self::Issue if !certificate.allows(KeyCertSign) => "its keyUsage has no keyCertSign",
            _ => return None,
        };
        Some(Reason::Usage(what))
    }
}
