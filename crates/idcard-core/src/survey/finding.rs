//! What a survey found: one finding for each question, judged by the page of the card's family.

use crate::apdu::Status;
use crate::data::layout::shape;
use crate::family::{Evidence, ItemName};

/// How a finding stands to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// As the page tells.
    Matched,
    /// Not as the page tells; [`Finding::reason`] says why.
    Differed,
    /// The page does not speak of it, and the card has it.
    New,
    /// The page does not speak of it, and the card does not have it.
    Absent,
}

impl Verdict {
    /// All verdicts, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Matched, Self::Differed, Self::New, Self::Absent];

    /// The word of documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Differed => "differed",
            Self::New => "new",
            Self::Absent => "absent",
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The answer to reset.
    Atr,
    /// An applet.
    Applet,
    /// An elementary file.
    File,
    /// A data object of GET DATA.
    DataObject,
    /// The unit in which READ BINARY counts offsets.
    OffsetUnit,
    /// A PIN object, by VERIFY without a body.
    Pin,
    /// An MPCOS secret code, by GetInfo.
    SecretCode,
}

impl Subject {
    /// The word of documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Atr => "atr",
            Self::Applet => "applet",
            Self::File => "file",
            Self::DataObject => "data_object",
            Self::OffsetUnit => "offset_unit",
            Self::Pin => "pin",
            Self::SecretCode => "secret_code",
        }
    }
}

/// What there is to say beside the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It is not on the card.
    NotThere,
    /// The card refused it, with the status word of the finding.
    Refused,
    /// It is there and guarded (`6982`).
    Guarded,
    /// It is there and guarded although the page calls it free: a sealed card.
    Sealed,
    /// It is free, and the page says that it is guarded.
    Free,
    /// It is there and holds nothing.
    Empty,
    /// Its content has not the form that the page tells; [`Finding::detail`] says what is wrong.
    Malformed,
    /// The answers of this recording are masked.
    Masked,
    /// No historical bytes that the page knows.
    Unmarked,
    /// Asking for the tries left costs a try: nothing more of the kind was asked.
    CostsTries,
}

impl Reason {
    /// The word of documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotThere => "not_there",
            Self::Refused => "refused",
            Self::Guarded => "guarded",
            Self::Sealed => "sealed",
            Self::Free => "free",
            Self::Empty => "empty",
            Self::Malformed => "malformed",
            Self::Masked => "masked",
            Self::Unmarked => "unmarked",
            Self::CostsTries => "costs_tries",
        }
    }
}

/// One finding. It holds nothing of the holder: no name, number or date, no hash of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands to the page.
    pub verdict: Verdict,
    /// What was asked for.
    pub subject: Subject,
    /// The item of the page, or the file it was found in.
    pub item: Option<ItemName>,
    /// The applet: its name on the page, its AID where the page has none; empty for the answer to reset.
    pub applet: String,
    /// Path, command header, PIN reference, AID.
    pub place: String,
    /// The status word that decided.
    pub status: Option<Status>,
    /// What there is to say beside the verdict.
    pub reason: Option<Reason>,
    /// What exactly is wrong.
    pub detail: Option<String>,
    /// The size of the file by its control information, in bytes.
    pub file_size: Option<u32>,
    /// How many bytes were read.
    pub bytes: Option<usize>,
    /// Tags, lengths and natures of what was read: see [`shape`](crate::data::layout::shape).
    pub shape: Option<String>,
    /// What the content says beyond the holder: versions, flags, counters, the year of a date.
    pub values: Vec<(&'static str, String)>,
    /// How well the page knows it.
    pub evidence: Option<Evidence>,
    /// The open question of `nid-card.md`, section 11, that this answers, at least in part.
    pub fills: Option<String>,
}

impl Finding {
    pub(super) fn new(subject: Subject, verdict: Verdict, applet: &str, place: String) -> Self {
        Self {
            verdict,
            subject,
            item: None,
            applet: applet.to_owned(),
            place,
            status: None,
            reason: None,
            detail: None,
            file_size: None,
            bytes: None,
            shape: None,
            values: Vec::new(),
            evidence: None,
            fills: None,
        }
    }

    pub(super) fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    pub(super) fn with_status(mut self, status: Status) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn read(mut self, bytes: &[u8]) -> Self {
        self.bytes = Some(bytes.len());
        self.shape = Some(shape(bytes));
        self
    }
}
