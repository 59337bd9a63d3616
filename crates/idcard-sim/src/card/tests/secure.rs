//! The sealed variant: handshake and secure messaging of `specimen.md` 2.1, `nid-card.md` 7.

use super::super::secure::Channel;
use super::super::tdes;
use super::*;
use crate::image::{Access, Ef};

const KENC: [u8; 16] = *b"@ABCDEFGHIJKLMNO";
const KMAC: [u8; 16] = *b"PQRSTUVWXYZ[\\]^_";
const SN_IFD: [u8; 8] = [0xAA, 0xBB, 0xCC, 0xDD, 0x44, 0x66, 0x88, 0x77];
const MSE: &str = "00 22 41 A4 06 830101 950180";

/// The worked example of ICAO Doc 9303-11, appendix D.4: its session keys, its file, its bytes.
#[test]
fn the_worked_example_of_doc_9303() {
    let mut image = Image::builtin("specimen-sealed").unwrap();
    let content = hex::decode("60145F0104303130365F36063034303030305C026175").unwrap();
    let file = Ef { path: vec![0x011E], content, read: Access::default(), update: false, secret_code_of: None };
    image.applet_mut("classic").unwrap().files.push(file);
    let mut card = Card::new(image);
    go(&mut card, &[CLASSIC]);
    card.state.channel = Some(Channel {
        kenc: hex::decode("979EC13B1CBFE9DCD01AB0FED307EAE5").unwrap().try_into().unwrap(),
        kmac: hex::decode("F1CB1F1FB5ADF208806B89DC579DC1F8").unwrap().try_into().unwrap(),
        ssc: 0x8870_2212_0C06_C226,
    });
    assert_eq!(
        say(&mut card, "0CA4020C15 870901 6375432908C044F6 8E08 BF8B92D635FF24F8 00"),
        "990290008E08FA855A5D4C50A8ED9000"
    );
    assert_eq!(
        say(&mut card, "0CB000000D 970104 8E08 ED6705417E96BA55 00"),
        "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"
    );
    assert_eq!(
        say(&mut card, "0CB000040D 970112 8E08 2EA28A70F3C7B535 00"),
        "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000"
    );
}

/// A terminal written in the test: it shares the ciphers with the card, and those are held to the example above.
struct Terminal {
    kenc: [u8; 16],
    kmac: [u8; 16],
    ssc: u64,
}

impl Terminal {
    fn open(card: &mut Card) -> Self {
        go(card, &[CLASSIC, MF, MSE]);
        let rnd_icc = answer(card, "00 84 00 00 08");
        let (rnd_ifd, kifd) = ([7; 8], [9; 32]);
        let sn_icc = card.image().serial_number().unwrap();
        let reply = exchange(card, &rnd_ifd, &rnd_icc, &sn_icc, &kifd);
        let (cryptogram, mac) = reply.split_at(64);
        assert_eq!(tdes::mac(&KMAC, &[&[0; 8], cryptogram].concat()), mac);
        let token = tdes::decrypt(&KENC, cryptogram);
        assert_eq!(token[..32], [&rnd_icc[..], &sn_icc, &rnd_ifd, &SN_IFD].concat());
        let shared: Vec<u8> = token[32..].iter().zip(kifd).map(|(icc, ifd)| icc ^ ifd).collect();
        let derive = |counter: u8| {
            use sha1::{Digest as _, Sha1};
            let digest = Sha1::digest([&shared[..], &[0, 0, 0, counter]].concat());
            digest[..16].try_into().unwrap()
        };
        let ssc = u64::from_be_bytes([&rnd_icc[4..], &rnd_ifd[4..]].concat().try_into().unwrap());
        Self { kenc: derive(1), kmac: derive(2), ssc }
    }

