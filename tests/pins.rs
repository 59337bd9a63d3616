//! PINs presented, changed, unblocked and resumed: on an honest card, and on one that is torn out at every exchange.

mod command;
mod one_turn;
mod operations;
#[cfg(target_os = "linux")]
mod prompts;
mod resuming;
pub(crate) mod secrets;
mod tears;
mod unfinished;

use idcard_core::{Card, Pin, Puk};
use idcard_sim::{Handle, Image, SimTransport};

/// The PINs and the PUK of `specimen.md` 5.
pub(crate) const ID: &str = "1234";
pub(crate) const SIGN: &str = "123456";
pub(crate) const PUK: &str = "87654321";

pub(crate) fn pin(text: &str) -> Pin {
    Pin::new(text).unwrap()
}

pub(crate) fn puk(text: &str) -> Puk {
    Puk::new(text).unwrap()
}

/// A card in a reader, every exchange of which is kept.
pub(crate) fn card_of(image: Image) -> (Card, Handle) {
    let transport = SimTransport::new(idcard_sim::Card::new(image));
    let handle = transport.handle();
    handle.keep_log();
    (Card::open(transport).unwrap(), handle)
}

pub(crate) fn card(image: &str) -> (Card, Handle) {
    card_of(Image::builtin(image).unwrap())
}

/// What a PIN object of the card holds: the digits, without the zeros that packing leaves behind them.
pub(crate) fn held(handle: &Handle, name: &str) -> String {
    let digits = handle.with_card(|card| {
        let pins = card.image().applets.iter().flat_map(|applet| &applet.pins);
        pins.clone().find(|pin| pin.name == name).map(|pin| pin.value.clone()).unwrap()
    });
    String::from_utf8(digits.unwrap()).unwrap().trim_end_matches('0').to_owned()
}

/// What the three objects of the identity PIN hold, in the order of their change.
pub(crate) fn held_by_all(handle: &Handle) -> [String; 3] {
    ["id-0500", "id-0200", "id-81"].map(|name| held(handle, name))
}

/// The presentations left of every PIN, and those of its PUK.
pub(crate) fn counters(handle: &Handle) -> Vec<(u8, Option<u8>)> {
    handle.pins().iter().map(|pin| (pin.tries_left, pin.puk_left)).collect()
}

/// All counters of the specimen as they are at first.
pub(crate) fn full() -> Vec<(u8, Option<u8>)> {
    vec![(3, Some(10)); 4]
}

/// Wrong presentations that a PIN has behind it.
pub(crate) fn fail(handle: &Handle, name: &str, failed: u8) {
    handle.with_card(|card| {
        let pins = card.image_mut().applets.iter_mut().flat_map(|applet| &mut applet.pins);
        pins.filter(|pin| pin.name == name).for_each(|pin| pin.failed = failed);
    });
}

/// The bytes of EF 0010.
pub(crate) fn journal(handle: &Handle) -> Vec<u8> {
    let content = handle.with_card(|card| card.image_mut().file_mut("mpcos", "3F00/0010").unwrap().content.clone());
    content.unwrap()
}
