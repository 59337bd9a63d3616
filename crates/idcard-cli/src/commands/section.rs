//! The status of a part of a document: read, or why it is not there. One part never takes the others down.

use crate::exit::{Failure, Kind};
use crate::lang::{Lang, Word};
use idcard_core::Error;
use idcard_core::data::Field;
use serde::{Serialize, Serializer};

/// What became of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Read,
    Redacted,
    PinRequired,
    SecureChannelRequired,
    LayoutUnknown,
    Absent,
    /// With the status word, and what was answered so.
    Refused {
        sw: String,
        detail: String,
    },
    /// With what is wrong.
    Malformed(String),
    NotRequested,
}

impl State {
    /// The word of documents.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Redacted => "redacted",
            Self::PinRequired => "pin_required",
            Self::SecureChannelRequired => "secure_channel_required",
            Self::LayoutUnknown => "layout_unknown",
            Self::Absent => "absent",
            Self::Refused { .. } => "refused",
            Self::Malformed(_) => "malformed",
            Self::NotRequested => "not_requested",
        }
    }

    /// Why a section is not there, for people; nothing where it is, or was not asked for.
    pub(crate) fn reason(&self, lang: Lang) -> Option<String> {
        let word = match self {
            Self::Read | Self::NotRequested => return None,
            Self::Redacted => Word::Redacted,
            Self::PinRequired => Word::PinRequired,
            Self::SecureChannelRequired => Word::SecureChannelRequired,
            Self::LayoutUnknown => Word::LayoutUnknown,
            Self::Absent => Word::Absent,
            Self::Refused { detail, .. } => return Some(format!("{} ({detail})", Word::Refused.text(lang))),
            Self::Malformed(detail) => return Some(format!("{} ({detail})", Word::Malformed.text(lang))),
        };
        Some(word.text(lang).to_owned())
    }

    /// Whether it was asked for and is not there.
    pub(crate) const fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Redacted | Self::PinRequired | Self::SecureChannelRequired | Self::LayoutUnknown | Self::Absent
        )
    }

    /// Whether the card refused it or gave something that is not in order.
    pub(crate) const fn is_faulty(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Malformed(_))
    }

    /// The kind of error that it amounts to where nothing else was asked for.
    pub(crate) const fn kind(&self) -> Option<Kind> {
        match self {
            Self::Read | Self::NotRequested => None,
            Self::Refused { .. } => Some(Kind::CardRefused),
            Self::Malformed(_) => Some(Kind::CardMalformed),
            Self::PinRequired => Some(Kind::PinNotTried),
            Self::Redacted | Self::SecureChannelRequired | Self::LayoutUnknown | Self::Absent => {
                Some(Kind::NotAvailable)
            }
        }
    }

    /// The status word by which the card refused it.
    pub(crate) fn sw(&self) -> Option<&str> {
        if let Self::Refused { sw, .. } = self { Some(sw) } else { None }
    }

    /// Takes in what is wrong with single fields.
    pub(crate) fn with_faults(self, faults: Faults) -> Self {
        match self {
            Self::Read if !faults.0.is_empty() => Self::Malformed(faults.0.join("; ")),
            other => other,
        }
    }
}

/// `status`, and `sw` or `detail` where they belong to it.
impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("status", self.word())?;
        match self {
            Self::Refused { sw, .. } => map.serialize_entry("sw", sw)?,
            Self::Malformed(detail) => map.serialize_entry("detail", detail)?,
            _ => {}
        }
        map.end()
    }
}

/// What came of asking for a section.
///
/// # Errors
/// What concerns the whole card: the link, a PIN, another card in its place.
pub(crate) fn settled<T>(result: Result<T, Error>) -> Result<(State, Option<T>), Failure> {
    let state = match result {
        Ok(value) => return Ok((State::Read, Some(value))),
        Err(Error::Redacted(_)) => State::Redacted,
        Err(Error::PinRequired { .. }) => State::PinRequired,
        Err(Error::SecureChannelRequired(_)) => State::SecureChannelRequired,
        Err(Error::LayoutUnknown(_)) => State::LayoutUnknown,
        Err(Error::Absent(_) | Error::Empty(_)) => State::Absent,
        Err(ref error @ Error::Refused { status, .. }) if !status.is_warning() => {
            State::Refused { sw: status.to_string(), detail: error.to_string() }
        }
        // What comes with a warning is not to be relied on.
        Err(
            error @ (Error::Refused { .. }
            | Error::Garbled { .. }
            | Error::Malformed { .. }
            | Error::Limit { .. }
            | Error::PinWithheld { .. }),
        ) => State::Malformed(error.to_string()),
        Err(other) => return Err(other.into()),
    };
    Ok((state, None))
}

/// What is wrong with the fields of a section.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// The value of a field where it is valid; a fault of it is kept under its name.
    pub(crate) fn value<T, U>(&mut self, name: &str, field: &Field<T>, value: impl FnOnce(&T) -> U) -> Option<U> {
        if let Some(wrong) = field.wrong() {
            self.add(name, wrong);
        }
        field.valid().map(value)
    }

    /// A fault that no single decoder sees.
    pub(crate) fn add(&mut self, name: &str, wrong: impl std::fmt::Display) {
        self.0.push(format!("{name}: {wrong}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_core::LinkError;
    use idcard_core::apdu::Status;

    #[test]
    fn a_section_takes_its_own_faults_and_no_others() {
        let settle = |error| settled::<()>(Err(error));
        let answered = |status| Error::Refused { step: "READ".to_owned(), status: Status(status) };
        let refused = settle(answered(0x6F00)).unwrap().0;
        assert_eq!((refused.word(), refused.sw()), ("refused", Some("6F00")));
        assert!(refused.reason(Lang::En).unwrap().contains("READ: the card answered 6F00"), "{refused:?}");
        let warned = settle(answered(0x6281)).unwrap().0;
        assert!(matches!(&warned, State::Malformed(detail) if detail.contains("corrupted")), "{warned:?}");
        let wrong = Error::WrongPin { kind: idcard_core::PinKind::Id, tries_left: Some(2) };
        assert_eq!(settle(wrong).unwrap_err().kind, Kind::PinWrong);
        let gone = Error::Reader { step: String::new(), source: LinkError::Removed };
        assert_eq!(settle(gone).unwrap_err().kind, Kind::CardRemoved);
    }

    #[test]
    fn status_word_and_detail_stand_only_where_they_belong() {
        let json = |state: State| serde_json::to_string(&state).unwrap();
        assert_eq!(json(State::Read), r#"{"status":"read"}"#);
        assert_eq!(
            json(State::Refused { sw: "6982".into(), detail: "x".into() }),
            r#"{"status":"refused","sw":"6982"}"#
        );
        assert_eq!(json(State::Malformed("x".into())), r#"{"status":"malformed","detail":"x"}"#);
    }
}
