//! What certificates and the security object say beyond the holder: algorithms, issuers, the form of names.

use super::entry::Entry;
use idcard_core::data::security_object;
use idcard_core::family::ItemName;
use idcard_crypto::Certificate;
use idcard_crypto::sod;
use idcard_crypto::trust::{Query, Store};
use std::collections::BTreeMap;
use std::time::SystemTime;

type Values = BTreeMap<&'static str, String>;

/// Adds it to the findings of these items.
pub(super) fn add(read: &[(ItemName, Vec<u8>)], findings: &mut [Entry]) {
    for (name, bytes) in read {
        let found = findings.iter_mut().find(|finding| finding.item == Some(name.word()) && finding.bytes.is_some());
        let Some(finding) = found else { continue };
        if *name == ItemName::SecurityObject {
            finding.values.extend(of_security_object(bytes));
            continue;
        }
        match Certificate::from_card(bytes) {
            Ok(certificate) => finding.values.extend(of_certificate(&certificate)),
            Err(fault) => {
                finding.verdict = "differed";
                finding.reason = Some("malformed");
                finding.fault = Some(fault.to_string());
            }
        }
    }
}

fn of_certificate(certificate: &Certificate) -> Values {
    let mut values = Values::new();
    values.insert("key", certificate.key().map_or_else(ToString::to_string, |key| key.kind().to_string()));
    if let Ok((scheme, hash)) = certificate.signature_algorithm() {
        values.insert("signed_by", format!("{scheme} {hash}"));
    }
    values.insert("issuer", certificate.issuer().to_string());
    values.insert("subject_form", form(certificate));
    values.insert("serial_bytes", (certificate.serial().len() / 2).to_string());
    let year = |time: String| time.get(..4).unwrap_or_default().to_owned();
    let (from, until) = (year(certificate.not_before_rfc3339()), year(certificate.not_after_rfc3339()));
    values.insert("valid", format!("{from} to {until}"));
    values.insert("authority", certificate.is_ca().to_string());
    values.insert("key_usage", certificate.key_usage_names().join(" "));
    if let Some(role) = certificate.role() {
        values.insert("role", role.to_owned());
    }
    if certificate.is_ca() {
        values.insert("subject", certificate.subject().to_string());
        values.insert("sha256", certificate.sha256());
    }
    values
}

/// The types of the subject's attributes in the order of the DER, each with the length of its value.
fn form(certificate: &Certificate) -> String {
    let attributes = certificate.subject().attributes().iter();
    let length = |value: &Option<String>| value.as_ref().map_or(0, |value| value.len());
    attributes.map(|attribute| format!("{}[{}]", attribute.oid, length(&attribute.value))).collect::<Vec<_>>().join(" ")
}

fn of_security_object(bytes: &[u8]) -> Values {
    let mut values = Values::new();
    let Ok(object) = security_object::decode(bytes) else { return values };
    // No anchor is asked and no file compared: what is of interest is what the object is made of.
    let report = sod::check(object.cms(), &[], &Store::empty(), &Query::at(SystemTime::now()));
    let groups: Vec<_> = report.groups.keys().map(ToString::to_string).collect();
    values.insert("groups", groups.join(" "));
    if let Some(signer) = &report.signer {
        values.insert("signer_key", signer.key().map_or_else(ToString::to_string, |key| key.kind().to_string()));
        values.insert("signer_issuer", signer.issuer().to_string());
    }
    values
}
