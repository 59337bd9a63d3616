//! The choice of a reader, events, and deadlines, with a thread that plays the one that owns the handles.

use super::choice::{Choice, choose};
use super::link::{self, Link, Port, Reply, Request};
use super::*;
use crate::transport::Leaving;
use std::ffi::CString;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Instant;
use zeroize::Zeroizing;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(20);
const LATE: LinkError = LinkError::TimedOut { waited: SHORT };

fn reader(name: &str, slot: Slot) -> ReaderState {
    let id = CString::new(name).unwrap();
    ReaderState { name: name.to_owned(), slot, atr: Vec::new(), in_use: false, exclusive: false, events: 0, id }
}

fn chosen(readers: &[(&str, Slot)], name: Option<&str>) -> Result<Vec<String>, &'static str> {
    match choose(readers.iter().map(|(name, slot)| reader(name, *slot)).collect(), name) {
        Choice::NoReader => Err("no reader"),
        Choice::NoCard => Err("no card"),
        Choice::Cards(cards) => Ok(cards.into_iter().map(|card| card.name).collect()),
    }
}

#[test]
fn the_only_card_is_chosen_or_the_named_reader() {
    use Slot::{Card, Empty, Mute, Unavailable};
    let three = [("Alpha 00", Card), ("Alpha 00 01", Empty), ("Beta", Mute)];
    assert_eq!(chosen(&[], None), Err("no reader"));
    assert_eq!(chosen(&[], Some("Alpha")), Err("no reader"));
    assert_eq!(chosen(&three, None), Ok(vec!["Alpha 00".to_owned(), "Beta".to_owned()]));
    assert_eq!(chosen(&three, Some("")), chosen(&three, None));
    assert_eq!(chosen(&three, Some("Bet")), Ok(vec!["Beta".to_owned()]));
    assert_eq!(chosen(&three, Some("Gamma")), Err("no reader"));
    assert_eq!(chosen(&three, Some("01")), Err("no card"));
    // An exact name wins over a longer one that contains it, also where it holds no card.
    assert_eq!(chosen(&[("A", Card), ("A 1", Card)], Some("A")), Ok(vec!["A".to_owned()]));
    assert_eq!(chosen(&[("A", Empty), ("A 1", Card)], Some("A")), Err("no card"));
    assert_eq!(chosen(&[("A", Unavailable)], None), Err("no card"));
    assert_eq!(chosen(&[("قارئ", Card)], Some("قار")), Ok(vec!["قارئ".to_owned()]));
    // Forty readers with names as long as they may be; names that are the same.
    let names: Vec<String> = (0..40).map(|number| format!("{number:0>127}")).collect();
    let slot = |number| if number == 27 { Card } else { Empty };
    let many: Vec<_> = names.iter().enumerate().map(|(number, name)| (name.as_str(), slot(number))).collect();
    assert_eq!(chosen(&many, None), Ok(vec![names[27].clone()]));
    assert_eq!(chosen(&many, Some(&names[26])), Err("no card"));
    assert_eq!(chosen(&[("A", Card), ("A", Card)], Some("A")).map(|cards| cards.len()), Ok(2), "not guessed between");
}

/// Starts a thread in the place of the one that owns the handles.
fn playing(role: impl FnOnce(Port) + Send + 'static) -> Link {
    let (link, port) = link::pair();
    thread::spawn(move || role(port));
    link
}

#[test]
fn a_call_that_does_not_return_is_given_up_in_time() {
    let (released, hold) = channel::<()>();
    let (gone, went) = channel();
    let mut link = playing(move |port| {
        let request = port.requests.recv().unwrap();
        hold.recv().unwrap_err(); // stuck in the service
        drop(request);
        gone.send(port.requests.recv().is_err()).unwrap();
    });
    let asked = Instant::now();
    assert_eq!(link.call(Request::Begin, SHORT, LATE).err(), Some(LATE));
    assert_eq!(link.call(Request::Begin, LONG, LinkError::Removed).err(), Some(LATE));
    drop(link); // does not wait for the stuck thread
    assert!(asked.elapsed() < LONG);
    drop(released);
    assert!(went.recv().unwrap(), "when its call returns the thread finds its caller gone");
}

#[test]
fn an_interrupt_ends_the_wait_and_all_later_calls() {
    let (started, running) = channel();
    let (finish, finished) = channel::<()>();
    let mut link = playing(move |port| {
        assert!(matches!(port.requests.recv(), Ok(Request::Begin)));
        started.send(()).unwrap();
        finished.recv().unwrap_err();
        port.replies.try_send(Reply::default()).unwrap();
        while port.requests.recv().is_ok() {}
    });
    let interrupt = link.interrupt();
    thread::spawn(move || {
        running.recv().unwrap();
        interrupt.raise();
        interrupt.raise();
    });
    assert_eq!(link.call(Request::Begin, LONG, LATE).err(), Some(LinkError::Cancelled));
    drop(finish);
    assert_eq!(link.call(Request::End(Leaving::Keep), LONG, LATE).err(), Some(LinkError::Cancelled));
}

/// A PIN was presented, and the run is broken off or the answer does not come: the thread resets the card when it is free.
#[test]
fn a_reset_that_cannot_be_asked_for_is_left_to_the_thread() {
    for (leaving, interrupted) in [(Leaving::Reset, true), (Leaving::Reset, false), (Leaving::Keep, true)] {
        let (release, released) = channel::<()>();
        let (tell, told) = channel();
        let mut link = playing(move |port| {
            let _ = port.requests.recv();
            released.recv().unwrap_err(); // in the card
            while port.requests.recv().is_ok() {}
            tell.send(port.reset.load(Ordering::SeqCst)).unwrap();
        });
        if interrupted {
            link.interrupt().raise();
        }
        link.call(Request::Begin, SHORT, LATE).err().unwrap();
        link.call(Request::End(leaving), LONG, LATE).err().unwrap();
        drop(release);
        drop(link);
        assert_eq!(told.recv().unwrap(), leaving == Leaving::Reset, "{interrupted}");
    }
}

