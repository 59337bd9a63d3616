//! The module on virtual cards in this process, and its entry points as a program calls them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_ptr_alignment,
    reason = "the interface's own types, and odd pointers on purpose"
)]

mod desk;
mod entry;
mod events;
mod logins;
mod objects;
mod pins;
mod recognition;
mod signatures;
mod troubles;
