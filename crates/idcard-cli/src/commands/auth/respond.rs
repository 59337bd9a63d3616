//! `idcard auth respond`: the authentication key answers a challenge.

use super::challenge;
use crate::args::AuthRespond;
use crate::commands::holder_key::{HolderKey, PinSource, last_try};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::output;
use crate::terminal::Nature;
use idcard_core::family::KeyName;
use idcard_crypto::auth;

/// Prints the token bare, as that format is.
pub(super) fn run(options: &AuthRespond, context: &Context) -> Result<Exit, Failure> {
    let challenge = challenge(&options.challenge)?;
    let source = PinSource::of(&options.pin)?;
    let last_try = last_try(&options.pin);
    let (_, mut card) = context.connect()?;
    let key = HolderKey::meet(&mut card, KeyName::Auth, &source, last_try)?;
    let to_be_signed = auth::to_be_signed(&challenge, &key.certificate)?;
    key.scheme(Some(to_be_signed.scheme()), to_be_signed.hash())?;
    if !context.options.wants_json() || context.terminal.stderr {
        let (terminal, lang) = (&context.terminal, context.lang);
        let who = terminal.pair(Word::AuthenticateAs.text(lang), &key.certificate.subject().to_string(), Nature::Code);
        let to = terminal.pair(Word::AuthenticateTo.text(lang), challenge.origin(), Nature::Code);
        output::stderr(&format!("{who}{to}"));
    }
    let pin = key.pin(source, context)?;
    let mut session = card.session()?;
    let signature = key.unlock(&mut session, &pin, last_try)?.sign(&to_be_signed)?;
    drop(pin);
    if let Err(error) = session.end() {
        log::warn!("{error}");
    }
    let token = auth::token(&to_be_signed, &signature)?;
    output::stdout(output::document(&token)?.as_bytes())?;
    Ok(Exit::DONE)
}
