//! The documents and their schemas: every document keeps to its schema, every schema is strict.

use crate::program::idcard;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema")
}

fn schema(name: &str) -> Value {
    let path = folder().join(format!("{name}.json"));
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()))).unwrap()
}

/// Checks a document against the schema that its mark names.
#[track_caller]
pub(crate) fn keeps_to_its_schema(document: &Value) {
    let mark = document["schema"].as_str().expect("a document bears its mark");
    let name = mark.strip_prefix("idcard.").and_then(|mark| mark.strip_suffix("/1")).expect("a mark of version 1");
    let validator = jsonschema::validator_for(&schema(name)).unwrap();
    let faults: Vec<_> = validator.iter_errors(document).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{document:#}", faults.join("\n"));
}

fn names() -> BTreeSet<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn the_program_prints_every_schema_as_it_lies_in_the_documents() {
    let listed: BTreeSet<_> = idcard(["schema"]).run().text(0).lines().map(str::to_owned).collect();
    assert_eq!(listed, names());
    for name in listed {
        let printed = idcard(["schema", &name]).run();
        assert_eq!(serde_json::from_str::<Value>(printed.text(0)).unwrap(), schema(&name), "{name}");
    }
    assert_eq!(idcard(["schema", "cert-list"]).run().status, 0);
    assert_eq!(idcard(["schema", "nothing", "--json"]).run().error(2)["kind"], "usage");
}

/// Every object of a schema names all its keys and demands them; `sw` and `detail` come and go with the status.
fn strict(schema: &Value, place: &str) {
    if let Some(properties) = schema["properties"].as_object().filter(|_| schema["type"] == "object") {
        assert_eq!(schema["additionalProperties"], false, "{place}");
        let required: BTreeSet<_> =
            schema["required"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
        let expected: BTreeSet<_> =
            properties.keys().map(String::as_str).filter(|k| !["sw", "detail"].contains(k)).collect();
        let in_error = place.ends_with(".error");
        assert!(required == expected || (in_error && required.is_superset(&expected)), "{place}: {required:?}");
    }
    match schema {
        Value::Object(map) => map.iter().for_each(|(key, inner)| strict(inner, &format!("{place}.{key}"))),
        Value::Array(list) => list.iter().for_each(|inner| strict(inner, place)),
        _ => {}
    }
}

#[test]
fn every_schema_is_strict() {
    for name in names() {
        let schema = schema(&name);
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert_eq!(schema["$id"], format!("urn:idcard:schema:{name}:1"));
        strict(&schema, &name);
    }
}

#[test]
fn whatever_is_replaced_in_a_bundle_has_a_name_in_the_contract() {
    let names = &schema("probe")["properties"]["shared"]["properties"]["replaced"]["items"]["properties"]["counts"];
    let mut named: Vec<_> =
        names["propertyNames"]["enum"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    let mut words: Vec<_> = idcard_crypto::pseudonym::Replaced::ALL.iter().map(|replaced| replaced.word()).collect();
    named.sort_unstable();
    words.sort_unstable();
    assert_eq!(named, words);
    let contract = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/cli.md")).unwrap();
    for word in words {
        assert!(contract.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn a_schema_refuses_what_the_contract_does_not_know() {
    let mut document: Value = idcard(["--card", "sim:specimen", "read", "--json"]).run().document(13);
    let validator = jsonschema::validator_for(&schema("read")).unwrap();
    assert!(validator.is_valid(&document));
    document["identity"]["sw"] = "6982".into();
    assert!(!validator.is_valid(&document), "a status word without `refused`");
    document["identity"]["status"] = "refused".into();
    assert!(validator.is_valid(&document));
    document["photo"].as_object_mut().unwrap().remove("width");
    assert!(!validator.is_valid(&document), "a key that is left out");
}
