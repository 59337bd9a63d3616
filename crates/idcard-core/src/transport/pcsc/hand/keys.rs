//! Has the reader's own pin pad verify or change a PIN (PC/SC part 10).

use super::super::code;
use crate::transport::LinkError;
use crate::transport::pad::{NO_PAD, feature};
use crate::transport::scard::{self, Step};
use pcsc::{Card, Error};
use std::time::{Duration, Instant};

/// `CM_IOCTL_GET_FEATURE_REQUEST`.
const GET_FEATURES: u32 = 3400;

/// The control code by which the reader does that on its pad, where it has one.
pub(super) fn code_of_pad(card: &Card, wanted: u8, buffer: &mut [u8]) -> Result<u32, LinkError> {
    match card.control(pcsc::ctl_code(GET_FEATURES.into()), &[], buffer) {
        Ok(list) => feature(list, wanted).ok_or(NO_PAD),
        Err(error @ (Error::ResetCard | Error::RemovedCard | Error::NoService | Error::ServiceStopped)) => {
            Err(scard::link_error(code(error), Step::Answer, Duration::ZERO))
        }
        Err(_) => Err(NO_PAD), // drivers without the request refuse it in many ways
    }
}

/// Waits for the holder and gives the status word of the card, or of the reader where it did not send the command.
pub(super) fn ask<'a>(card: &Card, feature: u8, structure: &[u8], buffer: &'a mut [u8]) -> Result<&'a [u8], LinkError> {
    let pad = code_of_pad(card, feature, buffer)?;
    let asked = Instant::now();
    card.control(pcsc::ffi::DWORD::from(pad), structure, buffer)
        .map_err(|e| scard::link_error(code(e), Step::Answer, asked.elapsed()))
}
