//! One document on its way to a signature: hashed, signed, written.

use super::target::Target;
use crate::args::{Sign, SignatureType};
use crate::commands::holder_key::{HolderKey, Unlocked};
use crate::content::FileContent;
use crate::context::Context;
use crate::exit::Failure;
use crate::output::{Privacy, Unfinished};
use crate::progress::Progress;
use idcard_crypto::cms::{Draft, SignOptions, Signed};
use idcard_crypto::hash::{Content, Stamp, Watched};
use idcard_crypto::sign_error::SignFault;
use idcard_crypto::signer::{Signature as Bare, ToBeSigned, to_be_signed};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A signature that was checked against its certificate.
pub(super) enum Signature {
    Cms(Signed),
    Raw(Bare),
}

/// What waits for the key.
enum Prepared {
    Cms(Draft),
    Raw(ToBeSigned),
}

/// One document.
pub(super) struct Work {
    content: FileContent,
    target: Target,
    prepared: Prepared,
    stamp: Stamp,
    length: u64,
    /// The file in which a long document waits for the signature around it.
    copy: Option<Unfinished>,
}

/// A document of fewer bytes is read twice without anybody noticing, and needs no file that stays open.
const LONG: u64 = 4 << 20;

impl Work {
    /// Hashes the document.
    pub(super) fn begin(
        mut content: FileContent,
        target: Target,
        options: &Sign,
        key: &HolderKey,
        how: &SignOptions,
        context: &Context,
    ) -> Result<Self, Failure> {
        let path = content.path().to_owned();
        let fault = |fault: SignFault| Failure::from(fault).about(&path);
        let stamp = content.stamp().map_err(|error| fault(SignFault::Read(error)))?;
        let mut progress = Progress::new(&context.terminal, &path, content.length());
        let long = content.length().is_some_and(|length| length >= LONG);
        let mut length = 0;
        let mut watched = Watched::new(&mut content, |read| {
            length = read;
            progress.tell(read)
        });
        let mut copy = None;
        let prepared = match (options.kind, &target) {
            (SignatureType::Cms, Target::File(target)) if options.attached && !options.pem && long => {
                let begun = Unfinished::begin(target, Privacy::Personal)?;
                let enclosed = Draft::enclosing(&mut watched, &key.certificate, how, &mut begun.file());
                match enclosed.map_err(|fault| of_writing(fault, target, &path))? {
                    Some(draft) => {
                        copy = Some(begun);
                        Prepared::Cms(draft)
                    }
                    None => Prepared::Cms(Draft::new(&mut watched, &key.certificate, how).map_err(fault)?),
                }
            }
            (SignatureType::Cms, _) => Prepared::Cms(Draft::new(&mut watched, &key.certificate, how).map_err(fault)?),
            (SignatureType::Raw, _) => {
                Prepared::Raw(to_be_signed(&mut watched, &key.certificate, how.scheme, how.hash).map_err(fault)?)
            }
        };
        Ok(Self { content, target, prepared, stamp, length, copy })
    }

    pub(super) fn path(&self) -> &Path {
        self.content.path()
    }

    pub(super) const fn target(&self) -> &Target {
        &self.target
    }

    /// The length of the document, in bytes.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// The digest of the document.
    pub(super) fn digest(&self) -> &[u8] {
        match &self.prepared {
            Prepared::Cms(draft) => draft.content_digest(),
            Prepared::Raw(ready) => ready.digest(),
        }
    }

    pub(super) fn is_for_stdout(&self) -> bool {
        self.target == Target::Stdout
    }

    /// Has the key sign; what does not verify with its certificate is not handed on.
    pub(super) fn sign(&self, key: &mut Unlocked<'_, '_>) -> Result<Signature, Failure> {
        let about = |failure: Failure| failure.about(self.path());
        match &self.prepared {
            Prepared::Raw(ready) => key.sign(ready).map(Signature::Raw).map_err(about),
            Prepared::Cms(draft) => {
                let bare = key.sign(draft.to_be_signed()).map_err(about)?;
                let signed = draft.assemble(bare.to_der());
                signed.map(Signature::Cms).map_err(|fault| about(fault.into()))
            }
        }
    }

    /// Writes the signature, unless the document is not any more what was signed.
    pub(super) fn write(&mut self, signature: &Signature, options: &Sign) -> Result<(), Failure> {
        let path = self.path().to_owned();
        let stamp = self.content.stamp().map_err(|error| Failure::file(&path, &error))?;
        if stamp != self.stamp {
            return Err(Failure::from(SignFault::ContentChanged).about(&path));
        }
        match &self.target {
            Target::Stdout => {
                let mut out = BufWriter::new(io::stdout().lock());
                put(signature, &mut self.content, options, &mut out).map_err(|fault| on_stdout(fault, &path))?;
                out.flush().map_err(|error| Failure::stdout(&error))
            }
            Target::File(target) => {
                // The certificates name the holder, and the document may be anything.
                let privacy = if options.kind == SignatureType::Cms { Privacy::Personal } else { Privacy::Public };
                if let (Some(begun), Signature::Cms(signed)) = (self.copy.take(), signature) {
                    signed.enclose(&mut begun.file()).map_err(|fault| of_writing(fault, target, &path))?;
                    return begun.finish();
                }
                let unfinished = Unfinished::begin(target, privacy)?;
                let mut out = BufWriter::new(unfinished.file());
                put(signature, &mut self.content, options, &mut out)
                    .map_err(|fault| of_writing(fault, target, &path))?;
                out.flush().map_err(|error| Failure::file(target, &error))?;
                drop(out);
                unfinished.finish()
            }
        }
    }
}

/// A fault of the target, or of the document.
fn of_writing(fault: SignFault, target: &Path, document: &Path) -> Failure {
    match fault {
        SignFault::Write(error) => Failure::file(target, &error),
        other => Failure::from(other).about(document),
    }
}

fn on_stdout(fault: SignFault, path: &Path) -> Failure {
    match fault {
        SignFault::Write(error) => Failure::stdout(&error),
        other => Failure::from(other).about(path),
    }
}

fn put(signature: &Signature, content: &mut FileContent, options: &Sign, out: &mut dyn Write) -> Result<(), SignFault> {
    match signature {
        Signature::Raw(bare) => out.write_all(bare.to_der()).map_err(SignFault::Write),
        Signature::Cms(signed) if options.attached && options.pem => signed.write_attached_pem(content, out),
        Signature::Cms(signed) if options.attached => signed.write_attached(content, out),
        Signature::Cms(signed) if options.pem => out.write_all(signed.to_pem().as_bytes()).map_err(SignFault::Write),
        Signature::Cms(signed) => out.write_all(&signed.to_der()).map_err(SignFault::Write),
    }
}
