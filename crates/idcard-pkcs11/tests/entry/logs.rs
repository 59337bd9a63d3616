//! The log: what was done, by whom it was asked for, and no word of a PIN.

use super::program::{Program, functions};
use crate::desk::{ID_PIN, IDENTITY};
use cryptoki_sys::*;
use std::ptr::null_mut;

/// A wrong PIN that no counter, digest or identifier holds by chance.
const WRONG: &[u8] = b"73195286";

/// The visit of a program whose environment names a log.
fn visit() {
    {
        let _turn = Program::none();
        let list = functions();
        // SAFETY: no arguments. The log begins with `C_Initialize`.
        unsafe {
            assert_eq!(list.C_Initialize.unwrap()(null_mut()), CKR_OK);
            assert_eq!(list.C_Finalize.unwrap()(null_mut()), CKR_OK);
        }
    }
    let program = Program::with("specimen");
    let session = program.open(IDENTITY);
    assert_eq!(program.login(session, CKU_USER, WRONG), CKR_PIN_INCORRECT);
    assert_eq!(program.login(session, CKU_USER, ID_PIN), CKR_OK);
    let key = program.object(session, CKO_PRIVATE_KEY);
    assert_eq!(program.sign_init(session, CKM_SHA256_RSA_PKCS, key), CKR_OK);
    assert!(program.sign(session, b"text").is_ok());
}

#[test]
fn the_log_tells_what_was_done_and_no_pin() {
    if std::env::var_os("IDCARD_PKCS11_LOG").is_some() {
        return visit();
    }
    let file = std::env::temp_dir().join(format!("idcard-pkcs11-log-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "entry::logs::the_log_tells_what_was_done_and_no_pin"])
        .env("IDCARD_PKCS11_LOG", &file)
        .stdout(std::process::Stdio::null())
        .status()
        .unwrap();
    let log = std::fs::read_to_string(&file).unwrap();
    #[cfg(unix)]
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    std::fs::remove_file(&file).unwrap();
    assert!(status.success());
    #[cfg(unix)]
    assert_eq!(mode & 0o777, 0o600);
    for told in ["C_Initialize", "C_Login: 0xa0", "C_Sign\n", "63C2", "PIN of the identity slot: accepted"] {
        assert!(log.contains(told), "{told} is not in\n{log}");
    }
    // As text, as hex with and without blanks, in either case; packed two digits a byte; the right one as it is padded.
    let squeezed: String =
        log.chars().filter(|character| !character.is_whitespace()).collect::<String>().to_lowercase();
    for secret in ["73195286", "3733313935323836", "3132333400"] {
        assert!(!squeezed.contains(secret), "{secret} is in\n{log}");
    }
}
