//! The answer to reset, taken apart.

use idcard_core::atr::{Atr, Tck};
use idcard_core::transport::Protocol;
use serde::Serialize;

/// What the answer to reset says; all but `raw` and `protocol` is null where it cannot be read.
#[derive(Debug, Serialize)]
pub(in crate::commands) struct AnswerToReset {
    pub raw: String,
    /// The protocol in use.
    pub protocol: &'static str,
    /// Why it cannot be read.
    pub fault: Option<String>,
    /// The protocols that it offers.
    pub offers: Option<Vec<String>>,
    pub contactless: Option<bool>,
    pub ta1: Option<String>,
    /// Bits a second at a clock of 4 MHz.
    pub bit_rate: Option<u32>,
    pub historical: Option<String>,
    pub extended_length: Option<bool>,
    pub check_byte: Option<&'static str>,
    /// Bytes after its end.
    pub trailing: Option<String>,
}

impl AnswerToReset {
    pub(in crate::commands) fn of(raw: &[u8], protocol: Protocol) -> Self {
        let (parsed, fault) = match Atr::parse(raw) {
            Ok(parsed) => (Some(parsed), None),
            Err(fault) => (None, Some(fault.to_string())),
        };
        let parsed = parsed.as_ref();
        // A reader makes up the line's figures of a contactless card.
        let contact = parsed.filter(|atr| !atr.is_contactless());
        Self {
            raw: hex::encode_upper(raw),
            protocol: match protocol {
                Protocol::T0 => "T=0",
                Protocol::T1 => "T=1",
            },
            fault,
            offers: parsed.map(|atr| atr.protocols().iter().map(|number| format!("T={number}")).collect()),
            contactless: parsed.map(Atr::is_contactless),
            ta1: contact.and_then(Atr::ta1).map(|ta1| format!("{ta1:02X}")),
            bit_rate: contact.and_then(Atr::rate).map(|rate| rate.bit_rate(4_000)),
            historical: parsed.map(|atr| hex::encode_upper(atr.historical().as_bytes())),
            extended_length: parsed.map(Atr::extended_length),
            check_byte: parsed.map(|atr| match atr.tck() {
                Tck::Absent => "not_due",
                Tck::Right => "right",
                Tck::Wrong => "wrong",
                Tck::Missing => "missing",
            }),
            trailing: parsed.map(|atr| hex::encode_upper(atr.trailing())),
        }
    }
}
