//! The columns of the matrix: what may befall one exchange.

use idcard_core::LinkError;
use idcard_sim::{Action, Fault, Handle};

/// One trouble, at whatever exchange it comes.
#[derive(Debug, Clone)]
pub(super) enum Trouble {
    /// The link fails: a named fault of the virtual reader, one for each code of PC/SC that means something of its own.
    Link(&'static str),
    /// The card answers with a bare status word and has not seen the command.
    Status(u16),
    /// The card answers so and has not seen the command.
    Answer(&'static str, Vec<u8>),
    /// The card runs the command, and its answer is changed on the way: a named fault.
    Changed(&'static str),
}

/// The classes of ISO/IEC 7816-4, 5.6, one or two of each, and words outside of them.
const STATUS: [u16; 19] = [
    0x6110, 0x6281, 0x6282, 0x6300, 0x63C2, 0x6400, 0x6581, 0x6700, 0x6882, 0x6982, 0x6983, 0x6A82, 0x6A88, 0x6B00,
    0x6C10, 0x6D00, 0x6E00, 0x6F00, 0x9100,
];

impl Trouble {
    /// All columns.
    pub(super) fn all() -> Vec<Self> {
        let link = Fault::all().map(|(name, _)| name).filter(|name| name.starts_with(char::is_lowercase));
        let link = link.filter(|name| *name != "slow").map(Self::Link);
        let status = STATUS.into_iter().map(Self::Status);
        let mut long = vec![0x5A; 300];
        long.extend([0x90, 0x00]);
        let made_up = [
            ("empty", Vec::new()),
            ("one byte", vec![0x90]),
            ("no data", vec![0x90, 0x00]),
            ("two bytes of data", vec![0x5A, 0x5A, 0x90, 0x00]),
            ("300 bytes", long),
        ];
        let made_up = made_up.into_iter().map(|(name, bytes)| Self::Answer(name, bytes));
        // Too long, without data, half of it; 61xx, 6Cxx and warnings with data; other words for 9000.
        let changed =
            ["C-03", "C-04", "C-05", "C-06", "C-08", "C-09", "C-11", "C-16", "C-16b", "C-17", "C-19", "C-23c", "C-28"];
        link.chain(status).chain(made_up).chain(changed.map(Self::Changed)).collect()
    }

    /// Lets it befall the exchange of that number.
    pub(super) fn befall(&self, exchange: usize, reader: &Handle) {
        match self {
            Self::Link(name) | Self::Changed(name) => {
                assert!(reader.add_fault(Fault::named(&format!("{name}@{exchange}")).unwrap()));
            }
            Self::Status(word) => reader.at(exchange, Action::Answer(word.to_be_bytes().to_vec())),
            Self::Answer(_, bytes) => reader.at(exchange, Action::Answer(bytes.clone())),
        }
    }

    /// Whether the card says that it did what it did not do, or gives other data than it holds: nothing on the line tells.
    pub(super) fn lies(&self) -> bool {
        matches!(self, Self::Answer("no data" | "two bytes of data" | "300 bytes", _) | Self::Changed("C-28"))
    }

    /// How a run ends that this trouble breaks off: status, kind of error, what the message tells (`docs/cli.md`, section 3).
    pub(super) fn breaks_off(&self) -> Option<(u8, &'static str, &'static str)> {
        let Self::Link(name) = self else { return None };
        Some(match *name {
            "silence" => (10, "timed_out", "no answer within 10 s"),
            "removed" => (5, "card_removed", "the card was removed"),
            "reset" => (12, "card_reset", "reset by another program"),
            "changed" => (12, "card_changed", "another card"),
            "no-card" => (5, "no_card", "no card in the reader"),
            "no-reader" => (4, "no_reader", "no card reader"),
            "no-service" => (3, "no_service", "SCARD_E_NO_SERVICE"),
            "service-stopped" => (3, "no_service", "SCARD_E_SERVICE_STOPPED"),
            "no-access" => (3, "no_service", "SCARD_W_SECURITY_VIOLATION"),
            "busy" => (6, "busy", "another program holds the card"),
            "cancelled" => (10, "cancelled", "cancelled"),
            "unresponsive" => (12, "link_lost", "SCARD_W_UNRESPONSIVE_CARD"),
            "unpowered" => (12, "link_lost", "SCARD_W_UNPOWERED_CARD"),
            "reader-unavailable" => (12, "link_lost", "SCARD_E_READER_UNAVAILABLE"),
            "not-transacted" => (12, "link_lost", "SCARD_E_NOT_TRANSACTED"),
            "comm-error" => (12, "link_lost", "SCARD_F_COMM_ERROR"),
            "comm-data-lost" => (12, "link_lost", "SCARD_E_COMM_DATA_LOST"),
            "invalid-handle" => (12, "link_lost", "SCARD_E_INVALID_HANDLE"),
            "proto-mismatch" => (12, "link_lost", "SCARD_E_PROTO_MISMATCH"),
            "invalid-parameter" => (12, "link_lost", "SCARD_E_INVALID_PARAMETER"),
            "insufficient-buffer" => (12, "link_lost", "SCARD_E_INSUFFICIENT_BUFFER"),
            "internal-error" => (12, "link_lost", "SCARD_F_INTERNAL_ERROR"),
            "oversize" => (12, "link_lost", "more than 65,538 bytes"),
            other => panic!("{other} has no place in the contract"),
        })
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Link(name) | Self::Changed(name) => f.write_str(name),
            Self::Status(word) => write!(f, "{word:04X}"),
            Self::Answer(name, _) => f.write_str(name),
        }
    }
}

/// A failure that every transport can meet has its column.
#[test]
fn no_link_failure_is_without_a_column() {
    let variants = |error: &LinkError| match error {
        LinkError::NoService { .. } => 0,
        LinkError::NoAccess { .. } => 1,
        LinkError::NoReader { .. } => 2,
        LinkError::NoCard => 3,
        LinkError::Mute { .. } => 4,
        LinkError::Removed => 5,
        LinkError::Reset => 6,
        LinkError::Changed => 7,
        LinkError::Busy { .. } => 8,
        LinkError::TimedOut { .. } => 9,
        LinkError::Cancelled => 10,
        LinkError::Lost { .. } => 11,
        LinkError::Unlawful { .. } => 12,
        _ => 13,
    };
    let mut met = std::collections::BTreeSet::new();
    for trouble in Trouble::all() {
        if let Trouble::Link(name) = trouble {
            let reader = idcard_sim::open(&format!("specimen+fault={name}")).unwrap();
            met.insert(variants(&reader.handle().exchange(&[0, 0xCA, 0x9F, 0x7F, 0]).unwrap_err()));
        }
    }
    assert_eq!(met, (0..=12).collect());
}
