//! Under which conditions something was read: free, after a PIN, refused.

use super::spot::Spot;
use crate::apdu::Status;

/// A PIN that a card accepted. What it was, a trace does not hold.
pub(super) struct Presented {
    pub reference: u8,
    /// The length of the body, padding included.
    pub length: usize,
    /// The DF in which it was presented, from the MF on.
    pub folder: Vec<u16>,
    pub spot: Spot,
}

impl Presented {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.reference, self.length, &self.folder) == (other.reference, other.length, &other.folder)
    }
}

/// How a file or a data object answered.
#[derive(Default)]
pub(super) struct Access {
    /// It was read while no PIN counted as presented.
    pub free: bool,
    /// It was read after this PIN of the applet.
    pub after: Option<usize>,
    /// It was refused, by this status, while no PIN counted as presented.
    pub refused: Option<Status>,
    /// It was refused although a PIN counted as presented.
    pub refused_after: Option<Status>,
}

impl Access {
    /// The answer to a reading command.
    pub(super) fn met(&mut self, status: Status, presented: Option<usize>) {
        let done = status == Status::OK || matches!(status.sw1(), 0x61..=0x62);
        match (done, presented) {
            (true, None) => self.free = true,
            (true, Some(_)) => self.after = self.after.or(presented),
            (false, None) if status.sw1() == 0x69 => self.refused = Some(status),
            (false, Some(_)) if status.sw1() == 0x69 => self.refused_after = Some(status),
            (false, _) => {}
        }
    }
}
