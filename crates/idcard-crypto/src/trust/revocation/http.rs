//! The one place of the library that opens a network connection: a POST over plain http, bounded in size and time.

use std::time::Duration;
use thiserror::Error;

/// The longest address that is used.
const MAX_URL: usize = 2048;

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FetchFault {
    /// The certificate names no responder, and the caller gave none.
    #[error("no address is known")]
    NoAddress,
    /// The address is not one of plain http. OCSP answers are signed; the transport proves nothing.
    #[error("the address is not one of http")]
    Address,
    /// The time is over.
    #[error("no answer in time")]
    TimedOut,
    /// The answer is larger than allowed.
    #[error("the answer is too large")]
    TooLarge,
    /// The server answered with another status than 200; redirections are not followed.
    #[error("the server answered with HTTP status {0}")]
    Status(u16),
    /// The connection failed.
    #[error("the connection failed")]
    Connection,
    /// The operating system gave no random bytes for a nonce.
    #[error("no random bytes for a nonce")]
    Random,
}

/// Posts `body` and takes an answer of at most `limit` bytes. No redirection, no proxy, no cookie.
pub(super) fn post(
    url: &str,
    content_type: &str,
    body: &[u8],
    limit: u64,
    timeout: Duration,
) -> Result<Vec<u8>, FetchFault> {
    if url.len() > MAX_URL || !url.starts_with("http://") || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(FetchFault::Address);
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .user_agent("idcard")
        .build();
    let mut response = ureq::Agent::from(config).post(url).content_type(content_type).send(body).map_err(fault)?;
    if response.status() != 200 {
        return Err(FetchFault::Status(response.status().as_u16()));
    }
    response.body_mut().with_config().limit(limit).read_to_vec().map_err(fault)
}

fn fault(error: ureq::Error) -> FetchFault {
    match error {
        ureq::Error::Timeout(_) => FetchFault::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => FetchFault::TooLarge,
        ureq::Error::BadUri(_) => FetchFault::Address,
        ureq::Error::StatusCode(status) => FetchFault::Status(status),
        _ => FetchFault::Connection,
    }
}
