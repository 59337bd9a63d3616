//! The contract of every run, point by point (`docs/reliability.md`): how it ends, what it shows, what it leaves.

use super::secrets;
use super::trouble::Trouble;
use crate::stage::Played;
use idcard_sim::{Handle, Outcome};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// More commands than any run sends.
const MOST_EXCHANGES: usize = 4_096;
/// Endings that no trouble with a card excuses: a fault of the program, of its arguments, of files, of verdicts.
const NEVER: [u8; 8] = [1, 2, 14, 15, 16, 17, 101, 141];

/// A run, and what it left in the folder.
pub(super) struct Run {
    pub played: Played,
    pub files: BTreeMap<String, Vec<u8>>,
    /// What `--record` kept.
    pub trace: Vec<u8>,
}

impl Run {
    pub(super) fn document(&self) -> Value {
        serde_json::from_slice(&self.played.stdout).unwrap_or(Value::Null)
    }

    /// The lines of the log, one for each exchange and more.
    pub(super) fn log(&self) -> impl Iterator<Item = &str> {
        self.played.stderr.lines().filter(|line| line.starts_with("idcard: "))
    }

    fn error(&self) -> Value {
        let told: String = self.played.stderr.lines().filter(|line| !line.starts_with("idcard: ")).collect();
        let error: Value = serde_json::from_str(&told).expect("one error document");
        assert_eq!(error["schema"], "idcard.error/1");
        assert_eq!(error["error"]["exit"], self.played.status);
        error["error"].clone()
    }

    /// The commands that the card or the link saw.
    pub(super) fn commands(&self) -> Vec<Vec<u8>> {
        self.played.card.iter().flat_map(|card| card.log()).map(|entry| entry.command).collect()
    }

    /// References of the PINs that were presented.
    pub(super) fn presented(&self) -> Vec<u8> {
        let presents = |command: &&Vec<u8>| match command.as_slice() {
            // A protected question has no data object 87, which holds what is enciphered.
            [class, 0x20, _, _, _, first, ..] => class & 0x0C == 0 || *first == 0x87,
            _ => false,
        };
        self.commands().iter().filter(presents).map(|command| command[3]).collect()
    }
}

/// What a command may do.
pub(super) struct Terms {
    /// References of the PINs that the user gave a PIN for, each as often as it may be presented.
    pub pins: &'static [u8],
    /// Instruction and reference of the commands that replace a PIN, each as often as it may be sent.
    pub writes: &'static [(u8, u8)],
    /// The tries that are left at the least.
    pub tries: u8,
    /// Whether two runs without trouble give the same.
    pub same: bool,
    /// Whether a status word may be the very thing that the command shows.
    pub shows_status: bool,
}

/// Holds one run with trouble against the one without.
pub(super) fn holds(terms: &Terms, trouble: &Trouble, honest: &Run, run: &Run) {
    ends(trouble, honest, run);
    says(trouble, honest, run);
    shows(terms, trouble, honest, run);
    spends(terms, trouble.lies(), run);
    leaves(run);
    secrets::are_kept(run);
}

