//! Signs a file with the card's key: a CMS signature beside it, which `openssl cms -verify` accepts as well.

#![allow(clippy::print_stdout)] // an example talks to its user

use idcard_core::family::KeyName;
use idcard_core::session::Slot;
use idcard_core::{Card, LastTry, Pin};
use idcard_crypto::card_signer::CardSigner;
use idcard_crypto::certificate::Certificate;
use idcard_crypto::cms::{SignOptions, sign_detached, verify_detached};
use std::error::Error;
use std::fs::File;
use std::time::SystemTime;

fn main() -> Result<(), Box<dyn Error>> {
    let file = match std::env::args().nth(1) {
        Some(name) => name,
        None => {
            std::fs::write("contract.txt", "قرارداد\n")?;
            "contract.txt".to_owned()
        }
    };
    let mut card = Card::open(idcard_sim::open("specimen")?)?; // or Card::connect()?, for the card in the reader
    let mut session = card.session()?;
    let holder = Certificate::from_der(&session.certificate(Slot::Sign)?)?;
    let issuer = Certificate::from_der(&session.certificate(Slot::Ca)?)?;

    // The signature PIN of the specimen is public. One VERIFY is sent, and it opens the key for one signature.
    let key = session.signing_key(KeyName::Sign, &Pin::new("123456")?, LastTry::Refuse)?;
    let mut signer = CardSigner::new(key, &holder)?;
    let options = SignOptions { issuers: vec![issuer], ..SignOptions::at(SystemTime::now()) };
    let signed = sign_detached(&mut signer, File::open(&file)?, options)?;
    let signature = signed.to_der();
    std::fs::write(format!("{file}.p7s"), &signature)?;

    let checked = verify_detached(&signature[..], File::open(&file)?, &[])?;
    println!("{file}.p7s: signed by {}, {} signer(s)", holder.subject(), checked.signers.len());
    Ok(())
}