    /// The protected form of a command.
    fn protect(&mut self, header: [u8; 4], data: &[u8], le: Option<u8>) -> Vec<u8> {
        self.ssc += 1;
        let header = [header[0] | 0x0C, header[1], header[2], header[3]];
        let mut body = Vec::new();
        if !data.is_empty() {
            let cryptogram = tdes::encrypt(&self.kenc, &tdes::pad(data));
            body.extend([0x87, u8::try_from(cryptogram.len() + 1).unwrap(), 0x01]);
            body.extend(cryptogram);
        }
        body.extend(le.map(|le| [0x97, 0x01, le]).into_iter().flatten());
        let message = [&self.ssc.to_be_bytes(), &tdes::pad(&header)[..], &body].concat();
        body.extend([0x8E, 0x08]);
        body.extend(tdes::mac(&self.kmac, &message));
        [&header[..], &[u8::try_from(body.len()).unwrap()], &body].concat()
    }

    /// One protected exchange: plain data and status word.
    fn say(&mut self, card: &mut Card, header: [u8; 4], data: &[u8], le: Option<u8>) -> (Vec<u8>, u16) {
        let command = self.protect(header, data, le);
        let mut answer = card.transmit(&command);
        if answer[0] == 0x61 {
            answer = card.transmit(&[0x00, 0xC0, 0x00, 0x00, answer[1]]);
        }
        self.check(&answer)
    }

    /// Takes the protection off an answer and insists on every part of it.
    fn check(&mut self, answer: &[u8]) -> (Vec<u8>, u16) {
        self.ssc += 1;
        let (body, sw) = answer.split_at(answer.len() - 2);
        assert!(answer.len() <= 258, "{} bytes", answer.len());
        let (signed, mac) = body.split_at(body.len() - 10);
        assert_eq!(mac[..2], [0x8E, 0x08]);
        assert_eq!(tdes::mac(&self.kmac, &[&self.ssc.to_be_bytes(), signed].concat()), mac[2..]);
        let (object, status) = signed.split_at(signed.len() - 4);
        assert_eq!(status, [&[0x99, 0x02], sw].concat());
        let cryptogram = match object {
            [] => &[],
            [0x87, 0x81, length, 0x01, rest @ ..] if usize::from(*length) == rest.len() + 1 && *length >= 0x80 => rest,
            [0x87, length, 0x01, rest @ ..] if usize::from(*length) == rest.len() + 1 => rest,
            _ => panic!("{object:02X?}"),
        };
        let plain = tdes::decrypt(&self.kenc, cryptogram);
        let plain = if plain.is_empty() { plain } else { tdes::unpad(&plain).unwrap().to_vec() };
        (plain, u16::from_be_bytes(sw.try_into().unwrap()))
    }

    fn select(&mut self, card: &mut Card, p1: u8, data: &[u8]) {
        assert_eq!(self.say(card, [0x00, 0xA4, p1, 0x0C], data, None), (vec![], 0x9000), "{data:02X?}");
    }
}

/// The data of an answer that must succeed, fetched where it waits.
fn answer(card: &mut Card, command: &str) -> Vec<u8> {
    let answer = hex::decode(say(card, command)).unwrap();
    let data = answer.strip_suffix(&[0x90, 0x00]).unwrap_or_else(|| panic!("{answer:02X?}"));
    data.to_vec()
}

/// MUTUAL AUTHENTICATE with these values.
fn exchange(card: &mut Card, rnd_ifd: &[u8], rnd_icc: &[u8], sn_icc: &[u8], kifd: &[u8]) -> Vec<u8> {
    let cryptogram = tdes::encrypt(&KENC, &[rnd_ifd, &SN_IFD, rnd_icc, sn_icc, kifd].concat());
    let mac = tdes::mac(&KMAC, &[&[0; 8], &cryptogram[..]].concat());
    let le = if card.protocol() == idcard_core::transport::Protocol::T0 { "" } else { "48" };
    let answer = say(card, &format!("80820000 48 {} {} {le}", hex::encode(cryptogram), hex::encode(mac)));
    let answer = if answer == "6148" { say(card, "00C0000048") } else { answer };
    hex::decode(answer.strip_suffix("9000").unwrap_or(&answer)).unwrap()
}

/// The sealed card on a T=0 link.
fn sealed_t0() -> Card {
    let mut image = Image::builtin("specimen-sealed").unwrap();
    image.contact = Image::builtin("specimen-t0").unwrap().contact;
    Card::new(image)
}

