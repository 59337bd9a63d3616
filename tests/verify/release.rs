//! The content of a signature is handed out when the verdict is good, and not before.

use crate::desk::{DOCUMENT, Desk};

fn signed() -> Desk {
    let desk = Desk::new();
    desk.sign("sim:specimen", &["contract", "--attached", "-o", "whole.p7m"]).text(0);
    desk
}

#[test]
fn a_valid_document_is_handed_out() {
    use std::os::unix::fs::PermissionsExt;
    let desk = signed();
    desk.idcard(&["verify", "whole.p7m", "--ca", "root.pem", "-o", "content"]).text(0);
    assert_eq!(desk.bytes("content"), DOCUMENT);
    let mode = std::fs::metadata(desk.path("content")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "it may be personal");
    let piped = desk.idcard(&["verify", "whole.p7m", "--ca", "root.pem", "-o", "-"]);
    assert_eq!((piped.status, piped.stdout.as_slice()), (0, DOCUMENT));
    assert!(piped.stderr.starts_with("SIGNATURE VALID\n"), "{}", piped.stderr);
}

#[test]
fn anything_else_is_not() {
    let desk = signed();
    let mut forged = desk.bytes("whole.p7m");
    let at = forged.windows(8).position(|window| window == b"contract").unwrap();
    forged[at] = b'C';
    desk.write("forged.p7m", &forged);
    let before = desk.names();
    for (words, status) in [
        (&["forged.p7m", "--ca", "root.pem"][..], 14),
        (&["whole.p7m"], 15),
        (&["whole.p7m", "--ca", "root.pem", "--at", "2040-01-01"], 15),
        (&["root.pem"], 16),
    ] {
        for output in ["content", "-"] {
            let done = desk.idcard(&[&["verify", "-o", output], words].concat());
            done.text(status);
            assert_eq!(desk.names(), before, "{words:?}");
            assert!(output != "-" || done.stdout.is_empty(), "{words:?}");
        }
    }
    // Only where an authority is missing does one help.
    let hint = "give its certificate with --ca FILE";
    for (words, lacking) in [
        (&["whole.p7m"][..], true),
        (&["forged.p7m"], false),
        (&["whole.p7m", "--ca", "root.pem", "--at", "2040-01-01"], false),
    ] {
        let done = desk.idcard(&[&["verify", "--lang", "en", "-o", "content"], words].concat());
        assert_eq!(done.stderr.contains(hint), lacking, "{words:?}: {}", done.stderr);
    }
    desk.write("content", b"older");
    desk.idcard(&["verify", "forged.p7m", "--ca", "root.pem", "-o", "content"]).text(14);
    assert_eq!(desk.bytes("content"), b"older");
}

#[test]
fn there_must_be_something_to_hand_out() {
    let desk = signed();
    desk.sign("sim:specimen", &["contract"]).text(0);
    desk.idcard(&["verify", "contract", "--ca", "root.pem", "-o", "content", "--json"]).error(2);
    desk.idcard(&["verify", "whole.p7m", "--ca", "root.pem", "-o", "-", "--json"]).error(2);
    assert!(!desk.path("content").exists());
}

#[test]
fn what_the_check_rests_on_is_not_replaced() {
    let desk = signed();
    desk.idcard(&["sim", "pki", "-o", "pki"]).text(0);
    std::fs::hard_link(desk.path("whole.p7m"), desk.path("twin.p7m")).unwrap();
    let words = ["verify", "whole.p7m", "--ca", "root.pem", "--ca", "pki", "--crl", "pki/ca.crl"];
    let words = [&words[..], &["--crl", "pki/root.crl", "--certificate", "ca.pem", "--json"]].concat();
    for output in ["whole.p7m", "./whole.p7m", "twin.p7m", "root.pem", "pki/ca.crl", "pki/ca.pem", "ca.pem"] {
        let before = desk.bytes(output);
        let error = desk.idcard(&[&words[..], &["-o", output]].concat()).error(2);
        assert!(error["message"].as_str().unwrap().contains("would replace"), "{output}: {error}");
        assert_eq!(desk.bytes(output), before, "{output}");
    }
    desk.idcard(&[&words[..], &["-o", "content"]].concat()).document(0);
    desk.idcard(&[&words[..], &["-o", "content"]].concat()).document(0);
}

#[test]
fn a_run_that_is_broken_off_leaves_no_part_of_the_content() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let desk = Desk::new();
    desk.write("long", &vec![b'l'; 4 << 20]);
    desk.sign("sim:specimen", &["long", "--attached", "-o", "long.p7m"]).text(0);
    let before = desk.names();
    for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129)] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_idcard"));
        program.args(["verify", "-", "--ca", "root.pem", "-o", "content"]).current_dir(desk.path(""));
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // More than pipe and buffers hold: when it is written, the content is on its way.
        pipe.write_all(&desk.bytes("long.p7m")[..3 << 20]).unwrap();
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(status));
        drop(pipe);
        assert_eq!(desk.names(), before, "{signal}");
    }
}
