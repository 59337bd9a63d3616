//! Faults that lie in the answers: sections 2a and 2b of the catalogue.

use super::*;

/// The last answer after the dates are selected on the specimen.
fn read(fault: &str, commands: &[&str]) -> Vec<String> {
    talk(&mut open(fault), &[&DATES[..], commands].concat()).split_off(3)
}

#[test]
fn lengths() {
    assert_eq!(read("C-02", &[READ]), ["90"]);
    assert_eq!(read("C-03", &[READ, "00 A4 02 0C 02 0302"]), ["9000", "9000"]);
    let surplus = read("C-04", &[READ]).remove(0);
    assert!(surplus.len() == 604 && surplus.starts_with(&HONEST[..16]) && surplus.ends_with("9000"));
    assert_eq!(read("C-05", &[READ])[0].len(), 140_000);
    assert_eq!(read("C-06", &[READ, "00 B0 00 01 04"]), ["B212FEFF9000", "003100349000"]);
    assert_eq!(read("C-07", &[READ, READ]), ["9000", "9000"]);
}

#[test]
fn chains_without_end() {
    let more = format!("{}6110", "5A".repeat(16));
    assert_eq!(read("C-08", &[READ, "00 C0 00 00 10"]), [more.clone(), more]);
    assert_eq!(read("C-09", &[READ, "00 C0 00 00 10"]), ["6110", "6110"]);
    let answers = read("C-11", &["00 B0 00 00 14", "00 C0 00 00 20"]);
    assert_eq!(answers, ["6120", "B212FEFF0031003400300033003000319000"]);
}

#[test]
fn repeats() {
    assert_eq!(read("C-12", &[READ, "00 B0 00 00 10"]), ["6C10", "6C10"]);
    let answers = read("C-13", &[READ, READ, "00 B0 00 01 04", "00 B0 00 01 04"]);
    assert_eq!(answers, ["6C00", HONEST, "6C00", "003100349000"]);
}

#[test]
fn verify_is_answered_by_something_else() {
    let verify = "00 20 00 00 08 3132333500000000";
    let ask = [MPCOS, "00 A4 01 0C 02 0200", verify];
    for (fault, answer, left) in [("C-14", "6C10", 3), ("C-15", "6110", 2), ("P-31", "6403", 3), ("P-32", "9000", 2)] {
        let mut reader = open(fault);
        assert_eq!(talk(&mut reader, &ask)[2], answer, "{fault}");
        assert_eq!(reader.handle().pin("id-0200").unwrap().tries_left, left, "{fault}");
    }
    let question = ["00 A4 04 0C 0C A0000000180C000001634200", "00 20 00 81"];
    for (fault, answer) in [("C-82", "6983"), ("C-82b", "6984"), ("C-82c", "6985"), ("C-82d", "6A88"), ("C-83", "9000")]
    {
        assert_eq!(talk(&mut open(fault), &question)[1], answer, "{fault}");
    }
}

#[test]
fn status_words() {
    assert_eq!(read("C-16", &[READ]), ["B212FEFF003100346281"]);
    assert_eq!(read("C-16b", &[READ]), ["B212FEFF003100346282"]);
    let almost = talk(&mut open("C-17"), &[MPCOS; 4]);
    assert_eq!(almost, ["9001", "9F10", "9110", "9100"]);
    assert_eq!(talk(&mut open("C-18"), &[MPCOS; 3]), ["6A00", "6D00", "6B00"]);
    assert_eq!(talk(&mut open("C-19"), &[MPCOS; 4]), ["6000", "0000", "FFFF", "1234"]);
    assert_eq!(read("C-21", &[READ, "00 B0 00 01 04", "00 B0 00 01 04"]), [HONEST, "6400", "6581"]);
}

