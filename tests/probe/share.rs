//! Bundles for others: nothing of the holder is in them, and what is in them is the report.

use super::{IMAGES, probe, without_the_way};
use crate::leaks;
use crate::program::idcard;
use serde_json::Value;
use std::path::{Path, PathBuf};

struct Bundle {
    _folder: tempfile::TempDir,
    path: PathBuf,
    text: String,
    document: Value,
    /// What went over the link, nothing replaced.
    record: String,
}

fn share(image: &str) -> Bundle {
    let folder = tempfile::tempdir().unwrap();
    let (path, record) = (folder.path().join("bundle.apdu"), folder.path().join("record.apdu"));
    let words = ["--share", path.to_str().unwrap(), "--record", record.to_str().unwrap()];
    let done = probe(&format!("sim:{image}"), &words);
    assert!(done.stderr.lines().count() >= 2, "{image}: what is replaced is listed: {}", done.stderr);
    let document = done.document(0);
    let text = std::fs::read_to_string(&path).unwrap();
    Bundle { path, text, document, record: std::fs::read_to_string(record).unwrap(), _folder: folder }
}

fn again(path: &Path) -> Value {
    probe(&format!("replay:{}", path.display()), &[]).document(0)
}

fn report(mut document: Value) -> Value {
    document["shared"].take();
    without_the_way(document)
}

#[test]
fn a_bundle_replays_to_the_report_of_the_card() {
    for image in IMAGES {
        let bundle = share(image);
        assert_eq!(report(again(&bundle.path)), report(bundle.document.clone()), "{image}");
        let replay = idcard(["trace", "replay", "--json", bundle.path.to_str().unwrap()]).run().document(0);
        assert_eq!(replay["redacted_answers"], 0, "{image}: everything was replaced, nothing is masked");
        let text = idcard(["--card", &format!("replay:{}", bundle.path.display()), "probe", "--lang", "en"]).run();
        let lines: Vec<&str> = bundle.text.lines().collect();
        let told = |line: &str| lines.contains(&format!("# {line}").trim_end());
        let missing: Vec<_> = text.text(0).lines().filter(|line| !told(line) && !line.contains("--share")).collect();
        assert!(missing.is_empty(), "{image}: the report is in the bundle: {missing:?}");
    }
}

#[test]
fn nothing_of_the_holder_is_in_a_bundle() {
    for image in IMAGES {
        let bundle = share(image);
        let mut secrets = leaks::of_image(image);
        let read =
            idcard(["--card", &format!("sim:{image}"), "read", "--json", "--pin-fd", "0"]).with_stdin("1234\n").run();
        secrets.append(&mut leaks::of_document(&serde_json::from_slice(&read.stdout).unwrap()));
        let there = leaks::found(&secrets, &bundle.record);
        assert!(there.len() >= 5, "{image}: the search finds what was not replaced: {there:?}");
        assert_eq!(leaks::found(&secrets, &bundle.text), Vec::<String>::new(), "{image}");
    }
}

/// What is read first, and stays where it is no more than versions and flags, tells the number and the name of the holder.
#[test]
fn what_stays_is_replaced_where_it_is_the_holders() {
    let secrets = leaks::of_image("mav2");
    let crn = secrets.iter().find(|(name, value)| name.ends_with("in UTF-8") && value.iter().all(u8::is_ascii_digit));
    let crn = crn.unwrap().1;
    let folder = tempfile::tempdir().unwrap();
    let image = super::changed(folder.path(), "mav2", |files, _| {
        let object = |tag: u8, value: &[u8]| [&[tag, u8::try_from(value.len()).unwrap()], value].concat();
        std::fs::write(files.join("versions.bin"), [object(0xCC, crn), object(0xD5, &crn[..5]), vec![0; 4]].concat())
            .unwrap();
        std::fs::write(files.join("meta.bin"), object(0xAD, crn)).unwrap();
    });
    let (path, record) = (folder.path().join("b.apdu"), folder.path().join("r.apdu"));
    probe(&image, &["--share", path.to_str().unwrap(), "--record", record.to_str().unwrap()]).document(0);
    let count = |path: &Path| {
        let digits: String = crn.iter().map(|digit| format!("{digit:02X} ")).collect();
        std::fs::read_to_string(path).unwrap().matches(&digits).count()
    };
    assert!(count(&record) >= 3, "{}", count(&record));
    assert_eq!(count(&path), 0);
    assert_eq!(leaks::found(&secrets, &std::fs::read_to_string(&path).unwrap()), Vec::<String>::new());
}

#[test]
fn redacting_a_bundle_changes_nothing() {
    for image in IMAGES {
        let bundle = share(image);
        let redacted = idcard(["trace", "redact", bundle.path.to_str().unwrap()]).run();
        assert!(redacted.text(0) == bundle.text, "{image}");
    }
}

#[test]
fn two_bundles_of_one_card_have_different_pseudonyms() {
    let (one, other) = (share("mav2"), share("mav2"));
    let answers = |bundle: &Bundle| bundle.text.lines().filter(|line| line.starts_with('<')).count();
    assert_eq!(answers(&one), answers(&other));
    let differ = one.text.lines().zip(other.text.lines()).filter(|(one, other)| one.starts_with('<') && one != other);
    assert!(differ.count() >= 4, "CSN, CRN, two certificates");
}