const AID: [u8; 16] = [0xA0, 0, 0, 0, 0x18, 0x30, 0x03, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];
const PIN: [u8; 8] = *b"1234\0\0\0\0";

#[test]
fn df_0200_is_sealed_also_after_verify() {
    let mut card = card("specimen-sealed");
    go(&mut card, &[MPCOS, "00 A4 01 0C 02 0200", "00 20 00 00 08 3132333400000000"]);
    for (file, status) in [("0201", "6982"), ("0202", "6982"), ("0203", "6982"), ("0204", "9000"), ("0205", "6982")] {
        go(&mut card, &[&format!("00 A4 02 0C 02 {file}")]);
        assert!(say(&mut card, "00 B0 00 00 04").ends_with(status), "{file}");
    }
}

#[test]
fn through_the_channel_to_the_files() {
    for mut card in [card("specimen-sealed"), sealed_t0()] {
        let mut terminal = Terminal::open(&mut card);
        assert!(card.channel_is_open());
        terminal.select(&mut card, 0x04, &AID);
        terminal.select(&mut card, 0x01, &[0x02, 0x00]);
        terminal.select(&mut card, 0x02, &[0x02, 0x05]);
        assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(4)).1, 0x9000, "0205 needs the channel only");
        terminal.select(&mut card, 0x02, &[0x02, 0x01]);
        assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(4)), (vec![], 0x6982));
        assert_eq!(terminal.say(&mut card, [0, 0x20, 0, 0], b"1235\0\0\0\0", None), (vec![], 0x63C2));
        assert_eq!(terminal.say(&mut card, [0, 0x20, 0, 0], &PIN, None), (vec![], 0x9000));
        let expected = card.image().file("mpcos", "3F00/0200/0201").unwrap().content.clone();
        assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(4)), (expected[..4].to_vec(), 0x9000));
        // GetInfo has class 80, hence 8C.
        terminal.select(&mut card, 0x02, &[0x2F, 0x01]);
        assert_eq!(terminal.say(&mut card, [0x80, 0xC0, 2, 5], &[], Some(12)), (vec![0; 12], 0x9000));
    }
}

#[test]
fn past_the_end_the_rest_with_6282_on_t0_too() {
    for mut card in [card("specimen-sealed"), sealed_t0()] {
        card.image_mut().file_mut("mpcos", "3F00/0200/0204").unwrap().content = (0..8).collect();
        let mut terminal = Terminal::open(&mut card);
        terminal.select(&mut card, 0x04, &AID);
        terminal.select(&mut card, 0x01, &[0x02, 0x00]);
        terminal.select(&mut card, 0x02, &[0x02, 0x04]);
        assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 1], &[], Some(9)), (vec![4, 5, 6, 7], 0x6282));
        assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 2], &[], Some(9)), (vec![], 0x6B00));
    }
}

#[test]
fn a_protected_answer_has_its_limit() {
    let mut card = card("specimen-sealed");
    card.image_mut().file_mut("mpcos", "3F00/0200/0204").unwrap().content = vec![0x5A; 1024];
    card.image_mut().file_mut("classic", "3F00/5000/5040").unwrap().content = vec![0xA5; 1024];
    let mut terminal = Terminal::open(&mut card);
    terminal.select(&mut card, 0x00, &[0x50, 0x00]);
    terminal.select(&mut card, 0x02, &[0x50, 0x40]);
    assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(231)), (vec![0xA5; 231], 0x9000));
    assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(232)), (vec![], 0x6700));
    terminal.select(&mut card, 0x04, &AID);
    terminal.select(&mut card, 0x01, &[0x02, 0x00]);
    terminal.select(&mut card, 0x02, &[0x02, 0x04]);
    assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(228)), (vec![0x5A; 228], 0x9000));
    assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(229)), (vec![], 0x6700));
    assert_eq!(terminal.say(&mut card, [0, 0xB0, 0, 0], &[], Some(0)), (vec![], 0x6700));
    assert!(card.channel_is_open());
}

