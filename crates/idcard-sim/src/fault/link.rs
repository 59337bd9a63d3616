//! Failures of the link: what PC/SC reports when reader, service or card give up.

use std::time::Duration;

use idcard_core::transport::LinkError;

use super::Row;

/// How long a silent card is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Nothing came before the deadline.
pub(super) fn silence() -> LinkError {
    LinkError::TimedOut { waited: PATIENCE }
}

pub(super) const ROWS: &[Row] = &[
    Row::wire("C-22", "silence", |_| Err(silence())),
    Row::wire("silence", "silence", |_| Err(silence())),
    Row::wire("removed", "the card is taken out", |_| Err(LinkError::Removed)),
    Row::wire("reset", "another program resets the card", |_| Err(LinkError::Reset)),
    Row::wire("changed", "another card is in", |_| Err(LinkError::Changed)),
    Row::wire("no-card", "SCARD_E_NO_SMARTCARD", |_| Err(LinkError::NoCard)),
    Row::wire("no-reader", "SCARD_E_UNKNOWN_READER", |_| Err(LinkError::NoReader { wanted: None })),
    Row::wire("no-service", "SCARD_E_NO_SERVICE", |_| Err(LinkError::NoService { code: "SCARD_E_NO_SERVICE" })),
    Row::wire("service-stopped", "SCARD_E_SERVICE_STOPPED", |_| {
        Err(LinkError::NoService { code: "SCARD_E_SERVICE_STOPPED" })
    }),
    Row::wire("no-access", "SCARD_W_SECURITY_VIOLATION", |_| {
        Err(LinkError::NoAccess { code: "SCARD_W_SECURITY_VIOLATION" })
    }),
    Row::wire("unresponsive", "SCARD_W_UNRESPONSIVE_CARD", |_| {
        Err(LinkError::Mute { code: "SCARD_W_UNRESPONSIVE_CARD" })
    }),
    Row::wire("unpowered", "SCARD_W_UNPOWERED_CARD", |_| Err(LinkError::Mute { code: "SCARD_W_UNPOWERED_CARD" })),
    Row::wire("busy", "SCARD_E_SHARING_VIOLATION", |_| Err(LinkError::Busy { waited: PATIENCE })),
    Row::wire("cancelled", "SCARD_E_CANCELLED", |_| Err(LinkError::Cancelled)),
    Row::wire("reader-unavailable", "SCARD_E_READER_UNAVAILABLE", |_| {
        Err(LinkError::Lost { code: "SCARD_E_READER_UNAVAILABLE" })
    }),
    Row::wire("not-transacted", "SCARD_E_NOT_TRANSACTED", |_| Err(LinkError::Lost { code: "SCARD_E_NOT_TRANSACTED" })),
    Row::wire("comm-error", "SCARD_F_COMM_ERROR", |_| Err(LinkError::Lost { code: "SCARD_F_COMM_ERROR" })),
    Row::wire("comm-data-lost", "SCARD_E_COMM_DATA_LOST", |_| Err(LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" })),
    Row::wire("invalid-handle", "SCARD_E_INVALID_HANDLE", |_| Err(LinkError::Lost { code: "SCARD_E_INVALID_HANDLE" })),
    Row::wire("proto-mismatch", "SCARD_E_PROTO_MISMATCH", |_| Err(LinkError::Lost { code: "SCARD_E_PROTO_MISMATCH" })),
    Row::wire("invalid-parameter", "SCARD_E_INVALID_PARAMETER", |_| {
        Err(LinkError::Lost { code: "SCARD_E_INVALID_PARAMETER" })
    }),
    Row::wire("insufficient-buffer", "SCARD_E_INSUFFICIENT_BUFFER", |_| {
        Err(LinkError::Lost { code: "SCARD_E_INSUFFICIENT_BUFFER" })
    }),
    Row::wire("internal-error", "SCARD_F_INTERNAL_ERROR", |_| Err(LinkError::Lost { code: "SCARD_F_INTERNAL_ERROR" })),
    Row::wire("oversize", "the answer exceeds what the link can carry", |_| {
        Err(LinkError::Unlawful { what: "an answer of more than 65,538 bytes" })
    }),
    Row::slow("slow", "every exchange takes five seconds", Duration::from_secs(5)),
];
