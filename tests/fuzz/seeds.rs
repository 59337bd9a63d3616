//! Writes the corpus to begin with: what the virtual cards hold and say. The argument is its folder.

use idcard_core::apdu::tlv;
use idcard_core::transport::Protocol;
use idcard_core::{Card, Transport};
use idcard_sim::{Handle, Image, Outcome, SimTransport, pki};
use std::fs;
use std::path::{Path, PathBuf};

type Done = Result<(), Box<dyn std::error::Error>>;

struct Corpus(PathBuf);

impl Corpus {
    fn add(&self, target: &str, name: &str, bytes: &[u8]) -> Done {
        // Long seeds are cut to the longest input of their target, and a picture cut in two decodes to nothing.
        if target == "image" && bytes.len() > 1_500 {
            return Ok(());
        }
        let folder = self.0.join(target);
        fs::create_dir_all(&folder)?;
        Ok(fs::write(folder.join(name.replace('/', "-")), bytes)?)
    }
}

fn main() -> Done {
    let folder = std::env::args().nth(1).ok_or("the folder of the corpus is due")?;
    let corpus = Corpus(PathBuf::from(folder));
    for (name, _) in idcard_sim::list() {
        files(&corpus, &name)?;
        session(&corpus, &name)?;
    }
    for document in pki::ALL {
        for target in ["certificate", "crl", "tlv"] {
            corpus.add(target, document.name, document.der)?;
            corpus.add(target, &format!("{}.pem", document.name), document.pem.as_bytes())?;
        }
    }
    repository(&corpus, Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")))
}

/// The files and data objects of a card.
fn files(corpus: &Corpus, card: &str) -> Done {
    let image = Image::builtin(card)?;
    corpus.add("atr", card, &image.contact.atr)?;
    for applet in &image.applets {
        for file in &applet.files {
            let path: Vec<String> = file.path.iter().map(|part| format!("{part:04X}")).collect();
            let name = format!("{card}-{}-{}", applet.name, path.join("-"));
            for target in ["tlv", "data", "photo", "image", "sod", "text", "certificate"] {
                corpus.add(target, &name, &file.content)?;
            }
        }
    }
    Ok(())
}

/// What a card answers in a visit with the right PINs, and what one with short files does, which fits into an input.
fn session(corpus: &Corpus, name: &str) -> Done {
    let mut image = Image::builtin(name)?;
    for short in [false, true] {
        if short {
            image.applets.iter_mut().flat_map(|applet| &mut applet.files).for_each(|file| shorten(&mut file.content));
        }
        let reader = SimTransport::new(idcard_sim::Card::new(image.clone()));
        let handle = reader.handle();
        handle.keep_log();
        let (atr, protocol) = (reader.atr().to_vec(), reader.protocol());
        idcard_fuzz::visit(&mut Card::open(reader)?);
        let kind = if short { "-short" } else { "" };
        corpus.add("session", &format!("{name}{kind}"), &answers(&atr, protocol == Protocol::T1, &handle))?;
    }
    Ok(())
}

/// A long object becomes one of 32 bytes.
fn shorten(content: &mut Vec<u8>) {
    if let tlv::Header::Complete { header, length, .. } = tlv::header(content)
        && length > 128
        && let Some((tag, value)) = content.get(..header).and_then(|whole| {
            let tag = whole.split_at_checked(if whole.first()? & 0x1F == 0x1F { 2 } else { 1 })?.0;
            Some((tag, content.get(header..header + 32)?))
        })
    {
        *content = [tag, &[32], value].concat();
    }
}

fn answers(atr: &[u8], t1: bool, handle: &Handle) -> Vec<u8> {
    let mut input = vec![u8::from(t1), u8::try_from(atr.len()).unwrap_or(0)];
    input.extend_from_slice(atr);
    for entry in handle.log() {
        if let Outcome::Answer(answer) = entry.outcome {
            input.extend_from_slice(&u16::try_from(answer.len()).unwrap_or(0).to_be_bytes());
            input.extend_from_slice(&answer);
        }
    }
    input
}

/// A picture as a card holds it: in data object 5F2E, whose length is written in three bytes.
fn held(picture: &[u8]) -> Vec<u8> {
    let [_, length @ ..] = u32::try_from(picture.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[0x5F, 0x2E, 0x83], &length[..], picture].concat()
}

/// Traces, pages, signatures and logs that lie in the repository.
fn repository(corpus: &Corpus, root: &Path) -> Done {
    let mut folders = vec![root.join("fixtures"), root.join("crates/idcard-core/cards")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let target: &[&str] = match extension {
                "apdu" => &["trace", "import"],
                "toml" => &["page"],
                "p7s" | "p7m" => &["cms", "sod"],
                "der" | "pem" | "crt" | "cer" => &["certificate"],
                "crl" => &["crl"],
                "jpg" | "jp2" | "j2k" | "bin" => &["photo", "image"],
                "log" | "txt" => &["import"],
                _ => &[],
            };
            let mut bytes = fs::read(&path)?;
            if target.contains(&"photo") {
                bytes = held(&bytes);
            }
            for target in target.iter().filter(|_| bytes.len() < 100_000) {
                corpus.add(target, &name, &bytes)?;
            }
        }
    }
    Ok(())
}
