//! Section 4: the security object is CMS under tag 77, signed by the document signer, over the whole files.

use cms::cert::CertificateChoices;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerIdentifier};
use der::asn1::OctetString;
use der::{Decode, Encode, Sequence};
use idcard_sim::pki;
use sha2::{Digest, Sha256};
use spki::AlgorithmIdentifierOwned;

use crate::{SPECIMENS, read, signed_by};

#[derive(Sequence)]
struct LdsSecurityObject {
    version: u8,
    algorithm: AlgorithmIdentifierOwned,
    groups: Vec<GroupHash>,
}

#[derive(Sequence)]
struct GroupHash {
    number: u8,
    hash: OctetString,
}

/// The CMS inside tag 77; its length form is checked to be the only one possible.
fn unwrapped(image: &str) -> SignedData {
    let file = read(image, "sod.bin");
    let [0x77, 0x82, high, low, content @ ..] = file.as_slice() else {
        panic!("{image}: not tag 77 of two-byte length")
    };
    assert_eq!(usize::from(u16::from_be_bytes([*high, *low])), content.len());
    let info = ContentInfo::from_der(content).unwrap();
    assert_eq!(info.content_type.to_string(), "1.2.840.113549.1.7.2");
    info.content.decode_as().unwrap()
}

fn content(data: &SignedData) -> Vec<u8> {
    let content = data.encap_content_info.econtent.as_ref().unwrap();
    content.decode_as::<OctetString>().unwrap().into_bytes().into()
}

#[test]
fn the_hashes_are_those_of_the_whole_files() {
    for image in SPECIMENS {
        let data = unwrapped(image);
        assert_eq!(data.encap_content_info.econtent_type.to_string(), "2.23.136.1.1.1");
        let object = LdsSecurityObject::from_der(&content(&data)).unwrap();
        assert_eq!(object.version, 0);
        assert_eq!(object.algorithm.oid.to_string(), "2.16.840.1.101.3.4.2.1");
        let found: Vec<(u8, Vec<u8>)> =
            object.groups.iter().map(|one| (one.number, one.hash.as_bytes().to_vec())).collect();
        let files = [(1, "personal1.bin"), (2, "photo.bin"), (11, "personal2.bin"), (16, "fingers.bin")];
        assert_eq!(found, files.map(|(number, file)| (number, Sha256::digest(read(image, file)).to_vec())), "{image}");
    }
}

#[test]
fn the_document_signer_signed_it() {
    let signer = x509_cert::Certificate::from_der(pki::DOCUMENT_SIGNER.der).unwrap();
    for image in SPECIMENS {
        let data = unwrapped(image);
        let certificates = data.certificates.as_ref().unwrap();
        let [CertificateChoices::Certificate(embedded)] = certificates.0.as_ref() else {
            panic!("{image}: one certificate")
        };
        assert_eq!(embedded, &signer);
        let [info] = data.signer_infos.0.as_ref() else { panic!("{image}: one signer") };
        let SignerIdentifier::IssuerAndSerialNumber(id) = &info.sid else { panic!("{image}: signer by issuer") };
        assert_eq!(&id.serial_number, signer.tbs_certificate().serial_number());
        assert_eq!(&id.issuer, signer.tbs_certificate().issuer());
        let attributes = info.signed_attrs.as_ref().unwrap();
        let digest = attributes.iter().find(|one| one.oid.to_string() == "1.2.840.113549.1.9.4").unwrap();
        assert_eq!(digest.values.get(0).unwrap().value(), Sha256::digest(content(&data)).as_slice());
        assert!(signed_by(&signer, &attributes.to_der().unwrap(), info.signature.as_bytes()), "{image}");
    }
}
