//! The images of the real families answer as `nid-card.md` knows them to, and no more.

use super::super::tdes;
use super::*;

fn contactless(image: &str) -> Card {
    Card::contactless(Image::builtin(image).unwrap()).unwrap()
}

#[test]
fn answers_to_reset() {
    let contact = [
        ("specimen", "3BDB96008131FE85801353504373 96715B91303B"),
        ("specimen-p256", "3BDB96008131FE85801353504373 96715B91303B"),
        ("specimen-t0", "3B7B96000080135350437396711B9130"),
        ("specimen-sealed", "3BDB96008131FE85801353504373 96715B91303B"),
        ("mav2", "3B7F94000080318065B0850202ED120FFF829000"),
        ("mav4", "3BFF9600008131FE4380318065B085040011120FFF829000E0"),
        ("pardis", "3B781800000073C84013009000"),
    ];
    for (image, atr) in contact {
        assert_eq!(hex::encode_upper(card(image).atr()), atr.replace(' ', ""), "{image}");
    }
    let air = [
        ("specimen", "3B8B80018013535043739671 5B9130B7"),
        ("mav2", "3B8F800180318065B0850202ED120FFF82900072"),
        ("mav4", "3B8F800180318065B085040011120FFF8290008A"),
        ("pardis", "3B8880010073C8401300900071"),
    ];
    for (image, atr) in air {
        let card = contactless(image);
        assert_eq!(hex::encode_upper(card.atr()), atr.replace(' ', ""), "{image}");
        let check = card.atr()[1..].iter().fold(0, |sum, byte| sum ^ byte);
        assert_eq!(check, 0, "{image}: the check byte");
        assert_eq!(card.protocol(), idcard_core::transport::Protocol::T1);
    }
    assert!(Card::contactless(Image::builtin("specimen-t0").unwrap()).is_none());
}

#[test]
fn mav_identity_files_stay_shut_and_the_rest_is_free() {
    for mut card in [card("mav2"), card("mav4"), contactless("mav2"), contactless("mav4")] {
        go(&mut card, &[MPCOS, MF, "00 A4 01 0C 02 0200", "00 20 00 00 08 3132333400000000"]);
        for file in ["0201", "0205"] {
            go(&mut card, &[&format!("00 A4 02 0C 02 {file}")]);
            assert_eq!(say(&mut card, "00 B0 00 00 04"), "6982", "{file}");
        }
        for file in ["0202", "0203", "0204"] {
            assert_eq!(say(&mut card, &format!("00 A4 02 0C 02 {file}")), "6A82");
        }
        for (folder, file, first) in [("0300", "0302", "AD"), ("0300", "0303", "B2"), ("0600", "0601", "CC")] {
            go(&mut card, &[MF, &format!("00 A4 01 0C 02 {folder}"), &format!("00 A4 02 0C 02 {file}")]);
            let byte = say(&mut card, "00 B0 00 00 01");
            assert_eq!(byte, format!("{first}9000"));
        }
        for (folder, file) in [("0200", "2F01"), ("0500", "5F04")] {
            go(&mut card, &[MF, &format!("00 A4 01 0C 02 {folder}"), &format!("00 A4 02 0C 02 {file}")]);
            assert_eq!(say(&mut card, "80 C0 02 05 0C"), format!("{}9000", "00".repeat(12)));
        }
        go(&mut card, &[CLASSIC, MF, "00 A4 00 0C 02 5100", "00 A4 02 0C 02 5040"]);
        assert!(say(&mut card, "00 B0 00 00 01").starts_with("309000"));
        go(&mut card, &["00 A4 00 0C 02 5000", "00 A4 02 0C 02 5040", "00 A4 02 0C 02 0303"]);
        assert!(say(&mut card, "00 B0 00 00 01").starts_with("309000"));
        assert_eq!(say(&mut card, "00 20 00 81"), "63C3");
        assert_eq!(say(&mut card, "00 20 00 01"), "63C3");
        assert_eq!(say(&mut card, "00 20 00 82"), "6A88");
        assert_eq!(say(&mut card, "00 22 41 B6 06 800142 840103"), "6A88");
        assert_eq!(say(&mut card, "00 A4 00 0C 02 5015"), "6A82");
    }
}

