//! Resuming from every state that a journal can tell, with right and mistaken PINs, at every number of tries.

use super::{ID, card, counters, full, held_by_all, journal, pin};
use idcard_core::{Card, Entitlement, Error, LastTry, PinKind};
use idcard_sim::Handle;

const NEW: &str = "2581";
/// Applet, PIN and flag of the objects of DF 0500, DF 0200 and reference 81 (`specimen.md` 5, `nid-card.md` 5.4).
const OBJECTS: [(usize, usize, usize); 3] = [(1, 1, 29), (1, 0, 8), (2, 0, 12)];

/// What one object may be in: its flag, and whether it holds the new PIN.
const STATES: [(u8, bool); 4] = [(0x00, false), (0x01, false), (0x01, true), (0x0F, true)];

fn torn(states: [(u8, bool); 3], failed: [u8; 3]) -> (Card, Handle) {
    let (card, handle) = card("specimen");
    handle.with_card(|card| {
        for (((applet, at, flag), (mark, is_new)), failed) in OBJECTS.into_iter().zip(states).zip(failed) {
            let pin = &mut card.image_mut().applets[applet].pins[at];
            pin.failed = failed;
            if is_new {
                pin.value = NEW.as_bytes().to_vec();
            }
            card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content[flag] = mark;
        }
    });
    (card, handle)
}

fn lost(before: [u8; 3], handle: &Handle) -> Vec<u8> {
    let now = ["id-0500", "id-0200", "id-81"].map(|name| 3 - handle.pin(name).unwrap().tries_left);
    before.into_iter().zip(now).map(|(before, now)| now.saturating_sub(before)).collect()
}

/// One try at most is lost in a run, only where two or more are left, and no object ever holds a third PIN.
#[test]
fn no_run_costs_more_than_one_try_nor_the_last_one() {
    let tries: [[u8; 3]; 7] = [[0; 3], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1; 3], [2, 0, 0], [0, 0, 2]];
    let mut finished = 0;
    for states in (0..64).map(|n| [STATES[n / 16], STATES[n / 4 % 4], STATES[n % 4]]) {
        // Flags are cleared from the first on, when all objects hold the new PIN.
        if was_complete(states) && states.iter().any(|(_, is_new)| !is_new) {
            continue;
        }
        for failed in tries {
            for (old, new) in [(ID, NEW), ("4444", NEW), (ID, "9991"), ("4444", "9991"), (NEW, ID)] {
                let place = format!("{states:02X?} {failed:?} {old} {new}");
                let (mut card, handle) = torn(states, failed);
                let (before, by) = (held_by_all(&handle), pin(old));
                let mut resume = || {
                    let by = Entitlement::Old(&by);
                    card.session().unwrap().resume_pin(PinKind::Id, by, &pin(new), LastTry::Refuse)
                };
                let ended = resume();
                let lost = lost(failed, &handle);
                assert!(lost.iter().sum::<u8>() <= 1, "{place}: {lost:?} {ended:?}");
                for (failed, lost) in failed.iter().zip(&lost) {
                    assert!(failed + lost < 3 && (*lost == 0 || *failed < 2), "{place}: the last try {ended:?}");
                }
                let held = held_by_all(&handle);
                let known = |one: &String| [ID, NEW, new].contains(&one.as_str());
                assert!(held.iter().all(known), "{place}: {held:?} from {before:?}");
                match ended {
                    Ok(()) => {
                        assert!(held.iter().all(|one| *one == held[0]), "{place}: a silent mixture {held:?}");
                        assert_eq!(journal(&handle), [0; 32], "{place}");
                    }
                    Err(error) => {
                        // What is told is that it did not end: never that all is well.
                        let told = card.session().unwrap().pin_journal(PinKind::Id).unwrap().unwrap();
                        let same = held.iter().all(|one| *one == held[0]);
                        assert!(told.in_step() != Some(true) || same, "{place}: {error} {told:?} {held:?}");
                    }
                }
            }
            // With the right PINs it ends, at the second time where one object is unknown, and gives back what was lost.
            let (mut card, handle) = torn(states, failed);
            let mut resume = || {
                let (old, new) = (pin(ID), pin(NEW));
                card.session().unwrap().resume_pin(PinKind::Id, Entitlement::Old(&old), &new, LastTry::Refuse)
            };
            let unknown = states.iter().filter(|(flag, _)| *flag == 0x01).count();
            let ended: Vec<_> = (0..=unknown.max(1)).map(|_| resume()).collect();
            let last = ended.last().unwrap();
            if failed.contains(&2) && last.is_err() {
                assert!(matches!(ended[0], Err(Error::PinNotTried { tries_left: Some(1), .. })), "{ended:?}");
                continue;
            }
            if let Err(error) = last {
                // Two tries were left, and the refusal of one PIN has taken the first: the other is not risked unasked. With
                // two objects that nobody knows, which no change of ours leaves, it comes to that from three.
                assert!(failed.contains(&1) || unknown > 1, "{states:02X?} {failed:?}: {error}");
                assert!(error.to_string().contains("1 try left"), "{states:02X?} {failed:?}: {error}");
                continue;
            }
            let place = format!("{states:02X?} {failed:?}");
            assert_eq!(held_by_all(&handle), if journal_was_idle(states) { [ID; 3] } else { [NEW; 3] }, "{place}");
            assert_eq!(journal(&handle), [0; 32], "{place}");
            // A counter that came to its last try is not set right unasked.
            let spared =
                ended.iter().any(|run| run.as_ref().is_err_and(|error| error.to_string().ends_with("1 try left")));
            if !journal_was_idle(states) && !was_complete(states) && !spared {
                assert_eq!(counters(&handle), full(), "{place}");
            }
            finished += 1;
        }
    }
    assert!(finished > 200, "{finished}");
}

fn journal_was_idle(states: [(u8, bool); 3]) -> bool {
    states.iter().all(|(flag, _)| *flag == 0x00)
}

fn was_complete(states: [(u8, bool); 3]) -> bool {
    let first = states.iter().position(|(flag, _)| *flag != 0x00);
    first.is_some_and(|first| {
        let rest = if first == 0 { &states[..] } else { &states[first + 1..] };
        rest.iter().all(|(flag, _)| *flag == 0x0F)
    })
}
