//! The table of `performance.md` 1.3 and the formulas of 1.2.

use super::line::etu_time;
use super::*;
use hex_literal::hex;
use proptest::prelude::*;

/// READ BINARY of `count` bytes and its answer.
fn read(count: usize) -> (Vec<u8>, Vec<u8>) {
    let [_, middle, low] = u32::try_from(count).unwrap().to_be_bytes()[1..] else { unreachable!() };
    let le: &[u8] = if count <= 256 { &[low] } else { &[0, middle, low] };
    ([&[0x00, 0xB0, 0x00, 0x00][..], le].concat(), [vec![0x55; count], vec![0x90, 0x00]].concat())
}

/// A file of `size` bytes read in pieces of `le`: milliseconds on the wire, exchanges, blocks.
fn file(link: &Link, size: usize, le: usize) -> (f64, usize, usize) {
    let (mut time, mut count, mut blocks, mut rest) = (Duration::ZERO, 0, 0, size);
    while rest > 0 {
        let (command, answer) = read(rest.min(le));
        time += link.wire(&command, &answer);
        blocks += link.line.frames(&command, &answer);
        rest -= rest.min(le);
        count += 1;
    }
    (time.as_secs_f64() * 1000.0, count, blocks)
}

const SIZES: [usize; 3] = [2 * 1024, 15 * 1024, 25 * 1024];
const EXTENDED: usize = 65_536;

const T0_94: &[u8] = &hex!("3b7f94000080318065b0850202ed120fff829000");
const T0_95: &[u8] = &hex!("3b7d95000080318065b0850101c883019000");
const T0_96: &[u8] = &hex!("3b7f96000080318065b0850300ef120fff829000");
const T1_96: &[u8] = &hex!("3bdb96008131fe85801349524e7396715b91302e");
const T1_97: &[u8] = &hex!("3bdb97008131fe85801349524e7396715b91302f");
const CONTACTLESS: &[u8] = &hex!("3B8B8001801349524E7396715B9130A2");

fn contact(atr: &[u8], protocol: Protocol, clock_khz: u32) -> Link {
    Link::new(atr, protocol, &Reader { clock_khz, ..Reader::USUAL })
}

fn contactless(rate: Contactless) -> Link {
    Link::new(CONTACTLESS, Protocol::T1, &Reader { contactless: rate, ..Reader::USUAL })
}

#[test]
fn the_table_is_met_to_the_millisecond_it_is_rounded_to() {
    use Contactless::{Kbit106, Kbit212, Kbit424, Kbit848};
    use Protocol::{T0, T1};
    let table = [
        (contact(T0_94, T0, 4_000), 256, [407.0, 3_049.0, 5_082.0]),
        (contact(T0_94, T0, 4_000), 244, [408.0, 3_054.0, 5_090.0]),
        (contact(T0_94, T0, 5_000), 256, [325.0, 2_439.0, 4_065.0]),
        (contact(T0_95, T0, 4_000), 256, [203.0, 1_524.0, 2_541.0]),
        (contact(T0_95, T0, 5_000), 256, [163.0, 1_220.0, 2_033.0]),
        (contact(T0_96, T0, 4_000), 256, [102.0, 762.0, 1_270.0]),
        (contact(T0_96, T0, 4_000), 244, [102.0, 763.0, 1_272.0]),
        (contact(T0_96, T0, 4_000), 231, [102.0, 765.0, 1_275.0]),
        (contact(T0_96, T0, 5_000), 256, [81.0, 610.0, 1_016.0]),
        (contact(T1_96, T1, 4_000), 256, [108.0, 813.0, 1_355.0]),
        (contact(T1_96, T1, 4_000), 252, [106.0, 786.0, 1_310.0]),
        (contact(T1_96, T1, 4_000), 244, [106.0, 788.0, 1_313.0]),
        (contact(T1_96, T1, 4_000), 231, [106.0, 791.0, 1_318.0]),
        (contact(T1_96, T1, 4_000), EXTENDED, [103.0, 766.0, 1_276.0]),
        (contact(T1_96, T1, 5_000), 252, [84.0, 629.0, 1_048.0]),
        (contact(T1_96, T1, 5_000), EXTENDED, [82.0, 613.0, 1_021.0]),
        (contact(T1_97, T1, 5_000), 252, [42.0, 314.0, 524.0]),
        (contact(T1_97, T1, 5_000), EXTENDED, [41.0, 306.0, 510.0]),
        (contactless(Kbit106), 251, [186.0, 1_386.0, 2_309.0]),
        (contactless(Kbit106), EXTENDED, [181.0, 1_350.0, 2_249.0]),
        (contactless(Kbit212), 251, [94.0, 699.0, 1_163.0]),
        (contactless(Kbit212), EXTENDED, [91.0, 680.0, 1_133.0]),
        (contactless(Kbit424), 251, [48.0, 355.0, 590.0]),
        (contactless(Kbit424), EXTENDED, [46.0, 345.0, 576.0]),
        (contactless(Kbit848), 251, [25.0, 183.0, 304.0]),
        (contactless(Kbit848), EXTENDED, [24.0, 178.0, 297.0]),
    ];
    for (link, le, expected) in table {
        for (size, expected) in SIZES.into_iter().zip(expected) {
            let (time, ..) = file(&link, size, le);
            assert!((time - expected).abs() <= 0.51, "{:?}, Le {le}, {size} bytes: {time} for {expected}", link.line);
        }
    }
}

