//! The answers of `nid-card.md` 1.2 and 1.3, `performance.md` 1.1 and `specimen.md` 1, with the values of their tables.

use super::*;
use hex_literal::hex;
use proptest::prelude::*;

/// Bytes; F, D, clocks per etu, bits a second at 4, 4.8 and 5 MHz; the only protocol; historical bytes; check byte.
type Row = (&'static [u8], (u16, u8, f64), [u32; 3], u8, &'static [u8], Tck);

const MULTIAPP_1: [u8; 13] = hex!("80318065B0850101C883019000");
const MULTIAPP_2: [u8; 15] = hex!("80318065B0850202ED120FFF829000");
const MULTIAPP_3: [u8; 15] = hex!("80318065B0850300EF120FFF829000");
const MULTIAPP_4: [u8; 15] = hex!("80318065B085040011120FFF829000");
const OTHER: [u8; 8] = hex!("0073C84013009000");
const IRN: [u8; 11] = hex!("801349524E7396715B9130");
const SPC: [u8; 11] = hex!("80135350437396715B9130");
const SPC_T0: [u8; 11] = hex!("80135350437396711B9130");

const CONTACT: [Row; 9] = [
    (
        &hex!("3b7f94000080318065b0850202ed120fff829000"),
        (512, 8, 64.0),
        [62_500, 75_000, 78_125],
        0,
        &MULTIAPP_2,
        Tck::Absent,
    ),
    (
        &hex!("3b7f96000080318065b0850300ef120fff829000"),
        (512, 32, 16.0),
        [250_000, 300_000, 312_500],
        0,
        &MULTIAPP_3,
        Tck::Absent,
    ),
    (
        &hex!("3bff9600008131fe4380318065b085040011120fff829000e0"),
        (512, 32, 16.0),
        [250_000, 300_000, 312_500],
        1,
        &MULTIAPP_4,
        Tck::Right,
    ),
    (&hex!("3b781800000073c84013009000"), (372, 12, 31.0), [129_032, 154_839, 161_290], 0, &OTHER, Tck::Absent),
    (
        &hex!("3b7d95000080318065b0850101c883019000"),
        (512, 16, 32.0),
        [125_000, 150_000, 156_250],
        0,
        &MULTIAPP_1,
        Tck::Absent,
    ),
    (
        &hex!("3bdb97008131fe85801349524e7396715b91302f"),
        (512, 64, 8.0),
        [500_000, 600_000, 625_000],
        1,
        &IRN,
        Tck::Right,
    ),
    (
        &hex!("3bdb96008131fe85801349524e7396715b91302e"),
        (512, 32, 16.0),
        [250_000, 300_000, 312_500],
        1,
        &IRN,
        Tck::Right,
    ),
    (
        &hex!("3BDB96008131FE8580135350437396715B91303B"),
        (512, 32, 16.0),
        [250_000, 300_000, 312_500],
        1,
        &SPC,
        Tck::Right,
    ),
    (&hex!("3B7B96000080135350437396711B9130"), (512, 32, 16.0), [250_000, 300_000, 312_500], 0, &SPC_T0, Tck::Absent),
];

const CONTACTLESS: [(&[u8], &[u8]); 7] = [
    (&hex!("3B8F800180318065B0850202ED120FFF82900072"), &MULTIAPP_2),
    (&hex!("3B8F800180318065B0850300EF120FFF82900073"), &MULTIAPP_3),
    (&hex!("3B8F800180318065B085040011120FFF8290008A"), &MULTIAPP_4),
    (&hex!("3B8D800180318065B0850101C883019000B7"), &MULTIAPP_1),
    (&hex!("3B8880010073C8401300900071"), &OTHER),
    (&hex!("3B8B8001801349524E7396715B9130A2"), &IRN),
    (&hex!("3B8B800180135350437396715B9130B7"), &SPC),
];

#[test]
fn the_contact_answers_are_what_the_tables_say() {
    for (bytes, (f, d, clocks), bits, protocol, historical, tck) in CONTACT {
        let atr = Atr::parse(bytes).unwrap();
        let rate = atr.rate().unwrap();
        assert_eq!((rate.f, rate.d, rate.clocks_per_etu(), rate.highest_khz), (f, d, clocks, 5_000), "{bytes:02X?}");
        assert_eq!([4_000, 4_800, 5_000].map(|clock| rate.bit_rate(clock)), bits);
        assert_eq!(atr.protocols(), [protocol]);
        assert_eq!((atr.historical().as_bytes(), atr.tck(), atr.trailing()), (historical, tck, &[][..]));
        assert_eq!((atr.convention(), atr.mode(), atr.is_contactless()), (Convention::Direct, Mode::Negotiable, false));
        assert_eq!((atr.extra_guard_time(), atr.guard_time(0), atr.guard_time(1)), (0, 12, 12));
        assert_eq!(atr.as_bytes(), bytes);
        assert_eq!(atr.t1().is_some(), protocol == 1);
        assert_eq!(atr.waiting_integer(), 10);
    }
}

