//! Bytes and file paths as a page writes them: hex, blanks allowed, path elements divided by `/`.

use serde::{Deserialize, Deserializer, de::Error as _};
use std::fmt;

/// Bytes, written as hex.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// The bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode_upper(&self.0))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        hex::decode(&digits).map(Self).map_err(|wrong| D::Error::custom(format!("\"{text}\" is not hex: {wrong}")))
    }
}

/// A path from the MF: one to three file identifiers.
#[derive(Clone, PartialEq, Eq)]
pub struct FilePath(Vec<u16>);

impl FilePath {
    /// The file identifiers, the MF's 3F00 first.
    #[must_use]
    pub fn identifiers(&self) -> &[u16] {
        &self.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, identifier) in self.0.iter().enumerate() {
            write!(f, "{}{identifier:04X}", if index == 0 { "" } else { "/" })?;
        }
        Ok(())
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let identifiers: Option<Vec<u16>> = text
            .split('/')
            .map(|part| (part.len() == 4).then(|| u16::from_str_radix(part, 16).ok()).flatten())
            .collect();
        match identifiers {
            Some(path) if path.first() == Some(&0x3F00) && (1..=3).contains(&path.len()) => Ok(Self(path)),
            _ => Err(D::Error::custom(format!("\"{text}\" is not a path such as 3F00/0300/0303"))),
        }
    }
}
