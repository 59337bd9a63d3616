//! Two programs at one card: both with the module, and one of them idcard.

use super::python::PYTHON;
use super::{Bench, ID_PIN, SIGN_PIN, said};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::thread;

/// A program that is logged in and signs whenever it gets a line; it tells each outcome.
const SIGNER: &str = r"
import os, sys
from PyKCS11 import *
library = PyKCS11Lib()
library.load(os.environ['M'])
session = library.openSession(library.getSlotList(tokenPresent=True)[0])
session.login(sys.argv[1])
key, = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])
print('ready', flush=True)
for line in sys.stdin:
    try:
        if line == 'login\n':
            try:
                session.logout()
            except PyKCS11Error as error:
                assert error.value == CKR_USER_NOT_LOGGED_IN
            session.login(sys.argv[1])
            key, = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])
        print(len(session.sign(key, 'text', Mechanism(CKM_SHA256_RSA_PKCS, None))), flush=True)
    except PyKCS11Error as error:
        print(CKR[error.value], flush=True)
";

/// A program that tells at each line which cards are in, and how many files it holds open.
const WATCHER: &str = r"
import os, sys
from PyKCS11 import *
library = PyKCS11Lib()
library.load(os.environ['M'])
print('ready', flush=True)
for line in sys.stdin:
    told = set()
    for slot in library.getSlotList(tokenPresent=True):
        try:
            session = library.openSession(slot)
            certificate = session.findObjects([(CKA_CLASS, CKO_CERTIFICATE)])[0]
            assert session.getAttributeValue(certificate, [CKA_VALUE])[0]
            told.add(library.getTokenInfo(slot).serialNumber.strip())
        except PyKCS11Error as error:
            # The service logs a removal a moment before it tells of it: the card was in, and is gone.
            assert error.value in (CKR_TOKEN_NOT_PRESENT, CKR_DEVICE_REMOVED)
    print(len(os.listdir('/proc/self/fd')), *told, flush=True)
";

/// A thousand cycles run within one process, in the tests of the module; here the service and its readers take part.
#[test]
fn cards_come_and_go_under_a_program_that_stays() {
    let mut bench = Bench::with("specimen");
    let mut watcher = bench.command(PYTHON);
    let mut watcher = watcher.args(["-c", WATCHER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keys, mut lines) = (watcher.stdin.take().unwrap(), BufReader::new(watcher.stdout.take().unwrap()).lines());
    assert_eq!(lines.next().unwrap().unwrap(), "ready");
    let mut ask = || {
        writeln!(keys, "who").unwrap();
        lines.next().expect("the program lives").unwrap()
    };
    let first = ask();
    let mut others = Vec::new();
    for round in 0..20 {
        bench.lab.remove();
        let nobody = ask();
        assert!(!nobody.contains(' '), "{round}: {nobody}");
        bench.lab.insert(["specimen-2", "specimen"][round % 2]);
        others.push(ask());
    }
    let (odd, even) = (others[0].clone(), others[1].clone());
    assert_eq!(even, first, "the same card, and no file more is open");
    assert_ne!(odd, first, "another card");
    assert!(others.chunks(2).all(|pair| pair == [odd.as_str(), even.as_str()]), "{others:?}");
    drop(keys);
    assert!(watcher.wait().unwrap().success());
}

#[test]
fn idcard_works_beside_a_program_that_is_logged_in() {
    let bench = Bench::with("specimen");
    std::fs::write(bench.lab.path("pin"), format!("{SIGN_PIN}\n")).unwrap();
    bench.done("chmod", &["600", "pin"]);
    let mut signer = bench.command(PYTHON);
    let mut signer = signer.args(["-c", SIGNER, ID_PIN]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut keys, mut lines) = (signer.stdin.take().unwrap(), BufReader::new(signer.stdout.take().unwrap()).lines());
    let mut line = || lines.next().expect("the program lives").unwrap();
    let mut ask = |order: &str| writeln!(keys, "{order}").unwrap();
    assert_eq!(line(), "ready");
    for beside in [&["info"][..], &["read", "--fields", "dates"], &["sign", "text", "--pin-file", "pin"]] {
        ask("sign");
        assert_eq!(line(), "256", "{beside:?}");
        let done = bench.lab.idcard(beside);
        assert!(done.status.success(), "{beside:?}: {}", said(&done));
        // Either the login outlived it, or the program is told and may log in again.
        ask("sign");
        let outcome = line();
        assert!(["256", "CKR_USER_NOT_LOGGED_IN"].contains(&&*outcome), "{beside:?}: {outcome}");
        ask("login");
        assert_eq!(line(), "256", "{beside:?}");
    }
    drop(keys);
    assert!(signer.wait().unwrap().success());
}

#[test]
fn two_programs_with_the_module_sign_at_the_same_time() {
    const WANTED: usize = 4;
    let bench = Bench::with("specimen");
    bench.public_key("0", "Authentication");
    let rounds = |who: usize| {
        let name = format!("signature-{who}");
        let mut words = vec!["--module", &bench.module, "--slot", "0", "--login", "--pin", ID_PIN, "--sign"];
        words.extend(["--mechanism", "SHA256-RSA-PKCS", "--input-file", "text", "--output-file", &name]);
        let mut made = 0;
        for _ in 0..WANTED * 20 {
            let output = bench.run("pkcs11-tool", &words);
            if output.status.success() {
                let judge = ["dgst", "-sha256", "-verify", "key.pem", "-signature", &name, "text"];
                bench.done("openssl", &judge);
                made += 1;
            } else {
                // The other one has ended the login meanwhile, and nothing else may go wrong.
                assert!(said(&output).contains("CKR_USER_NOT_LOGGED_IN"), "{}", said(&output));
            }
            if made == WANTED {
                break;
            }
        }
        made
    };
    let made =
        thread::scope(|scope| [0, 1].map(|who| scope.spawn(move || rounds(who))).map(|thread| thread.join().unwrap()));
    assert_eq!(made, [WANTED; 2]);
    let tries = bench.lab.idcard(["pin", "status", "--json"]);
    let tries: serde_json::Value = serde_json::from_slice(&tries.stdout).unwrap();
    assert!(tries["pins"].as_array().unwrap().iter().all(|pin| pin["tries_left"] == 3), "{tries}");
}
