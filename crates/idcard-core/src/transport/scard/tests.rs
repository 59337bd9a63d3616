//! What the rows S-12, S-14 to S-16 and S-18 of the catalogue demand of each code, and the names in traces.

use super::*;

fn meaning(name: &str, step: Step) -> LinkError {
    link_error(full_name(name).unwrap(), step, Duration::from_secs(3))
}

#[test]
fn a_reader_unplugged_in_an_exchange_is_a_lost_link_by_its_name() {
    for name in ["NO_SMARTCARD", "READER_UNAVAILABLE", "UNKNOWN_READER", "NOT_TRANSACTED", "COMM_DATA_LOST"] {
        let code = full_name(name).unwrap();
        assert_eq!(code, format!("SCARD_E_{name}"));
        assert_eq!(meaning(name, Step::Answer), LinkError::Lost { code });
    }
    assert_eq!(meaning("COMM_ERROR", Step::Answer), LinkError::Lost { code: "SCARD_F_COMM_ERROR" });
    assert_eq!(meaning("INVALID_HANDLE", Step::Hold), LinkError::Lost { code: "SCARD_E_INVALID_HANDLE" });
}

#[test]
fn the_service_the_reader_and_the_card_are_told_apart() {
    for step in [Step::Connect, Step::Hold, Step::Answer] {
        assert_eq!(meaning("NO_SERVICE", step), LinkError::NoService { code: "SCARD_E_NO_SERVICE" });
        assert_eq!(meaning("SERVICE_STOPPED", step), LinkError::NoService { code: "SCARD_E_SERVICE_STOPPED" });
        assert_eq!(meaning("SECURITY_VIOLATION", step), LinkError::NoAccess { code: "SCARD_W_SECURITY_VIOLATION" });
        assert_eq!(meaning("UNRESPONSIVE_CARD", step), LinkError::Mute { code: "SCARD_W_UNRESPONSIVE_CARD" });
        assert_eq!(meaning("UNPOWERED_CARD", step), LinkError::Mute { code: "SCARD_W_UNPOWERED_CARD" });
        assert_eq!(meaning("UNSUPPORTED_CARD", step), LinkError::Mute { code: "SCARD_W_UNSUPPORTED_CARD" });
        assert_eq!(meaning("RESET_CARD", step), LinkError::Reset);
        assert_eq!(meaning("CANCELLED", step), LinkError::Cancelled);
    }
    assert_eq!(meaning("NO_SMARTCARD", Step::Connect), LinkError::NoCard);
    assert_eq!(meaning("UNKNOWN_READER", Step::Connect), LinkError::NoReader { wanted: None });
    assert_eq!(meaning("PROTO_MISMATCH", Step::Connect), LinkError::Mute { code: "SCARD_E_PROTO_MISMATCH" });
    assert_eq!(meaning("PROTO_MISMATCH", Step::Answer), LinkError::Reset, "the card of a program that died");
    assert_eq!(meaning("REMOVED_CARD", Step::Answer), LinkError::Removed);
}

#[test]
fn waiting_in_vain_means_busy_before_a_command_and_no_answer_after() {
    let waited = Duration::from_secs(3);
    assert_eq!(meaning("SHARING_VIOLATION", Step::Connect), LinkError::Busy { waited });
    assert_eq!(meaning("TIMEOUT", Step::Hold), LinkError::Busy { waited });
    assert_eq!(meaning("TIMEOUT", Step::Answer), LinkError::TimedOut { waited });
}

#[test]
fn names_are_unique_with_and_without_their_prefix() {
    for (position, (value, name)) in CODES.iter().enumerate() {
        assert_eq!(full_name(short_name(name)), Some(*name));
        assert_eq!(full_name(name), Some(*name));
        assert!(CODES[..position].iter().all(|(other, _)| other < value));
    }
    assert_eq!(full_name("OUT_OF_PAPER"), None);
}

#[test]
fn what_a_trace_keeps_of_an_error_gives_it_back() {
    let waited = Duration::from_secs(3);
    for error in [
        LinkError::Reset,
        LinkError::Removed,
        LinkError::Cancelled,
        LinkError::Busy { waited },
        LinkError::TimedOut { waited },
        LinkError::NoService { code: "SCARD_E_SERVICE_STOPPED" },
        LinkError::Mute { code: "SCARD_W_UNPOWERED_CARD" },
        LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" },
    ] {
        assert_eq!(link_error(code(&error), Step::Answer, waited), error);
    }
}

#[cfg(all(feature = "pcsc", not(windows)))]
#[test]
fn numbers_are_those_of_the_system() {
    assert_eq!(name(pcsc::Error::NoService as u32), "SCARD_E_NO_SERVICE");
    assert_eq!(name(pcsc::Error::UnsupportedFeature as u32), "SCARD_E_UNSUPPORTED_FEATURE");
    assert_eq!(name(pcsc::Error::CommDataLost as u32), "SCARD_E_COMM_DATA_LOST");
    assert_eq!(name(pcsc::Error::ServerTooBusy as u32), "SCARD_E_SERVER_TOO_BUSY");
    assert_eq!(name(pcsc::Error::ResetCard as u32), "SCARD_W_RESET_CARD");
    assert_eq!(name(pcsc::Error::CacheItemTooBig as u32), "SCARD_W_CACHE_ITEM_TOO_BIG");
    assert_eq!(name(0x1234_5678), UNKNOWN);
}
