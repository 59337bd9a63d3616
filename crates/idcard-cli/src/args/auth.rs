//! Options of `auth`.

use super::{PinOptions, TrustOptions};
use clap::{Args, Subcommand};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

#[derive(Debug, Subcommand)]
pub(crate) enum AuthCommand {
    /// Answer a challenge with the authentication key; prints the token
    Respond(AuthRespond),
    /// Check a token against a challenge, without any card
    Verify(AuthVerify),
}

/// What a site asked.
#[derive(Debug, Clone, Args)]
pub(crate) struct ChallengeOptions {
    /// The site: https://host or https://host:port
    #[arg(long, value_name = "URL")]
    pub origin: String,
    /// The nonce of this attempt, 44 characters or more
    #[arg(long, value_name = "NONCE")]
    pub challenge: String,
}

#[derive(Debug, Args)]
pub(crate) struct AuthRespond {
    #[command(flatten)]
    pub challenge: ChallengeOptions,
    #[command(flatten)]
    pub pin: PinOptions,
}

#[derive(Debug, Args)]
pub(crate) struct AuthVerify {
    /// The token; stdin by default
    #[arg(value_name = "TOKEN", default_value = "-")]
    pub token: PathBuf,
    #[command(flatten)]
    pub challenge: ChallengeOptions,
    /// When the nonce was issued
    #[arg(long, value_name = "TIME", value_parser = super::verify::time)]
    pub issued: Option<SystemTime>,
    /// How long a nonce lives
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds, requires = "issued")]
    pub max_age: Duration,
    #[command(flatten)]
    pub trust: TrustOptions,
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}
