//! `--terminal-keys-from`: a program that holds the keys, or reaches a security module or a server that does.
//!
//! It is asked in JSON on its stdin, one line a question, and answers in JSON on its stdout. To the first question, the
//! card's serial number and challenge, it answers with the keys themselves or with the finished cryptogram; in the latter
//! case the second question is the card's answer, and its answer the keys of that one channel.

use super::LONGEST;
use super::fields::Fields;
use idcard_core::error::KeyError;
use idcard_core::secure::{CardChallenge, LongTermKeys, SessionKeys, TerminalKeys};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// The only key of a card that is known to open a channel (`nid-card.md` 7, step 3).
const REFERENCE: u8 = 0x01;

/// How long a program that has answered may take to close what it opened.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// The holder of the keys.
pub(super) struct Program {
    line: String,
    limit: Duration,
    running: Option<Running>,
    keys: Option<LongTermKeys>,
}

impl Program {
    pub(super) fn new(line: &str, limit: Duration) -> Self {
        Self { line: line.to_owned(), limit, running: None, keys: None }
    }
}

impl TerminalKeys for Program {
    fn reference(&self) -> u8 {
        REFERENCE
    }

    fn authenticate(&mut self, card: &CardChallenge) -> Result<[u8; 72], KeyError> {
        (self.running, self.keys) = (None, None);
        let mut running = Running::start(&self.line)?;
        let (serial, challenge) = (hex::encode_upper(card.serial), hex::encode_upper(card.challenge));
        let question = format!("{{\"serial\":\"{serial}\",\"challenge\":\"{challenge}\"}}\n");
        let answer = running.ask(&question, self.limit)?;
        if let Some(cryptogram) = answer.cryptogram().map_err(KeyError::Form)? {
            self.running = Some(running);
            return Ok(cryptogram);
        }
        let mut keys = answer.long_term().map_err(KeyError::Form)?;
        if keys.reference() != REFERENCE {
            return Err(KeyError::Form("another key_ref than 1"));
        }
        let ours = keys.authenticate(card)?;
        self.keys = Some(keys);
        Ok(ours)
    }

    fn session_keys(&mut self, answer: &[u8; 72]) -> Result<SessionKeys, KeyError> {
        if let Some(mut keys) = self.keys.take() {
            return keys.session_keys(answer);
        }
        let Some(mut running) = self.running.take() else { return Err(KeyError::Form("keys before a challenge")) };
        match running.ask(&format!("{{\"answer\":\"{}\"}}\n", hex::encode_upper(answer)), self.limit) {
            Ok(answer) => answer.session().map_err(KeyError::Form),
            Err(KeyError::Unavailable) => Err(KeyError::CardNotProved("so says the holder of the terminal keys")),
            Err(other) => Err(other),
        }
    }
}

/// The program at work.
struct Running {
    child: Child,
    questions: Option<ChildStdin>,
    answers: Receiver<Result<Fields, KeyError>>,
    /// How long it may take to end by itself.
    patience: Duration,
}

