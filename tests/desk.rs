//! A folder for one test: a document, PINs, the specimen's authorities; the program and OpenSSL at work in it.

use crate::program::{Done, Run, idcard};
use idcard_sim::pki;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The document: no text, so that nobody takes its line ends for others.
pub(crate) const DOCUMENT: &[u8] = b"\x00 a contract \x80\xFF\n\r\n";
/// The PINs of `specimen.md` 5.
pub(crate) const SIGN_PIN: &str = "123456";
pub(crate) const ID_PIN: &str = "1234";

/// The cards that sign, each with its schemes of `--scheme`; the empty word stands for the usual one of the key.
pub(crate) const CARDS: &[(&str, &[&str])] =
    &[("sim:specimen", &["", "pkcs1", "pss"]), ("sim:specimen-p256", &[""]), ("sim:specimen-t0", &["pkcs1", "pss"])];

/// The folder.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    /// A folder that holds `contract`, its holder's PINs and the certificates of the specimen's authorities.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.write("contract", DOCUMENT);
        desk.write("root.pem", pki::ROOT.pem.as_bytes());
        desk.write("ca.pem", pki::CA.pem.as_bytes());
        for (name, pin) in [("pin", SIGN_PIN), ("id-pin", ID_PIN)] {
            desk.secret(name, pin);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path of a file as an argument.
    pub(crate) fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// A file that only its owner may read.
    pub(crate) fn secret(&self, name: &str, line: &str) {
        use std::os::unix::fs::PermissionsExt;
        self.write(name, format!("{line}\n").as_bytes());
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// The names of the files that are here.
    pub(crate) fn names(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The program at work here, with nothing of the user's own trust.
    pub(crate) fn prepare(&self, words: &[&str]) -> Run {
        let data = self.arg("data");
        idcard(words.iter().copied()).in_folder(self.folder.path()).with_env("XDG_DATA_HOME", &data)
    }

    pub(crate) fn idcard(&self, words: &[&str]) -> Done {
        self.prepare(words).run()
    }

    /// Signs with a virtual card and the right PIN.
    pub(crate) fn sign(&self, card: &str, words: &[&str]) -> Done {
        self.idcard(&[&["--card", card, "sign", "--pin-file", "pin"], words].concat())
    }

    /// OpenSSL at work here.
    pub(crate) fn openssl(&self, words: &[&str]) -> Output {
        openssl(self.folder.path(), words)
    }

    /// OpenSSL says yes.
    #[track_caller]
    pub(crate) fn openssl_agrees(&self, words: &[&str]) -> Vec<u8> {
        let output = self.openssl(words);
        assert!(output.status.success(), "openssl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// An image of the specimen whose signature PIN has so many tries left.
    pub(crate) fn card_with_tries(&self, tries: u8) -> String {
        let name = format!("tries-{tries}.toml");
        let text = format!(
            "name = \"tries-{tries}\"\ntitle = \"specimen with few tries\"\nbase = \"specimen\"\n\n[[applet]]\n\
             name = \"classic\"\npin = [{{ name = \"sign\", references = [\"82\"], folder = \"5100\", value = \
             \"{SIGN_PIN}\", tries = {tries}, digits = [6, 8], spent_by_signature = true }}]\n"
        );
        self.write(&name, text.as_bytes());
        format!("sim:{}", self.arg(&name))
    }
}

fn openssl(folder: &Path, words: &[&str]) -> Output {
    Command::new("openssl").args(words).current_dir(folder).stdin(Stdio::null()).output().expect("openssl is installed")
}
