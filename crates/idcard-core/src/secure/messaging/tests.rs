//! Secure messaging against the worked example of ICAO Doc 9303-11, appendix D, and against every damaged bit.

use super::super::tdes_suite::{Tdes, encrypt, mac};
use super::*;
use hex_literal::hex;

fn icao() -> Messaging {
    let suite = Tdes {
        encryption: Zeroizing::new(hex!("979EC13B1CBFE9DCD01AB0FED307EAE5")),
        authentication: Zeroizing::new(hex!("F1CB1F1FB5ADF208806B89DC579DC1F8")),
    };
    Messaging::new(Box::new(suite), &hex!("887022120C06C226"))
}

fn protect(messaging: &mut Messaging, command: &[u8]) -> Vec<u8> {
    let (header, objects) = messaging.protect(&Plain::parse(command).unwrap());
    [&header[..], &[u8::try_from(objects.len()).unwrap()], &objects, &[0]].concat()
}

#[test]
fn cryptogram_and_mac_of_the_authentication() {
    let mut message = hex!("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
    encrypt(&hex!("AB94FDECF2674FDFB9B391F85D7F76F2"), &mut message);
    assert_eq!(message, hex!("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"));
    assert_eq!(mac(&hex!("7962D9ECE03D1ACD4C76089DCE131543"), &message), hex!("5F1448EEA8AD90A7"));
}

#[test]
fn the_worked_example_bit_by_bit() {
    let mut messaging = icao();
    let select = protect(&mut messaging, &hex!("00A4020C02011E"));
    assert_eq!(select, hex!("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"));
    let (data, status) = messaging.unprotect(&hex!("990290008E08FA855A5D4C50A8ED"), Status::OK).unwrap();
    assert!(data.is_empty() && status == Status::OK);

    let read = protect(&mut messaging, &hex!("00B0000004"));
    assert_eq!(read, hex!("0CB000000D9701048E08ED6705417E96BA5500"));
    let answer = hex!("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED");
    assert_eq!(messaging.unprotect(&answer, Status::OK).unwrap().0[..], hex!("60145F01"));

    let read = protect(&mut messaging, &hex!("00B0000412"));
    assert_eq!(read, hex!("0CB000040D9701128E082EA28A70F3C7B53500"));
    let answer = hex!("871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74");
    let plain = hex!("04303130365F36063034303030305C026175");
    assert_eq!(messaging.unprotect(&answer, Status::OK).unwrap().0[..], plain);
}

/// The state in which the first READ of the example is answered.
fn before_the_answer() -> (Messaging, [u8; 25]) {
    let mut messaging = icao();
    protect(&mut messaging, &hex!("00A4020C02011E"));
    messaging.unprotect(&hex!("990290008E08FA855A5D4C50A8ED"), Status::OK).unwrap();
    protect(&mut messaging, &hex!("00B0000004"));
    (messaging, hex!("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED"))
}

#[test]
fn every_damaged_bit_and_every_cut_is_refused() {
    let (_, answer) = before_the_answer();
    for bit in 0..answer.len() * 8 {
        let (mut messaging, mut answer) = before_the_answer();
        answer[bit / 8] ^= 1 << (bit % 8);
        assert!(messaging.unprotect(&answer, Status::OK).is_none(), "bit {bit}");
    }
    for length in 0..answer.len() {
        let (mut messaging, answer) = before_the_answer();
        assert!(messaging.unprotect(&answer[..length], Status::OK).is_none(), "{length} bytes");
    }
    let (mut messaging, answer) = before_the_answer();
    assert!(messaging.unprotect(&answer, Status::END_OF_FILE).is_none(), "another outer status word");
    let (mut messaging, answer) = before_the_answer();
    assert!(messaging.unprotect(&[&answer[..], &[0]].concat(), Status::OK).is_none(), "a byte more");
}

#[test]
fn an_answer_counts_once_and_in_its_turn() {
    let (mut messaging, answer) = before_the_answer();
    assert!(messaging.unprotect(&answer, Status::OK).is_some());
    assert!(messaging.unprotect(&answer, Status::OK).is_none(), "replayed");
    let mut messaging = icao();
    assert!(messaging.unprotect(&answer, Status::OK).is_none(), "before its time");
}

/// A suite of the newer passports, for their published examples alone: AES-256 and CMAC.
struct Aes256Cmac([u8; 32]);

impl Suite for Aes256Cmac {
    fn block(&self) -> usize {
        16
    }

    fn encrypt(&self, _: &[u8], _: &mut [u8]) {
        unreachable!("the examples carry no data");
    }

    fn decrypt(&self, _: &[u8], _: &mut [u8]) {
        unreachable!("the examples carry no data");
    }

    fn mac(&self, counter: &[u8], message: &[u8]) -> [u8; 8] {
        use cmac::{KeyInit, Mac};
        let mut mac = <cmac::Cmac<aes::Aes256> as KeyInit>::new(&self.0.into());
        mac.update(counter);
        mac.update(&pad(message, 16));
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 16]>::from(mac.finalize().into_bytes());
        [a, b, c, d, e, f, g, h]
    }
}

/// READ BINARY of a passport's data group 14 under AES, as the test data of the Dutch RDE library have it: the framing,
/// with a counter of one block that begins with 1.
#[test]
fn published_examples_with_aes() {
    let key = hex!("ADCBA368FD14A836908252EF76D09BAD2766C5FFB2FE7857F468676FC4B293E0");
    for (length, expected) in [
        (0x01, hex!("0CB08E000D9701018E08FB1CC883D1A9B32D00")),
        (0x41, hex!("0CB08E000D9701418E08CEA04768FF4FD54D00")),
        (0xFE, hex!("0CB08E000D9701FE8E083FDC947ADCEA421200")),
        (0xFF, hex!("0CB08E000D9701FF8E085D83100CF76663D300")),
        (0x00, hex!("0CB08E000D9701008E08B16E78E0D1D0023F00")),
    ] {
        let mut messaging = Messaging::new(Box::new(Aes256Cmac(key)), &[0; 16]);
        assert_eq!(protect(&mut messaging, &[0x00, 0xB0, 0x8E, 0x00, length]), expected, "Le {length:02X}");
    }
}
