//! The conversation with vpcd, over loopback.

use std::net::{Shutdown, TcpListener};
use std::thread;

use super::*;
use crate::reader::Action;

/// The reader's side of the connection, and the card's side in a thread.
fn joined(reader: SimTransport) -> (TcpStream, thread::JoinHandle<Result<Served, ServeError>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let card = thread::spawn(move || serve(&reader, "127.0.0.1", port));
    (listener.accept().unwrap().0, card)
}

fn ask(stream: &mut TcpStream, message: &[u8]) -> Vec<u8> {
    send(stream, message).unwrap();
    let mut answer = Vec::new();
    assert!(receive(stream, &mut answer).unwrap());
    answer
}

const MPCOS: [u8; 13] = [0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0, 0, 0, 0x18, 0x30, 0x03, 0x01];
const FOLDER: [u8; 7] = [0x00, 0xA4, 0x01, 0x0C, 0x02, 0x02, 0x00];

#[test]
fn controls_and_commands() {
    let (mut vpcd, card) = joined(crate::open("specimen").unwrap());
    send(&mut vpcd, &[POWER_ON]).unwrap();
    assert_eq!(ask(&mut vpcd, &[GET_ATR])[..3], [0x3B, 0xDB, 0x96]);
    assert_eq!(ask(&mut vpcd, &MPCOS), [0x90, 0x00]);
    assert_eq!(ask(&mut vpcd, &FOLDER), [0x90, 0x00]);
    send(&mut vpcd, &[RESET]).unwrap();
    assert_eq!(ask(&mut vpcd, &FOLDER), [0x6A, 0x82], "a reset forgets the applet");
    send(&mut vpcd, &[POWER_OFF]).unwrap();
    vpcd.shutdown(Shutdown::Both).unwrap();
    assert_eq!(card.join().unwrap().unwrap(), Served { commands: 3, resets: 2 });
}

#[test]
fn a_message_may_come_in_pieces() {
    let (mut vpcd, card) = joined(crate::open("specimen").unwrap());
    vpcd.set_nodelay(true).unwrap();
    for byte in [0, 13].iter().chain(&MPCOS) {
        vpcd.write_all(&[*byte]).unwrap();
    }
    let mut answer = Vec::new();
    receive(&mut vpcd, &mut answer).unwrap();
    assert_eq!(answer, [0x90, 0x00]);
    vpcd.write_all(&[0, 13, 0x00]).unwrap();
    drop(vpcd);
    assert!(matches!(card.join().unwrap(), Err(ServeError::Connection(_))), "closed within a message");
}

#[test]
fn a_broken_link_closes_the_connection() {
    let reader = crate::open("specimen").unwrap();
    reader.handle().at(1, Action::Fail(LinkError::Removed));
    let (mut vpcd, card) = joined(reader);
    assert_eq!(ask(&mut vpcd, &MPCOS), [0x90, 0x00]);
    send(&mut vpcd, &FOLDER).unwrap();
    assert!(!receive(&mut vpcd, &mut Vec::new()).unwrap());
    assert!(matches!(card.join().unwrap(), Err(ServeError::Link(LinkError::Removed))));
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let reader = crate::open("specimen").unwrap();
    assert!(matches!(serve(&reader, "127.0.0.1", port), Err(ServeError::Connect { .. })));
}
