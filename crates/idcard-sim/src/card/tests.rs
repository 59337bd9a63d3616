//! Raw commands in, raw answers out: the card against `specimen.md`, row by row.

use super::Card;
use crate::image::Image;

mod families;
mod hostile;
mod pins;
mod read;
mod secure;
mod select;
mod sign;

/// A fresh card of that image.
fn card(image: &str) -> Card {
    Card::new(Image::builtin(image).unwrap())
}

/// One exchange in hexadecimal, blanks for the eye.
fn say(card: &mut Card, command: &str) -> String {
    let command: String = command.split_whitespace().collect();
    hex::encode_upper(card.transmit(&hex::decode(command).unwrap()))
}

/// Commands that all must succeed without data.
fn go(card: &mut Card, commands: &[&str]) {
    for command in commands {
        assert_eq!(say(card, command), "9000", "{command}");
    }
}

const MANAGER: &str = "00 A4 04 0C 08 A000000018434D00";
const MPCOS: &str = "00 A4 04 0C 10 A0000000183003010000000000000000";
const CLASSIC: &str = "00 A4 04 0C 0C A0000000180C000001634200";
const MF: &str = "00 A4 00 0C 02 3F00";