#[test]
fn the_parameters_of_t1_are_read() {
    let t1 = |row: usize| Atr::parse(CONTACT[row].0).unwrap().t1().unwrap();
    assert_eq!(t1(2), T1 { ifsc: 254, bwi: 4, cwi: 3, crc: false });
    for row in [5, 6, 7] {
        assert_eq!(t1(row), T1 { ifsc: 254, bwi: 8, cwi: 5, crc: false });
    }
    let bare = Atr::parse(&hex!("3B 80 01 81")).unwrap();
    assert_eq!(bare.t1(), Some(T1 { ifsc: 32, bwi: 4, cwi: 13, crc: false }));
    let with_crc = Atr::parse(&hex!("3B 80 81 41 01 40")).unwrap();
    assert!(with_crc.t1().unwrap().crc);
}

#[test]
fn the_contactless_answers_are_recognised() {
    for (bytes, historical) in CONTACTLESS {
        let atr = Atr::parse(bytes).unwrap();
        assert!(atr.is_contactless(), "{bytes:02X?}");
        assert_eq!((atr.historical().as_bytes(), atr.tck(), atr.trailing()), (historical, Tck::Right, &[][..]));
        assert_eq!(atr.protocols(), [0, 1]);
    }
}

#[test]
fn a_stray_byte_and_a_wrong_check_byte_are_borne_and_told() {
    let stray = Atr::parse(&hex!("3b7f94000080318065b0850202ed120fff829000 72")).unwrap();
    assert_eq!(
        (stray.trailing(), stray.tck(), stray.historical().as_bytes()),
        (&[0x72][..], Tck::Absent, &MULTIAPP_2[..])
    );
    let mut wrong = CONTACT[2].0.to_vec();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(Atr::parse(&wrong).unwrap().tck(), Tck::Wrong);
    wrong.pop();
    assert_eq!(Atr::parse(&wrong).unwrap().tck(), Tck::Missing);
}

#[test]
fn the_historical_bytes_say_what_the_tables_say() {
    let objects = |bytes| Historical::new(bytes).objects().collect::<Vec<_>>();
    assert_eq!(
        objects(&MULTIAPP_2),
        [(3, &[0x80][..]), (6, &hex!("B0850202ED")), (1, &hex!("0FFF")), (8, &hex!("9000"))]
    );
    assert_eq!(objects(&OTHER), [(7, &hex!("C84013")[..])]);
    assert_eq!(objects(&IRN), [(1, &b"IRN"[..]), (7, &hex!("96715B")), (9, &[0x30])]);
    let status = |bytes| (Historical::new(bytes).life_cycle(), Historical::new(bytes).status_word());
    assert_eq!(status(&MULTIAPP_2), (None, Some(0x9000)));
    assert_eq!(status(&MULTIAPP_1), (Some(0x01), Some(0x9000)));
    assert_eq!(status(&OTHER), (Some(0x00), Some(0x9000)));
    assert_eq!(status(&IRN), (None, None));
    assert_eq!(Historical::new(&MULTIAPP_4).service_data(), Some(0x80));
    assert_eq!(Historical::new(&SPC).issuer(), Some(&b"SPC"[..]));
    assert_eq!(Historical::new(&SPC).category(), Some(0x80));
}

#[test]
fn capabilities_are_read_and_not_promised_where_they_are_missing() {
    let of = |bytes| Historical::new(bytes).object(7).and_then(Capabilities::read);
    let card = of(&IRN).unwrap();
    let names = [card.by_full_name(), card.by_partial_name(), card.by_path(), card.by_file_identifier()];
    assert_eq!(names, [true, false, false, true]);
    let rest = [card.implicitly(), card.short_file_identifier(), card.record_number(), card.record_identifier()];
    assert_eq!(rest, [false, true, true, false]);
    assert_eq!((card.data_unit_quartets(), card.channels()), (Some(2), Some(4)));
    assert_eq!((card.chaining(), card.extended_length(), card.extended_length_limits()), (false, true, false));
    assert!(card.channels_by_card() && card.channels_by_device());

    let card = of(&OTHER).unwrap();
    assert!(card.by_full_name() && card.by_partial_name() && card.implicitly());
    assert!(!card.by_path() && !card.by_file_identifier() && !card.short_file_identifier());
    assert!(card.channels_by_card() && !card.channels_by_device() && !card.chaining() && !card.extended_length());
    assert_eq!(card.channels(), Some(4));

    assert_eq!(of(&MULTIAPP_3), None);
    let extended: Vec<bool> = CONTACT.iter().map(|row| Atr::parse(row.0).unwrap().extended_length()).collect();
    assert_eq!(extended, [false, false, false, false, false, true, true, true, false]);
    assert_eq!(Capabilities::read(&[0x96]).unwrap().channels(), None);
    assert_eq!((Capabilities::read(&[]), Capabilities::read(&[0; 4])), (None, None));
}

