//! Ways to files on cards that keep a SELECT of the master file in the applet, and on such as do not: every command counts.

use super::*;
use crate::channel::Extended;
use crate::family::Roster;
use crate::transport::{Exchange, Leaving, LinkError, Protocol, Transaction};
use serde::de::DeserializeOwned;
use serde::de::value::{Error as Unreadable, StrDeserializer};
use std::cell::RefCell;
use std::rc::Rc;

/// A card with one applet: its master file holds 0001, its folders D001 and D002 hold 0001 and 0002 each.
struct Tree {
    aid: Vec<u8>,
    /// SELECT of the master file stays in the applet.
    stays: bool,
    /// The folder that is current in the applet; `None` outside of it.
    at: Option<u16>,
    seen: Rc<RefCell<Vec<String>>>,
    /// Answer data to every SELECT.
    information: Vec<u8>,
}

impl Transaction for Tree {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<Exchange, LinkError> {
        self.seen.borrow_mut().push(hex::encode_upper(command));
        let &[0x00, 0xA4, p1, _, length, ref rest @ ..] = command else { panic!("a SELECT: {command:02X?}") };
        let data = &rest[..usize::from(length)];
        let identifier = <[u8; 2]>::try_from(data).map(u16::from_be_bytes);
        let found = match (p1, identifier, self.at) {
            (0x04, ..) if data == self.aid => Some(Some(0x3F00)),
            (0x00, Ok(0x3F00), at) => Some(at.filter(|_| self.stays).map(|_| 0x3F00)),
            (0x00, Ok(folder @ (0xD001 | 0xD002)), Some(_)) => Some(Some(folder)),
            (0x01, Ok(folder @ (0xD001 | 0xD002)), Some(0x3F00)) => Some(Some(folder)),
            (0x02, Ok(0x0001), Some(folder)) => Some(Some(folder)),
            (0x02, Ok(0x0002), Some(folder @ (0xD001 | 0xD002))) => Some(Some(folder)),
            _ => None,
        };
        answer.clear();
        if let Some(at) = found {
            self.at = at;
            answer.extend(&self.information);
        }
        answer.extend(if found.is_some() { [0x90, 0x00] } else { [0x6A, 0x82] });
        Ok(Exchange::default())
    }

    fn recover(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn give_way(&mut self) -> Result<(), LinkError> {
        Ok(())
    }

    fn end(self: Box<Self>, _: Leaving) -> Result<(), LinkError> {
        Ok(())
    }
}

/// A path or an AID as a page writes it.
fn read<T: DeserializeOwned>(text: &str) -> T {
    T::deserialize(StrDeserializer::<Unreadable>::new(text)).unwrap()
}

fn applet(find: Find) -> Applet {
    let page = Roster::built_in().unwrap().pages()[0].clone();
    let mut applet = page.applets[0].clone();
    applet.name = "only".into();
    (applet.find, applet.silent, applet.answers) = (find, true, false);
    applet
}

/// A session with a card, and what was sent to it.
struct Visit {
    applet: Applet,
    channel: Channel<'static>,
    selection: Selection,
    seen: Rc<RefCell<Vec<String>>>,
}

impl Visit {
    fn new(applet: Applet, stays: bool, information: &[u8]) -> Self {
        let seen = Rc::default();
        let aid = applet.aid.as_slice().to_vec();
        let tree = Tree { aid, stays, at: None, seen: Rc::clone(&seen), information: information.to_vec() };
        let channel = Channel::new(Box::new(tree), Protocol::T1, Extended::Never);
        Self { applet, channel, selection: Selection::default(), seen }
    }

    /// Selects a file; gives whether it was found, and the commands: P1 and data of each, `aid` for that of the applet.
    fn go(&mut self, path: &str) -> (bool, String) {
        let path: FilePath = read(path);
        let found = select_file(&mut self.channel, &mut self.selection, &self.applet, &path).is_ok();
        (found, self.commands())
    }

