//! `idcard auth respond`: the authentication key answers a challenge.

use super::challenge;
use crate::args::AuthRespond;
use crate::commands::holder_key::{AGAIN, HolderKey, PinSource, last_try};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::output;
use crate::pin_entry::Entered;
use crate::source::terminal_keys;
use crate::terminal::Nature;
use idcard_core::family::KeyName;
use idcard_core::{Card, LastTry};
use idcard_crypto::auth;
use idcard_crypto::signer::{Signature, ToBeSigned};

/// Prints the token bare, as that format is.
pub(super) fn run(options: &AuthRespond, context: &Context) -> Result<Exit, Failure> {
    let challenge = challenge(&options.challenge)?;
    let source = PinSource::of(&options.pin)?;
    let last_try = last_try(&options.pin);
    let (_, mut card) = context.connect()?;
    let key = HolderKey::meet(&mut card, KeyName::Auth, &source, last_try)?;
    let key = key.with_keys(terminal_keys(&context.options)?)?;
    let to_be_signed = auth::to_be_signed(&challenge, &key.certificate)?;
    key.scheme(Some(to_be_signed.scheme()), to_be_signed.hash())?;
    if !context.options.wants_json() || context.terminal.stderr {
        let (terminal, lang) = (&context.terminal, context.lang);
        if key.specimen {
            output::stderr(&terminal.line(Word::SpecimenCard.text(lang)));
        }
        let who = terminal.pair(Word::AuthenticateAs.text(lang), &key.certificate.subject().to_string(), Nature::Code);
        let to = terminal.pair(Word::AuthenticateTo.text(lang), challenge.origin(), Nature::Code);
        output::stderr(&format!("{who}{to}"));
    }
    let mut pin = key.pin(source, context)?;
    let mut times = 0;
    let signature = loop {
        let (signed, pin_lost) = sign(&mut card, &key, (&pin, last_try), &to_be_signed);
        times += 1;
        match signed {
            Err(_) if pin_lost && key.holder_is_there() && times <= AGAIN => {
                context.note(Word::PinForgotten.text(context.lang));
                pin = key.ask_again(&mut card, last_try, context)?;
            }
            signed => break signed?,
        }
    };
    drop(pin);
    key.forget_keys();
    let token = auth::token(&to_be_signed, &signature)?;
    output::stdout(output::document(&token)?.as_bytes())?;
    Ok(Exit::DONE)
}

/// One session's worth: the signature, and whether the card forgot a PIN that was presented.
fn sign(
    card: &mut Card,
    key: &HolderKey,
    (pin, last_try): (&Entered, LastTry),
    wanted: &ToBeSigned,
) -> (Result<Signature, Failure>, bool) {
    let mut session = match card.session() {
        Ok(session) => session,
        Err(error) => return (Err(error.into()), false),
    };
    let signed = key.unlock(&mut session, pin, last_try).and_then(|mut unlocked| unlocked.sign(wanted));
    let pin_lost = session.has_lost_pin();
    if let Err(error) = session.end() {
        log::warn!("{error}");
    }
    (signed, pin_lost)
}