#[test]
fn an_interrupt_before_a_call_is_not_forgotten() {
    let mut link = playing(|port| while port.requests.recv().is_ok() {});
    link.interrupt().raise();
    assert_eq!(link.call(Request::Begin, LONG, LATE).err(), Some(LinkError::Cancelled));
}

#[test]
fn a_thread_that_dies_leaves_nobody_waiting() {
    let mut link = playing(|port| drop(port.requests.recv()));
    let asked = Instant::now();
    let lost = Some(LinkError::Lost { code: "SCARD_F_UNKNOWN_ERROR" });
    assert_eq!(link.call(Request::Recover, LONG, LATE).err(), lost);
    assert_eq!(link.call(Request::GiveWay, LONG, LATE).err(), lost);
    assert!(asked.elapsed() < LONG);
}

#[test]
fn buffers_go_and_come_back() {
    let mut link = playing(|port| {
        while let Ok(Request::Exchange { mut command, mut answer }) = port.requests.recv() {
            answer.extend_from_slice(&[command[0], 0x90, 0x00]);
            command.clear();
            port.replies.try_send(Reply { command, answer, ..Reply::default() }).unwrap();
        }
    });
    let mut command = Zeroizing::new(Vec::with_capacity(16));
    let mut answer = Vec::with_capacity(16);
    let (first, second) = (command.as_ptr(), answer.as_ptr());
    for byte in 0..100 {
        command.push(byte);
        let reply = link.call(Request::Exchange { command, answer }, LONG, LATE).unwrap();
        assert_eq!(reply.answer, [byte, 0x90, 0x00]);
        (command, answer) = (reply.command, reply.answer);
        answer.clear();
    }
    assert_eq!((command.as_ptr(), answer.as_ptr()), (first, second));
}

#[test]
fn what_takes_too_long_is_left_alone() {
    let (released, hold) = channel::<()>();
    let late = bounded::run(SHORT, move || hold.recv().map_err(|_| LinkError::Removed));
    assert_eq!(late, Err(LATE));
    drop(released);
    assert_eq!(bounded::run(LONG, || Ok(5)), Ok(5));
    assert_eq!(bounded::run(LONG, || Err::<(), _>(LinkError::NoCard)), Err(LinkError::NoCard));
}

fn seen(name: &str, slot: Slot, atr: &[u8], events: u32) -> ReaderState {
    ReaderState { atr: atr.to_vec(), events, ..reader(name, slot) }
}

#[test]
fn events_tell_what_came_and_went() {
    let attached = Event::ReaderAttached { reader: "A".to_owned() };
    let detached = Event::ReaderDetached { reader: "A".to_owned() };
    let removed = Event::Removed { reader: "A".to_owned() };
    let inserted = |atr: &[u8]| Event::Inserted { reader: "A".to_owned(), atr: atr.to_vec() };
    let none = || seen("A", Slot::Empty, &[], 0);
    let one = |events| seen("A", Slot::Card, &[0x3B, 0x01], events);
    let two = |events| seen("A", Slot::Card, &[0x3B, 0x02], events);
    let changes = |before: &[ReaderState], now: &[ReaderState]| watch::changes(before, now);
    assert_eq!(changes(&[], &[none()]), std::slice::from_ref(&attached));
    assert_eq!(changes(&[], &[one(1)]), [attached, inserted(&[0x3B, 0x01])]);
    assert_eq!(changes(&[one(1)], &[]), [removed.clone(), detached.clone()]);
    assert_eq!(changes(&[none()], &[]), [detached]);
    assert_eq!(changes(&[none()], &[one(1)]), [inserted(&[0x3B, 0x01])]);
    assert_eq!(changes(&[one(1)], &[seen("A", Slot::Empty, &[], 2)]), std::slice::from_ref(&removed));
    // Another card between two looks, the same card again, and one that came and left.
    assert_eq!(changes(&[one(1)], &[two(3)]), [removed.clone(), inserted(&[0x3B, 0x02])]);
    assert_eq!(changes(&[one(1)], &[one(3)]), [removed.clone(), inserted(&[0x3B, 0x01])]);
    assert_eq!(changes(&[one(0xFFFF)], &[one(1)]), [removed.clone(), inserted(&[0x3B, 0x01])]);
    let empty = |events| seen("A", Slot::Empty, &[], events);
    assert_eq!(changes(&[empty(2)], &[empty(4)]), [inserted(&[]), removed.clone()]);
    assert!(changes(&[empty(2)], &[empty(0x8000)]).len() < 100);
    // Where nobody counts the answer to reset tells.
    assert_eq!(changes(&[one(0)], &[two(0)]), [removed, inserted(&[0x3B, 0x02])]);
    assert_eq!(changes(&[one(0)], &[one(0)]), []);
    assert_eq!(changes(&[one(7)], &[one(7)]), []);
    assert_eq!(changes(&[seen("A", Slot::Mute, &[], 0)], &[seen("A", Slot::Mute, &[], 0)]), []);
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn the_causes_of_an_unreachable_service_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pcscd.comm");
    assert_eq!(service(&path, LONG), Service::Absent);
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert_eq!(service(&path, LONG), Service::Dead);
}