    fn commands(&self) -> String {
        let aid = hex::encode_upper(self.applet.aid.as_slice());
        let sent: Vec<_> = self.seen.take().iter().map(|sent| format!("{} {}", &sent[4..6], &sent[10..])).collect();
        sent.join(", ").replace(&format!("04 {aid}"), "aid")
    }
}

fn found(commands: &str) -> (bool, String) {
    (true, commands.into())
}

fn lost(commands: &str) -> (bool, String) {
    (false, commands.into())
}

#[test]
fn what_is_selected_is_not_selected_again() {
    for find in [Find::Child, Find::Anywhere] {
        let mut card = Visit::new(applet(find), true, &[]);
        let (_, first) = card.go("3F00/D001/0001");
        assert_eq!(first, if find == Find::Child { "aid, 01 D001, 02 0001" } else { "aid, 00 D001, 02 0001" });
        assert_eq!(card.go("3F00/D001/0001"), found(""));
        assert_eq!(card.go("3F00/D001/0002"), found("02 0002"));
        select_applet(&mut card.channel, &mut card.selection, &card.applet).unwrap();
        assert_eq!((card.commands().as_str(), card.selection.applet()), ("", Some("only")));
        card.selection.forget();
        assert_eq!(card.selection.applet(), None);
        assert_eq!(card.go("3F00/0001"), found("aid, 02 0001"));
    }
}

#[test]
fn a_master_file_that_stays_in_the_applet_is_the_way_between_folders() {
    let mut card = Visit::new(applet(Find::Child), true, &[]);
    assert_eq!(card.go("3F00/D001/0001"), found("aid, 01 D001, 02 0001"));
    assert_eq!(card.go("3F00/0001"), found("aid, 02 0001"), "nobody knows yet that it stays");
    assert_eq!(card.go("3F00/D001/0001"), found("01 D001, 02 0001"));
    assert_eq!(card.go("3F00/D002/0001"), found("00 3F00, 01 D002, 02 0001"));
    assert_eq!(card.go("3F00/0001"), found("00 3F00, 02 0001"));
    assert_eq!(card.go("3F00/D003/0001"), lost("01 D003"));
    assert_eq!(card.go("3F00/D003/0001"), lost("00 3F00, 01 D003"), "known: the folder is not there");
}

#[test]
fn a_master_file_outside_of_the_applet_is_gone_to_once() {
    let mut card = Visit::new(applet(Find::Child), false, &[]);
    assert_eq!(card.go("3F00/D001/0001"), found("aid, 01 D001, 02 0001"));
    assert_eq!(card.go("3F00/D002/0002"), found("00 3F00, 01 D002, aid, 01 D002, 02 0002"));
    assert_eq!(card.go("3F00/D001/0001"), found("aid, 01 D001, 02 0001"));
    assert_eq!(card.go("3F00/0001"), found("aid, 02 0001"));
    assert_eq!(card.go("3F00/D003/0001"), lost("01 D003"));
    assert_eq!(card.go("3F00/D003/0001"), lost("aid, 01 D003"));
}

#[test]
fn a_folder_that_is_nowhere_teaches_nothing_of_the_master_file() {
    let mut card = Visit::new(applet(Find::Child), true, &[]);
    assert!(card.go("3F00/D001/0001").0);
    assert_eq!(card.go("3F00/D003/0001"), lost("00 3F00, 01 D003, aid, 01 D003"));
    assert_eq!(card.go("3F00/D001/0001"), found("00 3F00, 01 D001, 02 0001"), "found out only now");
}

#[test]
fn folders_that_are_found_from_anywhere_take_one_command() {
    let mut card = Visit::new(applet(Find::Anywhere), true, &[]);
    assert_eq!(card.go("3F00/D001/0001"), found("aid, 00 D001, 02 0001"));
    assert_eq!(card.go("3F00/D002/0001"), found("00 D002, 02 0001"));
    assert_eq!(card.go("3F00/0001"), found("00 3F00, 02 0001"));
}

#[test]
fn after_a_refusal_the_way_begins_anew() {
    let mut card = Visit::new(applet(Find::Anywhere), true, &[]);
    assert!(card.go("3F00/D001/0001").0);
    assert_eq!(card.go("3F00/D001/0009"), lost("02 0009"));
    assert_eq!(card.go("3F00/D001/0001"), found("00 D001, 02 0001"));
}

#[test]
fn an_applet_that_the_card_shows_is_not_selected_again_but_its_folder_is() {
    let mut card = Visit::new(applet(Find::Anywhere), true, &[]);
    assert!(card.go("3F00/D001/0001").0);
    card.selection.found_in("only");
    assert_eq!(card.go("3F00/D001/0001"), found("00 D001, 02 0001"));
}

#[test]
fn which_applets_answer_is_kept_whatever_else_is_forgotten() {
    let mut card = Visit::new(applet(Find::Child), true, &[]);
    let there = card.applet.aid.clone();
    assert_eq!(card.selection.answered(there.as_slice()), None);
    assert!(card.go("3F00/0001").0);
    card.selection.forget();
    assert_eq!(card.selection.answered(there.as_slice()), Some(true));
    card.applet.aid = read("A0000000FF");
    card.applet.name = "other".into();
    let absent = card.applet.aid.clone();
    assert_eq!(card.selection.answered(absent.as_slice()), None);
    assert!(!card.go("3F00/0001").0);
    assert_eq!(card.selection.answered(absent.as_slice()), Some(false));
    assert_eq!(card.selection.answered(there.as_slice()), Some(true));
    assert_eq!(card.selection.applet(), None, "a refusal leaves the card where we cannot know");
    card.selection.note_answer(absent.as_slice(), true);
    assert_eq!(card.selection.answered(absent.as_slice()), Some(true), "the last answer counts");
    assert_eq!(card.selection.answers.len(), 2);
}

#[test]
fn the_page_tells_the_form_of_select() {
    for (silent, answers, p2, le) in [(true, false, "0C", ""), (false, false, "00", ""), (false, true, "00", "00")] {
        let mut applet = applet(Find::Child);
        (applet.silent, applet.answers) = (silent, answers);
        let mut card = Visit::new(applet, true, &[]);
        let path: FilePath = read("3F00/0001");
        select_file(&mut card.channel, &mut card.selection, &card.applet, &path).unwrap();
        let aid = hex::encode_upper(card.applet.aid.as_slice());
        let length = aid.len() / 2;
        assert_eq!(card.seen.take(), [format!("00A404{p2}{length:02X}{aid}{le}"), format!("00A402{p2}020001")]);
    }
}

/// C-29: an answer that tells of another file is not read from; a longer or shorter name of the same applet is the same.
#[test]
fn control_information_of_others_is_a_contradiction() {
    let own = applet(Find::Child).aid.as_slice().to_vec();
    let named = |outer: u8, name: &[u8]| {
        let inner = [&[0x84, u8::try_from(name.len()).unwrap()][..], name].concat();
        [&[outer, u8::try_from(inner.len()).unwrap()][..], &inner].concat()
    };
    let taken = |information: &[u8]| {
        let mut card = Visit::new(applet(Find::Child), true, information);
        match select_applet(&mut card.channel, &mut card.selection, &card.applet) {
            Ok(()) => true,
            Err(Error::Garbled { .. }) => false,
            Err(other) => panic!("{other}"),
        }
    };
    let mut other = own.clone();
    other[0] ^= 1;
    for outer in [0x62, 0x64, 0x6F] {
        assert!(taken(&named(outer, &own)));
        assert!(taken(&named(outer, &own[..own.len() - 1])), "shorter");
        assert!(taken(&named(outer, &[&own[..], &[1]].concat())), "longer");
        assert!(!taken(&named(outer, &other)), "{outer:02X}");
    }
    assert!(taken(&named(0x70, &other)), "no control information");
}

#[test]
fn paths_that_no_card_has_are_not_sent() {
    let mut card = Visit::new(applet(Find::Child), true, &[]);
    assert_eq!(card.go("3F00"), lost(""));
    let path: FilePath = read("3F00/D001/0001");
    assert!(select_df(&mut card.channel, &mut card.selection, &card.applet, &path).is_err());
    assert_eq!(card.commands(), "");
    for (path, commands) in [("3F00", "aid"), ("3F00/D001", "01 D001")] {
        let path: FilePath = read(path);
        select_df(&mut card.channel, &mut card.selection, &card.applet, &path).unwrap();
        assert_eq!(card.commands(), commands);
    }
}
