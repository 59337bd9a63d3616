//! `idcard sim serve` says what is so: the card is in the reader once the reader has taken it, and not before.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Command, Stdio};

fn serve(port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_idcard"));
    command.args(["--lang", "en", "sim", "serve", "--image", "mav2", "--port", &port.to_string()]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn without_a_reader_nothing_is_said_to_be_in_it() {
    // A port that was free a moment ago, and where nobody listens now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let output = serve(port).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.starts_with("idcard: error: no vpcd at 127.0.0.1") && !told.contains("is in the reader"), "{told}");
}

#[test]
fn the_card_is_in_the_reader_once_it_is_connected() {
    let reader = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = reader.local_addr().unwrap().port();
    let mut card = serve(port).spawn().unwrap();
    let (connection, _) = reader.accept().unwrap();
    let mut told = BufReader::new(card.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    assert_eq!(line, format!("idcard: the card mav2 is in the reader at 127.0.0.1:{port}\n"));
    drop(connection);
    assert_eq!(card.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "idcard: the reader was closed after 0 commands\n");
}