#[test]
fn extended_length() {
    let mut reader = open("C-24");
    let photo = [MPCOS, "00 A4 01 0C 02 0200", "00 20 00 00 08 3132333400000000", "00 A4 02 0C 02 0203"];
    let cut = talk(&mut reader, &[&photo[..], &["00 B0 00 00 00 0400"]].concat()).remove(4);
    assert_eq!(cut.len(), 2 * 258);
    let mut reader = open("C-25");
    let commands = ["00 B0 00 00 00 0210", "00 C0 00 00 00", "00 C0 00 00 10"];
    let chain = talk(&mut reader, &[&photo[..], &commands].concat()).split_off(4);
    assert!(chain[0].ends_with("6100") && chain[1].ends_with("6110") && chain[2].ends_with("9000"), "{chain:?}");
    assert_eq!(chain.iter().map(|part| part.len() / 2 - 2).sum::<usize>(), 0x210);
    for (fault, told) in [("C-23", "6700"), ("C-23b", "the link to the card failed (SCARD_E_NOT_TRANSACTED)")] {
        assert_eq!(read(fault, &[READ, "00 B0 00 00 00 0008"]), [HONEST, told], "{fault}");
    }
    assert_eq!(read("C-23c", &["00 B0 00 00 00 0008"]), ["no answer within 10 s"]);
}

#[test]
fn a_reader_that_follows_by_itself() {
    let mut reader = crate::open("specimen-t0+fault=C-27").unwrap();
    let answers = talk(&mut reader, &[&DATES[..2], &["00 A4 02 04 02 0303", "00 B0 00 00 00"]].concat());
    assert_eq!(answers[2], "620B80020028820101830203039000");
    assert!(answers[3].starts_with("B212FEFF") && answers[3].len() == 2 * 42 && answers[3].ends_with("9000"));
}

#[test]
fn bits_flip_and_challenges_fail() {
    let answers = read("C-28", &[READ, READ]);
    assert!(answers[0] != answers[1] && answers.iter().all(|answer| answer != HONEST && answer.len() == HONEST.len()));
    let classic = "00 A4 04 0C 0C A0000000180C000001634200";
    assert_eq!(talk(&mut open("C-80"), &[classic, "00 84 00 00 08"])[1].len(), 2 * 6);
    assert_eq!(talk(&mut open("C-80b"), &[classic, "00 84 00 00 08"])[1], "00000000000000009000");
}

