//! The names of the PC/SC return codes and what each means at each step of a conversation.

#[cfg(test)]
mod tests;

use super::LinkError;
use std::time::Duration;

/// What was being done when a code came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Reaching the service, listing readers, connecting.
    #[cfg_attr(not(feature = "pcsc"), allow(dead_code))]
    Connect,
    /// Beginning or ending a transaction.
    Hold,
    /// Waiting for the answer to a command.
    Answer,
}

/// Return codes of PC/SC (PC/SC part 5, 3.2.5; `winerror.h`; `pcsclite.h`).
const CODES: &[(u32, &str)] = &[
    (0x8010_0001, "SCARD_F_INTERNAL_ERROR"),
    (0x8010_0002, "SCARD_E_CANCELLED"),
    (0x8010_0003, "SCARD_E_INVALID_HANDLE"),
    (0x8010_0004, "SCARD_E_INVALID_PARAMETER"),
    (0x8010_0005, "SCARD_E_INVALID_TARGET"),
    (0x8010_0006, "SCARD_E_NO_MEMORY"),
    (0x8010_0007, "SCARD_F_WAITED_TOO_LONG"),
    (0x8010_0008, "SCARD_E_INSUFFICIENT_BUFFER"),
    (0x8010_0009, "SCARD_E_UNKNOWN_READER"),
    (0x8010_000A, "SCARD_E_TIMEOUT"),
    (0x8010_000B, "SCARD_E_SHARING_VIOLATION"),
    (0x8010_000C, "SCARD_E_NO_SMARTCARD"),
    (0x8010_000D, "SCARD_E_UNKNOWN_CARD"),
    (0x8010_000E, "SCARD_E_CANT_DISPOSE"),
    (0x8010_000F, "SCARD_E_PROTO_MISMATCH"),
    (0x8010_0010, "SCARD_E_NOT_READY"),
    (0x8010_0011, "SCARD_E_INVALID_VALUE"),
    (0x8010_0012, "SCARD_E_SYSTEM_CANCELLED"),
    (0x8010_0013, "SCARD_F_COMM_ERROR"),
    (0x8010_0014, "SCARD_F_UNKNOWN_ERROR"),
    (0x8010_0015, "SCARD_E_INVALID_ATR"),
    (0x8010_0016, "SCARD_E_NOT_TRANSACTED"),
    (0x8010_0017, "SCARD_E_READER_UNAVAILABLE"),
    (0x8010_0018, "SCARD_P_SHUTDOWN"),
    (0x8010_0019, "SCARD_E_PCI_TOO_SMALL"),
    (0x8010_001A, "SCARD_E_READER_UNSUPPORTED"),
    (0x8010_001B, "SCARD_E_DUPLICATE_READER"),
    (0x8010_001C, "SCARD_E_CARD_UNSUPPORTED"),
    (0x8010_001D, "SCARD_E_NO_SERVICE"),
    (0x8010_001E, "SCARD_E_SERVICE_STOPPED"),
    #[cfg(windows)]
    (0x8010_001F, "SCARD_E_UNEXPECTED"),
    #[cfg(not(windows))]
    (0x8010_001F, "SCARD_E_UNSUPPORTED_FEATURE"),
    (0x8010_0020, "SCARD_E_ICC_INSTALLATION"),
    (0x8010_0021, "SCARD_E_ICC_CREATEORDER"),
    (0x8010_0022, "SCARD_E_UNSUPPORTED_FEATURE"),
    (0x8010_0023, "SCARD_E_DIR_NOT_FOUND"),
    (0x8010_0024, "SCARD_E_FILE_NOT_FOUND"),
    (0x8010_0025, "SCARD_E_NO_DIR"),
    (0x8010_0026, "SCARD_E_NO_FILE"),
    (0x8010_0027, "SCARD_E_NO_ACCESS"),
    (0x8010_0028, "SCARD_E_WRITE_TOO_MANY"),
    (0x8010_0029, "SCARD_E_BAD_SEEK"),
    (0x8010_002A, "SCARD_E_INVALID_CHV"),
    (0x8010_002B, "SCARD_E_UNKNOWN_RES_MNG"),
    (0x8010_002C, "SCARD_E_NO_SUCH_CERTIFICATE"),
    (0x8010_002D, "SCARD_E_CERTIFICATE_UNAVAILABLE"),
    (0x8010_002E, "SCARD_E_NO_READERS_AVAILABLE"),
    (0x8010_002F, "SCARD_E_COMM_DATA_LOST"),
    (0x8010_0030, "SCARD_E_NO_KEY_CONTAINER"),
    (0x8010_0031, "SCARD_E_SERVER_TOO_BUSY"),
    (0x8010_0065, "SCARD_W_UNSUPPORTED_CARD"),
    (0x8010_0066, "SCARD_W_UNRESPONSIVE_CARD"),
    (0x8010_0067, "SCARD_W_UNPOWERED_CARD"),
    (0x8010_0068, "SCARD_W_RESET_CARD"),
    (0x8010_0069, "SCARD_W_REMOVED_CARD"),
    (0x8010_006A, "SCARD_W_SECURITY_VIOLATION"),
    (0x8010_006B, "SCARD_W_WRONG_CHV"),
    (0x8010_006C, "SCARD_W_CHV_BLOCKED"),
    (0x8010_006D, "SCARD_W_EOF"),
    (0x8010_006E, "SCARD_W_CANCELLED_BY_USER"),
    (0x8010_006F, "SCARD_W_CARD_NOT_AUTHENTICATED"),
    (0x8010_0070, "SCARD_W_CACHE_ITEM_NOT_FOUND"),
    (0x8010_0071, "SCARD_W_CACHE_ITEM_STALE"),
    (0x8010_0072, "SCARD_W_CACHE_ITEM_TOO_BIG"),
];

