//! Damaged logs: what is whole is kept, and each fault is told with its line.

use super::super::{Damage, ImportError, LogFormat, import};
use super::{commands, imported};
use crate::transport::trace::Step;

#[test]
fn each_fault_has_its_line_and_the_rest_is_kept() {
    let cases: &[(&str, usize, Damage)] = &[
        ("00000001 APDU: 00 84 00 0X 08\n00000001 SW: 90 00\n", 3, Damage::NotHex),
        ("00000001 APDU: 00 84 00 00 08\n00000001 SW: 01 02 ...\n", 4, Damage::CutOff),
        ("00000001 APDU: 00 84 00\n00000001 SW: 90 00\n", 3, Damage::CommandLength),
        ("00000001 SW: 90 00\n", 3, Damage::NoCommand),
    ];
    for (damaged, line, what) in cases {
        let good = "00000001 APDU: 00 B0 00 00 01\n00000001 SW: 55 90 00\n";
        let found = imported(&[good, damaged, good].concat());
        let first = found.report.faults.first().map(|fault| (fault.line, fault.what));
        assert_eq!(first, Some((*line, *what)), "{damaged}");
        assert_eq!(commands(&found.texts[0]), ["00B0000001", "00B0000001"], "{damaged}");
        assert!(
            found.texts[0].contains(&format!("# line {line}: ")) || *what == Damage::NoCommand,
            "{}",
            found.texts[0]
        );
    }
}

#[test]
fn an_answer_that_never_comes_is_told() {
    let scriptor = imported("> 00 84 00 00 08\n> 00 B0 00 00 01\n< 55 90 00 : Normal processing.\n> 00 B0 00 00 02\n");
    let faults: Vec<_> = scriptor.report.faults.iter().map(|fault| (fault.line, fault.what)).collect();
    assert_eq!(faults, [(1, Damage::NoAnswer), (4, Damage::NoAnswer)]);
    assert_eq!(commands(&scriptor.texts[0]), ["00B0000001"]);
}

#[test]
fn a_dump_that_ends_too_early_is_left_out() {
    let message = "P:1; T:0x1 09:54:30.600 [opensc-tool] reader-pcsc.c:326:pcsc_transmit: \n";
    let command = format!("{message}Outgoing APDU (5 bytes):\n00 B0 00 00 12 .....\n\n");
    let row = "30 82 05 73 30 82 05 19 A0 03 02 01 02 02 10 58 0..s0..........X\n";
    let cut = format!("{command}{message}Incoming APDU (20 bytes):\n{row}{message}");
    let whole = format!(
        "{command}{message}Incoming APDU (18 bytes):\n{row}90 00                                           ..\n"
    );
    let found = imported(&format!("{cut}{whole}"));
    assert_eq!((found.report.kept(), found.report.faults[0].line), (1, 7));
    assert_eq!(found.report.faults[0].what, Damage::CutOff);
}

#[test]
fn a_pin_that_opensc_does_not_log_is_told() {
    let message = |what: &str| format!("P:1; T:0x1 09:54:30.600 [pkcs15-tool] {what}\n");
    let exchange = [
        message("reader-pcsc.c:326:pcsc_transmit: "),
        "Outgoing APDU (4 bytes):\n00 84 00 00 ....\n".to_owned(),
        message("reader-pcsc.c:335:pcsc_transmit: "),
        "Incoming APDU (2 bytes):\n6D 00 m.\n".to_owned(),
    ]
    .concat();
    let (called, done) = (message("sec.c:203:sc_pin_cmd: called"), message("sec.c:259:sc_pin_cmd: returning with: 0"));
    let hidden = imported(&[&exchange, &called, &done, &exchange].map(String::as_str).concat());
    let faults: Vec<_> = hidden.report.faults.iter().map(|fault| (fault.line, fault.what)).collect();
    assert_eq!((faults, hidden.report.kept()), (vec![(8, Damage::HiddenPin)], 2));
    let shown = imported(&[&called, &exchange, &done].map(String::as_str).concat());
    assert!(shown.report.faults.is_empty(), "{:?}", shown.report.faults);
}

#[test]
fn rows_of_opensc_tool_that_are_missing_are_told() {
    let log = "Sending: 00 84 00 00 08 \nReceived (SW1=0x90, SW2=0x00):\nSending: 00 B0 00 00 01 \n\
               Received (SW1=0x6A, SW2=0x82)\n";
    let found = imported(log);
    assert_eq!((found.report.faults[0].line, found.report.faults[0].what), (2, Damage::CutOff));
    assert!(found.texts[0].ends_with("> 00 B0 00 00 01\n< 6A 82\n"), "{}", found.texts[0]);
}

#[test]
fn a_spied_call_whose_bytes_do_not_agree_is_left_out() {
    let call = |length: u32| {
        format!(
            "A@>|1|0|SCardTransmit\nA@0x1\nA@0x2\nA@0x10\nA@0x5\nA@00 84 00 00 08\nA@0x1\nA@0x10\nA@0x{length:X}\n\
             A@01 90 00\nA@<|1|9|SCardTransmit|Command successful.|0x00000000\n"
        )
    };
    let found = imported(&(call(4) + &call(3)));
    assert_eq!((found.report.kept(), found.report.faults[0].line), (1, 11));
}

#[test]
fn a_transaction_that_the_log_does_not_end_is_ended() {
    let text = String::from_utf8(super::fixture("pcscspy.txt")).unwrap();
    let cut = text.rfind("SCardEndTransaction\n").unwrap();
    let found = imported(&text[..cut]);
    assert!(found.texts[0].ends_with("end\n"), "{}", found.texts[0]);
    assert_eq!(found.report.faults[0].what, Damage::OpenTransaction);
}

#[test]
fn an_outlet_that_is_full_ends_the_import() {
    let log = "> 00 84 00 00 08\n< 90 00 : Normal processing.\n";
    let full =
        import(log.as_bytes(), LogFormat::Scriptor, &mut |_, _: &Step| Err(std::io::ErrorKind::StorageFull.into()));
    assert!(matches!(full, Err(ImportError::Write(_))));
}
