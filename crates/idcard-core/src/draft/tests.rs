//! Drafts say what traces show and nothing else; no value of a card is in them.

use super::*;
use crate::family::{Decoder, Evidence, Extent, Find, ItemName};
use proptest::prelude::*;

const CLASSIC: &str = "> 00 A4 04 0C 0C A0 00 00 00 18 0C 00 00 01 63 42 00\n< 90 00\n";
const MPCOS: &str = "> 00 A4 04 0C 10 A0 00 00 00 18 30 03 01 00 00 00 00 00 00 00 00\n< 90 00\n";
/// An AID that no page knows.
const OTHER: &str = "> 00 A4 04 00 06 F0 00 00 00 00 01 00\n< 90 00\n";
const SPECIMEN: &str = "atr 3B DB 96 00 81 31 FE 85 80 13 53 50 43 73 96 71 5B 91 30 3B\n";
const MAV: &str = "atr 3B 7F 94 00 00 80 31 80 65 B0 85 02 02 ED 12 0F FF 82 90 00\n";

fn trace(parts: &[&str]) -> Trace {
    Trace::parse(format!("# idcard trace 1\n{}", parts.concat()).as_bytes()).unwrap()
}

fn drafted(traces: &[Trace]) -> Result<Draft, DraftError> {
    let roster = Roster::built_in().unwrap();
    draft(traces, &Drafting { family: "mine", roster: &roster, certificate: &|_| Some(Slot::Auth) })
}

fn of(parts: &[&str]) -> Draft {
    drafted(&[trace(parts)]).unwrap()
}

/// SELECT of a file under a folder, among children or from anywhere.
fn select(child: bool, folder: &str, file: &str) -> String {
    let p1 = if child { "01" } else { "00" };
    format!("> 00 A4 {p1} 0C 02 {folder}\n< 90 00\n> 00 A4 02 0C 02 {file}\n< 90 00\n")
}

#[test]
fn dates_are_told_by_their_content() {
    let dates = "> 00 B0 00 00 00\n< B2 10 00 31 00 34 00 30 00 33 00 30 00 31 00 30 00 31 \
                 B3 10 00 31 00 34 00 31 00 30 00 30 00 31 00 30 00 31 62 82\n";
    let draft = of(&[SPECIMEN, MPCOS, &select(true, "0A 00", "0B 00"), dates]);
    let item = draft.page.item(ItemName::Dates).unwrap();
    assert_eq!((item.decoder, item.extent, item.evidence), (Some(Decoder::Dates), Extent::Objects, Evidence::Trace));
    assert_eq!(item.path.as_ref().unwrap().to_string(), "3F00/0A00/0B00");
    assert_eq!(item.source, "trace 1, line 9");
    assert!(draft.page.specimen && draft.page.mark_required);
    let applet = draft.page.applet("mpcos").unwrap();
    assert_eq!((applet.find, applet.offset_unit), (Find::Child, 4));
    assert!(draft.text.contains("# tag B2: UTF-16 text"), "{}", draft.text);
    assert!(!draft.text.contains("1403") && !draft.text.contains("31 00 34"), "{}", draft.text);
}

/// A file of 16 bytes in two pieces, the second one asked for at this offset.
fn two_pieces(offset: &str) -> String {
    format!(
        "> 00 B0 00 00 08\n< C1 0E 01 02 03 04 05 06 90 00\n> 00 B0 00 {offset} 08\n< 07 08 09 0A 0B 0C 0D 0E 90 00\n"
    )
}

#[test]
fn the_unit_of_offsets_is_the_one_in_which_pieces_follow_each_other() {
    for (offset, unit) in [("08", 1), ("02", 4)] {
        let draft = of(&[OTHER, &select(false, "50 00", "50 40"), &two_pieces(offset)]);
        let applet = &draft.page.applets[0];
        assert_eq!((applet.offset_unit, applet.find, applet.silent), (unit, Find::Anywhere, false), "{offset}");
        assert!(draft.text.contains("offset_unit: shown by a file"), "{}", draft.text);
        assert!(draft.text.contains("# tag C1: 14 bytes"), "{}", draft.text);
    }
    let once = of(&[OTHER, &select(false, "50 00", "50 40"), "> 00 B0 00 00 08\n< C1 06 01 02 03 04 05 06 90 00\n"]);
    assert_eq!(once.page.applets[0].offset_unit, 1);
    assert!(once.text.contains("offset_unit: not shown here"), "{}", once.text);
}