#[test]
fn mav_knows_no_extended_length() {
    for mut card in [card("mav4"), contactless("mav2")] {
        go(&mut card, &[MPCOS, "00 A4 01 0C 02 0300", "00 A4 02 0C 02 0303"]);
        assert_eq!(say(&mut card, "00 B0 00 00 00 0010"), "6700");
    }
}

#[test]
fn a_bare_mav2_knows_no_secure_channel_and_mav4_does() {
    let mse = "00 22 41 A4 06 830101 950180";
    let mut mav2 = card("mav2");
    go(&mut mav2, &[CLASSIC, MF]);
    assert_eq!(say(&mut mav2, mse), "6A88");
    let mut mav4 = card("mav4");
    go(&mut mav4, &[CLASSIC, MF, mse]);
    assert_eq!(say(&mut mav4, "80 84 00 00 08").len(), 2 * 10);
}

const PARDIS: &str = "00 A4 04 0C 0F 5041524449532C4D41544952414E20";

#[test]
fn pardis_certificate_and_numbers() {
    let mut card = card("pardis");
    go(&mut card, &[PARDIS, MF, "00 A4 00 0C 02 5100", "00 A4 00 0C 02 5040"]);
    assert_eq!(say(&mut card, "00 B0 00 00 01"), "309000");
    go(&mut card, &["00 A4 02 0C 02 5040"]);
    assert_eq!(say(&mut card, "00 A4 02 0C 02 0303"), "6A82");
    go(&mut card, &["00 A4 04 0C 08 A000000003000000"]);
    assert_eq!(say(&mut card, "80 CA 9F 7F 00"), "6C2D");
    assert_eq!(say(&mut card, "80 CA 9F 7F 2D").len(), 2 * 47);
    assert_eq!(say(&mut card, "90 38 00 00 0C").len(), 2 * 14);
    assert_eq!(say(&mut card, "90 38 00 00 00"), "6C0C");
    for absent in [MANAGER, MPCOS, CLASSIC] {
        assert_eq!(say(&mut card, absent), "6A82");
    }
}

#[test]
fn pardis_tells_its_pin_state_to_who_has_the_key() {
    let key: [u8; 16] = hex::decode("606162636465666768696A6B6C6D6E6F").unwrap().try_into().unwrap();
    let places = [
        ("00 A4 04 0C 0A A0000000D785013A0428", MF, "01"),
        ("00 A4 04 0C 0A A0000000D785013A0429", MF, "01"),
        (PARDIS, "00 A4 00 0C 02 5000", "81"),
    ];
    for (applet, folder, reference) in places {
        let mut card = card("pardis");
        go(&mut card, &[applet, MF, folder]);
        assert_eq!(say(&mut card, &format!("00 20 00 {reference}")), "6982", "only protected");
        let challenge = say(&mut card, "00 84 00 00 08");
        let seed = [hex::decode(&challenge[..16]).unwrap(), vec![0, 0, 0, 0, 0, 0, 0, 2]].concat();
        let kmac: [u8; 16] = tdes::encrypt(&key, &seed).try_into().unwrap();
        let header = hex::decode(format!("0C2000{reference}80000000")).unwrap();
        let mac = hex::encode(tdes::mac_of_blocks(&kmac, &header));
        let query = format!("0C 20 00 {reference} 0A 8E08 {mac}");
        assert_eq!(say(&mut card, &query), "610E");
        let answer = hex::decode(say(&mut card, "00 C0 00 00 0E")).unwrap();
        assert_eq!(answer[..4], [0x99, 0x02, 0x63, 0xC3]);
        assert_eq!(answer[6..14], tdes::mac(&kmac, &answer[..4]));
        assert_eq!(answer[14..], [0x63, 0xC3]);
        assert_eq!(say(&mut card, &query), "6985", "each query needs its own challenge");
        say(&mut card, "00 84 00 00 08");
        assert_eq!(say(&mut card, &query), "6988", "a wrong key, or an old challenge");
    }
}
