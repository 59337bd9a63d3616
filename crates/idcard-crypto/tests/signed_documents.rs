//! Every line of the table in `fixtures/cms/README.md` holds: documents made by other hands, and the verdict they deserve.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use idcard_crypto::Certificate;
use idcard_crypto::cms::VerifyError;
use idcard_crypto::time::parse_rfc3339;
use idcard_crypto::trust::revocation::RevocationLists;
use idcard_crypto::trust::{Origin, Query, Store};
use idcard_crypto::verify::{Verdict, Verifier};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn read(name: &str) -> Vec<u8> {
    let path = fixtures().join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn certificates(names: &str) -> Vec<Certificate> {
    let one = |name| Certificate::from_pem_or_der(&read(&format!("certs/{name}.pem"))).unwrap();
    names.split_whitespace().filter(|name| *name != "-").flat_map(one).collect()
}

/// A line of the table.
struct Case {
    signature: String,
    document: String,
    anchors: String,
    more: String,
    verdict: String,
}

fn cases() -> Vec<Case> {
    let table = String::from_utf8(read("cms/README.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<String> = row.split('|').map(|cell| cell.trim().to_string()).collect();
        let [_, signature, document, anchors, more, verdict, _, _] = cells.try_into().expect("six columns");
        Case { signature, document, anchors, more, verdict }
    })
    .collect()
}

impl Case {
    /// The rest of the option that begins with this word.
    fn option(&self, word: &str) -> Option<&str> {
        self.more.split(';').find_map(|option| option.trim().strip_prefix(word)).map(str::trim)
    }

    fn run(&self) -> String {
        let mut store = Store::empty();
        for anchor in certificates(&self.anchors) {
            store.add_anchor(anchor, Origin::Caller).unwrap();
        }
        let day = self.option("at").unwrap_or("2026-12-01");
        let mut query = Query::at(parse_rfc3339(&format!("{day}T00:00:00Z")).unwrap());
        query.allow_legacy_sha1 = self.option("legacy").is_some();
        let lists = self.option("lists").map(|names| {
            let mut lists = RevocationLists::empty();
            for name in names.split_whitespace() {
                assert_eq!(lists.add_path(&fixtures().join("certs").join(name)).unwrap(), 1);
            }
            lists
        });
        let beside = certificates(self.option("with").unwrap_or_default());
        let mut verifier = Verifier::new(&store, query);
        verifier.lists = lists.as_ref();
        verifier.certificates = &beside;

        let signature = read(&format!("cms/{}", self.signature));
        let result = if self.document == "-" {
            verifier.attached(signature.as_slice(), None)
        } else {
            let mut document = read(&format!("cms/{}", self.document));
            match self.signature.strip_suffix(".sig") {
                Some(_) => verifier.raw(&signature, &mut document, &beside[0]),
                None => verifier.detached(signature.as_slice(), document.as_slice()),
            }
        };
        match result {
            Ok(verified) => match verified.verdict {
                Verdict::Valid => "valid",
                Verdict::Inconclusive => "inconclusive",
                Verdict::Weak => "weak",
                Verdict::Invalid => "invalid",
            }
            .to_string(),
            Err(VerifyError::NotASignature(_)) => "none".to_string(),
            Err(other) => other.to_string(),
        }
    }
}

#[test]
fn each_document_gets_its_verdict() {
    let cases = cases();
    assert!(cases.len() > 80, "the table was not understood: {} lines", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (case, case.run()))
        .filter(|(case, found)| case.verdict != *found)
        .map(|(case, found)| {
            let Case { signature, document, anchors, more, verdict } = case;
            format!("{signature} of {document} under {anchors} {more}: {found}, not {verdict}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_table_names_every_file() {
    let named: HashSet<String> = cases().into_iter().flat_map(|case| [case.signature, case.document]).collect();
    let files = std::fs::read_dir(fixtures().join("cms")).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<String> = files
        .map(|name| name.into_string().unwrap())
        .filter(|name| !["README.md", "make.sh"].contains(&name.as_str()) && !named.contains(name))
        .collect();
    assert!(left.is_empty(), "not in the table: {left:?}");
}
