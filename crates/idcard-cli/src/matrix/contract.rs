//! The contract of every run, point by point (`docs/reliability.md`): how it ends, what it shows, what it leaves.

use super::room::PIN;
use super::trouble::Trouble;
use crate::stage::Played;
use idcard_sim::Outcome;
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
}

impl Run {
    pub(super) fn document(&self) -> Value {
        serde_json::from_slice(&self.played.stdout).unwrap_or(Value::Null)
    }

    fn error(&self) -> Value {
        let error: Value = serde_json::from_str(&self.played.stderr).expect("one error document");
        assert_eq!(error["schema"], "idcard.error/1");
        assert_eq!(error["error"]["exit"], self.played.status);
        error["error"].clone()
    }

    /// The commands that the card or the link saw.
    pub(super) fn commands(&self) -> Vec<Vec<u8>> {
        self.played.card.iter().flat_map(|card| card.log()).map(|entry| entry.command).collect()
    }

    /// References of the PINs that were presented.
    fn presented(&self) -> Vec<u8> {
        let with_body = |command: &Vec<u8>| command[1] == 0x20 && command.len() > 5;
        self.commands().iter().filter(|command| with_body(command)).map(|command| command[3]).collect()
    }
}

/// What a command may do.
pub(super) struct Terms {
    /// References of the PINs that the user gave a PIN for.
    pub pins: &'static [u8],
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
    spends(terms, run);
    leaves(run);
    keeps_secrets(run);
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
    let waits: Duration = reader.log().iter().map(|entry| waited(&entry.outcome)).sum();
    assert!(reader.elapsed() <= before.elapsed() * 3 + Duration::from_secs(5) + waits, "{:?}", reader.elapsed());
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
        assert!(message.contains(sw) && message.contains(": "), "{message}");
    }
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
fn spends(terms: &Terms, run: &Run) {
    let mut presented = run.presented();
    for reference in &presented {
        assert!(terms.pins.contains(reference), "a PIN was sent to {reference:02X}");
    }
    presented.sort_unstable();
    let times = presented.len();
    presented.dedup();
    assert_eq!(times, presented.len(), "a PIN was sent twice");
    // CHANGE REFERENCE DATA, RESET RETRY COUNTER, and everything that writes.
    let writes = [0x24, 0x2C, 0xD6, 0xDC, 0xDA, 0xE0, 0xE2, 0xE4, 0x44, 0x04];
    for command in run.commands() {
        assert!(!writes.contains(&command[1]), "{:02X} was sent", command[1]);
    }
    for pin in run.played.card.iter().flat_map(|card| card.pins()) {
        assert_eq!(pin.tries_left, 3, "{} lost a try", pin.name);
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

/// 9: the PIN is nowhere but in the command that presents it.
fn keeps_secrets(run: &Run) {
    let hex = hex::encode(PIN);
    let spaced: Vec<String> = PIN.bytes().map(|byte| format!("{byte:02X}")).collect();
    let forms = [PIN.to_owned(), hex.clone(), hex.to_uppercase(), spaced.join(" ")];
    let files = run.files.values().map(Vec::as_slice);
    for place in [&run.played.stdout[..], run.played.stderr.as_bytes()].into_iter().chain(files) {
        for form in &forms {
            assert!(!place.windows(form.len()).any(|part| part == form.as_bytes()), "the PIN was given away");
        }
    }
}