#[test]
fn pieces_that_end_before_their_object_prove_no_unit() {
    // A program that counts bytes at a card that counts words: the file seems to end in the middle.
    let torn = "> 00 B0 00 00 08\n< C1 82 00 40 05 06 07 08 90 00\n> 00 B0 00 08 08\n< 33 34 35 36 62 82\n";
    let draft = of(&[OTHER, &select(false, "50 00", "50 40"), torn]);
    assert!(draft.text.contains("offset_unit: not shown here"), "{}", draft.text);
}

#[test]
fn a_pin_that_a_known_page_describes_guards_what_was_read_after_it() {
    let file = select(true, "02 00", "02 02");
    let refused = "> 00 B0 00 00 04\n< 69 82\n";
    let verify = "> 00 20 00 00 08 ** ** ** ** ** ** ** **\n< 90 00\n";
    let read = "> 00 B0 00 00 08\n< 71 06 80 04 31 32 33 34 90 00\n";
    let draft = of(&[SPECIMEN, MPCOS, &file, refused, verify, read]);
    let item = draft.page.item(ItemName::PersonalInfo2).unwrap();
    assert_eq!((item.pin.as_deref(), item.decoder), (Some("id"), Some(Decoder::PersonalInfo2)));
    let pin = draft.page.pin("id").unwrap();
    assert_eq!((pin.minimum, pin.maximum, pin.evidence), (4, 8, Evidence::Trace));
    assert!(pin.source.ends_with("specimen.md 5"), "{}", pin.source);
    assert!(draft.text.contains("refused with 6982 without a PIN, read after PIN object id"), "{}", draft.text);
}

#[test]
fn a_pin_that_no_page_knows_stays_a_comment_and_so_does_what_it_guards() {
    let verify = "> 00 20 00 05 08 ** ** ** ** ** ** ** **\n< 90 00\n";
    let draft = of(&[OTHER, verify, &select(false, "50 00", "50 40"), &two_pieces("08")]);
    assert!(draft.page.pins.is_empty() && draft.page.items.is_empty());
    assert!(draft.text.contains("# a PIN was accepted in 3F00, reference 05, a body of 8 bytes"), "{}", draft.text);
    assert!(draft.text.contains("# file 3F00/5000/5040 in applet applet-1"), "{}", draft.text);
    // A question for the tries, and a PIN that was refused, open nothing.
    for other in ["> 00 20 00 05\n< 90 00\n", "> 00 20 00 05 08 ** ** ** ** ** ** ** **\n< 63 C2\n"] {
        let draft = of(&[OTHER, other, &select(false, "50 00", "50 40"), &two_pieces("08")]);
        assert_eq!(draft.page.items[0].name, ItemName::Unnamed);
    }
    // Neither does one that a reset has closed.
    let draft = of(&[OTHER, verify, "reset\n", OTHER, &select(false, "50 00", "50 40"), &two_pieces("08")]);
    assert_eq!(draft.page.items[0].pin, None);
}

#[test]
fn what_a_known_page_has_at_the_place_gives_its_name_and_no_more() {
    let other = "> 00 B0 00 00 06\n< 04 04 01 02 03 04 62 82\n";
    let draft = of(&[MAV, MPCOS, &select(true, "02 00", "02 01"), other]);
    let item = draft.page.item(ItemName::Identity).unwrap();
    assert_eq!((item.decoder, item.pin.as_deref()), (None, None));
    assert!(draft.text.contains("page mav has it at this place; no known decoder reads its content"), "{}", draft.text);
    let masked = "> 00 B0 00 00 06\n< B2 04 ** ** ** ** 62 82\n";
    let draft = of(&[MAV, MPCOS, &select(true, "03 00", "03 03"), masked]);
    assert_eq!(draft.page.item(ItemName::Dates).unwrap().decoder, Some(Decoder::Dates));
    let refused = "> 00 B0 00 00 06\n< 69 82\n";
    let draft = of(&[MAV, MPCOS, &select(true, "02 00", "02 05"), refused]);
    assert_eq!(draft.page.item(ItemName::SecurityObject).unwrap().decoder, Some(Decoder::SecurityObject));
}

#[test]
fn files_without_a_name_may_be_many() {
    let files: String = ["51", "52", "53"]
        .iter()
        .map(|file| select(false, "50 00", &format!("50 {file}")) + "> 00 B0 00 00 00\n< 01 02 03 62 82\n")
        .collect();
    let draft = of(&[OTHER, &files]);
    assert_eq!(draft.page.items.len(), 3);
    assert!(draft.page.items.iter().all(|item| (item.name, item.length) == (ItemName::Unnamed, Some(3))));
}

