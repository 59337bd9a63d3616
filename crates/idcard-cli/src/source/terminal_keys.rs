//! The keys of a terminal, from a file or from a command that prints them.

use crate::args::Options;
use crate::exit::{Failure, Kind};
use crate::pin_entry;
use crate::regular::open_at_once;
use idcard_core::secure::{LongTermKeys, TerminalKeys};
use serde::Deserialize;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use zeroize::{Zeroize, Zeroizing};

/// The longest text that is looked at; four fields have some 150 bytes.
const LONGEST: u64 = 4096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    kenc: String,
    kmac: String,
    sn_ifd: String,
    key_ref: u8,
}

impl Drop for Fields {
    fn drop(&mut self) {
        self.kenc.zeroize();
        self.kmac.zeroize();
        self.sn_ifd.zeroize();
    }
}

/// The keys that the options name; `None` where they name none.
pub(crate) fn given(options: &Options, limit: Duration) -> Result<Option<Box<dyn TerminalKeys>>, Failure> {
    let (text, origin) = match (&options.terminal_keys, &options.terminal_keys_from) {
        (Some(path), _) => (of_file(path)?, path.display().to_string()),
        (None, Some(command)) => (of_command(command, limit)?, "--terminal-keys-from".to_owned()),
        (None, None) => return Ok(None),
    };
    let keys = parse(&text).map_err(|what| Failure::new(Kind::BadFile, format!("{origin}: {what}")))?;
    Ok(Some(Box::new(keys)))
}

fn of_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |error| Failure::file(path, &error);
    let file = open_at_once(path).map_err(failed)?;
    pin_entry::private(path, &file)?;
    whole(file).map_err(failed)
}

/// Runs the command in the shell of the system; the keys are what it prints.
fn of_command(line: &str, limit: Duration) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let failed = |what: String| Failure::new(Kind::File, format!("--terminal-keys-from: {what}"));
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.arg(flag).arg(line).stdin(Stdio::null()).stdout(Stdio::piped());
    // A group of its own, so that what the shell has started ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    let Some(output) = child.stdout.take() else { return Err(failed("it gives no output".to_owned())) };
    let (sender, receiver) = mpsc::sync_channel(1);
    let reader = std::thread::Builder::new().spawn(move || drop(sender.send(whole(output))));
    reader.map_err(|error| failed(error.to_string()))?;
    match receiver.recv_timeout(limit) {
        Ok(text) => {
            let text = text.map_err(|error| failed(error.to_string()))?;
            let status = child.wait().map_err(|error| failed(error.to_string()))?;
            if status.success() { Ok(text) } else { Err(failed(format!("it ended with {status}"))) }
        }
        Err(_) => {
            end(&mut child);
            Err(Failure::new(Kind::TimedOut, format!("--terminal-keys-from: no keys within {} s", limit.as_secs())))
        }
    }
}

fn end(child: &mut Child) {
    // It may have ended in this moment.
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn whole(input: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(Vec::with_capacity(8192));
    input.take(LONGEST).read_to_end(&mut text)?;
    Ok(text)
}

/// Nothing of the text is in the error.
fn parse(text: &[u8]) -> Result<LongTermKeys, String> {
    let fields: Fields = serde_json::from_slice(text)
        .map_err(|error| format!("line {}: kenc, kmac, sn_ifd and key_ref are due", error.line()))?;
    let encryption = Zeroizing::new(hex::<16>(&fields.kenc).ok_or("kenc: 16 bytes in hex are due")?);
    let authentication = Zeroizing::new(hex::<16>(&fields.kmac).ok_or("kmac: 16 bytes in hex are due")?);
    let terminal = hex::<8>(&fields.sn_ifd).ok_or("sn_ifd: 8 bytes in hex are due")?;
    Ok(LongTermKeys::new(&encryption, &authentication, terminal, fields.key_ref))
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECIMEN: &str = r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595a5b5c5d5e5f",
        "sn_ifd":"AABBCCDD44668877","key_ref":1}"#;

    #[test]
    fn four_fields_make_keys() {
        assert_eq!(parse(SPECIMEN.as_bytes()).unwrap().reference(), 1);
    }

    #[test]
    fn what_is_wrong_is_told_without_the_keys() {
        for (from, to) in [("4F\"", "4\""), ("key_ref", "ref"), ("AABB", "AAXX"), (":1", ":256"), ("{", "")] {
            let error = parse(SPECIMEN.replacen(from, to, 1).as_bytes()).err().unwrap();
            assert!(!error.contains("4041") && !error.contains("AABB"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_prints_them_in_time_or_not_at_all() {
        let long = Duration::from_secs(60);
        assert_eq!(of_command("printf keys", long).unwrap().as_slice(), b"keys");
        assert_eq!(of_command("printf keys; exit 3", long).unwrap_err().kind, Kind::File);
        assert_eq!(of_command("cat /dev/zero", long).unwrap_err().kind, Kind::File, "a pipe that is closed ends it");
        let folder = tempfile::tempdir().unwrap();
        let pid = folder.path().join("pid");
        let line = format!("sleep 600 & echo $! > '{}'; wait", pid.display());
        assert_eq!(of_command(&line, Duration::from_millis(300)).unwrap_err().kind, Kind::TimedOut);
        let pid = std::fs::read_to_string(pid).unwrap();
        let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        assert!(state.map_or(true, |stat| stat.contains(") Z ")), "what it has started ends with it");
        assert_eq!(of_command("exec sleep 600", Duration::from_millis(50)).unwrap_err().kind, Kind::TimedOut);
    }
}
