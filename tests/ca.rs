//! `idcard ca` from the outside: the anchors, what a file holds, what is kept and how it counts afterwards.

use crate::desk::Desk;
use std::path::Path;

#[test]
fn anchors_are_listed_with_their_provenance() {
    let desk = Desk::new();
    let list = desk.idcard(&["ca", "list", "--json"]).document(0);
    let anchors = list["anchors"].as_array().unwrap();
    for (title, purpose, legacy) in [
        ("IRAN Root CA1", "card", false),
        ("Islamic Republic of Iran Root CA-G3", "gpki", false),
        ("Islamic Republic of IRAN Root CA", "gpki", true),
    ] {
        let anchor = anchors.iter().find(|anchor| anchor["title"] == title).unwrap();
        assert_eq!((&anchor["purpose"], &anchor["legacy"]), (&purpose.into(), &legacy.into()));
        assert_eq!(anchor["origin"], "builtin");
        assert!(anchor["provenance"].as_str().is_some_and(|why| why.len() > 20), "{anchor}");
    }
    // The specimen's root is never among the built-in ones (specimen.md 6).
    assert!(!list.to_string().contains("SPECIMEN"));
    assert!(desk.idcard(&["ca", "list", "--lang", "fa"]).text(0).contains("کاربرد"));
}

#[test]
fn a_revocation_list_among_certificates_is_called_by_its_name() {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.idcard(&["sim", "pki", "-o", "pki"]).text(0);
    for list in ["pki/ca.crl", "pki/ca.crl.pem"] {
        let error = desk.idcard(&["verify", "contract", "--ca", list, "--json"]).error(16);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(list) && message.contains("revocation list (CRL)"), "{message}");
        assert_eq!((&error["kind"], &error["hint"]), (&"bad_file".into(), &"give it with --crl".into()));
    }
    // Neither a certificate nor anything that is none.
    let error = desk.idcard(&["verify", "contract", "--ca", "contract", "--json"]).error(16);
    assert!(!error["message"].as_str().unwrap().contains("CRL"), "{error}");
}

#[test]
fn a_kept_authority_counts_in_later_runs() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract"]).text(0);
    let refused = desk.idcard(&["ca", "import", "root.pem", "--json"]).document(15);
    assert_eq!(refused["certificates"][0]["outcome"], "needs_trust");
    desk.idcard(&["verify", "contract"]).text(15);
    let kept = desk.idcard(&["ca", "import", "root.pem", "--trust", "--json"]).document(0);
    assert_eq!(kept["certificates"][0]["outcome"], "kept");
    let file = Path::new(kept["certificates"][0]["file"].as_str().unwrap());
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let known = desk.idcard(&["ca", "import", "root.pem", "--trust", "--json"]).document(0);
    assert_eq!(known["certificates"][0]["outcome"], "known");
    // Without the word of the user it is known, too; each tells what later runs will say of it.
    let again = desk.idcard(&["ca", "import", "root.pem", "--json"]).document(0);
    for document in [&kept, &known, &again] {
        let entry = &document["certificates"][0];
        assert_eq!((&entry["chain"], entry["reasons"].as_array().unwrap().len()), (&"trusted".into(), 0), "{entry:#}");
    }
    desk.idcard(&["verify", "contract"]).text(0);
    let list = desk.idcard(&["ca", "list", "--json"]).document(0);
    assert!(list["anchors"].as_array().unwrap().iter().any(|anchor| anchor["origin"] == "imported"));

    // Trust that others may write to is none; the error says what mends it.
    let folder = file.parent().unwrap();
    for (path, bad, good) in [(folder, 0o770, 0o700), (file, 0o620, 0o600), (&desk.path("data"), 0o777, 0o755)] {
        let mode = |mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        mode(bad);
        for words in [&["verify", "contract"][..], &["ca", "list"], &["ca", "check", "root.pem"]] {
            let error = desk.idcard(&[words, &["--json"]].concat()).error(16);
            assert_eq!(error["kind"], "file");
            assert!(error["message"].as_str().unwrap().contains("run: chmod"), "{error}");
        }
        mode(good);
    }
    desk.idcard(&["verify", "contract"]).text(0);
    std::fs::rename(folder, desk.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(desk.path("elsewhere"), folder).unwrap();
    desk.idcard(&["verify", "contract", "--json"]).error(16);
    desk.idcard(&["ca", "import", "root.pem", "--trust", "--json"]).error(16);
}

#[test]
fn a_holders_certificate_is_no_authority() {
    let desk = Desk::new();
    desk.idcard(&["--card", "sim:specimen", "cert", "export", "--slot", "sign", "-o", "holder.der"]).text(0);
    let refused = desk.idcard(&["ca", "import", "holder.der", "--trust", "--json"]).document(16);
    assert_eq!(refused["certificates"][0]["outcome"], "no_authority");
}

#[test]
fn a_file_is_looked_at_without_being_trusted() {
    let desk = Desk::new();
    let check = |words: &[&str], status| {
        let done = desk.idcard(&[&["ca", "check", "--json"], words].concat()).document(status);
        done["certificates"][0].clone()
    };
    assert_eq!(check(&["ca.pem"], 15)["chain"], "incomplete");
    assert_eq!(check(&["ca.pem", "--ca", "root.pem"], 0)["chain"], "trusted");
    assert_eq!(check(&["ca.pem", "--ca", "root.pem", "--at", "2050-01-01"], 15)["chain"], "expired");
    assert_eq!(check(&["root.pem"], 15)["chain"], "untrusted");
    let certs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/certs");
    let fixture = |name: &str| certs.join(name).to_str().unwrap().to_owned();
    let weak = check(&[&fixture("legacy-ca.pem"), "--ca", &fixture("legacy-root.pem")], 17);
    assert_eq!(weak["chain"], "weak");
    desk.idcard(&["ca", "check", "contract", "--json"]).error(16);
    desk.idcard(&["ca", "check", "absent", "--json"]).error(16);
}

/// The real certificates are not part of the project; where they lie beside it, the program must know them all.
#[test]
fn the_real_authorities_are_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/pki");
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let desk = Desk::new();
    let mut seen = 0;
    for file in
        files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|ending| ending == "der"))
    {
        let look = desk.idcard(&["ca", "check", file.to_str().unwrap(), "--json"]).document(0);
        assert!(look["certificates"][0]["known_as"].is_string(), "{}: {look:#}", file.display());
        seen += 1;
    }
    assert!(seen >= 12, "{seen} files");
}