impl Running {
    /// Runs the line in the shell of the system.
    fn start(line: &str) -> Result<Self, KeyError> {
        let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
        let mut command = Command::new(shell);
        command.arg(flag).arg(line).stdin(Stdio::piped()).stdout(Stdio::piped());
        // A group of its own, so that what the shell has started ends with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|error| {
            log::warn!("--terminal-keys-from: {error}");
            KeyError::Unavailable
        })?;
        let (questions, output) = (child.stdin.take(), child.stdout.take());
        let (sender, answers) = mpsc::sync_channel(1);
        let reader = std::thread::Builder::new().spawn(move || {
            let Some(mut output) = output else { return };
            loop {
                let answer = next(&mut output);
                let last = answer.is_err();
                if sender.send(answer).is_err() || last {
                    return;
                }
            }
        });
        match reader {
            Ok(_) => Ok(Self { child, questions, answers, patience: AFTERWARDS }),
            Err(_) => Err(KeyError::Unavailable),
        }
    }

    fn ask(&mut self, question: &str, limit: Duration) -> Result<Fields, KeyError> {
        if let Some(stdin) = self.questions.as_mut() {
            // A program that prints its keys unasked does not read the question, which is no failure.
            let _ = stdin.write_all(question.as_bytes()).and_then(|()| stdin.flush());
        }
        match self.answers.recv_timeout(limit) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                self.patience = Duration::ZERO;
                Err(KeyError::TimedOut)
            }
            Err(RecvTimeoutError::Disconnected) => Err(KeyError::Unavailable),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.questions.take());
        let begun = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() < self.patience {
            std::thread::sleep(Duration::from_millis(5));
        }
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // It may have ended in this moment.
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next JSON object; a program that ends without one has no keys.
fn next(output: &mut impl Read) -> Result<Fields, KeyError> {
    // The whole capacity at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0u8; 1]);
    while text.len() < LONGEST {
        match output.read(byte.as_mut_slice()) {
            Ok(0) if text.iter().all(u8::is_ascii_whitespace) => return Err(KeyError::Unavailable),
            Ok(0) => break,
            Ok(_) => text.extend_from_slice(byte.as_slice()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return Err(KeyError::Unavailable),
        }
        // Objects are flat: the first brace that closes ends one.
        if *byte == *b"}" {
            return Fields::parse(&text).map_err(|_| KeyError::Form("something that is no answer to the question"));
        }
    }
    Err(KeyError::Form("something that is no answer to the question"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const CARD: CardChallenge = CardChallenge { serial: [0x11; 8], challenge: [0x22; 8] };
    const LONG: Duration = Duration::from_secs(60);

    fn asked(line: &str, limit: Duration) -> Result<[u8; 72], KeyError> {
        Program::new(line, limit).authenticate(&CARD)
    }

    #[test]
    fn a_program_prints_its_keys_or_has_none() {
        let keys = r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595A5B5C5D5E5F","sn_ifd":"AABBCCDD44668877","key_ref":1}"#;
        assert!(asked(&format!("printf '%s\\n' '{keys}'"), LONG).is_ok());
        assert!(asked(&format!("cat >/dev/null & printf '%s\\n' '{keys}'; exit 3"), LONG).is_ok());
        let form = |line: &str| matches!(asked(line, LONG), Err(KeyError::Form(_)));
        assert!(form("printf keys") && form("cat /dev/zero") && form("printf '{}'"));
        assert!(form(&format!("printf '%s' '{}'", keys.replace(":1", ":2"))), "another key of the card");
        assert_eq!(asked("exit 3", LONG), Err(KeyError::Unavailable));
        assert_eq!(asked("exec sleep 600", Duration::from_millis(50)), Err(KeyError::TimedOut));
        // What it has started ends with it: the lock that both hold is free long before a minute is over.
        let lock = tempfile::NamedTempFile::new().unwrap();
        let line = format!("exec 9>>'{}'; flock 9; sleep 60 & wait", lock.path().display());
        let begun = Instant::now();
        assert_eq!(asked(&line, Duration::from_millis(300)), Err(KeyError::TimedOut));
        lock.as_file().lock().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(50), "it went on");
    }

    #[test]
    fn a_program_keeps_its_keys_and_answers_twice() {
        // It finds serial number and challenge in the first line, and the card's answer in the second.
        let line = r#"read a; case $a in '{"serial":"1111111111111111","challenge":"2222222222222222"}') ;; *) exit 1 ;; esac
            printf '{"cryptogram":"'; for i in 1 2 3 4 5 6 7 8 9; do printf 0102030405060708; done; echo '"}'
            read b; case $b in '{"answer":"ABAB'*) ;; *) exit 1 ;; esac
            echo '{"ks_enc":"000102030405060708090A0B0C0D0E0F","ks_mac":"101112131415161718191A1B1C1D1E1F","ssc":"FFEEDDCCBBAA9988"}'"#;
        let mut program = Program::new(line, LONG);
        assert_eq!(program.authenticate(&CARD).unwrap()[..9], [1, 2, 3, 4, 5, 6, 7, 8, 1]);
        let keys = program.session_keys(&[0xAB; 72]).unwrap();
        assert_eq!((keys.encryption[15], keys.authentication[0], keys.counter[0]), (0x0F, 0x10, 0xFF));
        // Where the card's answer is not right, the program ends without keys.
        program.authenticate(&CARD).unwrap();
        assert!(matches!(program.session_keys(&[0xCD; 72]), Err(KeyError::CardNotProved(_))));
    }
}