/// Holds a run with a fault of the catalogue to what does not depend on what the card means to say.
pub(super) fn holds_everywhere(terms: &Terms, fault: &str, honest: &Run, run: &Run) {
    let status = run.played.status;
    if status == 2 {
        assert!(run.error()["message"].as_str().unwrap().contains("does not fit"), "{}", run.played.stderr);
        return;
    }
    assert!(!NEVER.contains(&status) && status < 20, "exit {status}: {}", run.played.stderr);
    if run.played.stdout.is_empty() && status != 0 {
        let error = run.error();
        let message = error["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    }
    if let Some((reader, before)) = run.played.card.as_ref().zip(honest.played.card.as_ref()) {
        assert!(reader.exchanges() <= MOST_EXCHANGES, "{} exchanges", reader.exchanges());
        in_time(reader, before, allowed(fault, reader.exchanges()));
        assert!(reader.pins().iter().all(|pin| !pin.verified), "a PIN stays presented");
    }
    // What `read` has got is worth keeping where other parts fail; anything else is whole or not there.
    let kept = |name: &str| status == 0 || name.starts_with("raw/") || name.starts_with("photo");
    let mut names = run.files.keys();
    assert!(names.all(|name| honest.files.contains_key(name) && kept(name)), "{status}: {:?}", run.files.keys());
    // A card that was exchanged while nobody noticed, in one transaction, is presented the PIN of the one before.
    if fault != "C-52" {
        spends(terms, true, run);
    }
    secrets::are_kept(run);
}

/// 1: it ends, within bounds of exchanges and of time on the link.
fn ends(trouble: &Trouble, honest: &Run, run: &Run) {
    assert!(!NEVER.contains(&run.played.status), "exit {}: {}", run.played.status, run.played.stderr);
    let Some((reader, before)) = run.played.card.as_ref().zip(honest.played.card.as_ref()) else { return };
    // Nothing is asked without end: a link that loses extended length needs 252 bytes at a time.
    let most = (before.exchanges() * 4 + 16).min(MOST_EXCHANGES);
    assert!(
        reader.exchanges() <= most || matches!(trouble, Trouble::Changed("C-08")),
        "{} exchanges",
        reader.exchanges()
    );
    assert!(reader.exchanges() <= MOST_EXCHANGES);
    in_time(reader, before, Duration::ZERO);
}

/// What the rows of the catalogue allow beyond the usual time: 300 pieces of an answer, 32 KiB of a file without end, files
/// that are longer in truth, an answer to reset that promises no extended length.
fn allowed(fault: &str, exchanges: usize) -> Duration {
    match fault {
        "slow" => Duration::from_secs(5) * u32::try_from(exchanges).unwrap(),
        "C-08" | "C-34" | "C-35" | "C-40" => Duration::from_secs(30),
        _ if fault.starts_with("C-49") => Duration::from_secs(10),
        _ => Duration::ZERO,
    }
}

/// Three times the time of an honest link and five seconds, what is waited for an answer aside.
fn in_time(reader: &Handle, before: &Handle, slow: Duration) {
    let waits: Duration = reader.log().iter().map(|entry| waited(&entry.outcome)).sum();
    let most = before.elapsed() * 3 + Duration::from_secs(5) + waits + slow;
    assert!(reader.elapsed() <= most, "{:?}", reader.elapsed());
}

fn waited(outcome: &Outcome) -> Duration {
    match outcome {
        Outcome::Failure(idcard_core::LinkError::TimedOut { waited } | idcard_core::LinkError::Busy { waited }) => {
            *waited
        }
        _ => Duration::ZERO,
    }
}

/// 4: a run that is broken off says at which step, and by what.
fn says(trouble: &Trouble, honest: &Run, run: &Run) {
    let status = run.played.status;
    let broken_off = run.played.stdout.is_empty() && status != 0;
    if !broken_off {
        let (document, warnings) = (run.document(), run.document()["warnings"].to_string());
        assert!(status != 12 || tells_why(&document) || warnings.contains("_unreadable"), "{document:#}");
        return;
    }
    let error = run.error();
    let message = error["message"].as_str().unwrap();
    assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    if let Some((exit, kind, told)) = trouble.breaks_off() {
        let reset = matches!(trouble, Trouble::Link("reset"));
        // After a reset the run goes on where it may, and otherwise asks for the PIN anew.
        if !reset && status != honest.played.status {
            assert_eq!((status, error["kind"].as_str()), (exit, Some(kind)), "{message}");
            assert!(message.contains(told), "{message}");
            assert!(message.contains(": "), "the step is told: {message}");
        }
    }
    if error["kind"] == "card_refused" {
        let sw = error["sw"].as_str().expect("the status word");
        let places = [" in applet ", " certificate: ", "the secure channel was not opened: "];
        let placed = places.iter().any(|place| message.contains(place));
        assert!(message.contains(sw) && placed, "step, file and status word: {message}");
    }
}

/// Whether a part of a document is refused, with its status word, or malformed, with what is wrong.
fn tells_why(part: &Value) -> bool {
    let fact = |key: &str| part[key].as_str().is_some_and(|text| text.len() >= 4);
    let own = match part["status"].as_str() {
        Some("refused") => {
            assert!(fact("sw"), "{part}");
            true
        }
        Some("malformed") => {
            assert!(fact("detail"), "{part}");
            true
        }
        _ => false,
    };
    let inner: Vec<&Value> = match part {
        Value::Object(fields) => fields.values().collect(),
        Value::Array(entries) => entries.iter().collect(),
        _ => Vec::new(),
    };
    inner.into_iter().fold(own, |told, part| tells_why(part) || told)
}

/// 5 and 7: nothing is half shown, no file is half made.
fn shows(terms: &Terms, trouble: &Trouble, honest: &Run, run: &Run) {
    let (document, whole) = (run.document(), honest.document());
    let done = run.played.status == 0;
    let called_false = trouble.lies() && run.played.status == 18;
    if !terms.shows_status && !called_false {
        read_is_whole(trouble, &whole, &document);
    }
    for (name, bytes) in &run.files {
        assert!(!name.contains(".part"), "{name} is left behind");
        let Some(before) = honest.files.get(name) else { panic!("{name} is no file of this command") };
        // A signature that differs is checked below; of a card that lies, `--raw` keeps what it said.
        assert!(bytes == before || trouble.lies() || (!terms.same && done), "{name} is not what the card holds");
    }
    if done {
        // Cards without a serial number or a card number exist.
        let mut needed = honest.files.keys().filter(|name| !name.starts_with("raw/"));
        assert!(needed.all(|name| run.files.contains_key(name)), "{:?}", run.files.keys());
    }
}

/// What calls itself read is what the card without trouble gives.
fn read_is_whole(trouble: &Trouble, whole: &Value, part: &Value) {
    match part {
        Value::Object(fields) => {
            // Of what a card says in the place of another answer, the issuer's signature covers all but certificates.
            let covered = !(trouble.lies() && part.get("slot").is_some());
            if part["status"] == "read" && part.get("groups").is_none() && covered {
                assert_eq!(part, whole);
            }
            // What could not be read is not compared with what was signed.
            let verdict =
                part.get("verdict").is_none_or(|verdict| *verdict == whole["verdict"] || *verdict != "authentic");
            assert!(verdict, "{part}");
            for (name, value) in fields {
                read_is_whole(trouble, &whole[name], value);
            }
        }
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                read_is_whole(trouble, &whole[index], entry);
            }
        }
        _ => {}
    }
}

