//! Replays a recorded trace in the place of a card, strictly: the way in which a test needs no card.

#![allow(clippy::print_stdout)] // an example talks to its user

use idcard_core::transport::replay::Replay;
use idcard_core::{Card, LastTry, Pin, family::ItemName};
use std::error::Error;

/// A visit to the specimen that read the person.
const TRACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/traces/specimen/identity.apdu");

fn main() -> Result<(), Box<dyn Error>> {
    let replay = Replay::open(std::env::args().nth(1).as_deref().unwrap_or(TRACE))?;
    let ending = replay.ending();
    let mut card = Card::open(replay)?;
    {
        let mut session = card.session()?;
        // Any PIN will do: the recorded one is masked.
        session.present_for(ItemName::Identity, &Pin::new("0000")?, LastTry::Refuse)?;
        let person = session.identity()?;
        println!("{} {}", person.given_name, person.surname);
    }
    ending.reached()?;
    println!("the trace was replayed to its end");
    Ok(())
}
