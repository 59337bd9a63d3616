//! PEM files as people have them, and as they should not be.

use super::*;
use crate::certificate::Certificate;
use crate::trust::made::Tree;

fn count(text: &[u8]) -> Result<usize, CertificateFault> {
    Certificate::from_pem_or_der(text).map(|found| found.len())
}

fn fault(text: &str) -> String {
    count(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn usual_files_are_read() {
    let tree = Tree::new();
    let one = tree.root.root().to_pem();
    let two = tree.authority_certificate().to_pem();
    assert_eq!(count(one.as_bytes()), Ok(1));
    assert_eq!(Certificate::from_pem_or_der(one.as_bytes()).unwrap(), [tree.root.root()]);
    assert_eq!(Certificate::from_pem_or_der(tree.root.root().der()).unwrap(), [tree.root.root()]);
    let both = format!("\u{FEFF}subject=ریشه\n{one}some text: here\n{two}");
    assert_eq!(count(both.as_bytes()), Ok(2));
    assert_eq!(count(both.replace('\n', "\r\n").as_bytes()), Ok(2));
    // Blanks around lines, other widths, and text in another encoding between the blocks.
    assert_eq!(count(one.replace('\n', " \n\t ").as_bytes()), Ok(1));
    let (_, body) = one.split_once("-----\n").unwrap();
    let (body, _) = body.split_once("-----END").unwrap();
    let single = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", body.replace('\n', ""));
    assert_eq!(count(single.as_bytes()), Ok(1));
    assert_eq!(count(&[b"\xe7\xe3\n", one.as_bytes()].concat()), Ok(1));
}

#[test]
fn other_blocks_are_passed_over() {
    let one = Tree::new().root.root().to_pem();
    let key = "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n!!!\n-----END EC PRIVATE KEY-----\n";
    assert_eq!(count(format!("{key}{one}").as_bytes()), Ok(1));
    assert_eq!(fault(key), "there is no certificate in it");
    assert_eq!(fault("no block at all"), "this does not begin like a certificate");
    assert_eq!(fault(""), "this does not begin like a certificate");
}

#[test]
fn broken_blocks_name_their_line() {
    let begin = "-----BEGIN CERTIFICATE-----";
    let end = "-----END CERTIFICATE-----";
    assert_eq!(fault(&format!("x\n{begin}\nAAAA!\n{end}")), "line 4: the block that ends here is no base64");
    assert_eq!(fault(&format!("{begin}\n{begin}\n{end}")), "line 2: a block begins inside another");
    assert_eq!(fault(&format!("{end}\n{begin}\n")), "line 1: an END without a BEGIN");
    let other = "line 2: the END line has another label than its BEGIN";
    assert_eq!(fault(&format!("{begin}\n-----END X509 CRL-----")), other);
    assert_eq!(fault("-----BEGIN CERTIFICATE\n"), "line 1: the BEGIN line does not end in five dashes");
    assert_eq!(fault(&format!("x\n{begin}\nAAAA")), "line 2: a block that has no END");
    // Base64 that is sound around what is no certificate.
    assert_eq!(fault(&format!("{begin}\nAAAA\n{end}")), "this does not begin like a certificate");
}

#[test]
fn limits_hold() {
    let one = Tree::new().root.root().to_pem();
    assert_eq!(count(one.repeat(MAX_BLOCKS).as_bytes()), Ok(MAX_BLOCKS));
    assert_eq!(count(one.repeat(MAX_BLOCKS + 1).as_bytes()), Err(CertificateFault::Limit("1024 blocks a file")));
    let large = format!("{one}{}", "x".repeat(MAX_FILE));
    assert_eq!(count(large.as_bytes()), Err(CertificateFault::Limit("16 MiB a PEM file")));
    let line = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----", "A".repeat(MAX_FILE - 100));
    assert!(count(line.as_bytes()).is_err());
}

#[test]
fn every_byte_of_a_file_may_be_anything() {
    let root = Tree::new().root.root();
    let text = root.to_pem().into_bytes();
    for at in 0..text.len() {
        let mut changed = text.clone();
        for byte in [text[at] ^ 0x01, b'A', b'=', b'-', b'\n', b' ', 0x00, 0x80, 0xFF] {
            changed[at] = byte;
            // Another certificate has lost its signature.
            for found in Certificate::from_pem_or_der(&changed).unwrap_or_default() {
                assert!(found == root || found.verify_signature(root.key().unwrap()).is_err(), "byte {at}: {byte:02X}");
            }
        }
    }
}