#[test]
fn what_does_not_fit_closes_the_channel() {
    let read = "00 B0 00 00 04";
    let ways: [fn(&mut Terminal) -> Vec<u8>; 5] = [
        |_| hex::decode("00B0000004").unwrap(),
        |terminal| {
            let mut command = terminal.protect([0, 0xB0, 0, 0], &[], Some(4));
            *command.last_mut().unwrap() ^= 1;
            command
        },
        |terminal| {
            terminal.ssc += 1;
            terminal.protect([0, 0xB0, 0, 0], &[], Some(4))
        },
        |terminal| {
            let command = terminal.protect([0, 0xB0, 0, 0], &[], Some(4));
            // 8E before 97.
            [&command[..5], &command[8..], &command[5..8]].concat()
        },
        |_| hex::decode("0CB0000000").unwrap(),
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let mut card = card("specimen-sealed");
        let mut terminal = Terminal::open(&mut card);
        terminal.select(&mut card, 0x04, &AID);
        terminal.select(&mut card, 0x01, &[0x02, 0x00]);
        terminal.say(&mut card, [0, 0x20, 0, 0], &PIN, None);
        terminal.select(&mut card, 0x02, &[0x02, 0x01]);
        assert_eq!(hex::encode(card.transmit(&way(&mut terminal))), "6988", "way {number}");
        assert!(!card.channel_is_open());
        assert_eq!(say(&mut card, read), "6982", "way {number}");
        let late = terminal.protect([0, 0xB0, 0, 0], &[], Some(4));
        assert_eq!(hex::encode(card.transmit(&late)), "6982", "way {number}");
        // It can be opened again.
        Terminal::open(&mut card);
        assert!(card.channel_is_open());
    }
}

#[test]
fn a_wrong_terminal_is_refused() {
    let mut card = card("specimen-sealed");
    let csn = card.image().serial_number().unwrap();
    go(&mut card, &[CLASSIC, MF]);
    let challenge = answer(&mut card, "80 84 00 00 08");
    assert_eq!(exchange(&mut card, &[1; 8], &challenge, &csn, &[2; 32]), [0x69, 0x85], "no key was named");
    go(&mut card, &[MSE]);
    assert_eq!(exchange(&mut card, &[1; 8], &challenge, &csn, &[2; 32]), [0x69, 0x85], "the challenge is used up");
    answer(&mut card, "00 84 00 00 08");
    assert_eq!(exchange(&mut card, &[1; 8], &challenge, &csn, &[2; 32]), [0x63, 0x00], "an old challenge");
    let challenge = answer(&mut card, "00 84 00 00 08");
    assert_eq!(exchange(&mut card, &[1; 8], &challenge, &[0; 8], &[2; 32]), [0x63, 0x00], "another card's number");
    answer(&mut card, "00 84 00 00 08");
    assert_eq!(say(&mut card, &format!("80820000 48 {} 48", "00".repeat(72))), "6300");
    assert_eq!(say(&mut card, "80820000 08 0000000000000000 48"), "6700");
    assert_eq!(say(&mut card, "00 22 41 A4 06 830102 950180"), "6A88");
    assert!(!card.channel_is_open());
    assert_eq!(say(&mut super::card("specimen"), CLASSIC), "9000");
    let mut plain = super::card("specimen");
    go(&mut plain, &[CLASSIC]);
    assert_eq!(say(&mut plain, MSE), "6A88", "the plain specimen has no such key");
}

#[test]
fn a_reset_closes_the_channel_and_no_length_is_extended_inside() {
    let mut card = card("specimen-sealed");
    let mut terminal = Terminal::open(&mut card);
    let short = terminal.protect([0, 0xB0, 0, 0], &[], Some(4));
    let extended = [&short[..4], &[0, 0, short[4]], &short[5..], &[0, 0]].concat();
    assert_eq!(hex::encode(card.transmit(&extended)), "6700");
    assert!(card.channel_is_open());
    card.reset();
    assert!(!card.channel_is_open());
}
