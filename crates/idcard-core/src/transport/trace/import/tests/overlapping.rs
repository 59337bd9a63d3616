//! Programs that ask at the same time: told apart where the log can, left out or marked where it cannot.

use super::super::Damage;
use super::{commands, imported};

/// pcscd with debug messages, two clients of which each has its reader.
fn clients(log: &str) -> String {
    let mut text = String::new();
    for (client, reader) in [(11, "A"), (12, "B")] {
        text += &format!("00000001 eventhandler.c:423:EHStatusHandlerThread() Card inserted into {reader}\n");
        text += "00000001 Card ATR: 3B 80 80 01 01\n";
        text +=
            &format!("00000001 winscard_svc.c:361:ContextThread() Received command: CONNECT from client {client}\n");
        text += &format!("00000001 winscard.c:258:SCardConnect() Attempting Connect to {reader} using protocol: 3\n");
        text +=
            &format!("00000001 winscard_svc.c:523:ContextThread() CONNECT for client {client}, rv=SCARD_S_SUCCESS\n");
    }
    for line in log.lines() {
        text += &match line.split_once(' ') {
            Some(("ask", client)) => {
                format!("00000001 winscard_svc.c:361:ContextThread() Received command: TRANSMIT from client {client}\n")
            }
            Some(("done", client)) => {
                format!(
                    "00000001 winscard_svc.c:694:ContextThread() TRANSMIT for client {client}, rv=SCARD_S_SUCCESS\n"
                )
            }
            _ => format!("00000010 {line}\n"),
        };
    }
    text
}

#[test]
fn answers_go_to_the_client_that_is_served_next() {
    let found = imported(&clients(
        "ask 11\nAPDU: 00 A4 00 0C 02 3F 00\nask 12\nAPDU: 00 B0 00 00 01\nSW: 55 90 00\ndone 12\nSW: 6A 82\ndone 11",
    ));
    assert!(found.report.faults.is_empty(), "{:?}", found.report.faults);
    let by_reader = |reader| found.report.conversations.iter().position(|one| one.reader.as_deref() == Some(reader));
    let (a, b) = (by_reader("A").unwrap(), by_reader("B").unwrap());
    assert!(found.texts[a].contains("> 00 A4 00 0C 02 3F 00\n< 6A 82"), "{}", found.texts[a]);
    assert!(found.texts[b].contains("> 00 B0 00 00 01\n< 55 90 00"), "{}", found.texts[b]);
}

#[test]
fn commands_of_which_the_log_does_not_tell_the_client_are_marked() {
    let found = imported(&clients(
        "ask 12\nask 11\nAPDU: 00 B0 00 00 01\nAPDU: 00 A4 00 0C 02 3F 00\nSW: 55 90 00\ndone 12\nSW: 6A 82\ndone 11",
    ));
    assert_eq!(found.report.kept(), 2);
    let faults: Vec<_> = found.report.faults.iter().map(|fault| (fault.line, fault.what)).collect();
    assert_eq!(faults, [(13, Damage::WhoseCommand)]);
}

#[test]
fn the_thread_of_a_coloured_log_is_sure() {
    let plain = clients(
        "ask 12\nask 11\nAPDU: 00 B0 00 00 01\nAPDU: 00 A4 00 0C 02 3F 00\nSW: 55 90 00\nSW: 6A 82\ndone 11\ndone 12",
    );
    // The first command and the first answer are those of client 11.
    let mut asked = 0;
    let coloured: String = plain
        .lines()
        .map(|line| {
            let (time, words) = line.split_once(' ').unwrap();
            let eleven = words.contains("client 11") || words.ends_with("to A using protocol: 3") || {
                asked += usize::from(words.starts_with("APDU:") || words.starts_with("SW:"));
                (words.starts_with("APDU:") && asked == 1) || (words.starts_with("SW:") && asked == 3)
            };
            let thread = if eleven { 7001 } else { 7002 };
            format!("\x1B[36m{time}\x1B[0m [{thread}] \x1B[34m{words}\x1B[0m\n")
        })
        .collect();
    let found = imported(&coloured);
    assert!(found.report.faults.is_empty(), "{:?}", found.report.faults);
    let eleven = found.report.conversations.iter().position(|one| one.reader.as_deref() == Some("A")).unwrap();
    assert!(found.texts[eleven].contains("> 00 B0 00 00 01\n< 55 90 00"), "{}", found.texts[eleven]);
}