#[test]
fn a_line_without_negotiation_takes_what_the_table_rounds_to_hundreds() {
    let stuck = Reader { negotiates: false, ..Reader::USUAL };
    let reserved = hex!("3b7f71000080318065b0850300ef120fff829000");
    for link in [
        Link::new(T0_96, Protocol::T0, &stuck),
        Link::new(&[], Protocol::T0, &Reader::USUAL),
        Link::new(&reserved, Protocol::T0, &Reader::USUAL),
    ] {
        for (size, expected) in SIZES.into_iter().zip([2_400.0, 17_700.0, 29_500.0]) {
            let (time, ..) = file(&link, size, 256);
            assert!((time - expected).abs() <= 50.0, "{size} bytes: {time} for {expected}");
        }
    }
}

#[test]
fn exchanges_and_blocks_are_those_of_the_table() {
    let counts = |link: &Link, le| SIZES.map(|size| file(link, size, le).1);
    let t0 = contact(T0_96, Protocol::T0, 4_000);
    assert_eq!([counts(&t0, 256), counts(&t0, 244), counts(&t0, 231)], [[8, 60, 100], [9, 63, 105], [9, 67, 111]]);
    let t1 = contact(T1_96, Protocol::T1, 4_000);
    let blocks = |le| SIZES.map(|size| file(&t1, size, le).2);
    assert_eq!([blocks(256), blocks(252), blocks(244)], [[32, 240, 400], [18, 122, 204], [18, 126, 210]]);
    assert_eq!(blocks(231), [18, 134, 222]);
}

#[test]
fn every_case_of_t0_follows_its_formula() {
    let link = contact(T0_96, Protocol::T0, 4_000);
    let etu = |command: &[u8], answer: &[u8]| link.wire(command, answer).as_micros() / 4;
    assert_eq!(etu(&hex!("00A4000C02 3F00"), &hex!("9000")), 12 * (2 + 8) + 12, "case 3");
    assert_eq!(etu(&hex!("00B0000010"), &[0; 18]), 12 * (16 + 8) + 8, "case 2");
    assert_eq!(etu(&hex!("00B0000000"), &hex!("6C10")), 12 * 7 + 8, "6Cxx");
    assert_eq!(etu(&hex!("00200081"), &hex!("63C3")), 12 * 7 + 8, "case 1");
    assert_eq!(etu(&hex!("00A4040002 3F00"), &hex!("6110")), 12 * (2 + 8) + 12, "case 4, first half");
    assert_eq!(etu(&hex!("00A4040002 3F00 00"), &[0; 18]), 12 * (2 + 8) + 12 + 12 * (16 + 8) + 8, "case 4 fetched");
}

#[test]
fn an_etu_takes_f_over_d_cycles() {
    // 372 cycles at 4 MHz take 93 microseconds.
    assert_eq!(etu_time(1, Rate::DEFAULT, 4_000), Duration::from_micros(93));
    assert_eq!(etu_time(1_000, Rate::of_ta1(0x96).unwrap(), 4_000), Duration::from_millis(4));
    assert_eq!(etu_time(1, Rate::DEFAULT, 0), Duration::ZERO);
}

#[test]
fn guard_times_and_block_sizes_of_the_card_count() {
    let wire = |atr: &[u8], protocol, answer: &[u8]| contact(atr, protocol, 4_000).wire(&[0, 0xB0, 0, 0, 0], answer);
    // TC1 = 05: 17 etu a character, and no more at a turn, since 17 exceeds 16.
    assert_eq!(wire(&hex!("3B 50 96 05"), Protocol::T0, &[0; 18]).as_micros(), 4 * 17 * 24);
    // TC1 = FF: 11 etu a character of T=1, 11 more at each of two turns.
    let t1 = hex!("3B D0 96 FF 81 31 FE 45 92");
    assert_eq!(wire(&t1, Protocol::T1, &[0; 18]).as_micros(), 4 * (11 * (5 + 18 + 8) + 11 * 2));
    // No TA3: the card receives 32 bytes a block, so that a command of 40 takes two, with an acknowledgement between.
    let link = contact(&hex!("3B 90 96 01 06"), Protocol::T1, 4_000);
    let command = [&[0x00, 0xD6, 0x00, 0x00, 35][..], &[0; 35]].concat();
    assert_eq!(link.wire(&command, &hex!("9000")).as_micros(), 4 * (12 * (40 + 2 + 12 + 4) + 10 * 4));
    // A clock above what the card bears is not given to it.
    assert_eq!(contact(T0_96, Protocol::T0, 8_000), contact(T0_96, Protocol::T0, 5_000));
}

