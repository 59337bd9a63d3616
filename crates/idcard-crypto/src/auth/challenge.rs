//! What a site asks: its origin and a nonce that nobody could foresee.

use std::net::Ipv6Addr;

use thiserror::Error;

use crate::algorithm::HashAlgorithm;

/// The shortest nonce, in characters: 256 bits in base64.
const SHORTEST: usize = 44;
/// The longest nonce, in characters.
const LONGEST: usize = 128;
/// The longest origin, in characters.
const LONGEST_ORIGIN: usize = 255;

/// Why origin and nonce are no challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ChallengeFault {
    /// The origin has not the form that browsers give it.
    #[error("the origin is not of the form https://host or https://host:port: {0}")]
    Origin(&'static str),
    /// The nonce can be guessed.
    #[error("the nonce has {0} characters; it needs 44, that is 256 bits in base64")]
    ShortNonce(usize),
    /// The nonce is too long.
    #[error("the nonce has {0} characters; 128 are the most")]
    LongNonce(usize),
    /// The nonce holds something else than visible ASCII.
    #[error("the nonce holds blanks or characters that are not ASCII")]
    Nonce,
}

/// An origin and a nonce, both of valid form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    origin: String,
    nonce: String,
}

impl Challenge {
    /// Takes an origin as browsers serialise it (RFC 6454, 6.2) and a nonce of 44 to 128 characters.
    ///
    /// ```
    /// use idcard_crypto::auth::Challenge;
    /// let nonce = "x".repeat(44);
    /// assert!(Challenge::new("https://example.ir", &nonce).is_ok());
    /// assert!(Challenge::new("https://example.ir/", &nonce).is_err());
    /// ```
    ///
    /// # Errors
    /// [`ChallengeFault`].
    pub fn new(origin: &str, nonce: &str) -> Result<Self, ChallengeFault> {
        check_origin(origin).map_err(ChallengeFault::Origin)?;
        match nonce.len() {
            short @ ..SHORTEST => return Err(ChallengeFault::ShortNonce(short)),
            SHORTEST..=LONGEST => {}
            long => return Err(ChallengeFault::LongNonce(long)),
        }
        if !nonce.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ChallengeFault::Nonce);
        }
        Ok(Self { origin: origin.to_owned(), nonce: nonce.to_owned() })
    }

    /// The origin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The digest that is signed: over the digests of origin and nonce, all with one hash.
    pub(super) fn digest(&self, hash: HashAlgorithm) -> Vec<u8> {
        let [origin, nonce] = [&self.origin, &self.nonce].map(|part| hash.digest(part.as_bytes()));
        hash.digest(&[origin, nonce].concat())
    }
}

/// `https://host[:port]`, lower case, without path, user or default port: the one way a browser writes it.
fn check_origin(origin: &str) -> Result<(), &'static str> {
    if origin.len() > LONGEST_ORIGIN {
        return Err("it is longer than 255 characters");
    }
    let rest = origin.strip_prefix("https://").ok_or("it does not begin with https://")?;
    if rest.contains(['/', '?', '#', '\\']) {
        return Err("nothing may follow the host, not even a slash");
    }
    if rest.contains('@') {
        return Err("it names a user");
    }
    let (host, port) = match rest.strip_prefix('[') {
        Some(bracketed) => {
            let (address, port) = bracketed.split_once(']').ok_or("the bracket of the address is not closed")?;
            let parsed: Ipv6Addr = address.parse().map_err(|_| "no IPv6 address stands in the brackets")?;
            if parsed.to_string() != address {
                return Err("the IPv6 address is not in its shortest form");
            }
            (None, port)
        }
        None => match rest.find(':') {
            Some(colon) => {
                let (host, port) = rest.split_at_checked(colon).ok_or("the host is malformed")?;
                (Some(host), port)
            }
            None => (Some(rest), ""),
        },
    };
    if let Some(host) = host {
        check_host(host)?;
    }
    if port.is_empty() { Ok(()) } else { check_port(port) }
}

fn check_host(host: &str) -> Result<(), &'static str> {
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err("the host is written with capitals");
    }
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    if host.split('.').all(label) {
        Ok(())
    } else {
        Err("the host holds other characters than letters, digits, hyphens and dots; write it in punycode")
    }
}

fn check_port(port: &str) -> Result<(), &'static str> {
    let digits = port.strip_prefix(':').ok_or("something follows the address")?;
    match digits.parse::<u16>() {
        Ok(443) => Err("port 443 is the usual one and is left out"),
        Ok(1..) if !digits.starts_with(['0', '+']) => Ok(()),
        _ => Err("the port is no number from 1 to 65535"),
    }
}
