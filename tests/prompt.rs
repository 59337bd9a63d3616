//! The question for the PIN on a terminal: asked once, without echo, and the terminal as before on every way out.
#![cfg(target_os = "linux")]

mod kept_back;

use crate::desk::Desk;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A shell on a pseudo-terminal, which `script` makes; what runs in it sees a terminal on every side.
pub(crate) struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: ChildStdout,
    seen: String,
}

impl Terminal {
    /// Runs the program and tells its status, and whether the terminal echoes afterwards.
    pub(crate) fn run(arguments: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_idcard");
        let inner = format!("echo pid $$; exec {program} {arguments}");
        let line = format!("trap : INT; sh -c '{inner}'; echo status $?; stty -a");
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-c", &line, "/dev/null"]).env("LC_ALL", "C").env("SHELL", "/bin/sh");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("script of util-linux");
        let (keys, screen) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, keys, screen, seen: String::new() }
    }

    /// What was shown until `text` came.
    pub(crate) fn until(&mut self, text: &str) -> &str {
        self.until_there_are(1, text)
    }

    /// What was shown until `text` had come so many times.
    fn until_there_are(&mut self, times: usize, text: &str) -> &str {
        let mut buffer = [0; 4096];
        while self.seen.matches(text).count() < times {
            let read = self.screen.read(&mut buffer).unwrap();
            assert!(read > 0, "{text:?} never came: {}", self.seen);
            self.seen += &String::from_utf8_lossy(&buffer[..read]);
        }
        &self.seen
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn pid(&mut self) -> String {
        let seen = self.until("\n");
        seen.lines().next().unwrap().trim().trim_start_matches("pid ").to_owned()
    }

    /// All that was shown behind the number of the process, which may hold any digits, where the status is the one
    /// expected and the echo is on.
    pub(crate) fn ends_with(mut self, status: i32) -> String {
        self.until("echok");
        drop(self.keys);
        let _ = self.screen.read_to_string(&mut self.seen);
        self.child.wait().unwrap();
        assert!(self.seen.contains(&format!("status {status}\r\n")), "{}", self.seen);
        let settings = self.seen.split("speed").last().unwrap();
        assert!(settings.contains(" echo ") && settings.contains(" icanon "), "{settings}");
        self.seen.split_once('\n').map(|(_, shown)| shown.to_owned()).unwrap()
    }
}

const QUESTION: &str = "Identity PIN (tries left: 3; empty: without): ";
const READ: &str = "--card sim:specimen read --fields identity";

#[test]
fn the_pin_is_asked_for_once_and_not_shown() {
    let mut terminal = Terminal::run(READ);
    terminal.until(QUESTION);
    terminal.press("1234\n");
    let seen = terminal.ends_with(0);
    assert!(seen.contains("0001234560"), "{seen}");
    assert_eq!(seen.matches(QUESTION).count(), 1);
    assert!(!seen.split(QUESTION).last().unwrap().split("Name:").next().unwrap().contains("1234"), "{seen}");
}

#[test]
fn an_empty_answer_reads_without() {
    let mut terminal = Terminal::run(READ);
    terminal.until(QUESTION);
    terminal.press("\n");
    assert!(terminal.ends_with(13).contains("needs the identity PIN"));
}

#[test]
fn a_wrong_pin_is_not_asked_for_again() {
    let mut terminal = Terminal::run(READ);
    terminal.until(QUESTION);
    terminal.press("4321\n");
    let seen = terminal.ends_with(8);
    assert_eq!(seen.matches(QUESTION).count(), 1);
}

/// An image of the specimen with a wrong presentation behind one object of the identity PIN.
fn card_that_refused_once(desk: &Desk, object: &str) -> String {
    let (applet, place) = match object {
        "id-81" => ("classic", "references = [\"81\"]".to_owned()),
        name => ("mpcos", format!("references = [\"00\"], folder = \"{}\"", name.trim_start_matches("id-"))),
    };
    let pin = format!("name = \"{object}\", {place}, value = \"1234\", tries = 3, failed = 1, digits = [4, 8]");
    let head = format!("name = \"{object}\"\ntitle = \"specimen whose objects differ\"\nbase = \"specimen\"\n");
    let file = format!("{object}.toml");
    desk.write(&file, format!("{head}\n[[applet]]\nname = \"{applet}\"\npin = [{{ {pin} }}]\n").as_bytes());
    format!("sim:{}", desk.arg(&file))
}

