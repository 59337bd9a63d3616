//! What the extensions of a certificate say (RFC 5280, 4.2).

use super::{Certificate, CertificateFault};
use const_oid::db::{rfc5280, rfc5912, rfc6960};
use const_oid::{AssociatedOid, ObjectIdentifier};
use der::Decode;
use std::collections::BTreeSet;
use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};

/// One bit of keyUsage.
pub use x509_cert::ext::pkix::KeyUsages as KeyPurpose;

impl Certificate {
    /// An extension, decoded, and whether it is critical.
    ///
    /// # Errors
    /// [`CertificateFault::Extension`] when it is there and malformed.
    pub fn extension<'a, T>(&'a self) -> Result<Option<(bool, T)>, CertificateFault>
    where
        T: Decode<'a> + AssociatedOid,
    {
        let all = self.parsed.tbs_certificate().extensions();
        let Some(extension) = all.into_iter().flatten().find(|extension| extension.extn_id == T::OID) else {
            return Ok(None);
        };
        let value = T::from_der(extension.extn_value.as_bytes()).map_err(|_| CertificateFault::Extension(T::OID))?;
        Ok(Some((extension.critical, value)))
    }

    fn value<'a, T: Decode<'a> + AssociatedOid>(&'a self) -> Option<T> {
        self.extension().ok().flatten().map(|(_, value)| value)
    }

    /// The object identifiers of all critical extensions.
    pub fn critical_extensions(&self) -> impl Iterator<Item = ObjectIdentifier> {
        let all = self.parsed.tbs_certificate().extensions();
        all.into_iter().flatten().filter(|extension| extension.critical).map(|extension| extension.extn_id)
    }

    /// Whether basicConstraints makes this a certificate of an authority.
    #[must_use]
    pub fn is_ca(&self) -> bool {
        self.value::<BasicConstraints>().is_some_and(|constraints| constraints.ca)
    }

    /// Whether the certificate is of version 1 or 2, and so cannot say if it is one of an authority (RFC 5280, 6.1.4 k).
    #[must_use]
    pub fn predates_extensions(&self) -> bool {
        let tbs = self.parsed.tbs_certificate();
        tbs.version() != Version::V3 && tbs.extensions().is_none()
    }

    /// The pathLenConstraint of an authority: how many authorities may stand below it.
    #[must_use]
    pub fn path_len(&self) -> Option<u8> {
        self.value::<BasicConstraints>().filter(|constraints| constraints.ca)?.path_len_constraint
    }

    /// The keyUsage, where there is one: its absence allows everything.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.value()
    }

    /// Whether the key may be used so: yes, when keyUsage is absent or names it; no, when it is malformed.
    #[must_use]
    pub fn allows(&self, purpose: KeyPurpose) -> bool {
        match self.extension::<KeyUsage>() {
            Ok(None) => true,
            Ok(Some((_, usage))) => usage.0.contains(purpose),
            Err(_) => false,
        }
    }

    /// The names of the keyUsage bits, as in RFC 5280.
    #[must_use]
    pub fn key_usage_names(&self) -> Vec<&'static str> {
        const NAMES: [(KeyUsages, &str); 9] = [
            (KeyUsages::DigitalSignature, "digitalSignature"),
            (KeyUsages::NonRepudiation, "nonRepudiation"),
            (KeyUsages::KeyEncipherment, "keyEncipherment"),
            (KeyUsages::DataEncipherment, "dataEncipherment"),
            (KeyUsages::KeyAgreement, "keyAgreement"),
            (KeyUsages::KeyCertSign, "keyCertSign"),
            (KeyUsages::CRLSign, "cRLSign"),
            (KeyUsages::EncipherOnly, "encipherOnly"),
            (KeyUsages::DecipherOnly, "decipherOnly"),
        ];
        let usage = self.key_usage();
        let has = |bit| usage.is_some_and(|usage| usage.0.contains(bit));
        NAMES.into_iter().filter(|(bit, _)| has(*bit)).map(|(_, name)| name).collect()
    }

    /// The extended key usages.
    #[must_use]
    pub fn extended_key_usage(&self) -> Vec<ObjectIdentifier> {
        self.value::<ExtendedKeyUsage>().map(|usage| usage.0).unwrap_or_default()
    }

    /// Whether nobody may pass over the extended key usages.
    pub(crate) fn has_critical_extended_key_usage(&self) -> bool {
        let all = self.parsed.tbs_certificate().extensions();
        all.into_iter().flatten().any(|one| one.extn_id == rfc5280::ID_CE_EXT_KEY_USAGE && one.critical)
    }

    /// Whether the certificate is one of a delegated OCSP responder (RFC 6960, 4.2.2.2).
    #[must_use]
    pub fn is_ocsp_signer(&self) -> bool {
        self.extended_key_usage().contains(&rfc5280::ID_KP_OCSP_SIGNING)
    }

    /// Whether the certificate asks not to be checked for revocation (RFC 6960, 4.2.2.2.1).
    #[must_use]
    pub fn has_ocsp_no_check(&self) -> bool {
        let all = self.parsed.tbs_certificate().extensions();
        all.into_iter().flatten().any(|extension| extension.extn_id == rfc6960::ID_PKIX_OCSP_NOCHECK)
    }

    /// The subjectKeyIdentifier, upper-case hex.
    #[must_use]
    pub fn subject_key_id(&self) -> Option<String> {
        self.value::<SubjectKeyIdentifier>().map(|id| hex::encode_upper(id.0.as_bytes()))
    }

    /// The authorityKeyIdentifier, upper-case hex.
    #[must_use]
    pub fn authority_key_id(&self) -> Option<String> {
        let id = self.value::<AuthorityKeyIdentifier>()?.key_identifier?;
        Some(hex::encode_upper(id.as_bytes()))
    }

    /// The policy identifiers.
    #[must_use]
    pub fn policies(&self) -> Vec<ObjectIdentifier> {
        let policies = self.value::<CertificatePolicies>().map(|policies| policies.0).unwrap_or_default();
        policies.into_iter().map(|policy| policy.policy_identifier).collect()
    }

    /// The addresses of the revocation lists, as written; nothing is fetched from there.
    #[must_use]
    pub fn crl_urls(&self) -> Vec<String> {
        let points = self.value::<CrlDistributionPoints>().map(|points| points.0).unwrap_or_default();
        let names = points.into_iter().filter_map(|point| match point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(uri).collect()
    }

    /// The addresses of the OCSP responders, as written; nothing is asked there unless the caller says so.
    #[must_use]
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.access(rfc5912::ID_AD_OCSP)
    }

    /// The addresses of the issuing authority's certificates, as written.
    #[must_use]
    pub fn issuer_urls(&self) -> Vec<String> {
        self.access(rfc5912::ID_AD_CA_ISSUERS)
    }

    fn access(&self, method: ObjectIdentifier) -> Vec<String> {
        let all = self.value::<AuthorityInfoAccessSyntax>().map(|access| access.0).unwrap_or_default();
        all.into_iter().filter(|access| access.access_method == method).filter_map(|a| uri(a.access_location)).collect()
    }

    /// The mail addresses of subjectAltName.
    #[must_use]
    pub fn mail_addresses(&self) -> Vec<String> {
        let names = self.value::<SubjectAltName>().map(|names| names.0).unwrap_or_default();
        let mail = |name| match name {
            GeneralName::Rfc822Name(mail) => Some(mail.to_string()),
            _ => None,
        };
        names.into_iter().filter_map(mail).collect()
    }
}

fn uri(name: GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
        _ => None,
    }
}

/// RFC 5280, 4.2: an extension occurs at most once.
pub(super) fn refuse_duplicates(tbs: &TbsCertificate) -> Result<(), CertificateFault> {
    let mut seen = BTreeSet::new();
    for extension in tbs.extensions().into_iter().flatten() {
        if !seen.insert(extension.extn_id) {
            return Err(CertificateFault::DuplicateExtension(extension.extn_id));
        }
    }
    Ok(())
}
