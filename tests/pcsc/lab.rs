//! A laboratory for one test: a private PC/SC service with two virtual readers or four, in a network of its own where the machine allows it.

mod log;
mod network;

use log::Log;
use network::Network;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// The driver of the virtual readers, from Debian's vsmartcard-vpcd.
const DRIVER: &str = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
/// The longest that one program may run inside.
const SECONDS: &str = "60";

/// The names of the readers, by slot.
pub(crate) const READERS: [&str; 2] = ["Virtual PCD 00 00", "Virtual PCD 00 01"];

/// The service ends when this is dropped, and everything that was started inside with it.
pub(crate) struct Lab {
    cards: [Option<Child>; 4],
    service: Child,
    log: Log,
    network: Network,
    port: u16,
    folder: TempDir,
}

impl Lab {
    /// Starts the service, which logs commands, and waits until both readers are there, without cards.
    pub(crate) fn start() -> Self {
        Self::with_service("--apdu", 1)
    }

    /// The same with four readers: the third and the fourth are called "Further PCD".
    pub(crate) fn with_four_readers() -> Self {
        Self::with_service("--apdu", 2)
    }

    /// The same with a service that keeps commands to itself.
    pub(crate) fn discreet() -> Self {
        Self::with_service("", 1)
    }

    /// A service that knows no reader.
    pub(crate) fn without_readers() -> Self {
        Self::with_service("", 0)
    }

    fn with_service(options: &str, pairs: u8) -> Self {
        assert!(
            Path::new(DRIVER).exists(),
            "{DRIVER} is missing: run .ci/setup, or leave these tests out: -- --skip pcsc"
        );
        let network = Network::of_this_machine();
        let folder = tempfile::tempdir().unwrap();
        let port = network.free_ports();
        let readers = folder.path().join("readers");
        fs::create_dir(&readers).unwrap();
        let mut entries = String::new();
        if pairs > 0 {
            entries += &reader_entry("Virtual", port, DRIVER);
        }
        if pairs > 1 {
            // The driver keeps two readers: a copy of it keeps two of its own.
            let copy = folder.path().join("driver.so");
            fs::copy(DRIVER, &copy).unwrap();
            entries += &reader_entry("Further", port + 2, copy.to_str().unwrap());
        }
        fs::write(readers.join("vpcd"), entries).unwrap();
        let socket = UnixListener::bind(socket_path(folder.path())).expect("a socket path of at most 107 bytes");
        let mut service = network
            .enter_new("sh")
            .arg("-c")
            .arg(include_str!("lab/network.sh"))
            .arg("lab")
            .arg(&readers)
            .arg(if network.is_own() { "yes" } else { "no" })
            .arg(options)
            .env("PATH", search_path())
            .stdin(Stdio::piped())
            .stdout(Stdio::from(OwnedFd::from(socket)))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::of(service.stderr.take().unwrap());
        let lab = Self { cards: [None, None, None, None], service, log, network, port, folder };
        lab.log.wait_for("daemon ready", 0, || None);
        lab
    }

    /// Puts a virtual card into the first reader: `image` is what `idcard sim serve --image` takes.
    pub(crate) fn insert(&mut self, image: &str) {
        self.insert_into(0, image);
    }

    /// Puts a virtual card into the reader of this slot and waits until the service has seen it.
    pub(crate) fn insert_into(&mut self, slot: usize, image: &str) {
        let port = self.port_of(slot).to_string();
        let mut card = self.command(env!("CARGO_BIN_EXE_idcard"));
        card.args(["sim", "serve", "--image", image, "--host", "127.0.0.1", "--port", &port]);
        self.insert_peer(slot, card);
    }

    /// Starts a program that plays the card on the port of this slot, and waits until the service has seen it.
    pub(crate) fn insert_peer(&mut self, slot: usize, mut card: Command) {
        let said = self.path(&format!("card-{slot}"));
        let output = File::create(&said).unwrap();
        card.stdin(Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        let seen = self.log.len();
        assert!(self.cards[slot].is_none(), "slot {slot} holds a card");
        let card = self.cards[slot].insert(card.spawn().unwrap());
        // The last line of an insertion, and the only one for a card that is there when the service looks for the first time.
        self.log.wait_for("Card ATR: ", seen, || {
            let status = card.try_wait().unwrap()?;
            Some(format!("the card ended, {status}: {}", fs::read_to_string(&said).unwrap_or_default()))
        });
    }

    /// Takes the card out of the first reader.
    pub(crate) fn remove(&mut self) {
        self.remove_from(0);
    }

    /// Takes the card out of the reader of this slot and waits until the service has seen it.
    pub(crate) fn remove_from(&mut self, slot: usize) {
        let seen = self.log.len();
        end(&mut self.cards[slot].take().expect("a card is in"));
        self.log.wait_for(&format!("Card Removed From {}", READERS[slot]), seen, || None);
    }

    /// Takes the service away without warning, its readers with it; the cards in them end, too.
    pub(crate) fn kill_service(&mut self) {
        self.order("kill", "laboratory: the service is gone");
        self.cards.iter_mut().filter_map(Option::take).for_each(|mut card| end(&mut card));
    }

    /// Brings the service back at the same socket, where clients wait for it meanwhile, as with systemd.
    pub(crate) fn restart_service(&mut self) {
        self.order("start", "daemon ready");
    }

    /// Waits until the service has logged this.
    pub(crate) fn wait_for(&self, text: &str) {
        self.log.wait_for(text, 0, || None);
    }

    /// What the service has logged so far.
    pub(crate) fn log_text(&self) -> String {
        self.log.text()
    }

    fn order(&mut self, order: &str, done: &str) {
        let seen = self.log.len();
        writeln!(self.service.stdin.as_mut().expect("a pipe"), "{order}").unwrap();
        self.log.wait_for(done, seen, || None);
    }

    /// Runs a program inside to its end, without standard input.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = S>) -> Output {
        let mut words = words.into_iter();
        let program = words.next().expect("the program's name");
        let mut command = self.bounded(program);
        command.args(words).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs `idcard` inside to its end, without standard input.
    pub(crate) fn idcard<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.bounded(env!("CARGO_BIN_EXE_idcard")).args(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// A program inside that is ended after a minute.
    pub(crate) fn bounded(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command("timeout");
        command.args(["--kill-after=5", SECONDS]).arg(program);
        command
    }

    /// A program inside: it reaches this service only, and its home is the laboratory's folder.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.network.enter(self.service.id(), program.as_ref());
        command
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .env("PCSCLITE_CSOCK_NAME", socket_path(self.folder.path()))
            .current_dir(self.folder.path());
        command
    }

    /// A file in the laboratory's folder, which goes when the laboratory does.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The port on which the reader of this slot waits for its card.
    pub(crate) fn port_of(&self, slot: usize) -> u16 {
        self.port + u16::try_from(slot).unwrap()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.cards.iter_mut().flatten().for_each(end);
        drop(self.service.stdin.take()); // its sign to end
        let _ = self.service.wait();
    }
}

fn end(card: &mut Child) {
    let _ = card.kill();
    let _ = card.wait();
}

fn socket_path(folder: &Path) -> PathBuf {
    folder.join("pcscd.comm")
}

/// The service and `ip` are not on every user's path.
fn search_path() -> String {
    format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}

/// One entry makes two readers, on this port and the next.
fn reader_entry(name: &str, port: u16, driver: &str) -> String {
    format!("FRIENDLYNAME \"{name} PCD\"\nDEVICENAME /dev/null:{port}\nLIBPATH {driver}\nCHANNELID {port}\n\n")
}
