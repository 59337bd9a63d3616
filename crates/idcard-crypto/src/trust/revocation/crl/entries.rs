//! The entries of a revocation list, one after the other.

use crate::trust::revocation::finding::{Doubt, RevokedFor};
use const_oid::db::rfc5280;
use der::{Decode, Reader, SliceReader};
use std::time::SystemTime;
use x509_cert::crl::RevokedCert;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::CrlReason;

/// The entry of a serial number, if there is one. All entries are read: one that cannot be understood makes the whole
/// list unusable (RFC 5280, 5.3).
pub(super) fn find(entries: &[u8], serial: &[u8]) -> Result<Option<(SystemTime, CrlReason)>, Doubt> {
    let mut found = None;
    let mut reader = SliceReader::new(entries).map_err(|_| Doubt::Malformed)?;
    while !reader.is_finished() {
        let entry: RevokedCert = RevokedCert::decode(&mut reader).map_err(|_| Doubt::Malformed)?;
        let reason = reason(entry.crl_entry_extensions.as_deref().unwrap_or_default())?;
        if found.is_none() && entry.serial_number.as_bytes() == serial {
            found = Some((entry.revocation_date.to_system_time(), reason));
        }
    }
    Ok(found)
}

fn reason(extensions: &[Extension]) -> Result<CrlReason, Doubt> {
    let mut reason = CrlReason::Unspecified;
    for extension in extensions {
        match extension.extn_id {
            rfc5280::ID_CE_CRL_REASONS => {
                reason = CrlReason::from_der(extension.extn_value.as_bytes()).map_err(|_| Doubt::Malformed)?;
            }
            rfc5280::ID_CE_CERTIFICATE_ISSUER => {
                return Err(Doubt::Unsupported("entries of other issuers (an indirect list)"));
            }
            _ if extension.critical => return Err(Doubt::Unsupported("an unknown critical extension")),
            _ => {}
        }
    }
    Ok(reason)
}

impl From<CrlReason> for RevokedFor {
    fn from(reason: CrlReason) -> Self {
        match reason {
            // removeFromCRL belongs to delta lists; in a complete one the certificate is still listed.
            CrlReason::Unspecified | CrlReason::RemoveFromCRL => Self::Unspecified,
            CrlReason::KeyCompromise => Self::KeyCompromise,
            CrlReason::CaCompromise | CrlReason::AaCompromise => Self::CaCompromise,
            CrlReason::AffiliationChanged => Self::AffiliationChanged,
            CrlReason::Superseded => Self::Superseded,
            CrlReason::CessationOfOperation => Self::CessationOfOperation,
            CrlReason::CertificateHold => Self::CertificateHold,
            CrlReason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
        }
    }
}
