//! Whatever is sent, the card answers with at least a status word, and no counter moves that nobody touched.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const IMAGES: [&str; 5] = ["specimen", "specimen-t0", "specimen-sealed", "mav2", "pardis"];

/// Commands that look like commands, and bytes that do not.
fn command() -> impl Strategy<Value = Vec<u8>> {
    let ins =
        prop::sample::select(vec![0x20, 0x21, 0x22, 0x24, 0x2A, 0x2C, 0x82, 0x84, 0x88, 0xA4, 0xB0, 0xC0, 0xCA, 0xD6]);
    let cla = prop::sample::select(vec![0x00, 0x80, 0x0C, 0x8C, 0x90, 0x10, 0xFF]);
    let shaped = (cla, ins, any::<[u8; 2]>(), vec(any::<u8>(), 0..40), any::<Option<u8>>());
    let shaped = shaped.prop_map(|(cla, ins, [p1, p2], data, le)| {
        let lc = (!data.is_empty()).then(|| u8::try_from(data.len()).unwrap());
        [&[cla, ins, p1, p2][..], lc.as_slice(), &data, le.as_slice()].concat()
    });
    prop_oneof![4 => shaped, 1 => vec(any::<u8>(), 0..300)]
}

fn selection() -> impl Strategy<Value = Vec<u8>> {
    let known = [MANAGER, MPCOS, CLASSIC, MF, "00 A4 01 0C 02 0200", "00 A4 00 00 02 5100", "00 A4 02 0C 02 0201"];
    prop::sample::select(known.to_vec()).prop_map(|command| hex::decode(command.replace(' ', "")).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_command_is_answered(
        image in prop::sample::select(IMAGES.to_vec()),
        commands in vec(prop_oneof![command(), selection()], 1..20),
    ) {
        let mut card = card(image);
        for command in &commands {
            let answer = card.transmit(command);
            prop_assert!(answer.len() >= 2 && answer.len() <= 65_538);
            let sw1 = answer[answer.len() - 2];
            prop_assert!(sw1 == 0x90 || (0x61..=0x6F).contains(&sw1), "{:02X?} -> {:02X?}", command, answer);
        }
    }

    #[test]
    fn no_counter_moves_without_a_presentation(
        image in prop::sample::select(IMAGES.to_vec()),
        commands in vec(prop_oneof![command(), selection()], 1..20),
    ) {
        let mut card = card(image);
        for command in &commands {
            if !matches!(command.get(1), Some(0x20 | 0x24 | 0x2C)) {
                card.transmit(command);
            }
        }
        for applet in &card.image().applets {
            prop_assert!(applet.pins.iter().all(|pin| pin.failed == 0));
            prop_assert!(applet.puks.iter().all(|puk| puk.failed == 0));
        }
    }
}
