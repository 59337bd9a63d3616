//! Names of readers and programs in a log, as much of them as is kept in mind.

use std::fmt;

/// The longest that is kept, in bytes: as long as PC/SC lets a reader's name be.
const LONGEST: usize = 128;

/// A name from a log. It is compared and copied at every line that speaks of it, so it is never long.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Name(Box<str>);

impl Name {
    /// The name, or the beginning of one that is too long.
    pub(super) fn of(text: &str) -> Self {
        Self(text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default().into())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_long() {
        assert_eq!(Name::of("Virtual PCD 00 00").to_string(), "Virtual PCD 00 00");
        assert_eq!(Name::of(&"R".repeat(200_000)).to_string(), "R".repeat(128));
        // Never half a character.
        assert_eq!(Name::of(&"\u{FFFD}".repeat(200)).to_string(), "\u{FFFD}".repeat(42));
    }
}
