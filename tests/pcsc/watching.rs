//! `idcard watch` at a real service: cards that come and go, a service that dies and comes back, signals, commands.

use super::{Lab, READERS};
use crate::json::keeps_to_its_schema;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A watch under way.
struct Watch {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn of(lab: &Lab, words: &[&str]) -> Self {
        let mut command = lab.bounded(env!("CARGO_BIN_EXE_idcard"));
        command.args(["watch", "--json"]).args(words);
        Self::start(command)
    }

    /// The next line, whose event and reader are these.
    #[track_caller]
    fn tells(&mut self, event: &str, reader: Option<&str>) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{event} is due, not {line:?}"));
        keeps_to_its_schema(&line);
        assert_eq!((line["event"].as_str(), line["reader"].as_str()), (Some(event), reader), "{line}");
        line
    }

    /// The end: the status, and that nothing more was told.
    fn ends(mut self) -> Option<i32> {
        let mut rest = String::new();
        self.lines.read_line(&mut rest).unwrap();
        assert_eq!(rest, "");
        self.child.wait().unwrap().code()
    }
}

#[test]
fn readers_and_cards_are_told_as_they_come_and_go() {
    let mut lab = Lab::start();
    let mut watch = Watch::of(&lab, &["--count", "5"]);
    let [first, second] = READERS;
    for reader in [first, second] {
        assert!(watch.tells("reader_attached", Some(reader))["atr"].is_null());
    }
    lab.insert_into(1, "mav4");
    let inserted = watch.tells("card_inserted", Some(second));
    assert_eq!(inserted["atr"], "3BFF9600008131FE4380318065B085040011120FFF829000E0");
    assert_eq!((inserted["family"].as_str(), inserted["generation"].as_str()), (Some("mav"), Some("mav4")));
    lab.remove_from(1);
    watch.tells("card_removed", Some(second));
    lab.insert_into(0, "specimen");
    assert_eq!(watch.tells("card_inserted", Some(first))["generation"], "specimen");
    assert_eq!(watch.ends(), Some(0));
    // A card that is in already is told like one that comes; readers of other names are not.
    let mut watch = Watch::of(&lab, &["--count", "2", "--card", "pcsc:00 00"]);
    watch.tells("reader_attached", Some(first));
    watch.tells("card_inserted", Some(first));
    assert_eq!(watch.ends(), Some(0));
}

#[test]
fn a_watch_outlives_its_service() {
    let mut lab = Lab::start();
    let [first, second] = READERS;
    let mut watch = Watch::of(&lab, &["--count", "11"]);
    watch.tells("reader_attached", Some(first));
    watch.tells("reader_attached", Some(second));
    lab.insert("specimen");
    watch.tells("card_inserted", Some(first));
    lab.kill_service();
    assert!(watch.tells("service_lost", None)["error"].is_string());
    lab.restart_service();
    watch.tells("service_back", None);
    watch.tells("card_removed", Some(first));
    lab.insert("mav2");
    assert_eq!(watch.tells("card_inserted", Some(first))["generation"], "mav2");
    lab.kill_service();
    watch.tells("service_lost", None);
    lab.restart_service();
    watch.tells("service_back", None);
    watch.tells("card_removed", Some(first));
    lab.insert_into(1, "specimen");
    watch.tells("card_inserted", Some(second));
    assert_eq!(watch.ends(), Some(0));
}

#[test]
fn a_command_finds_the_event_in_its_environment() {
    let mut lab = Lab::start();
    lab.insert("specimen");
    // The command asks idcard itself; what it prints is kept off stdout.
    let command = format!(
        "printf '%s:%s:%s:%s\\n' \"$IDCARD_EVENT\" \"$IDCARD_READER\" \"$IDCARD_GENERATION\" \"$IDCARD_CARD\"; \
         [ $IDCARD_EVENT != card_inserted ] || '{}' cert list >certificates; exit 3",
        env!("CARGO_BIN_EXE_idcard")
    );
    let output = lab.idcard(["watch", "--card", "pcsc:00 00", "--count", "2", "--exec", &command]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told, "Reader attached: Virtual PCD 00 00\nCard inserted: Virtual PCD 00 00 (specimen)\n");
    let reader = READERS[0];
    let by_command = String::from_utf8(output.stderr).unwrap();
    assert!(by_command.contains(&format!("reader_attached:{reader}::pcsc:{reader}\n")), "{by_command}");
    assert!(by_command.contains(&format!("card_inserted:{reader}:specimen:pcsc:{reader}\n")), "{by_command}");
    assert_eq!(by_command.matches("idcard: --exec: exit status: 3").count(), 2, "{by_command}");
    assert!(std::fs::read_to_string(lab.path("certificates")).unwrap().contains("Digital Citizen CA"), "{by_command}");
}

#[test]
fn a_watch_ends_with_a_signal_or_with_its_listener() {
    let lab = Lab::discreet();
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let mut watch = Watch::of(&lab, &[]);
        READERS.iter().for_each(|reader| drop(watch.tells("reader_attached", Some(reader))));
        // `timeout` passes the signal on.
        let sent = Command::new("sh").args(["-c", &format!("kill -{signal} {}", watch.child.id())]).status();
        assert!(sent.unwrap().success());
        assert_eq!(watch.ends(), Some(status), "{signal}");
    }
    // Nothing is ever written here, and still it is noticed that nobody listens.
    let mut command = lab.bounded(env!("CARGO_BIN_EXE_idcard"));
    command.args(["watch", "--card", "pcsc:a name that no reader has"]).stderr(Stdio::piped());
    let Watch { child, lines } = Watch::start(command);
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(141), 0), "{output:?}");
}

#[test]
fn only_readers_can_be_watched() {
    for card in ["sim:specimen", "replay:visit.apdu"] {
        assert_eq!(crate::program::idcard(["--card", card, "watch", "--json"]).run().error(2)["kind"], "usage");
    }
}
