//! The room of one run: a card with PINs of its own, a document, and a folder for what comes out.

use super::secrets::{KEYS, NEW, PIN, PUK};
use crate::stage::{Played, play};
use idcard_sim::Handle;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{fs, thread};
use tempfile::TempDir;

/// The name of the trace.
const TRACE: &str = "trace.apdu";
/// The stack of a run, a fraction of the usual one.
const STACK: usize = 256 << 10;

/// The folder with all that runs need.
pub(super) struct Room {
    folder: TempDir,
}

impl Room {
    pub(super) fn new() -> Self {
        // Every file is synced: that takes no time in memory.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let room = Self { folder: folder.unwrap() };
        for base in ["specimen", "specimen-t0", "specimen-p256", "specimen-sealed"] {
            fs::write(room.path(&format!("{base}.toml")), image(base)).unwrap();
        }
        fs::write(room.path("document"), b"a document \x00\xFF\r\n").unwrap();
        // The signature lacks its issuer's certificate where the card did not give it.
        let authorities = [idcard_sim::pki::ROOT.pem, idcard_sim::pki::CA.pem].concat();
        fs::write(room.path("authorities"), authorities).unwrap();
        let [kenc, kmac] = KEYS;
        let keys = format!(r#"{{"kenc":"{kenc}","kmac":"{kmac}","sn_ifd":"AABBCCDD44668877","key_ref":1}}"#);
        let secrets = [
            ("pin", format!("{PIN}\n")),
            ("change", format!("{PIN}\n{NEW}\n")),
            ("unblock", format!("{PUK}\n{NEW}\n")),
            ("keys", keys),
        ];
        for (name, text) in secrets {
            fs::write(room.path(name), text).unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                fs::set_permissions(room.path(name), fs::Permissions::from_mode(0o600)).unwrap();
            }
        }
        fs::create_dir(room.path("out")).unwrap();
        room
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program, which tells all it can; `@` at the beginning of a word stands for the folder. The card is an image
    /// of the folder, with or without a fault.
    pub(super) fn run(&self, card: &str, words: &[&str], prepare: impl FnOnce(&Handle) + Send + 'static) -> Played {
        let place = |word: &&str| match word.strip_prefix('@') {
            Some(name) => self.path(name).to_str().unwrap().to_owned(),
            None => (*word).to_owned(),
        };
        let (image, fault) = card.split_at(card.find('+').unwrap_or(card.len()));
        let card = format!("sim:{}{fault}", self.path(&format!("{image}.toml")).to_str().unwrap());
        let trace = self.path(TRACE).to_str().unwrap().to_owned();
        let begin = ["--json", "--lang", "en", "-vv", "--record", &trace, "--card", &card].map(str::to_owned);
        let words: Vec<String> = begin.into_iter().chain(words.iter().map(place)).collect();
        let prepare = |reader: &Handle| {
            reader.keep_log();
            prepare(reader);
        };
        let run = thread::Builder::new().stack_size(STACK).spawn(move || play(&words, prepare)).unwrap();
        run.join().expect("a run does not panic")
    }

    /// The trace that `--record` kept, which is gone after that; none where the run came to no card.
    pub(super) fn take_trace(&self) -> Vec<u8> {
        let trace = fs::read(self.path(TRACE)).unwrap_or_default();
        let _ = fs::remove_file(self.path(TRACE));
        trace
    }

    /// The files in the folder of outputs, which is empty after that.
    pub(super) fn take_output(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let out = self.path("out");
        let mut folders = vec![out.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&out).unwrap().to_str().unwrap().to_owned();
                    files.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        if !files.is_empty() || fs::read_dir(&out).unwrap().next().is_some() {
            fs::remove_dir_all(&out).unwrap();
            fs::create_dir(&out).unwrap();
        }
        files
    }
}

/// A specimen whose PINs are all [`PIN`] and whose PUKs are all [`PUK`].
fn image(card: &str) -> String {
    let own = match card {
        "specimen-t0" => {
            "[contact]\natr = \"3B 7B 96 00 00 80 13 53 50 43 73 96 71 1B 91 30\"\nprotocol = \"T=0\"\n".to_owned()
        }
        "specimen-p256" => "files = \"specimen-p256\"\nabsent = [\"classic:3F00/5015\"]\n".to_owned(),
        "specimen-sealed" => {
            let sealed = ["0201", "0202", "0203", "0205"].map(|file| format!("\"mpcos:3F00/0200/{file}\""));
            let [kenc, kmac] = KEYS;
            let channel = "[channel]\napplet = \"classic\"\nreference = \"01\"\nsn_ifd = \"AABBCCDD44668877\"";
            format!("sealed = [{}]\n{channel}\nkenc = \"{kenc}\"\nkmac = \"{kmac}\"\n", sealed.join(", "))
        }
        _ => String::new(),
    };
    let pin = |name: &str, reference: &str, more: &str| {
        format!("{{ name = \"{name}\", references = [\"{reference}\"], value = \"{PIN}\", tries = 3, {more} }},\n")
    };
    let puk = |name: &str, more: &str| format!("{{ name = \"{name}\", {more} value = \"{PUK}\", tries = 10 }},\n");
    let identity = |folder| {
        let more = format!("folder = \"{folder}\", digits = [4, 8], puk = \"puk-{folder}\"");
        pin(&format!("id-{folder}"), "00", &more)
    };
    let token = pin("id-81", "81", "digits = [4, 8], puk = \"puk-83\"");
    let sign = pin("sign", "82", "folder = \"5100\", digits = [6, 8], puk = \"puk-83\", spent_by_signature = true");
    [
        format!("name = \"{card}\"\ntitle = \"specimen with other PINs\"\nbase = \"specimen\"\n{own}"),
        format!("[[applet]]\nname = \"mpcos\"\npin = [\n{}{}]\n", identity("0200"), identity("0500")),
        format!("puk = [\n{}{}]\n", puk("puk-0200", ""), puk("puk-0500", "")),
        format!("[[applet]]\nname = \"classic\"\npin = [\n{token}{sign}]\n"),
        format!("puk = [\n{}]\n", puk("puk-83", "reference = \"83\",")),
    ]
    .concat()
}
