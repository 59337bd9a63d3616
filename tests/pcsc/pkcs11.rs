//! The PKCS#11 module in the hands of other programs, through a PC/SC service: each does what its recipe in docs/pkcs11.md says.

mod budgets;
mod company;
mod gnutls;
mod java;
mod kit;
mod nss;
mod openssl;
mod python;
mod refusals;
mod ssh;
mod terminal;
mod tool;
mod valgrind;

use super::Lab;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The specimens that sign: RSA on T=1, P-256 on T=1, RSA on T=0.
const IMAGES: [&str; 3] = ["specimen", "specimen-p256", "specimen-t0"];
/// Their PINs (specimen.md 5).
const ID_PIN: &str = "1234";
const SIGN_PIN: &str = "123456";

/// What is signed.
const TEXT: &[u8] = b"\x00 signed by somebody else's program \xFF";

/// A laboratory with a card in its first reader, and what the recipes need.
struct Bench {
    lab: Lab,
    module: String,
}

impl Bench {
    fn with(image: &str) -> Self {
        let mut bench = Self::without_a_card();
        bench.lab.insert(image);
        bench
    }

    fn without_a_card() -> Self {
        let lab = Lab::start();
        std::fs::write(lab.path("text"), TEXT).unwrap();
        Self { lab, module: module().to_str().unwrap().to_owned() }
    }

    /// A program inside, whose variable `M` is the path of the module.
    fn command(&self, program: &str) -> Command {
        let mut command = self.lab.bounded(program);
        command.env("M", &self.module).stdin(std::process::Stdio::null());
        command
    }

    /// Runs a program to its end.
    fn run(&self, program: &str, words: &[&str]) -> Output {
        self.command(program).args(words).output().unwrap_or_else(|error| panic!("{program}: {error}"))
    }

    /// Runs a program that has to do as it is told; gives all that it said.
    #[track_caller]
    fn done(&self, program: &str, words: &[&str]) -> String {
        let output = self.run(program, words);
        assert!(output.status.success(), "{program} {words:?}: {}", said(&output));
        said(&output)
    }

    /// The commands that the card got, when it is taken out.
    fn commands_until_removed(mut self) -> Vec<Vec<u8>> {
        self.lab.remove();
        let log = self.lab.log_text();
        let commands = log.lines().filter_map(|line| line.split_once(" APDU: ")).map(|(_, bytes)| bytes);
        commands.map(|bytes| hex::decode(bytes.replace(' ', "").trim()).unwrap()).collect()
    }
}

/// The PINs among the commands, each with what it was presented to.
fn presentations(commands: &[Vec<u8>]) -> Vec<(u8, String)> {
    let verify = commands.iter().filter(|command| command[1] == 0x20 && command.len() > 5);
    verify.map(|command| (command[3], String::from_utf8_lossy(&command[5..]).trim_matches('\0').to_owned())).collect()
}

/// The module is a dependency of the tests, so that it is made with them: it lies beside their program.
pub(super) fn module() -> PathBuf {
    let module = std::env::current_exe().unwrap().with_file_name("libidcard_pkcs11.so");
    assert!(module.exists(), "{} is missing", module.display());
    module
}

/// Both streams of a program.
fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The lines of the block of code that follows a title in docs/pkcs11.md.
fn recipe(title: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pkcs11.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let rest = guide.split_once(&format!("\n**{title}")).unwrap_or_else(|| panic!("no recipe for {title}")).1;
    let block = rest.split_once("```sh\n").unwrap().1;
    block.split_once("```").unwrap().0.to_owned()
}