/// The name of a code that has none here.
pub(crate) const UNKNOWN: &str = "SCARD_F_UNKNOWN_ERROR";

/// The name of a return code.
pub(crate) fn name(value: u32) -> &'static str {
    CODES.iter().find(|(code, _)| *code == value).map_or(UNKNOWN, |(_, name)| name)
}

/// The full name of a code as a trace writes it: with its prefix (`SCARD_E_TIMEOUT`) or without (`TIMEOUT`).
pub(crate) fn full_name(text: &str) -> Option<&'static str> {
    CODES.iter().map(|(_, name)| *name).find(|name| *name == text || short_name(name) == text)
}

/// The name without its prefix, as traces have it.
pub(crate) fn short_name(name: &str) -> &str {
    ["SCARD_E_", "SCARD_W_", "SCARD_F_", "SCARD_P_"].iter().find_map(|p| name.strip_prefix(p)).unwrap_or(name)
}

/// What a code means, given the step at which it came and how long that step had waited.
pub(crate) fn link_error(code: &'static str, step: Step, waited: Duration) -> LinkError {
    match (short_name(code), step) {
        ("NO_SERVICE" | "SERVICE_STOPPED", _) => LinkError::NoService { code },
        ("SECURITY_VIOLATION" | "NO_ACCESS", _) => LinkError::NoAccess { code },
        ("NO_READERS_AVAILABLE" | "UNKNOWN_READER" | "READER_UNAVAILABLE", Step::Connect) => {
            LinkError::NoReader { wanted: None }
        }
        ("NO_SMARTCARD" | "REMOVED_CARD", Step::Connect) => LinkError::NoCard,
        ("PROTO_MISMATCH", Step::Connect) => LinkError::Mute { code }, // neither T=0 nor T=1 came up
        ("REMOVED_CARD", _) => LinkError::Removed,
        ("RESET_CARD", _) => LinkError::Reset,
        // pcsc-lite forgets the protocol when it resets the card of a program that died.
        ("PROTO_MISMATCH", Step::Answer) => LinkError::Reset,
        ("UNRESPONSIVE_CARD" | "UNPOWERED_CARD" | "UNSUPPORTED_CARD" | "CARD_UNSUPPORTED", _) => {
            LinkError::Mute { code }
        }
        ("SHARING_VIOLATION" | "SERVER_TOO_BUSY", _) => LinkError::Busy { waited },
        ("TIMEOUT" | "WAITED_TOO_LONG", Step::Hold) => LinkError::Busy { waited },
        ("TIMEOUT" | "WAITED_TOO_LONG", _) => LinkError::TimedOut { waited },
        ("CANCELLED" | "CANCELLED_BY_USER" | "SYSTEM_CANCELLED" | "SHUTDOWN", _) => LinkError::Cancelled,
        ("INSUFFICIENT_BUFFER", _) => LinkError::Unlawful { what: "an answer longer than a link can carry" },
        _ => LinkError::Lost { code },
    }
}

/// The code that a trace keeps for an error; [`link_error`] gives the error back at the same step.
pub(crate) fn code(error: &LinkError) -> &'static str {
    match error {
        LinkError::NoService { code }
        | LinkError::NoAccess { code }
        | LinkError::Mute { code }
        | LinkError::Lost { code } => code,
        LinkError::NoReader { .. } => "SCARD_E_READER_UNAVAILABLE",
        LinkError::NoCard => "SCARD_E_NO_SMARTCARD",
        LinkError::Removed | LinkError::Changed => "SCARD_W_REMOVED_CARD",
        LinkError::Reset => "SCARD_W_RESET_CARD",
        LinkError::Busy { .. } => "SCARD_E_SHARING_VIOLATION",
        LinkError::TimedOut { .. } => "SCARD_E_TIMEOUT",
        LinkError::Cancelled => "SCARD_E_CANCELLED",
        LinkError::Unlawful { .. } => "SCARD_E_INSUFFICIENT_BUFFER",
        LinkError::SecureChannel { .. }
        | LinkError::Ambiguous { .. }
        | LinkError::Trace { .. }
        | LinkError::File { .. } => UNKNOWN,
    }
}
