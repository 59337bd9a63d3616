//! OpenSSL and curl by the engine of libp11: signatures, requests, CMS, and TLS with the certificate of the card.

use super::{Bench, ID_PIN, SIGN_PIN, presentations, recipe};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

const QUESTION: &str = "Enter PKCS#11 token PIN for SPECIMEN ID card (identity):";

/// `openssl s_server` that lets in who has a certificate below the root of the specimen; it ends when this is dropped.
pub(super) struct Server {
    process: Child,
    pub(super) port: String,
}

impl Server {
    pub(super) fn start(bench: &Bench) -> Self {
        let folder = &bench.lab;
        let trusted = format!("{}{}", idcard_sim::pki::ROOT.pem, idcard_sim::pki::CA.pem);
        std::fs::write(folder.path("trusted.pem"), trusted).unwrap();
        let mut words = vec!["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        words.extend(["-keyout", "server.key", "-out", "server.pem", "-subj", "/CN=localhost"]);
        words.extend(["-addext", "subjectAltName=DNS:localhost"]);
        bench.done("openssl", &words);
        let mut server = bench.command("openssl");
        server.args(["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", "-key", "server.key", "-www"]);
        server.args(["-Verify", "2", "-verify_return_error", "-CAfile", "trusted.pem"]);
        let mut process = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines.find_map(|line| Some(line.strip_prefix("ACCEPT ")?.rsplit_once(':')?.1.to_owned()));
        Self { process, port: port.expect("the port of openssl s_server") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn the_recipe_of_openssl_is_right() {
    for image in ["specimen", "specimen-p256", "specimen-t0"] {
        let bench = Bench::with(image);
        let server = Server::start(&bench);
        let lines =
            recipe("OpenSSL 3").replace("site.example:443", &format!("localhost:{} -CAfile server.pem", server.port));
        let questions = lines.matches("\"$KEY\"").count();
        let mut answers = vec![(QUESTION, ID_PIN); questions];
        // The last of them is connected then, and asks for a page.
        answers.push(("Verify return code: 0 (ok)", "GET / HTTP/1.0\n"));
        let shown = bench.follows(&lines, &answers);
        assert!(shown.contains("Client certificate") && shown.contains("- AUT"), "{image}: {shown}");
        bench.public_key("0", "Authentication");
        bench.done("openssl", &["dgst", "-sha256", "-verify", "key.pem", "-signature", "text.sig", "text"]);
        bench.done("openssl", &["req", "-verify", "-in", "request.pem", "-noout"]);
        let cms = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "text.p7s", "-content", "text"];
        let judge = [&cms[..], &["-CAfile", "trusted.pem", "-purpose", "any", "-out", "content"]].concat();
        bench.done("openssl", &judge);
        let presented = presentations(&bench.commands_until_removed());
        assert_eq!(presented, vec![(0x81, ID_PIN.to_owned()); questions], "{image}: each run logs in once");
    }
}

/// The first lines of the recipe, which name the module and the key.
fn engine() -> String {
    let lines = recipe("OpenSSL 3");
    lines.split_inclusive('\n').take_while(|line| !line.starts_with("openssl ")).collect()
}

#[test]
fn the_signature_slot_asks_for_each_signature() {
    let bench = Bench::with("specimen");
    let key = "pkcs11:token=SPECIMEN%20ID%20card%20(signature);object=Signing%20key;type=private";
    let sign = format!("openssl dgst -sha256 -engine pkcs11 -keyform engine -sign '{key}' -out text.sig text");
    let login = ("Enter PKCS#11 token PIN for SPECIMEN ID card (signature):", SIGN_PIN);
    let signature = ("Enter PKCS#11 key PIN for Signing key:", SIGN_PIN);
    bench.follows(&format!("{}{sign}", engine()), &[login, signature]);
    bench.public_key("1", "Signing");
    bench.done("openssl", &["dgst", "-sha256", "-verify", "key.pem", "-signature", "text.sig", "text"]);
    assert_eq!(presentations(&bench.commands_until_removed()), vec![(0x82, SIGN_PIN.to_owned()); 2]);
}

#[test]
fn the_recipe_of_curl_is_right() {
    for image in ["specimen", "specimen-p256"] {
        let bench = Bench::with(image);
        let server = Server::start(&bench);
        let address = format!("https://localhost:{}/", server.port);
        let lines = recipe("curl").replace("https://site.example/", &address);
        let lines = format!("{}export CURL_CA_BUNDLE=server.pem\n{lines}", engine());
        let shown = bench.follows(&lines, &[(QUESTION, ID_PIN)]);
        assert!(shown.contains("Client certificate") && shown.contains("- AUT"), "{image}: {shown}");
    }
}

#[test]
fn nobody_gets_in_with_the_certificate_alone() {
    let bench = Bench::with("specimen");
    let server = Server::start(&bench);
    let address = format!("https://localhost:{}/", server.port);
    let lines = format!("{}export CURL_CA_BUNDLE=server.pem\ncurl {address}", engine());
    let (succeeded, shown) = bench.at_terminal(&lines, &[]);
    assert!(!succeeded && !shown.contains("Client certificate"), "{shown}");
}
