//! `idcard sign`: signatures with the signing key. The documents are hashed, shown, and only then the PIN is asked for.

mod report;
mod target;
mod work;

use super::holder_key::{AGAIN, HolderKey, PinSource, last_try};
use crate::args::{HashName, SchemeName, Sign, SignatureType};
use crate::content::FileContent;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::output;
use crate::pin_entry::{self, Entered};
use crate::signals;
use crate::source::terminal_keys;
use idcard_core::family::KeyName;
use idcard_core::{Card, LastTry, Session};
use idcard_crypto::algorithm::{HashAlgorithm, SignatureScheme};
use idcard_crypto::cms::SignOptions;
use std::path::Path;
use std::time::SystemTime;
use target::Target;
use work::{Signature, Work};

/// Signs the documents that were named, no more; one VERIFY for each where the card demands it.
pub(super) fn run(options: &Sign, context: &Context) -> Result<Exit, Failure> {
    check(options, context)?;
    let source = PinSource::of(&options.pin)?;
    let targets = Target::of_all(options, context)?;
    let contents = options.files.iter().map(|path| FileContent::open(path)).collect::<Result<Vec<_>, _>>()?;
    signals::watch();
    let (_, mut card) = context.connect()?;
    let key = HolderKey::meet(&mut card, KeyName::Sign, &source, last_try(&options.pin))?;
    let key = key.with_keys(terminal_keys(&context.options)?)?;
    if key.issuer.is_none() {
        context.note(Word::NoIssuer.text(context.lang));
    }
    let (how, scheme) = how(options, &key)?;
    let mut works = Vec::new();
    for (content, target) in contents.into_iter().zip(targets) {
        let content = if options.attached { content.twice()? } else { content };
        works.push(Work::begin(content, target, options, &key, &how, context)?);
    }
    report::announce(&works, &key, context);
    let pin = key.pin(source, context)?;
    let (signatures, stopped) = sign(&mut card, &key, &works, (pin, last_try(&options.pin)), context);
    drop(card);
    key.forget_keys();

    let mut written = Vec::new();
    let mut failed = None;
    for (mut work, signature) in works.into_iter().zip(signatures) {
        match work.write(&signature, options) {
            Ok(()) => written.push(work),
            Err(failure) => failed = failed.or(Some(failure)),
        }
    }
    if let Some(failure) = stopped.or(failed) {
        if !written.is_empty() {
            let names: Vec<_> = written.iter().map(|work| work.path().display().to_string()).collect();
            let told = format!("{}: {}", Word::StillSigned.text(context.lang), names.join(", "));
            if context.options.wants_json() {
                return Err(failure.with_remark(&told));
            }
            context.note(&told);
        }
        return Err(failure);
    }
    let document = report::Document::of(&written, &key, (&how, scheme), options);
    if !written.iter().any(Work::is_for_stdout) {
        context.show(&document, || document.text(context))?;
    }
    Ok(Exit::DONE)
}

/// Options that do not go together.
fn check(options: &Sign, context: &Context) -> Result<(), Failure> {
    if options.kind == SignatureType::Raw && (options.attached || options.pem) {
        return Err(Failure::usage("a bare signature is neither --attached nor --pem"));
    }
    let stdin = options.files.iter().filter(|path| FileContent::is_stdin(path)).count();
    if stdin > 0 && options.pin.pin_fd == Some(0) {
        return Err(Failure::usage("the document and the PIN cannot both come from stdin")
            .with_hint("give the PIN with --pin-file or on another descriptor"));
    }
    if stdin > 1 {
        return Err(Failure::usage("stdin is one document only"));
    }
    let to_stdout = options.output.as_deref() == Some(Path::new("-"));
    if to_stdout {
        output::check_stdout()?;
    }
    if to_stdout && context.options.wants_json() {
        return Err(Failure::usage("the signature and the document of --json cannot both go to stdout"));
    }
    Ok(())
}

/// The options in the words of the library, and the scheme that they amount to.
fn how(options: &Sign, key: &HolderKey) -> Result<(SignOptions, SignatureScheme), Failure> {
    let hash = match options.hash {
        HashName::Sha256 => HashAlgorithm::Sha256,
        HashName::Sha384 => HashAlgorithm::Sha384,
        HashName::Sha512 => HashAlgorithm::Sha512,
    };
    let scheme = options.scheme.map(|scheme| match scheme {
        SchemeName::Pkcs1 => SignatureScheme::Pkcs1v15,
        SchemeName::Pss => SignatureScheme::Pss { salt_length: hash.digest_len() },
    });
    let chosen = key.scheme(scheme, hash)?;
    let issuers = key.issuer.iter().cloned().collect();
    Ok((SignOptions { signing_time: SystemTime::now(), hash, scheme, issuers }, chosen))
}

/// Has the card sign one digest after the other; at the first failure it is left alone, and what it signed is kept.
///
/// Where another program made the card forget the PIN, its holder is asked once more; a PIN that was given is not sent
/// twice.
fn sign(
    card: &mut Card,
    key: &HolderKey,
    works: &[Work],
    (mut pin, last_try): (Entered, LastTry),
    context: &Context,
) -> (Vec<Signature>, Option<Failure>) {
    let mut signatures = Vec::new();
    let mut times = 0;
    loop {
        let (stopped, pin_lost) = sign_on(card, key, works, (&pin, last_try), &mut signatures, context);
        times += 1;
        match stopped {
            Some(_) if pin_lost && key.holder_is_there() && times <= AGAIN => {
                context.note(Word::PinForgotten.text(context.lang));
                match key.ask_again(card, last_try, context) {
                    Ok(entered) => pin = entered,
                    Err(failure) => return (signatures, Some(failure)),
                }
            }
            stopped => return (signatures, stopped),
        }
    }
}

/// One session's worth: goes on behind the signatures that are there, and tells why it stopped and whether a PIN was
/// lost.
fn sign_on(
    card: &mut Card,
    key: &HolderKey,
    works: &[Work],
    (pin, last_try): (&Entered, LastTry),
    signatures: &mut Vec<Signature>,
    context: &Context,
) -> (Option<Failure>, bool) {
    let mut session = match card.session() {
        Ok(session) => session,
        Err(error) => return (Some(error.into()), false),
    };
    let stopped = sign_in(&mut session, key, works, (pin, last_try), signatures, context).err();
    let pin_lost = session.has_lost_pin();
    if let Err(error) = session.end() {
        // The signatures are made; that the card may be left unlocked is worth a word.
        log::warn!("{error}");
    }
    (stopped, pin_lost)
}

fn sign_in(
    session: &mut Session<'_>,
    key: &HolderKey,
    works: &[Work],
    (pin, last_try): (&Entered, LastTry),
    signatures: &mut Vec<Signature>,
    context: &Context,
) -> Result<(), Failure> {
    let mut unlocked = key.unlock(session, pin, last_try)?;
    for work in works.iter().skip(signatures.len()) {
        unlocked.again(pin, last_try, || point_to_pad_again(pin, key, work, context))?;
        signatures.push(work.sign(&mut unlocked)?);
    }
    Ok(())
}

/// A pad has no memory: the holder types the PIN for each signature, and is told so.
fn point_to_pad_again(pin: &Entered, key: &HolderKey, work: &Work, context: &Context) {
    if let Entered::OnPad(_) = pin {
        let note = format!("{} {}", Word::OnceMore.text(context.lang), work.path().display());
        pin_entry::point_to_pad(key.pin_kind(), &[note], context);
    }
}
