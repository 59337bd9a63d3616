//! Reads who a card belongs to: from the reader named on the command line, or from the built-in specimen.

#![allow(clippy::print_stdout)] // an example talks to its user

use idcard_core::transport::pcsc::{Reader, Selection, Timeouts};
use idcard_core::{Card, LastTry, Pin, family::ItemName};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut card = match std::env::args().nth(1) {
        Some(name) => {
            let wanted = Selection { name: Some(&name), ..Selection::default() };
            Card::open(Reader::connect(&wanted, Timeouts::default())?)?
        }
        None => Card::open(idcard_sim::open("specimen")?)?,
    };
    let mut session = card.session()?;
    println!("{}, {}", session.page().title, session.generation());
    if session.page().specimen {
        // The PIN of the specimen is public. A program asks its user, before the session begins.
        session.present_for(ItemName::Identity, &Pin::new("1234")?, LastTry::Refuse)?;
    }
    match session.identity() {
        Ok(person) => println!("{} {}, {}", person.given_name, person.surname, person.national_number),
        Err(reason) => println!("not given: {reason}"),
    }
    Ok(())
}