#[test]
fn sizes_come_from_control_information() {
    let control = "> 00 A4 02 00 02 50 40\n< 61 0B\n> 00 C0 00 00 0B\n< 6F 09 80 02 04 00 82 01 01 88 00 90 00\n";
    let draft = of(&[OTHER, "> 00 A4 00 00 02 50 00\n< 90 00\n", control]);
    assert!(draft.text.contains("# 1024 bytes by its control information; not read"), "{}", draft.text);
}

#[test]
fn traces_of_two_families_make_no_page() {
    let both = [trace(&[SPECIMEN, CLASSIC]), trace(&[MAV, CLASSIC])];
    assert!(matches!(drafted(&both), Err(DraftError::OtherFamily { trace: 2 })));
    assert!(matches!(drafted(&[trace(&[SPECIMEN])]), Err(DraftError::NoApplet)));
    let roster = Roster::built_in().unwrap();
    for family in ["", "Mine", "a b", "a\"\n"] {
        let drafting = Drafting { family, roster: &roster, certificate: &|_| None };
        assert!(matches!(draft(&both[..1], &drafting), Err(DraftError::Name)), "{family}");
    }
}

#[test]
fn managers_recognise_no_card() {
    let manager = "> 00 A4 04 0C 08 A0 00 00 00 18 43 4D 00\n< 90 00\n";
    assert_eq!(of(&[manager, MPCOS]).page.recognised_by, ["mpcos"]);
    assert_eq!(of(&[manager]).page.recognised_by, ["manager"]);
    // The known page says what is asked first.
    assert_eq!(of(&[SPECIMEN, MPCOS, CLASSIC]).page.recognised_by, ["classic", "mpcos"]);
}

/// Exchanges like those with a card, in any order, with any content.
fn any_exchange() -> impl Strategy<Value = String> {
    let hex = |most| {
        prop::collection::vec(any::<u8>(), 0..most)
            .prop_map(|bytes| bytes.iter().map(|byte| format!("{byte:02X} ")).collect::<String>())
    };
    let status = prop::sample::select(vec!["90 00", "62 82", "6B 00", "69 82", "6A 82", "61 10", "63 C2"]);
    let id = prop::sample::select(vec!["3F 00", "02 00", "02 01", "50 00", "50 40", "00 10"]);
    prop_oneof![
        prop::sample::select(vec![CLASSIC, MPCOS, OTHER, SPECIMEN, "reset\n", "begin\n", "end\n"])
            .prop_map(str::to_owned),
        (prop::sample::select(vec!["00", "01", "02", "08"]), id, hex(20), status.clone())
            .prop_map(|(p1, id, data, status)| format!("> 00 A4 {p1} 00 02 {id}\n< {data}{status}\n")),
        (0..4_u8, hex(60), status.clone())
            .prop_map(|(offset, data, status)| format!("> 00 B0 00 {offset:02X} 00\n< {data}{status}\n")),
        (hex(60), status.clone()).prop_map(|(data, status)| format!("> 00 C0 00 00 00\n< {data}{status}\n")),
        (0..4_u8, hex(60), status.clone())
            .prop_map(|(tag, data, status)| format!("> 80 CA 01 {tag:02X} 00\n< {data}{status}\n")),
        (0..3_u8, status).prop_map(|(p2, status)| format!("> 00 20 00 {p2:02X} 02 ** **\n< {status}\n")),
    ]
}

proptest! {
    #[test]
    fn any_trace_gives_a_page_or_a_reason(parts in prop::collection::vec(any_exchange(), 0..40)) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match drafted(&[trace(&parts)]) {
            Ok(draft) => prop_assert!(draft.page.items.iter().all(|item| item.evidence == Evidence::Trace)),
            Err(error) => prop_assert!(matches!(error, DraftError::NoApplet | DraftError::OtherFamily { .. }), "{error}"),
        }
    }

    #[test]
    fn text_of_a_file_is_never_in_the_page(text in "[A-Z]{6,20}|[0-9]{8,12}|[آ-ی]{4,12}", header in prop::option::of(any::<u8>())) {
        let mut content = text.as_bytes().to_vec();
        if let Some(tag) = header {
            content.splice(0..0, [tag, u8::try_from(content.len()).unwrap()]);
        }
        let bytes: String = content.iter().map(|byte| format!("{byte:02X} ")).collect();
        let draft = of(&[OTHER, &select(false, "50 00", "50 40"), &format!("> 00 B0 00 00 00\n< {bytes}62 82\n")]);
        let packed: String = draft.text.chars().filter(|c| !c.is_whitespace()).collect();
        prop_assert!(!packed.contains(&text));
        prop_assert!(!packed.contains(&hex::encode_upper(&text)));
    }
}
