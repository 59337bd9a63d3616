//! The two faces of a card: one PIN, one key, one slot each.

use cryptoki_sys::CK_SLOT_ID;
use idcard_core::family::{Key, KeyName, Page, PinObject};
use idcard_core::session::Slot;

/// Which key of the card a slot stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The authentication key, behind the ID PIN.
    Identity,
    /// The signing key, behind the SIGN PIN.
    Signature,
}

impl Role {
    pub(crate) const BOTH: [Self; 2] = [Self::Identity, Self::Signature];

    /// The role of a slot: each reader has two numbers in a row.
    pub(crate) const fn of(slot: CK_SLOT_ID) -> Self {
        if slot.is_multiple_of(2) { Self::Identity } else { Self::Signature }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Identity => 0,
            Self::Signature => 1,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Signature => "signature",
        }
    }

    pub(crate) const fn key_name(self) -> KeyName {
        match self {
            Self::Identity => KeyName::Auth,
            Self::Signature => KeyName::Sign,
        }
    }

    pub(crate) const fn certificate(self) -> Slot {
        match self {
            Self::Identity => Slot::Auth,
            Self::Signature => Slot::Sign,
        }
    }

    pub(crate) const fn key_label(self) -> &'static str {
        match self {
            Self::Identity => "Authentication key",
            Self::Signature => "Signing key",
        }
    }

    pub(crate) const fn certificate_label(self) -> &'static str {
        match self {
            Self::Identity => "Authentication certificate",
            Self::Signature => "Signing certificate",
        }
    }

    pub(crate) fn key(self, page: &Page) -> Option<&Key> {
        page.key(self.key_name())
    }

    pub(crate) fn pin(self, page: &Page) -> Option<&PinObject> {
        page.pin(&self.key(page)?.pin)
    }

    /// Whether cards of this page have anything for the slot.
    pub(crate) fn is_on(self, page: &Page) -> bool {
        self.key(page).is_some() || page.item(self.certificate().item()).is_some()
    }
}

/// Which of the two slots of a reader programs are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown([bool; 2]);

impl Shown {
    /// Both.
    pub const BOTH: Self = Self([true; 2]);

    /// `identity` or `signature`, or both with a comma between; nothing for other words.
    #[must_use]
    pub fn of_words(words: &str) -> Option<Self> {
        let mut shown = [false; 2];
        for word in words.split(',') {
            let role = Role::BOTH.into_iter().find(|role| role.word() == word.trim())?;
            *shown.get_mut(role.index())? = true;
        }
        Some(Self(shown))
    }

    pub(crate) fn has(self, role: Role) -> bool {
        self.0.get(role.index()).copied().unwrap_or(false)
    }
}
