//! The lists and the index: one revoked certificate, known to both.

use der::{Decode, Encode};
use idcard_sim::pki;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;

use crate::{ALL, certificate, signed_by};

fn serial(certificate: &Certificate) -> String {
    hex::encode_upper(certificate.tbs_certificate().serial_number().as_bytes())
}

fn listed(list: &CertificateList) -> Vec<String> {
    let entries = list.tbs_cert_list.revoked_certificates.iter().flatten();
    entries.map(|entry| hex::encode_upper(entry.serial_number.as_bytes())).collect()
}

#[test]
fn the_lists_are_signed_and_name_exactly_the_revoked_one() {
    let revoked = Certificate::from_der(pki::REVOKED.der).unwrap();
    for (document, issuer, expected) in
        [(pki::CA_LIST, pki::CA, vec![serial(&revoked)]), (pki::ROOT_LIST, pki::ROOT, vec![])]
    {
        let list = CertificateList::from_der(document.der).unwrap();
        let issuer = Certificate::from_der(issuer.der).unwrap();
        assert_eq!(&list.tbs_cert_list.issuer, issuer.tbs_certificate().subject());
        assert!(signed_by(&issuer, &list.tbs_cert_list.to_der().unwrap(), list.signature.raw_bytes()));
        assert_eq!(listed(&list), expected);
        assert_eq!(list.tbs_cert_list.next_update.unwrap().to_date_time().year(), 2045);
        assert_eq!(list.tbs_cert_list.crl_extensions.unwrap().len(), 2, "authority key identifier and number");
    }
}

#[test]
fn the_index_knows_every_certificate_of_the_citizen_ca() {
    let line = |wanted: &str| pki::INDEX.lines().find(|line| line.split('\t').nth(3) == Some(wanted));
    for image in ALL {
        for file in ["sign.der", "auth.der"] {
            assert!(line(&serial(&certificate(image, file))).unwrap().starts_with("V\t"), "{image}/{file}");
        }
    }
    let revoked = Certificate::from_der(pki::REVOKED.der).unwrap();
    assert!(line(&serial(&revoked)).unwrap().starts_with("R\t310320000000Z\t240601000000Z,keyCompromise\t"));
    assert_eq!(pki::INDEX.lines().filter(|line| line.starts_with('R')).count(), 1);
}
