//! Makes what the built-in cards hold: keys, certificates, files, pictures.
//!
//! `cargo run -p idcard-sim --example make_images` writes below `crates/idcard-sim` and `fixtures/photos`. Everything is
//! the same at each run: keys that exist are kept, new ones come from a fixed seed, signatures are deterministic. The
//! private keys are public by design and sign for nobody.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "its own small numbers, and what it makes is committed and read"
)]

use std::error::Error;
use std::fs;
use std::path::Path;

mod cards;
mod certificate;
mod der;
mod facial;
mod files;
mod holder;
mod keys;
mod picture;
mod pki;
mod portrait;
mod small;
mod sod;

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let photos = here.join("../../fixtures/photos");
    fs::create_dir_all(&photos)?;
    portrait::make_all(&photos)?;
    let mut pki = pki::Pki::make(&here.join("pki"))?;
    cards::make_all(&mut pki, &here.join("images"), &photos)?;
    pki.finish()
}
