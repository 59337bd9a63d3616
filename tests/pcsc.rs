//! The card behind a real PC/SC service: what other programs see, and what idcard does with a reader.

mod cards;
mod company;
mod doctoring;
mod importing;
mod lab;
mod pkcs11;
mod sealed;
mod signals;
mod signing;
mod watching;
mod wiping;

use lab::{Lab, READERS};
use std::process::Output;

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A card that knows its ATR and answers 6D00 to every command.
const STUB: &str = r"
exec 3<>/dev/tcp/127.0.0.1/$0
while set -- $(head -c 2 <&3 | od -An -tu1) && [ $# = 2 ]; do
    case $(head -c $(($1 * 256 + $2)) <&3 | od -An -tx1) in
    ' 04') printf '\x00\x06\x3B\x04\x41\x42\x43\x44' >&3 ;;
    ' 00' | ' 01' | ' 02') ;;
    *) printf '\x00\x02\x6D\x00' >&3 ;;
    esac
done";

#[test]
fn the_laboratory_is_private_and_complete() {
    let mut lab = Lab::start();
    let readers = text(&lab.run(["opensc-tool", "--list-readers"]));
    assert!(READERS.iter().all(|reader| readers.contains(reader)), "{readers}");

    let mut stub = lab.command("bash");
    stub.args(["-c", STUB, &lab.port_of(1).to_string()]);
    lab.insert_peer(1, stub);
    let atr = ["opensc-tool", "--reader", "1", "--card-driver", "default", "--atr"];
    assert_eq!(text(&lab.run(atr)).trim(), "3b:04:41:42:43:44");
    assert!(!lab.run(["opensc-tool", "--reader", "0", "--card-driver", "default", "--atr"]).status.success());

    lab.remove_from(1);
    assert!(!lab.run(atr).status.success());

    let another = Lab::start();
    assert!(!another.run(atr).status.success());
}

/// The command lines of all processes.
fn command_lines() -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes.filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok()).collect()
}

#[test]
fn a_laboratory_leaves_nothing_behind() {
    let lab = Lab::start();
    let folder = lab.path("readers");
    let running = || command_lines().iter().any(|line| line.contains(folder.to_str().unwrap()));
    assert!(running());
    drop(lab);
    assert!(!running());
    assert!(!folder.exists());
}
