//! `idcard auth`: authentication tokens in the Web eID format, the holder's half and the relying party's.

mod respond;
mod verify;

use crate::args::{AuthCommand, ChallengeOptions};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use idcard_crypto::auth::Challenge;

/// One half or the other.
pub(super) fn run(command: &AuthCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        AuthCommand::Respond(options) => respond::run(options, context),
        AuthCommand::Verify(options) => verify::run(options, context),
    }
}

fn challenge(options: &ChallengeOptions) -> Result<Challenge, Failure> {
    Challenge::new(&options.origin, &options.challenge).map_err(|fault| Failure::usage(fault.to_string()))
}