#[test]
fn selection() {
    let select = [MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 04 02 0303"];
    let size = |fault: &str| talk(&mut open(fault), &select).remove(2);
    assert_eq!(size("C-29"), "6F0B800200098201018302 7FFF9000".replace(' ', ""));
    assert_eq!(size("C-31"), "620B80020000820101830203039000");
    assert_eq!(size("C-31b"), "6207820101830203039000");
    assert_eq!(size("C-31f"), "621180080000000000000400820101830203039000");
    assert_eq!(size("C-32"), "620B8002FFFF820101830203039000");
    assert_eq!(size("C-32b"), "620D8004FFFFFFFF820101830203039000");
    assert_eq!(size("C-33"), "620B80020008820101830203039000");
    assert_eq!(talk(&mut open("C-30"), &select)[1], "6F0B8002000982010183023F019000");
    let classic = "00 A4 04 0C 0C A0000000180C000001634200";
    let master = "00 A4 00 0C 02 3F00";
    assert_eq!(talk(&mut open("C-42"), &[classic, master, "00 A4 00 0C 02 5100"])[1..], ["6A82", "9000"]);
    assert_eq!(talk(&mut open("C-42b"), &[classic, master, "00 A4 00 0C 02 5100"])[1..], ["9000", "6A82"]);
    let verify = "00 20 00 81 10 31323334000000000000000000000000";
    assert_eq!(talk(&mut open("C-43"), &[classic, verify, classic, "00 20 00 81"])[1..], ["9000", "9000", "63C3"]);
}

#[test]
fn files_without_end() {
    for (fault, image) in [("C-34", "specimen"), ("C-34", "specimen-t0"), ("C-35", "specimen")] {
        let mut reader = crate::open(&format!("{image}+fault={fault}")).unwrap();
        let answers =
            talk(&mut reader, &[&DATES[..], &["00 B0 00 00 50", "00 B0 00 0A 08", "00 B0 7F FF 08"]].concat());
        for answer in &answers[3..] {
            assert!(answer.ends_with("9000") && answer.len() > 4, "{fault}: {answer}");
        }
        assert_eq!(answers[4], HONEST, "{fault}: it begins again");
    }
    assert_eq!(read("C-39", &[READ, "00 B0 00 01 04"]), ["6B00", "003100349000"]);
    assert_eq!(read("C-37", &["00 B0 00 01 04"]), ["12FEFF009000"]);
}

#[test]
fn signatures() {
    let classic = "00 A4 04 0C 0C A0000000180C000001634200";
    let sign = |fault: &str, image: &str, algorithm: &str, le: &str, hash: &str| {
        let mut reader = crate::open(&format!("{image}+fault={fault}")).unwrap();
        let pin = "00 20 00 82 10 31323334353600000000000000000000";
        let hash = format!("00 2A 90 A0 22 90 20 {}", hash.repeat(32));
        let (mse, sign) = (format!("00 22 41 B6 06 8001{algorithm} 840103"), format!("00 2A 9E 9A {le}"));
        let one: [&str; 4] = [pin, &mse, &hash, &sign];
        let commands = [&[classic, "00 A4 00 0C 02 5100"], &one[..], &one].concat();
        let answers = talk(&mut reader, &commands);
        [answers[5].clone(), answers[9].clone()]
    };
    for (fault, bytes) in [("C-71", 255), ("C-71b", 257), ("C-71c", 256), ("C-71h", 255)] {
        assert_eq!(sign(fault, "specimen", "42", "00", "11")[0].len(), 2 * (bytes + 2), "{fault}");
    }
    let p256 = |fault: &str| sign(fault, "specimen-p256", "44", "40", "11").into_iter().next().unwrap();
    assert!(p256("C-71d").starts_with(&"00".repeat(32)) && p256("C-71e").ends_with(&("00".repeat(32) + "9000")));
    assert!(p256("C-71f").starts_with(&"FF".repeat(32)));
    assert!(p256("C-71g").starts_with("304"));
    let [first, second] = sign("C-72", "specimen", "45", "00", "11");
    assert_eq!(first, second, "the salt of PSS would differ");
    assert_ne!(sign("C-72b", "specimen", "42", "00", "11"), sign("slow", "specimen", "42", "00", "11"));
}

#[test]
fn other_cards() {
    let foreign = talk(&mut open("C-47"), &[MPCOS, "00 A4 04 0C 0C A0000000180C000001634200"]);
    assert_eq!(foreign, ["6A82", "6A82"]);
    assert_eq!(hex::encode_upper(open("C-47").atr()), "3B7F94000080318065B0850300EF120FFF829000");
    let lengths =
        [("C-49", 200), ("C-49b", 0), ("C-49c", 1), ("C-49d", 8), ("C-49e", 33), ("C-49f", 20), ("C-49g", 20)];
    for (fault, length) in lengths {
        assert_eq!(open(fault).atr().len(), length, "{fault}");
    }
    let check = |atr: &[u8]| atr[1..].iter().fold(0, |sum, byte| sum ^ byte);
    assert_eq!(check(open("C-48b").atr()), 0, "a new rate, and a check byte that fits");
    assert_ne!(check(open("C-49f").atr()), 0);
    assert!(open("C-48").atr().ends_with(&[0x3B, 0x72]));
    let manager = "00 A4 04 0C 08 A000000018434D00";
    let cplc = |fault: &str| talk(&mut open(fault), &[manager, "80 CA 9F 7F 00"]).remove(1);
    assert_eq!((cplc("C-50").len(), cplc("C-50b").len()), (2 * 14, 2 * 47));
    assert!(cplc("C-50b").starts_with("FFFF") && cplc("C-50c").starts_with("0000"));
    let crn =
        talk(&mut open("C-52"), &[manager, "80 CA 01 01 15", manager, manager, manager, manager, "80 CA 01 01 15"]);
    assert!(crn[6].ends_with("9000") && crn[1] != crn[6], "{crn:?}");
}