#[test]
fn certificates_in_a_bundle_are_certificates_and_marked() {
    let bundle = share("mav2");
    let source = format!("replay:{}", bundle.path.display());
    let folder = tempfile::tempdir().unwrap();
    let trace = idcard_core::transport::trace::Trace::open(&bundle.path).unwrap();
    let certificates: Vec<_> = trace
        .contents()
        .into_iter()
        .filter_map(|content| idcard_crypto::Certificate::from_card(&content.bytes).ok())
        .collect();
    assert_eq!(certificates.len(), 3, "{source} {folder:?}");
    for certificate in certificates.iter().filter(|certificate| !certificate.is_ca()) {
        assert!(hex::decode(certificate.serial()).unwrap().starts_with(b"PSEUDO"), "{}", certificate.serial());
        assert!(certificate.crn().unwrap().starts_with("000"), "a number that is never issued");
        assert!(certificate.key().is_ok());
        let authority = certificates.iter().find(|certificate| certificate.is_ca()).unwrap();
        assert_eq!(certificate.issuer(), authority.subject());
        assert!(certificate.verify_signature(authority.key().unwrap()).is_err(), "it proves nothing");
    }
    assert!(bundle.text.contains("throw-away key"));
}

/// The real cards' certificates are signed with RSA (`nid-card.md` 10): here one is, and the key in its place is public.
#[test]
fn a_certificate_signed_with_rsa_gets_a_signature_with_rsa() {
    let folder = tempfile::tempdir().unwrap();
    let pem = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/certs/rsa.pem")).unwrap();
    let before = idcard_crypto::Certificate::from_pem_or_der(&pem).unwrap().remove(0);
    let image = super::changed(folder.path(), "mav2", |files, _| {
        std::fs::write(files.join("sign.der"), before.der()).unwrap();
    });
    let path = folder.path().join("b.apdu");
    probe(&image, &["--share", path.to_str().unwrap()]).document(0);
    let trace = idcard_core::transport::trace::Trace::open(&path).unwrap();
    let contents = trace.contents();
    let sign =
        contents.iter().find(|content| content.place.as_deref().is_some_and(|place| place.ends_with("5100/5040")));
    let sign = contents.iter().filter(|content| content.bytes.len() == before.der().len()).chain(sign);
    let after = sign.flat_map(|content| idcard_crypto::Certificate::from_card(&content.bytes)).next().unwrap();
    assert_ne!(after.der(), before.der());
    assert_eq!(after.signature_algorithm().unwrap(), before.signature_algorithm().unwrap());
    let specimen = idcard_sim::Image::builtin("specimen").unwrap();
    let public = &specimen.file("classic", "3F00/5100/5040").unwrap().content;
    let public = idcard_crypto::Certificate::from_card(public).unwrap();
    assert!(after.verify_signature(public.key().unwrap()).is_ok(), "by the specimen's key, which is no secret");
}

#[test]
fn people_see_the_list_before_the_file_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let done = idcard(["--card", "sim:specimen", "probe", "--share", "there/b.apdu"]).in_folder(folder.path()).run();
    assert_eq!(done.status, 16, "the folder is not there");
    assert!(done.stderr.contains("80CA0101: number 1"), "{}", done.stderr);
    assert!(done.stderr.contains("Not replaced: answer to reset,"), "{}", done.stderr);
    let done =
        idcard(["--card", "sim:specimen", "probe", "--share", "b.apdu", "--lang", "en"]).in_folder(folder.path()).run();
    assert!(done.text(0).contains("Written, to be sent to others: b.apdu"));
    assert!(folder.path().join("b.apdu").exists());
    assert_eq!(idcard(["probe", "--yes"]).run().status, 2, "--yes is about --share");
    assert_eq!(idcard(["--card", "sim:mav2", "probe", "--share", "-", "--json"]).run().error(2)["kind"], "usage");
}

#[test]
fn a_bundle_says_what_it_answers() {
    let bundle = share("specimen");
    let card = format!("replay:{}", bundle.path.display());
    let error = idcard(["--card", &card, "read", "--json"]).run().error(16);
    assert_eq!(error["kind"], "bad_file");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("idcard probe --share") && hint.contains("answers idcard probe"), "{hint}");
    idcard(["--card", &card, "probe"]).run().text(0);
}

#[test]
fn no_bundle_of_a_foreign_card_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["--card", "sim:specimen+fault=C-47", "probe", "--share", "b.apdu"];
    assert_eq!(idcard(words).in_folder(folder.path()).run().status, 7);
    assert!(!folder.path().join("b.apdu").exists());
}

#[test]
fn cards_that_lie_give_bundles_without_their_holders() {
    let read = idcard(["--card", "sim:specimen", "read", "--json", "--pin-fd", "0"]).with_stdin("1234\n").run();
    let mut secrets = leaks::of_document(&serde_json::from_slice(&read.stdout).unwrap());
    secrets.append(&mut leaks::of_image("specimen"));
    // What an honest card's conversation holds is what a lying one's can hold.
    let there = leaks::found(&secrets, &share("specimen").record);
    secrets.retain(|name, _| there.contains(name));
    let mut written = 0;
    for (fault, what) in idcard_sim::Fault::all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.apdu");
        let words = ["--timeout", "2", "--share", path.to_str().unwrap()];
        probe(&format!("sim:specimen+fault={fault}"), &words);
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        written += 1;
        assert_eq!(leaks::found(&secrets, &text), Vec::<String>::new(), "{fault} ({what})");
        let redacted = idcard(["trace", "redact", path.to_str().unwrap()]).run();
        assert!(redacted.text(0) == text, "{fault}");
    }
    assert!(written >= 50, "{written}");
}
