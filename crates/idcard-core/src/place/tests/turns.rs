//! Turns of other programs while files are read.

use super::super::*;
use super::odd::{Visit, photo_of, quiet};
use std::rc::Rc;

/// S-07: where another applet has to be selected in any case, others have their turn after 250 ms, not before.
#[test]
fn a_change_of_applets_is_a_turn_for_others() {
    for (already, elsewhere, may_give_way, gives) in [
        (250, true, true, false),
        (251, true, true, true),
        (251, true, false, false),
        (251, false, true, false),
        (5_000, true, false, false),
    ] {
        let mut visit = Visit::new(Extended::Never, quiet(photo_of(20), 1), Duration::from_millis(already));
        visit.may_give_way = may_give_way;
        visit.channel.send(&Command::new(0x00, 0xA4, 0x04, 0x0C).with_data(&[1]), &"a step").unwrap();
        if elsewhere {
            visit.selection.found_in("elsewhere");
        }
        visit.log.take();
        let item = visit.page.item(ItemName::Photo).unwrap();
        let applet = visit.page.applet(&item.applet).unwrap();
        let (channel, selection, habits) = (&mut visit.channel, &mut visit.selection, &mut visit.habits);
        let mut reading = Reading { channel, selection, habits, may_give_way };
        let mut file = Fetched { bytes: Vec::new(), redacted: false };
        fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}).unwrap();
        let first = visit.log.borrow().first().unwrap() == "give way";
        assert_eq!(first, gives, "{already} ms, {elsewhere}, {may_give_way}");
    }
}

/// 500 ms are ours: three commands to the file and a read of 125 ms each are no reason to give way, one more is.
#[test]
fn half_a_second_is_kept() {
    let mut visit = Visit::new(Extended::Never, quiet(photo_of(600), 1), Duration::from_millis(125));
    let log = Rc::clone(&visit.log);
    let item = visit.page.item(ItemName::Photo).unwrap();
    let applet = visit.page.applet(&item.applet).unwrap();
    let (channel, selection, habits) = (&mut visit.channel, &mut visit.selection, &mut visit.habits);
    let mut reading = Reading { channel, selection, habits, may_give_way: true };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}).unwrap();
    let given = log.take().iter().position(|sent| sent == "give way");
    assert_eq!(given, Some(5));
}

/// Others may have selected anything in their turn: the way to the file begins at the applet.
#[test]
fn after_a_turn_of_others_the_file_is_found_again() {
    let mut visit = Visit::new(Extended::Never, quiet(photo_of(600), 1), Duration::from_millis(400));
    let log = Rc::clone(&visit.log);
    let item = visit.page.item(ItemName::Photo).unwrap();
    let applet = visit.page.applet(&item.applet).unwrap();
    let (channel, selection, habits) = (&mut visit.channel, &mut visit.selection, &mut visit.habits);
    let mut reading = Reading { channel, selection, habits, may_give_way: true };
    let mut file = Fetched { bytes: Vec::new(), redacted: false };
    fetch(&mut reading, item, applet, &mut file, &mut |_, _, _| {}).unwrap();
    let sent = log.take();
    for (at, _) in sent.iter().enumerate().filter(|(_, sent)| *sent == "give way") {
        assert!(sent[at + 1].starts_with("00A404"), "{sent:?}");
    }
    assert!(sent.contains(&"give way".to_owned()));
}