#[test]
fn the_reader_decides_how_often_the_host_is_asked() {
    let at = |level, count| {
        let link = Link { level, ..contact(T1_96, Protocol::T1, 4_000) };
        let (command, answer) = read(count);
        link.messages(&command, &answer)
    };
    assert_eq!([at(Level::Tpdu, 252), at(Level::Tpdu, 256), at(Level::Tpdu, 15_360)], [1, 2, 61]);
    assert_eq!(at(Level::ShortApdu, 256), 1);
    // 7 + 15 360 + 2 bytes in messages of 261.
    assert_eq!(at(Level::ExtendedApdu { message: 261 }, 15_360), 59);
    let (command, answer) = read(256);
    assert_eq!(contact(T0_96, Protocol::T0, 4_000).messages(&command, &answer), 1);
    assert_eq!(contactless(Contactless::Kbit106).messages(&command, &answer), 1);
}

#[test]
fn an_exchange_adds_host_usb_card_and_wire() {
    let link = contact(T0_96, Protocol::T0, 4_000);
    let (command, answer) = read(256);
    // 0.05 host, one round trip of 2, READ 2 + 2.56, wire 12.704.
    assert_eq!(link.exchange(&command, &answer).as_micros(), 50 + 2_000 + 4_560 + 12_704);
}

#[test]
fn the_card_takes_its_time() {
    let millis = |command: &[u8]| card_time(command, &hex!("9000")).as_millis();
    for (command, expected) in [
        (&hex!("00A4040C")[..], 8),
        (&hex!("00B00000"), 2),
        (&hex!("80CA9F7F2D"), 5),
        (&hex!("00200081"), 40),
        (&hex!("002241B6"), 5),
        (&hex!("002A90A0"), 5),
        (&hex!("002A9E9A"), 500),
        (&hex!("00880000"), 500),
        (&hex!("00C0000010"), 0),
        (&hex!("80C002050C"), 5),
        (&[], 5),
    ] {
        assert_eq!(millis(command), expected, "{command:02X?}");
    }
}

#[test]
fn the_profiles_are_the_links_of_their_names() {
    let named = |name| Profile::named(name).unwrap().link;
    assert_eq!(named("t0-94"), contact(T0_94, Protocol::T0, 4_000));
    assert_eq!(named("t0-95"), contact(T0_95, Protocol::T0, 4_000));
    assert_eq!(named("t0-96"), contact(T0_96, Protocol::T0, 4_000));
    assert_eq!(named("t1-96"), contact(T1_96, Protocol::T1, 4_000));
    assert_eq!(named("t1-97"), contact(T1_97, Protocol::T1, 5_000));
    assert_eq!(named("cl-106"), contactless(Contactless::Kbit106));
    assert_eq!(named("cl-848"), contactless(Contactless::Kbit848));
    assert_eq!(named("no-pps"), Link::new(&[], Protocol::T0, &Reader::USUAL));
    assert!(Profile::named("t2-00").is_none());
}

proptest! {
    #[test]
    fn any_bytes_take_a_finite_time(
        atr in prop::collection::vec(any::<u8>(), 0..40),
        command in prop::collection::vec(any::<u8>(), 0..600),
        answer in prop::collection::vec(any::<u8>(), 0..600),
        t1 in any::<bool>(),
        clock_khz in any::<u32>(),
        ifsd in any::<u8>(),
    ) {
        let protocol = if t1 { Protocol::T1 } else { Protocol::T0 };
        let link = Link::new(&atr, protocol, &Reader { clock_khz, ifsd, ..Reader::USUAL });
        prop_assert!(link.exchange(&command, &answer) >= link.wire(&command, &answer));
    }

    #[test]
    fn longer_answers_never_take_less(count in 1..70_000usize, profile in 0..8usize) {
        let link = PROFILES[profile].link;
        let (command, answer) = read(count);
        prop_assert!(link.wire(&command, &answer[1..]) < link.wire(&command, &answer));
    }
}
