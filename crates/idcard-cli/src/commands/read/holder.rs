//! Whether all that was read speaks of one holder.

use super::document::Identity;
use crate::commands::certificate::Entry;
use idcard_core::data::text::matching;
use idcard_crypto::Certificate;

/// Whether the certificates of the holder, the CRN and the identity contradict one another.
///
/// A certificate bears the CRN in its common name (`nid-card.md` 10), and the holder's names.
pub(super) fn differs(identity: &Identity, crn: Option<&str>, certificates: &[Entry]) -> bool {
    let holders = certificates.iter().filter(|entry| entry.slot != "ca").filter_map(|entry| entry.certificate.as_ref());
    let holders: Vec<&Certificate> = holders.collect();
    let numbers: Vec<&str> = holders.iter().filter_map(|certificate| certificate.crn()).chain(crn).collect();
    let one = numbers.windows(2).all(|pair| matches!(pair, [one, other] if one == other));
    let named = |name: Option<&str>, in_certificate: Option<&str>| match (name, in_certificate) {
        (Some(name), Some(other)) => matching(name) == matching(other),
        _ => true,
    };
    let same_names = holders.iter().all(|certificate| {
        named(identity.given_name.as_deref(), certificate.given_name())
            && named(identity.surname.as_deref(), certificate.surname())
    });
    !(one && same_names)
}
