//! What looks like a signed document and is none.

use super::der::{children, element};
use crate::desk::Desk;

/// RFC 5652, 5.3 and 5.4: the signature is over the signed attributes as a SET OF, tag 31. Cut out, they pass for a
/// document with a bare signature, which the holder never signed.
#[test]
fn attributes_cut_out_of_a_signature_are_no_document() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.idcard(&["--card", "sim:specimen", "cert", "export", "--slot", "sign", "-o", "sign.der"]).text(0);
    let file = desk.bytes("contract.p7s");
    let signed_data = children(children(&file)[1])[0];
    let signer = children(children(signed_data).last().unwrap())[0];
    let attributes = children(signer).into_iter().find(|part| part[0] == 0xA0).unwrap();
    let signature = children(signer).into_iter().find(|part| part[0] == 0x04).unwrap();
    desk.write("attributes", &[&[0x31], &attributes[1..]].concat());
    desk.write("attributes.sig", &signature[element(signature).0..]);
    let words = ["verify", "attributes", "--certificate", "sign.der", "--ca", "root.pem", "--ca", "ca.pem", "--json"];
    let forged = desk.idcard(&words).document(14);
    assert_eq!((&forged["verdict"], &forged["signers"][0]["signature"]), (&"invalid".into(), &"invalid".into()));
    assert!(forged["signers"][0]["reasons"].to_string().contains("attributes of another signature"), "{forged:#}");
}
