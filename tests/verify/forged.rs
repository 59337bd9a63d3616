//! What looks like a signed document and is none.

use super::der::{children, element};
use crate::desk::Desk;
use crate::read::pins::presentations;

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
    // The other way round: a bare signature over them would be one over `contract`. No PIN is spent on that.
    let words = ["attributes", "--type", "raw", "-o", "bare", "--record", "trace.apdu", "--json"];
    let refused = desk.sign("sim:specimen", &words).error(2);
    assert!(refused["message"].as_str().unwrap().contains("signed attributes"), "{refused}");
    assert_eq!(presentations(&desk.path("trace.apdu")), 0);
    assert!(!desk.path("bare").exists());
    desk.sign("sim:specimen", &["attributes", "-o", "whole.p7s"]).text(0);
}

/// What OpenSSL thinks of the root decides what we think: it calls the first two "invalid CA certificate".
#[test]
fn a_self_signed_certificate_is_not_therefore_an_authority() {
    let desk = Desk::new();
    let extensions = "[none]\nsubjectKeyIdentifier=hash\n[false]\nbasicConstraints=critical,CA:FALSE\n[true]\n\
                      basicConstraints=critical,CA:TRUE\n[leaf]\nkeyUsage=digitalSignature\n";
    desk.write("extensions", extensions.as_bytes());
    let openssl = |line: &str| desk.openssl_agrees(&line.split(' ').collect::<Vec<_>>());
    for name in ["root", "leaf"] {
        openssl(&format!("ecparam -genkey -name prime256v1 -noout -out {name}.key"));
        openssl(&format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"));
    }
    // A certificate of version 1 cannot say what it is.
    for (kind, is_authority) in [("none", false), ("false", false), ("true", true), ("version1", true)] {
        let say = if kind == "version1" { String::new() } else { format!(" -extfile extensions -extensions {kind}") };
        openssl(&format!("x509 -req -in root.csr -signkey root.key -days 30 -out own.pem{say}"));
        let leaf = "x509 -req -in leaf.csr -CA own.pem -CAkey root.key -CAcreateserial -days 30 -out leaf.pem";
        openssl(&format!("{leaf} -extfile extensions -extensions leaf"));
        openssl("cms -sign -binary -in contract -signer leaf.pem -inkey leaf.key -outform DER -out contract.p7s");
        assert_eq!(
            desk.openssl(&["verify", "-CAfile", "own.pem", "leaf.pem"]).status.success(),
            is_authority,
            "{kind}"
        );
        let status = if is_authority { 0 } else { 15 };
        let verified = desk.idcard(&["verify", "contract", "--ca", "own.pem", "--json"]).document(status);
        let chain = if is_authority { "trusted" } else { "untrusted" };
        assert_eq!(verified["signers"][0]["chain"], chain, "{kind}");
        let import = ["ca", "import", "own.pem", "--trust", "--json"];
        let outcome = if is_authority { "kept" } else { "no_authority" };
        let imported = desk.idcard(&import).document(if is_authority { 0 } else { 16 });
        assert_eq!(imported["certificates"][0]["outcome"], outcome, "{kind}");
        // It vouches for itself all the same.
        openssl("cms -sign -binary -in contract -signer own.pem -inkey root.key -outform DER -out contract.p7s");
        let words = ["verify", "contract", "--ca", "own.pem", "--json"];
        assert_eq!(desk.idcard(&words).document(0)["signers"][0]["chain"], "trusted", "{kind}");
    }
}
