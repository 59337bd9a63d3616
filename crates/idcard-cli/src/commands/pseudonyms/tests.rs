//! Nothing of a holder survives, however many objects stand around it.

use super::*;
use idcard_core::data::Nature;
use proptest::prelude::*;
use std::fmt::Write;

/// The files of the specimen that hold names, numbers, dates and places, certificates aside.
fn files() -> Vec<(String, Vec<u8>)> {
    let image = idcard_sim::Image::builtin("specimen").unwrap();
    let all = image.applets.iter().flat_map(|applet| &applet.files);
    let named = all.map(|file| {
        let path: String = file.path.iter().map(|id| format!("{id:04X}")).collect();
        let end = file.content.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        (path, file.content[..end].to_vec())
    });
    let personal = |content: &[u8]| !matches!(content[0], 0x30 | 0x75 | 0x77) && !words(content).is_empty();
    named.filter(|(_, content)| (8..4_000).contains(&content.len()) && personal(content)).collect()
}

/// Where words and numbers lie; of dates the year stays, and what has fewer than six digits may be the same by chance.
fn words(content: &[u8]) -> Vec<std::ops::Range<usize>> {
    let personal = |value: &layout::Value| {
        let bytes = &content[value.value.clone()];
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        match Nature::of(bytes) {
            Nature::Digits => bytes.len() >= 10,
            Nature::Utf8 | Nature::Utf16 | Nature::Ascii => digits == 0 && value.tags != [0x70, 0x85],
            _ => false,
        }
    };
    let values = layout::values(content).into_iter().filter(personal);
    values.map(|value| value.value).collect()
}

/// The data of the answer, masked bytes as none.
fn renamed_content(path: &str, content: &[u8]) -> (Vec<Option<u8>>, List) {
    let mut text = format!("# idcard trace 1\n> 00A40804{:02X}{path}\n< 9000\n> 00B0000000\n<", path.len() / 2);
    content.iter().for_each(|byte| write!(text, " {byte:02X}").unwrap());
    text.push_str(" 90 00\n");
    let trace = Trace::parse(text.as_bytes()).unwrap();
    let Renamed { trace, list } = renamed_by(&mut Pseudonyms::under([7; 32]), &trace);
    let Some(idcard_core::transport::trace::Step::Answer { bytes, .. }) =
        trace.entries().last().map(|entry| &entry.step)
    else {
        panic!("no answer");
    };
    (bytes.iter().take(content.len()).collect(), list)
}

fn same(then: &[u8], now: &[Option<u8>]) -> bool {
    then.iter().zip(now).all(|(then, now)| *now == Some(*then))
}

/// No four bytes of a word are where they were (five in UTF-8, where a mark of three and the first half of a letter tell
/// nothing), nor any seven digits.
fn survivor(content: &[u8], other: &[Option<u8>], words: &[std::ops::Range<usize>], shift: usize) -> Option<String> {
    words.iter().find_map(|range| {
        let range = range.start + shift..range.end + shift;
        let window = match Nature::of(&content[range.clone()]) {
            Nature::Digits => 7,
            Nature::Utf8 => 5,
            _ => 4,
        };
        let mut at = range.start..(range.end + 1).saturating_sub(window);
        at.find(|at| same(&content[*at..at + window], &other[*at..at + window]))
            .map(|at| format!("{:02X?} at {at}", &content[range.clone()]))
    })
}

fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], value].concat()
}

#[test]
fn a_specimen_has_words_to_look_for() {
    let count: usize = files().iter().map(|(_, content)| words(content).len()).sum();
    assert!(count >= 10, "{count}");
}

#[test]
fn every_one_of_255_fingers_is_another_one() {
    let finger = [0x7F, 0x60, 0x0B, 0x83, 1, 0x81, 0xA1, 6, 0x81, 1, 8, 0x82, 1, 9];
    let fingers = finger.repeat(255);
    let [high, low] = u16::try_from(fingers.len()).unwrap().to_be_bytes();
    let content = [&[0x7F, 0x61, 0x82, high, low], &fingers[..]].concat();
    let (other, _) = renamed_content("3F0002000204", &content);
    for number in 1..=255 {
        assert_ne!(other[4 + number * finger.len()], Some(9), "{number}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn files_that_repeat_are_renamed_to_the_end(which in any::<prop::sample::Index>(), times in 1usize..300) {
        let files = files();
        let (path, once) = which.get(&files);
        let times = times.min(60_000 / once.len());
        let content = once.repeat(times);
        let (other, _) = renamed_content(path, &content);
        for round in 0..times {
            prop_assert_eq!(survivor(&content, &other, &words(once), round * once.len()), None, "{} {}", path, round);
        }
    }

    #[test]
    fn unknown_objects_hide_nothing(
        which in any::<prop::sample::Index>(), count in 1usize..6_000, tag in 0x70u8..0x7F, unknown in any::<bool>()
    ) {
        let files = files();
        let (path, once) = which.get(&files);
        let fillers = [0x8F, 1, 1].repeat(count);
        // In front of the children of a template, and in front of the template itself.
        let (children, skipped) = match layout::parts(once).headers.first() {
            Some(first) if first.start == 0 && once[0] == 0x70 => (&once[first.end..], first.end),
            _ => (&once[..], 0),
        };
        let content = object(tag, &[&fillers, children].concat());
        let shift = content.len() - children.len();
        let path = if unknown { "3F0077777777" } else { path };
        let (other, list) = renamed_content(path, &content);
        let words: Vec<_> =
            words(once).into_iter().map(|word| word.start - skipped..word.end - skipped).collect();
        prop_assert_eq!(survivor(&content, &other, &words, shift), None, "{}", path);
        let masked = list.values().any(|counts| counts.contains_key(&Replaced::Masked));
        prop_assert_eq!(masked, other.contains(&None), "the list tells what is masked");
    }

    #[test]
    fn text_that_looks_like_objects_is_text(
        letters in "[a-zA-Z]{4,20}", tag in prop_oneof![Just(None), (0x60u8..0x7F).prop_map(Some)], little in any::<bool>()
    ) {
        let units = letters.encode_utf16();
        let text: Vec<u8> = units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
        let content = tag.map_or(text.clone(), |tag| object(tag, &text));
        let (other, _) = renamed_content("3F0077777777", &content);
        let from = content.len() - text.len();
        let words = (from.max(2)..content.len()).step_by(2).skip(1);
        for at in words.take_while(|at| at + 4 <= content.len()) {
            prop_assert!(!same(&content[at..at + 4], &other[at..at + 4]), "{:02X?} {:02X?}", content, other);
        }
    }
}