#[test]
fn rates_reserved_and_default() {
    for reserved in [0x71, 0x81, 0xE1, 0xF1, 0x10, 0x1A, 0x1F] {
        assert_eq!(Rate::of_ta1(reserved), None, "{reserved:02X}");
    }
    let bare = Atr::parse(&hex!("3B 00")).unwrap();
    assert_eq!((bare.rate(), bare.ta1(), bare.protocols()), (Some(Rate::DEFAULT), None, vec![0]));
    assert_eq!(Rate::DEFAULT.bit_rate(4_000), 10_753);
    assert_eq!(Rate::of_ta1(0x01).unwrap().highest_khz, 4_000);
}

#[test]
fn specific_mode_guard_times_and_several_protocols_are_read() {
    // TA1 TC1 TD1 = 91; TA2 = 91; then T=15 with a TA.
    let atr = Atr::parse(&hex!("3B D0 11 FF 91 91 1F 00 25")).unwrap();
    assert_eq!(atr.mode(), Mode::Specific { protocol: 1, implicit: true, changeable: false });
    assert_eq!((atr.guard_time(0), atr.guard_time(1)), (12, 11));
    let both = Atr::parse(&hex!("3B C0 05 80 71 FE 45 00 01")).unwrap();
    assert_eq!((both.protocols(), both.guard_time(0)), (vec![0, 1], 17));
    let global = Atr::parse(&hex!("3B 80 1F 00 9F")).unwrap();
    assert_eq!(global.protocols(), [0], "T=15 is no protocol, and yet it makes the check byte due");
}

#[test]
fn hostile_answers_are_refused_without_panic() {
    assert!(Atr::parse(&hex!("3F 00")).is_ok(), "the inverse convention is a convention");
    for (bytes, offset) in [
        (&[][..], 0),
        (&[0x3B], 1),
        (&[0x03, 0x00], 0),
        (&[0x3B, 0x0F, 1, 2, 3], 5), // fifteen historical bytes announced
        (&[0x3B, 0xF0], 2),          // interface bytes announced
        (&[0x3B; 34], 33),
        (&[0x3B; 200], 33),
    ] {
        assert_eq!(Atr::parse(bytes).unwrap_err().offset, offset, "{bytes:02X?}");
    }
    let endless = [&[0x3B][..], &[0x80; 32]].concat();
    assert!(Atr::parse(&endless).is_err());
    assert!(Atr::parse(&[&[0x3B][..], &[0xFF; 32]].concat()).is_err());
}

proptest! {
    #[test]
    fn any_bytes_parse_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..40), direct in any::<bool>()) {
        let bytes = if direct { [&[0x3B][..], &bytes].concat() } else { bytes };
        if let Ok(atr) = Atr::parse(&bytes) {
            let _ = (atr.rate(), atr.t1(), atr.mode(), atr.protocols(), atr.capabilities(), atr.guard_time(1));
            let historical = atr.historical();
            let _ = (historical.life_cycle(), historical.status_word(), historical.service_data());
            let objects: usize = historical.objects().map(|(_, value)| value.len() + 1).sum();
            prop_assert!(objects <= historical.as_bytes().len());
            prop_assert_eq!(atr.as_bytes(), &bytes[..]);
        }
    }

    #[test]
    fn what_is_composed_is_parsed(historical in prop::collection::vec(any::<u8>(), 0..16)) {
        let body = [&[0x80 | u8::try_from(historical.len()).unwrap(), 0x80, 0x01][..], &historical].concat();
        let check = body.iter().fold(0, |a, b| a ^ b);
        let atr = Atr::parse(&[&[0x3B][..], &body, &[check]].concat()).unwrap();
        prop_assert_eq!(atr.historical().as_bytes(), &historical[..]);
        prop_assert!(atr.is_contactless() && atr.tck() == Tck::Right && atr.trailing().is_empty());
    }
}
