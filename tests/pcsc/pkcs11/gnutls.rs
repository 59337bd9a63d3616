//! GnuTLS: p11tool lists the tokens, and tests the signature of each key.

use super::openssl::Server;
use super::{Bench, ID_PIN, IMAGES, SIGN_PIN, recipe};

#[test]
fn p11tool_tests_the_signatures_of_both_keys() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let tokens = bench.done("p11tool", &["--provider", &bench.module, "--list-token-urls"]);
        assert_eq!(tokens.matches("token=SPECIMEN%20ID%20card%20").count(), 2, "{image}: {tokens}");
        for (word, label, pin) in [("identity", "Authentication", ID_PIN), ("signature", "Signing", SIGN_PIN)] {
            let key = format!("pkcs11:token=SPECIMEN%20ID%20card%20%28{word}%29;object={label}%20key;type=private");
            let mut tool = bench.command("p11tool");
            tool.args(["--provider", &bench.module, "--login", "--test-sign", &key]).env("GNUTLS_PIN", pin);
            let tested = tool.output().unwrap();
            let told = super::said(&tested);
            assert!(tested.status.success() && told.matches("... ok").count() == 3, "{image} {word}: {told}");
        }
    }
}

#[test]
fn the_recipe_of_gnutls_is_right() {
    for image in ["specimen", "specimen-p256"] {
        let bench = Bench::with(image);
        let server = Server::start(&bench);
        let here = format!(" --x509cafile server.pem --port {} localhost", server.port);
        let lines = recipe("GnuTLS").replace(" site.example", &here);
        let question = ("Enter PIN: ", ID_PIN);
        let shown = bench.follows(&lines, &[question, question, ("Simple Client Mode:", "GET / HTTP/1.0\n")]);
        for part in [
            "Authentication%20certificate;type=cert",
            "Authentication%20key;type=public",
            "object=crn;type=data",
            "Verifying against public key in the token... ok",
            "Client certificate",
            "- AUT",
        ] {
            assert!(shown.contains(part), "{image}: {part}: {shown}");
        }
    }
}
