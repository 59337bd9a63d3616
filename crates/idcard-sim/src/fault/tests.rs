//! Every named fault shows what it says, where it says, and nowhere else.

use std::collections::BTreeSet;

use idcard_core::transport::Transport as _;

use super::*;
use crate::reader::SimTransport;

mod content;
mod wire;

fn open(fault: &str) -> SimTransport {
    crate::open(&format!("specimen+fault={fault}")).unwrap()
}

/// Exchanges in hexadecimal; a failure of the link is told by its text.
fn talk(reader: &mut SimTransport, commands: &[&str]) -> Vec<String> {
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    let mut told = Vec::new();
    for command in commands {
        let command = hex::decode(command.replace(' ', "")).unwrap();
        told.push(match transaction.transmit(&command, &mut answer) {
            Ok(_) => hex::encode_upper(&answer),
            Err(error) => error.to_string(),
        });
    }
    told
}

const MPCOS: &str = "00 A4 04 0C 08 A000000018300301";
const DATES: [&str; 3] = [MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"];
const READ: &str = "00 B0 00 00 08";

/// What the dates answer to [`READ`].
const HONEST: &str = "B212FEFF003100349000";

#[test]
fn the_whole_catalogue_is_there() {
    // The numbers of the rows of section 2 of the catalogue; it has gaps.
    let gaps = [10, 20, 26, 36, 38, 51, 57, 69, 78, 81];
    let wanted: BTreeSet<String> = (1..=83).filter(|n| !gaps.contains(n)).map(|n| format!("C-{n:02}")).collect();
    let rows = Fault::all().filter(|(name, _)| name.starts_with("C-"));
    let played: BTreeSet<String> = rows.map(|(name, _)| name.trim_end_matches(char::is_lowercase).to_owned()).collect();
    assert_eq!(played, wanted);
    let names: Vec<&str> = Fault::all().map(|(name, _)| name).collect();
    assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len(), "no name twice");
}

#[test]
fn every_fault_opens_on_the_specimen() {
    for (name, what) in Fault::all() {
        assert!(crate::open(&format!("specimen+fault={name}")).is_ok(), "{name}: {what}");
        assert!(crate::open(&format!("specimen+fault={name}@3")).is_ok(), "{name}@3");
    }
}

#[test]
fn names_that_are_none() {
    for name in ["C-00", "C-01@", "C-01@x", "", "removed@-1"] {
        assert!(Fault::named(name).is_none(), "{name}");
    }
    assert_eq!(Fault::named("c-07@2").unwrap().name(), "C-07");
    let unfit = crate::open("pardis+fault=C-53").err().unwrap().to_string();
    assert!(unfit.contains("C-53") && unfit.contains("pardis"), "{unfit}");
}

#[test]
fn a_number_confines_a_fault_to_one_exchange() {
    let mut reader = open("C-01@3");
    let answers = talk(&mut reader, &[&DATES[..], &[READ, READ]].concat());
    assert_eq!(answers, ["9000", "9000", "9000", "", HONEST]);
}

#[test]
fn faults_stand_before_one_another() {
    // The first is the nearest to the host: it sees what the second makes.
    let mut reader = open("C-16+fault=C-06");
    assert_eq!(talk(&mut reader, &[&DATES[..], &[READ]].concat())[3], "B212FEFF6281");
    let mut reader = open("C-02@3+fault=C-01@4");
    assert_eq!(talk(&mut reader, &[&DATES[..], &[READ, READ, READ]].concat())[3..], ["90", "", HONEST]);
}

#[test]
fn every_failure_of_the_link() {
    let names = Fault::all().map(|(name, _)| name).filter(|name| name.starts_with(char::is_lowercase));
    let failures: Vec<&str> = names.filter(|name| *name != "slow").collect();
    assert_eq!(failures.len(), 23);
    for name in failures {
        let mut reader = open(&format!("{name}@2"));
        let mut transaction = reader.begin().unwrap();
        let mut answer = Vec::new();
        for (number, command) in DATES.into_iter().enumerate() {
            let outcome = transaction.transmit(&hex::decode(command.replace(' ', "")).unwrap(), &mut answer);
            assert_eq!(outcome.is_ok(), number < 2, "{name}, exchange {number}");
        }
    }
}

#[test]
fn what_a_failure_means_for_the_card() {
    let mut reader = open("removed@1");
    assert_eq!(talk(&mut reader, &[MPCOS, READ, READ])[1..], ["the card was removed", "the card was removed"]);
    assert!(reader.begin().is_err());

    let mut reader = open("reset@1");
    let handle = reader.handle();
    let mut transaction = reader.begin().unwrap();
    let mut answer = Vec::new();
    let select = hex::decode(MPCOS.replace(' ', "")).unwrap();
    transaction.transmit(&select, &mut answer).unwrap();
    for _ in 0..2 {
        assert_eq!(transaction.transmit(&select, &mut answer), Err(LinkError::Reset), "until it is taken up again");
    }
    transaction.recover().unwrap();
    transaction.transmit(&[0x00, 0xA4, 0x01, 0x0C, 0x02, 0x02, 0x00], &mut answer).unwrap();
    assert_eq!(answer, [0x6A, 0x82], "the applet is lost");
    assert_eq!(handle.exchanges(), 4);
}

#[test]
fn time_passes_on_the_virtual_clock_only() {
    let began = std::time::Instant::now();
    let mut silent = open("silence@1");
    talk(&mut silent, &[MPCOS, READ]);
    assert!(silent.handle().elapsed() >= Duration::from_secs(10));
    let mut slow = open("slow");
    talk(&mut slow, &DATES);
    assert!(slow.handle().elapsed() >= Duration::from_secs(15));
    assert!(began.elapsed() < Duration::from_secs(5));
}
