//! `idcard pkcs11 path`: the module is found where programs and their libraries are put.

use crate::json::keeps_to_its_schema;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const MODULE: &str = "libidcard_pkcs11.so";

/// Runs a copy of the program that lies in `prefix/bin`.
fn path(prefix: &Path, json: bool) -> Output {
    let program = prefix.join("bin/idcard");
    let mut command = Command::new(program);
    command.args(["pkcs11", "path"]).env_remove("IDCARD_CARD").env("LC_ALL", "C.UTF-8");
    if json {
        command.arg("--json");
    }
    command.output().unwrap()
}

fn installed() -> tempfile::TempDir {
    let prefix = tempfile::tempdir().unwrap();
    fs::create_dir_all(prefix.path().join("bin")).unwrap();
    fs::create_dir_all(prefix.path().join("lib/pkcs11")).unwrap();
    // By another process: a program that this one writes could be open for writing in a child that another test starts
    // just then, and would not run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_idcard")).arg(prefix.path().join("bin/idcard")).status();
    assert!(copied.unwrap().success());
    prefix
}

#[test]
fn the_module_is_found_in_the_tree_of_the_program() {
    let prefix = installed();
    for place in ["lib", "lib/pkcs11", "bin"] {
        let module = prefix.path().join(place).join(MODULE);
        fs::write(&module, "").unwrap();
        let told = path(prefix.path(), false);
        assert!(told.status.success(), "{told:?}");
        let module = fs::canonicalize(module).unwrap();
        assert_eq!(String::from_utf8(told.stdout).unwrap(), format!("{}\n", module.display()), "nearer than before");
        let document = serde_json::from_slice(&path(prefix.path(), true).stdout).unwrap();
        keeps_to_its_schema(&document);
        assert_eq!(document["path"], module.to_str().unwrap());
    }
}

#[test]
fn a_module_that_is_not_there_is_said_so() {
    let prefix = installed();
    // A folder of that name is no module.
    fs::create_dir(prefix.path().join("bin").join(MODULE)).unwrap();
    let told = path(prefix.path(), true);
    if told.status.success() {
        // One is installed on this machine: then that one was told.
        let found = String::from_utf8(told.stdout).unwrap();
        assert!(!found.contains(prefix.path().to_str().unwrap()), "{found}");
        return;
    }
    assert_eq!(told.status.code(), Some(13));
    let error: serde_json::Value = serde_json::from_slice(&told.stderr).unwrap();
    keeps_to_its_schema(&error);
    assert_eq!(error["error"]["kind"], "not_available");
}