/// The identity PIN is one number to its holder: what is told is the object of which the fewest tries are left.
#[test]
fn the_question_tells_the_fewest_tries_of_all_objects() {
    let desk = Desk::new();
    let token = format!("auth respond --origin https://example.ir --challenge {}", "n".repeat(44));
    for object in ["id-0500", "id-0200", "id-81"] {
        let card = card_that_refused_once(&desk, object);
        for command in ["read --fields identity", &token] {
            let mut terminal = Terminal::run(&format!("--card {card} {command}"));
            let seen = terminal.until("Identity PIN (tries left: ").to_owned();
            terminal.press("1234\n");
            let seen = seen + &terminal.ends_with(0);
            assert!(seen.contains("Identity PIN (tries left: 2"), "{object}, {command}: {seen}");
        }
    }
}

#[test]
fn nobody_is_asked_where_a_pin_opens_nothing() {
    for card in ["specimen-sealed", "mav2"] {
        let seen = Terminal::run(&format!("--card sim:{card} read --fields identity")).ends_with(13);
        assert!(!seen.contains("Identity PIN"), "{card}: {seen}");
    }
    let seen = Terminal::run("--card sim:specimen read --fields dates").ends_with(0);
    assert!(!seen.contains("Identity PIN"), "{seen}");
}

#[test]
fn the_terminal_is_as_before_after_ctrl_c() {
    let mut terminal = Terminal::run(READ);
    terminal.until(QUESTION);
    terminal.press("12\u{3}");
    terminal.ends_with(130);
}

#[test]
fn the_terminal_is_as_before_after_every_signal_that_ends_a_run() {
    for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129), ("QUIT", 131)] {
        let mut terminal = Terminal::run(READ);
        let pid = terminal.pid();
        terminal.until(QUESTION);
        assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {pid}")]).status().unwrap().success());
        terminal.ends_with(status);
    }
}

#[test]
fn while_a_pin_lives_there_are_no_core_dumps() {
    let mut terminal = Terminal::run(READ);
    let pid = terminal.pid();
    terminal.until(QUESTION);
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    terminal.press("\n");
    terminal.ends_with(13);
}

#[test]
fn a_reader_with_a_pin_pad_asks_in_the_place_of_the_terminal() {
    for (holder, status, shown) in [
        ("", 0, "0001234560"),
        ("=cancel", 13, "needs the identity PIN"),
        ("=wrong", 8, "2 tries left"),
        ("=wait", 10, "in time"),
    ] {
        let seen = Terminal::run(&format!("--card sim:specimen+pad{holder} read --fields identity")).ends_with(status);
        let line = "Identity PIN: type it on the pin pad of the card reader (tries left: 3; cancel: without)\r\n";
        assert_eq!(seen.matches(line).count(), 1, "{holder}: {seen}");
        assert!(seen.contains(shown) && !seen.contains(QUESTION), "{holder}: {seen}");
    }
}

const SIGN_QUESTION: &str = "Signature PIN (tries left: 3): ";

/// Exchanges are counted over all visits; on T=0 most of them read the photo.
#[test]
fn a_pin_that_the_card_forgot_is_asked_for_again() {
    let forgotten = "idcard: another program reset the card, which forgets the PIN";
    let mut terminal = Terminal::run("--card sim:specimen-t0+fault=reset@50 read --fields photo");
    for question in 1..=2 {
        terminal.until_there_are(question, QUESTION);
        terminal.press("1234\n");
    }
    let seen = terminal.ends_with(0);
    assert!(seen.contains("240×320") && seen.matches(forgotten).count() == 1, "{seen}");

    let desk = Desk::new();
    let words = format!("--card sim:specimen+fault=reset@{{}} sign {} {}", desk.arg("contract"), desk.arg("root.pem"));
    desk.sign("sim:specimen", &["contract", "--record", "trace.apdu", "-o", "first.p7s"]).text(0);
    let trace = String::from_utf8(desk.bytes("trace.apdu")).unwrap();
    // The question costs two more in the first visit: DF and state.
    let last = trace.lines().filter(|line| line.starts_with("> ")).count() - 1 + 2;
    for exchange in [last - 1, last] {
        let mut terminal = Terminal::run(&words.replace("{}", &exchange.to_string()));
        for question in 1..=2 {
            terminal.until_there_are(question, SIGN_QUESTION);
            terminal.press("123456\n");
        }
        let seen = terminal.ends_with(0);
        assert_eq!((seen.matches(SIGN_QUESTION).count(), seen.matches(forgotten).count()), (2, 1), "{seen}");
        for name in ["contract", "root.pem"] {
            desk.idcard(&["verify", name, "--ca", "root.pem"]).text(0);
        }
    }
}

