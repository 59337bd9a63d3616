//! Records a visit to the specimen as a trace, `visit.apdu` in the current folder; the PIN in it is masked.

#![allow(clippy::print_stdout)] // an example talks to its user

use idcard_core::transport::record::Record;
use idcard_core::{Card, LastTry, Pin, family::ItemName};
use std::error::Error;
use std::fs::File;

fn main() -> Result<(), Box<dyn Error>> {
    let recorder = Record::new(idcard_sim::open("specimen")?, File::create("visit.apdu")?);
    let recording = recorder.recording();
    let mut card = Card::open(recorder)?;
    {
        let mut session = card.session()?;
        session.present_for(ItemName::Identity, &Pin::new("1234")?, LastTry::Refuse)?;
        println!("recorded the card of {}", session.identity()?.surname);
    }
    recording.finish()?;
    let trace = std::fs::read_to_string("visit.apdu")?;
    println!("{} lines", trace.lines().count());
    for verify in trace.lines().filter(|line| line.starts_with("> 00 20")) {
        println!("the PIN in it: {verify}");
    }
    Ok(())
}
