//! PyKCS11, the Python package: what it lists, signs and verifies, and what it is told of wrong PINs.

use super::{Bench, ID_PIN, IMAGES, presentations};

/// Debian's Python, for which .ci/setup installs the package; another one on the search path would not know it.
pub(super) const PYTHON: &str = "/usr/bin/python3";

const BEGINNING: &str = r"
import os, sys
from PyKCS11 import *
library = PyKCS11Lib()
library.load(os.environ['M'])
slot = library.getSlotList(tokenPresent=True)[0]
session = library.openSession(slot)
def refused(call):
    try:
        call()
    except PyKCS11Error as error:
        return CKR[error.value]
    return 'CKR_OK'
";

const SIGNATURE: &str = r"
assert not session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])
session.login(sys.argv[1])
key, = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])
public = session.findObjects([(CKA_CLASS, CKO_PUBLIC_KEY)])[0]
kind, = session.getAttributeValue(public, [CKA_KEY_TYPE])
mechanism = Mechanism(CKM_SHA256_RSA_PKCS if kind == CKK_RSA else CKM_ECDSA_SHA256, None)
text = open('text', 'rb').read()
signature = bytes(session.sign(key, text, mechanism))
assert session.verify(public, text, signature, mechanism)
assert not session.verify(public, text + b' ', signature, mechanism)
never = [CKA_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP]
always = [CKA_SENSITIVE, CKA_SIGN, CKA_PRIVATE, CKA_LOCAL, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE]
assert not any(session.getAttributeValue(key, never)), 'never'
assert all(session.getAttributeValue(key, always)), 'always'
assert session.getAttributeValue(key, [CKA_ID]) == session.getAttributeValue(public, [CKA_ID])
certificate = session.findObjects([(CKA_CLASS, CKO_CERTIFICATE), (CKA_ID, session.getAttributeValue(key, [CKA_ID])[0])])[0]
open('cert.der', 'wb').write(bytes(session.getAttributeValue(certificate, [CKA_VALUE])[0]))
open('signature', 'wb').write(signature)
assert len(session.generateRandom(32)) == 32
session.logout()
print('all is well', kind == CKK_RSA)
";

impl Bench {
    fn python(&self, lines: &str) -> String {
        self.done(PYTHON, &["-c", &format!("{BEGINNING}{lines}"), ID_PIN])
    }
}

#[test]
fn pykcs11_signs_and_verifies() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let told = bench.python(SIGNATURE);
        assert!(told.contains("all is well"), "{image}: {told}");
        bench.done("openssl", &["x509", "-inform", "DER", "-in", "cert.der", "-noout", "-pubkey", "-out", "key.pem"]);
        if told.contains("True") {
            bench.done("openssl", &["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "text"]);
        } else {
            let bare = std::fs::read(bench.lab.path("signature")).unwrap();
            assert_eq!(bare.len(), 64, "{image}: r and s of P-256");
        }
    }
}

#[test]
fn pykcs11_is_told_what_was_wrong() {
    let bench = Bench::with("specimen");
    let told = bench.python(
        r"
def flags():
    flags = library.getTokenInfo(slot).flags
    return [name for name in ('COUNT_LOW', 'FINAL_TRY', 'LOCKED') if flags & globals()['CKF_USER_PIN_' + name]]
print(flags())
for pin in ('4321', '4321', '123', '4321', sys.argv[1]):
    print(refused(lambda: session.login(pin)), flags())
",
    );
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "[]",
            "CKR_PIN_INCORRECT ['COUNT_LOW']",
            "CKR_PIN_INCORRECT ['COUNT_LOW', 'FINAL_TRY']",
            "CKR_PIN_LEN_RANGE ['COUNT_LOW', 'FINAL_TRY']",
            "CKR_PIN_LOCKED ['LOCKED']",
            "CKR_PIN_LOCKED ['LOCKED']",
        ]
    );
    assert_eq!(presentations(&bench.commands_until_removed()).len(), 3);
}