#[test]
fn what_is_to_be_signed_is_shown_before_the_question() {
    let desk = Desk::new();
    let mut terminal = Terminal::run(&format!("--card sim:specimen sign {}", desk.arg("contract")));
    let shown = terminal.until(SIGN_QUESTION).to_owned();
    let digest = String::from_utf8(desk.openssl_agrees(&["dgst", "-sha256", "-r", "contract"])).unwrap();
    assert!(shown.contains(digest.split_whitespace().next().unwrap()), "{shown}");
    assert!(!desk.path("contract.p7s").exists());
    terminal.press("123456\n");
    terminal.ends_with(0);
    desk.idcard(&["verify", "contract", "--ca", "root.pem"]).text(0);
}

#[test]
fn nothing_is_left_where_no_pin_was_entered() {
    let desk = Desk::new();
    desk.write("long", &vec![0; 8 << 20]);
    let before = desk.names();
    for (keys, status) in [("\n", 10), ("\u{3}", 130), ("1234\n", 2), ("654321\n", 8)] {
        let mut terminal = Terminal::run(&format!("--card sim:specimen sign --attached {}", desk.arg("long")));
        terminal.until(SIGN_QUESTION);
        terminal.press(keys);
        terminal.ends_with(status);
        assert_eq!(desk.names(), before, "{keys:?}");
    }
}

#[test]
fn a_run_that_is_stopped_gives_the_echo_back_meanwhile() {
    let mut terminal = Terminal::run(READ);
    let pid = terminal.pid();
    terminal.until(QUESTION);
    let echoes = || {
        let told = Command::new("stty").args(["-a", "-F", &format!("/proc/{pid}/fd/0")]).output().unwrap();
        String::from_utf8(told.stdout).unwrap().contains(" echo ")
    };
    let kill =
        |signal| assert!(Command::new("sh").args(["-c", &format!("kill -{signal} {pid}")]).status().unwrap().success());
    let is_stopped = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap().contains(") T ");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let wait_for = |what: &dyn Fn() -> bool| {
        while !what() {
            assert!(std::time::Instant::now() < deadline);
            std::thread::yield_now();
        }
    };
    assert!(!echoes());
    kill("TSTP");
    wait_for(&is_stopped);
    assert!(echoes());
    kill("CONT");
    wait_for(&|| !echoes());
    terminal.press("\n");
    terminal.ends_with(13);
}

#[test]
fn nobody_is_asked_for_a_pin_that_may_not_be_tried() {
    let desk = Desk::new();
    for (tries, status) in [(0, 9), (1, 11)] {
        let seen = Terminal::run(&format!("--card {} sign {}", desk.card_with_tries(tries), desk.arg("contract")));
        assert!(!seen.ends_with(status).contains("Signature PIN ("), "{tries}");
    }
}

#[test]
fn colours_are_for_terminals_and_can_be_refused() {
    let coloured = Terminal::run("--card sim:specimen read --fields dates").ends_with(0);
    assert!(coloured.contains("\u{1B}[1"), "{coloured}");
    let line = format!("NO_COLOR=1 {} --card sim:specimen read --fields dates", env!("CARGO_BIN_EXE_idcard"));
    let plain = Command::new("script").args(["-q", "-e", "-c", &line, "/dev/null"]).stdin(Stdio::null()).output();
    assert!(!String::from_utf8_lossy(&plain.unwrap().stdout).contains('\u{1B}'));
}

#[test]
fn a_bundle_is_written_when_it_is_wanted() {
    let desk = Desk::new();
    let bundle = desk.path("b.apdu");
    let share = format!("--card sim:mav2 probe --share {}", bundle.display());
    let question = "Write this file? [y/N]";
    for (answer, status) in [("n\n", 10), ("\n", 10), ("y\n", 0)] {
        let mut terminal = Terminal::run(&share);
        let seen = terminal.until(question).to_owned();
        assert!(seen.contains("80CA0101: number 1"), "the list comes first: {seen}");
        assert!(!bundle.exists());
        terminal.press(answer);
        let seen = terminal.ends_with(status);
        assert!(seen.contains("Generation: mav2"), "{seen}");
        assert_eq!(bundle.exists(), status == 0, "{answer:?}");
    }
    std::fs::remove_file(&bundle).unwrap();
    let mut terminal = Terminal::run(&share);
    terminal.until(question);
    terminal.press("\u{3}");
    terminal.ends_with(130);
    assert!(!bundle.exists());
    let seen = Terminal::run(&format!("{share} --yes")).ends_with(0);
    assert!(!seen.contains(question) && bundle.exists());
}