/// 6: a PIN goes out only where one was given, once for each PIN object, and no try is lost.
pub(super) fn spends(terms: &Terms, lies: bool, run: &Run) {
    let mut allowed = terms.pins.to_vec();
    for reference in run.presented() {
        let at = allowed.iter().position(|known| *known == reference);
        allowed.remove(at.unwrap_or_else(|| panic!("a PIN was sent to {reference:02X} unasked, or once more")));
    }
    let mut allowed = terms.writes.to_vec();
    // CHANGE REFERENCE DATA, RESET RETRY COUNTER, and everything else that writes; the journal of a change is a file.
    let writes = [0x24, 0x2C, 0xD6, 0xDC, 0xDA, 0xE0, 0xE2, 0xE4, 0x44, 0x04];
    for command in run.commands().iter().filter(|command| writes.contains(&command[1])) {
        if command[1] == 0xD6 && !terms.writes.is_empty() {
            continue;
        }
        let at = allowed.iter().position(|known| *known == (command[1], command[3]));
        allowed.remove(at.unwrap_or_else(|| panic!("{:02X} was sent to {:02X}", command[1], command[3])));
    }
    // Where a PIN is being replaced, a card that says that it did what it did not do is presented a PIN that it does not hold.
    let least = if lies && !terms.writes.is_empty() { 2 } else { terms.tries };
    for pin in run.played.card.iter().flat_map(|card| card.pins()) {
        assert!(pin.tries_left >= least, "{} lost a try", pin.name);
        assert!(pin.puk_left.is_none_or(|left| left == 10), "the PUK of {} lost a try", pin.name);
    }
}

/// 8: no PIN stays presented, and the card serves the next program.
fn leaves(run: &Run) {
    let Some(reader) = &run.played.card else { return };
    let pins = reader.pins();
    if pins.is_empty() {
        return; // the card is out
    }
    assert!(pins.iter().all(|pin| !pin.verified), "a PIN stays presented");
    let applet = [0x00, 0xA4, 0x04, 0x0C, 0x08, 0xA0, 0x00, 0x00, 0x00, 0x18, 0x30, 0x03, 0x01];
    let answered = reader.with_card(|card| card.transmit(&applet));
    assert_eq!(answered.as_deref(), Some(&[0x90, 0x00][..]));
}
