//! The command that `--exec` names: what happened stands in its environment and never in its text.

use super::line::Line;
use crate::context::Context;
use std::process::{Command, Stdio};

/// Runs the command to its end, so that commands never overtake each other. Its stdout goes to our stderr: the lines
/// of the events have stdout to themselves.
pub(super) fn run(command: &str, line: &Line, context: &Context) {
    match prepared(command, line).stdout(Stdio::from(std::io::stderr())).status() {
        Ok(status) if status.success() => {}
        Ok(status) => context.note(&format!("--exec: {status}")),
        Err(error) => context.note(&format!("--exec: {error}")),
    }
}

fn prepared(command: &str, line: &Line) -> Command {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell);
    child.arg(flag).arg(command).stdin(Stdio::null());
    for (name, value) in environment(line) {
        child.env(name, value);
    }
    child
}

/// Everything about the event; empty where it says nothing. `IDCARD_CARD` names the reader to idcard itself.
fn environment(line: &Line) -> Vec<(&'static str, String)> {
    let told = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut variables = vec![
        ("IDCARD_EVENT", line.event.word().to_owned()),
        ("IDCARD_TIME", line.time.clone()),
        ("IDCARD_READER", told(&line.reader)),
        ("IDCARD_ATR", told(&line.atr)),
        ("IDCARD_FAMILY", told(&line.family)),
        ("IDCARD_GENERATION", told(&line.generation)),
    ];
    if let Some(reader) = &line.reader {
        variables.push(("IDCARD_CARD", format!("pcsc:{reader}")));
    }
    variables
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use idcard_core::family::Roster;
    use idcard_core::transport::pcsc::Event;
    use std::time::SystemTime;

    #[test]
    fn the_name_of_a_reader_is_never_part_of_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let hostile = "R'\"; touch a; $(touch b) `touch c` \n| touch d";
        let event = Event::Inserted { reader: hostile.to_owned(), atr: vec![0x3B, 0x00] };
        let line = Line::of(&event, SystemTime::UNIX_EPOCH, None, &Roster::built_in().unwrap()).unwrap();
        let mut child = prepared("printf '%s\n' \"$IDCARD_READER\" \"$IDCARD_TIME\" \"$IDCARD_ATR\"", &line);
        let output = child.current_dir(folder.path()).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{hostile}\n1970-01-01T00:00:00Z\n3B00\n"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
