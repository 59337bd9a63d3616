//! OpenSC's pkcs11-tool: what it lists, its own test of a token, every mechanism of every token judged by OpenSSL.

use super::{Bench, ID_PIN, IMAGES, SIGN_PIN, presentations, recipe};

/// The slots of the first reader with their PINs and the first word of their labels.
const SLOTS: [(&str, &str, &str); 2] = [("0", ID_PIN, "Authentication"), ("1", SIGN_PIN, "Signing")];

/// What a card with a key of this kind computes (specimen.md 5), in the words of the tool.
fn mechanisms(image: &str) -> Vec<String> {
    let hashes = ["SHA256", "SHA384", "SHA512"];
    if image == "specimen-p256" {
        return hashes.iter().map(|hash| format!("ECDSA-{hash}")).chain(["ECDSA".to_owned()]).collect();
    }
    let signature = |end: &str| hashes.iter().map(|hash| format!("{hash}-RSA-{end}")).collect::<Vec<_>>();
    let mut all = signature("PKCS");
    all.push("RSA-PKCS".to_owned());
    all.extend(signature("PKCS-PSS"));
    all.push("RSA-PKCS-PSS".to_owned());
    all
}

impl Bench {
    fn tool(&self, words: &[&str]) -> String {
        self.done("pkcs11-tool", &[&["--module", &self.module], words].concat())
    }

    /// Writes the public key that the certificate of a token holds.
    pub(super) fn public_key(&self, slot: &str, what: &str) {
        let label = format!("{what} certificate");
        self.tool(&["--slot", slot, "--read-object", "--type", "cert", "--label", &label, "--output-file", "cert.der"]);
        self.done("openssl", &["x509", "-inform", "DER", "-in", "cert.der", "-out", "cert.pem"]);
        self.done("openssl", &["x509", "-in", "cert.pem", "-noout", "-pubkey", "-out", "key.pem"]);
    }
}

#[test]
fn pkcs11_tool_lists_what_the_tokens_hold() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let shown = bench.tool(&["-L", "-O", "-M"]);
        for part in [
            "Slot 0 (0x0): Virtual PCD 00 00 (identity)",
            "token label        : SPECIMEN ID card (identity)",
            "token label        : SPECIMEN ID card (signature)",
            "Slot 3 (0x3): Virtual PCD 00 01 (signature)\n  (empty)",
            "label:      Authentication certificate",
            "label:      Authentication key",
            "label:      Issuing CA certificate",
        ] {
            assert!(shown.contains(part), "{image}: {part}: {shown}");
        }
        // Whoever is not logged in sees no private key.
        assert!(!shown.contains("Private Key Object"), "{image}: {shown}");
        for (slot, pin, what) in SLOTS {
            let told = bench.tool(&["--slot", slot, "-M"]);
            let signing = told.lines().filter(|line| line.contains(" sign"));
            let signing: Vec<_> = signing.filter_map(|line| line.trim().split(',').next()).collect();
            assert_eq!(signing, mechanisms(image), "{image} {slot}");
            let objects = bench.tool(&["--slot", slot, "--login", "--pin", pin, "-O"]);
            assert!(
                objects.contains("Private Key Object") && objects.contains(&format!("{what} key")),
                "{image}: {objects}"
            );
        }
    }
}

#[test]
fn pkcs11_tool_finds_no_error_in_its_own_test() {
    for image in IMAGES {
        let bench = Bench::with(image);
        for (slot, pin, _) in SLOTS {
            let tested = bench.tool(&["--slot", slot, "--login", "--pin", pin, "--test"]);
            assert!(tested.contains("No errors"), "{image} {slot}: {tested}");
        }
    }
}

#[test]
fn every_mechanism_of_every_token_makes_signatures_that_openssl_accepts() {
    for image in IMAGES {
        let bench = Bench::with(image);
        for (slot, pin, what) in SLOTS {
            bench.public_key(slot, what);
            for mechanism in mechanisms(image) {
                signed_and_judged(&bench, &[slot, pin], &mechanism);
            }
        }
        let presented = presentations(&bench.commands_until_removed()).len();
        // One login a run, and one more for each signature of the signing key.
        assert_eq!(presented, mechanisms(image).len() * 3, "{image}");
    }
}

fn signed_and_judged(bench: &Bench, [slot, pin]: &[&str; 2], mechanism: &str) {
    let hash =
        ["SHA384", "SHA512"].into_iter().find(|hash| mechanism.contains(hash)).unwrap_or("SHA256").to_lowercase();
    let hashes_itself = mechanism.contains("SHA");
    // The bare mechanisms take what the program has hashed: PKCS#1 wants the DigestInfo (RFC 8017, 9.2).
    let input = match mechanism {
        "RSA-PKCS" => "info",
        _ if hashes_itself => "text",
        _ => "digest",
    };
    if !hashes_itself {
        bench.done("openssl", &["dgst", "-sha256", "-binary", "-out", "digest", "text"]);
        let digest = std::fs::read(bench.lab.path("digest")).unwrap();
        let head = hex::decode("3031300d060960864801650304020105000420").unwrap();
        std::fs::write(bench.lab.path("info"), [head, digest].concat()).unwrap();
    }
    let mut words = vec!["--slot", slot, "--login", "--pin", pin, "--sign", "--mechanism", mechanism];
    words.extend(["--input-file", input, "--output-file", "signature"]);
    if mechanism.starts_with("ECDSA") {
        words.extend(["--signature-format", "openssl"]);
    }
    if mechanism == "RSA-PKCS-PSS" {
        words.extend(["--hash-algorithm", "SHA256"]);
    }
    bench.tool(&words);
    let digest = format!("-{hash}");
    let mut judge = vec!["dgst", &digest, "-verify", "key.pem", "-signature", "signature"];
    if mechanism.ends_with("PSS") {
        judge.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    judge.push("text");
    let judged = bench.done("openssl", &judge);
    assert!(judged.contains("Verified OK"), "{mechanism}: {judged}");
    std::fs::remove_file(bench.lab.path("signature")).unwrap();
}

#[test]
fn the_recipe_of_pkcs11_tool_is_right() {
    let bench = Bench::with("specimen");
    let question = ("Please enter User PIN: ", ID_PIN);
    let shown = bench.follows(&recipe("OpenSC's pkcs11-tool"), &[question, question]);
    assert!(shown.contains("No errors"), "{shown}");
    bench.public_key("0", "Authentication");
    bench.done("openssl", &["dgst", "-sha256", "-verify", "key.pem", "-signature", "text.sig", "text"]);
}

/// OpenSC's spy stands between a program and a module, and writes down what they say to each other.
#[test]
fn pkcs11_spy_looks_on() {
    let bench = Bench::with("specimen");
    let places = ["x86_64", "aarch64"].map(|machine| format!("/usr/lib/{machine}-linux-gnu/pkcs11-spy.so"));
    let spy = places.iter().find(|place| std::path::Path::new(place).exists()).expect("pkcs11-spy.so of Debian");
    let mut tool = bench.command("pkcs11-tool");
    tool.args(["--module", spy, "--slot", "0", "--login", "--pin", ID_PIN, "--test"]);
    let tested = tool.env("PKCS11SPY", &bench.module).env("PKCS11SPY_OUTPUT", "spy").output().unwrap();
    assert!(super::said(&tested).contains("No errors"), "{}", super::said(&tested));
    let written = std::fs::read_to_string(bench.lab.path("spy")).unwrap();
    assert!(written.contains("C_GetInterface") && written.contains("C_SignFinal"), "{written}");
}
