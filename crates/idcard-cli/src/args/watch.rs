//! Options of `watch`.

use clap::Args;
use std::num::NonZeroU64;

#[derive(Debug, Args)]
pub(crate) struct Watch {
    /// Run this in the shell of the system at each event, which it finds in its environment: IDCARD_EVENT,
    /// IDCARD_TIME, IDCARD_READER, IDCARD_ATR, IDCARD_FAMILY, IDCARD_GENERATION, and IDCARD_CARD for idcard itself
    #[arg(long, value_name = "CMD")]
    pub exec: Option<String>,
    /// End after so many events
    #[arg(long, value_name = "N")]
    pub count: Option<NonZeroU64>,
}
