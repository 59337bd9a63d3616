//! One binary for what no crate can test alone: the rules of the house, the program at work, the card behind a PC/SC service.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod auth;
mod budgets;
mod ca;
mod card;
mod cards;
mod check;
mod desk;
mod doctor;
mod guides;
mod house;
mod inputs;
mod json;
mod leaks;
mod memory;
mod overwriting;
mod pad;
mod page;
mod page_suggest;
mod pcsc;
mod persian;
mod pins;
mod pkcs11_path;
mod probe;
mod program;
mod prompt;
mod read;
mod reliability;
mod resets;
mod sealed;
mod sign;
mod sim;
mod streams;
mod trace_command;
mod trace_import;
mod trace_redact;
mod traces;
mod transcripts;
mod unlocked;
mod verify;
mod wiping;
