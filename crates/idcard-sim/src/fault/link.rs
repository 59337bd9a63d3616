//! Failures of the link: what PC/SC reports when reader, service or card give up.

use std::time::Duration;

use idcard_core::transport::LinkError;

use super::{Row, Script};

/// How long a silent card is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Nothing came before the deadline.
pub(super) fn silence() -> LinkError {
    LinkError::TimedOut { waited: PATIENCE }
}

macro_rules! rows {
    ($($name:literal $what:literal $error:expr;)*) => {
        pub(super) const ROWS: &[Row] = &[
            $(Row { name: $name, what: $what, script: Script::Wire(|_| Err($error)) },)*
            Row { name: "slow", what: "every exchange takes five seconds", script: Script::Slow(Duration::from_secs(5)) },
        ];
    };
}

rows! {
    "C-22" "silence" silence();
    "silence" "silence" silence();
    "removed" "the card is taken out" LinkError::Removed;
    "reset" "another program resets the card" LinkError::Reset;
    "changed" "another card is in" LinkError::Changed;
    "no-card" "SCARD_E_NO_SMARTCARD" LinkError::NoCard;
    "no-reader" "SCARD_E_UNKNOWN_READER" LinkError::NoReader { wanted: None };
    "no-service" "SCARD_E_NO_SERVICE" LinkError::NoService { code: "SCARD_E_NO_SERVICE" };
    "service-stopped" "SCARD_E_SERVICE_STOPPED" LinkError::NoService { code: "SCARD_E_SERVICE_STOPPED" };
    "no-access" "SCARD_W_SECURITY_VIOLATION" LinkError::NoAccess { code: "SCARD_W_SECURITY_VIOLATION" };
    "unresponsive" "SCARD_W_UNRESPONSIVE_CARD" LinkError::Mute { code: "SCARD_W_UNRESPONSIVE_CARD" };
    "unpowered" "SCARD_W_UNPOWERED_CARD" LinkError::Mute { code: "SCARD_W_UNPOWERED_CARD" };
    "busy" "SCARD_E_SHARING_VIOLATION" LinkError::Busy { waited: PATIENCE };
    "cancelled" "SCARD_E_CANCELLED" LinkError::Cancelled;
    "reader-unavailable" "SCARD_E_READER_UNAVAILABLE" LinkError::Lost { code: "SCARD_E_READER_UNAVAILABLE" };
    "not-transacted" "SCARD_E_NOT_TRANSACTED" LinkError::Lost { code: "SCARD_E_NOT_TRANSACTED" };
    "comm-error" "SCARD_F_COMM_ERROR" LinkError::Lost { code: "SCARD_F_COMM_ERROR" };
    "comm-data-lost" "SCARD_E_COMM_DATA_LOST" LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" };
    "invalid-handle" "SCARD_E_INVALID_HANDLE" LinkError::Lost { code: "SCARD_E_INVALID_HANDLE" };
    "proto-mismatch" "SCARD_E_PROTO_MISMATCH" LinkError::Lost { code: "SCARD_E_PROTO_MISMATCH" };
    "invalid-parameter" "SCARD_E_INVALID_PARAMETER" LinkError::Lost { code: "SCARD_E_INVALID_PARAMETER" };
    "insufficient-buffer" "SCARD_E_INSUFFICIENT_BUFFER" LinkError::Lost { code: "SCARD_E_INSUFFICIENT_BUFFER" };
    "internal-error" "SCARD_F_INTERNAL_ERROR" LinkError::Lost { code: "SCARD_F_INTERNAL_ERROR" };
    "oversize" "the answer exceeds what the link can carry" LinkError::Unlawful { what: "an answer of more than 65,538 bytes" };
}