#[test]
fn two_commands_that_nothing_tells_apart_are_left_out() {
    let log = "00000001 APDU: 00 84 00 00 08\n00000001 SW: 6D 00\n00000001 APDU: 00 B0 00 00 01\n\
               00000001 APDU: 00 A4 00 0C 02 3F 00\n00000001 SW: 55 90 00\n00000001 SW: 90 00\n\
               00000001 APDU: 00 84 00 00 08\n00000001 SW: 6D 00\n";
    let found = imported(log);
    assert_eq!(commands(&found.texts[0]), ["0084000008", "0084000008"]);
    let faults: Vec<_> = found.report.faults.iter().map(|fault| (fault.line, fault.what)).collect();
    assert_eq!(faults, [(4, Damage::WhoseAnswer), (5, Damage::NoCommand), (6, Damage::NoCommand)]);
    assert!(found.texts[0].contains("# line 4: "), "{}", found.texts[0]);
}

#[test]
fn several_cards_without_messages_are_one_trace_and_marked() {
    let inserted =
        |reader: &str| format!("00000001 eventhandler.c:423:EHStatusHandlerThread() Card inserted into {reader}\n");
    let log = inserted("A") + &inserted("B") + "00000001 APDU: 00 84 00 00 08\n00000001 SW: 6D 00\n";
    let found = imported(&log);
    assert_eq!(found.report.conversations[0].reader, None);
    assert_eq!(found.report.faults[0].what, Damage::WhichCard);
}

#[test]
fn a_card_that_is_put_in_again_begins_a_trace() {
    let inserted = "00000001 eventhandler.c:423:EHStatusHandlerThread() Card inserted into A\n";
    let removed = "00000001 eventhandler.c:358:EHStatusHandlerThread() Card Removed From A\n";
    let talk = "00000001 APDU: 00 84 00 00 08\n00000001 SW: 6D 00\n";
    let found = imported(&[inserted, talk, removed, inserted, talk, talk].concat());
    let counts: Vec<_> = found.report.conversations.iter().map(|one| one.exchanges).collect();
    assert_eq!(counts, [1, 2]);
    let found = imported(&[inserted, "00000001 APDU: 00 84 00 00 08\n", removed].concat());
    assert!(found.texts[0].ends_with("> 00 84 00 00 08\nremoved\n"), "{}", found.texts[0]);
}

#[test]
fn processes_of_opensc_are_told_apart() {
    let message = |process: u32, words: &str| {
        format!("P:{process}; T:0x1 09:54:30.600 [opensc-tool] reader-pcsc.c:326:pcsc_transmit: {words}\n")
    };
    let log = [
        message(1, ""),
        "Outgoing APDU (5 bytes):\n00 B0 00 00 02 .....\n\n".to_owned(),
        message(2, ""),
        "Outgoing APDU (4 bytes):\n00 84 00 00 ....\n\n".to_owned(),
        message(1, ""),
        "Incoming APDU (4 bytes):\n41 42 90 00 AB..\n\n".to_owned(),
        message(2, ""),
        "Incoming APDU (2 bytes):\n6D 00 m.\n\n".to_owned(),
    ];
    let found = imported(&log.concat());
    assert!(found.texts[0].ends_with("> 00 B0 00 00 02\n< 41 42 90 00\n"), "{}", found.texts[0]);
    assert!(found.texts[1].ends_with("> 00 84 00 00\n< 6D 00\n"), "{}", found.texts[1]);
}
