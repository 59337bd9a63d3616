//! No command writes over a file that its own line names: refused before anything is read or sent.

use crate::desk::Desk;

#[test]
fn a_file_is_named_once_where_it_is_written() {
    let desk = Desk::new();
    let card = ["--card", "sim:specimen"];
    std::fs::create_dir(desk.path("raw")).unwrap();
    desk.write("second", b"2");
    desk.secret("second.p7s", "123456");
    std::fs::create_dir(desk.path("trust")).unwrap();
    std::fs::copy(desk.path("root.pem"), desk.path("trust/root.pem")).unwrap();
    assert_eq!(desk.idcard(&[&card[..], &["read", "--record", "trace.apdu"]].concat()).status, 13);
    let before =
        [desk.path("contract"), desk.path("pin"), desk.path("trace.apdu")].map(|path| std::fs::read(path).unwrap());
    for words in [
        &["probe", "--yes", "--share", "new", "--record", "./new"][..],
        &["sign", "contract", "--pin-file", "pin", "--record", "contract"],
        &["sign", "contract", "--pin-file", "pin", "-o", "raw/../pin"],
        &["cert", "export", "--slot", "sign", "-o", "new", "--record", "new"],
        &["read", "--pin-file", "pin", "--record", "pin"],
        &["read", "--pin-file", "pin", "--photo", "pin"],
        &["read", "--photo", "new.png", "--record", "new.png"],
        &["read", "--raw", "raw", "--record", "raw/photo.bin"],
        &["read", "--card", "replay:trace.apdu", "--record", "trace.apdu"],
        &["trace", "redact", "trace.apdu", "-o", "trace.apdu"],
        &["sign", "contract", "second", "--pin-file", "second.p7s"],
        &["sign", "contract", "--page", "contract.p7s", "--pin-file", "pin"],
        &["verify", "contract", "--ca", "trust", "--record", "trust/root.pem"],
    ] {
        let words = [if words.contains(&"--card") { &[][..] } else { &card[..] }, words, &["--json"]].concat();
        let error = desk.idcard(&words).error(2);
        assert!(error["message"].as_str().unwrap().contains("would replace"), "{words:?}: {error}");
    }
    let after =
        [desk.path("contract"), desk.path("pin"), desk.path("trace.apdu")].map(|path| std::fs::read(path).unwrap());
    assert!(before == after && !desk.path("new").exists() && std::fs::read_dir(desk.path("raw")).unwrap().count() == 0);
}

#[test]
fn other_words_of_the_line_are_no_files() {
    let desk = Desk::new();
    let words = ["--card", "sim:specimen", "cert", "export", "--slot", "sign", "-o", "sign", "--record", "cert"];
    assert_eq!(desk.idcard(&words).status, 0);
    assert!(desk.path("sign").exists() && desk.path("cert").exists());
}
