//! Power that fails while a command runs: what is in memory then, and what is forgotten.

use super::Card;
use crate::image::{Applet, Ef, Profile};

/// How far the card came with a command when its power failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Torn {
    /// The command did not reach it.
    Before,
    /// It was writing. A file holds half of what was written, one byte of it neither old nor new; a presentation is
    /// counted, since cards count before they compare, and nothing came of it.
    Within,
    /// All was done, but for the answer.
    After,
}

impl Card {
    /// Runs a command during which power fails; the card has forgotten all but its memory afterwards.
    pub fn tear(&mut self, command: &[u8], torn: Torn) {
        if torn != Torn::Before {
            let before = self.image.applets.clone();
            self.transmit(command);
            if torn == Torn::Within {
                for (applet, before) in self.image.applets.iter_mut().zip(before) {
                    undo_half(applet, &before, command);
                }
            }
        }
        self.reset();
    }
}

/// Puts an applet into the state of half a command.
fn undo_half(applet: &mut Applet, before: &Applet, command: &[u8]) {
    for (file, before) in applet.files.iter_mut().zip(&before.files) {
        tear_file(file, before);
    }
    // The header is in clear inside the secure channel, too.
    let by_puk = match *command {
        [_, 0x2C, ..] => true,
        [_, 0x24, p1, ..] => applet.profile == Profile::Mpcos && p1 == 1,
        _ => false,
    };
    let Applet { pins, puks, .. } = applet;
    for (pin, before_pin) in pins.iter_mut().zip(&before.pins) {
        if (&pin.value, pin.failed) == (&before_pin.value, before_pin.failed) {
            continue;
        }
        *pin = before_pin.clone();
        if !by_puk {
            pin.failed = pin.tries.min(pin.failed.saturating_add(1));
        } else if let Some(puk) = puks.iter_mut().find(|puk| Some(&puk.name) == pin.puk.as_ref()) {
            let failed = before.puks.iter().find(|known| known.name == puk.name).map_or(0, |known| known.failed);
            puk.failed = puk.tries.min(failed.saturating_add(1));
        }
    }
}

/// Of the bytes that changed, the first half is new, the next one in between, the rest old.
fn tear_file(file: &mut Ef, before: &Ef) {
    let changed = || file.content.iter().zip(&before.content).filter(|(new, old)| new != old);
    let half = changed().count() / 2;
    let places = file.content.iter_mut().zip(&before.content).filter(|(new, old)| new != old);
    for (count, (byte, old)) in places.enumerate().skip(half) {
        // Some of the bits have changed and some have not.
        *byte = if count == half { *byte & old | (*byte ^ old) & 0x66 } else { *old };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Image;

    const MPCOS: [u8; 21] =
        [0x00, 0xA4, 0x04, 0x0C, 0x10, 0xA0, 0, 0, 0, 0x18, 0x30, 0x03, 0x01, 0, 0, 0, 0, 0, 0, 0, 0];

    fn torn(commands: &[&[u8]], torn: Torn) -> Card {
        let mut card = Card::new(Image::builtin("specimen").unwrap());
        let (last, first) = commands.split_last().unwrap();
        for command in first {
            assert_eq!(card.transmit(command), [0x90, 0x00]);
        }
        card.tear(last, torn);
        assert!(card.current_content().is_none(), "all is forgotten");
        card
    }

    #[test]
    fn a_file_is_half_written() {
        let select: [u8; 7] = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x10];
        let update: [u8; 9] = [0x00, 0xD6, 0x00, 0x02, 0x04, 0x0F, 0x0F, 0x0F, 0x0F];
        for (how, expected) in
            [(Torn::Before, [0x00; 4]), (Torn::Within, [0x0F, 0x0F, 0x06, 0x00]), (Torn::After, [0x0F; 4])]
        {
            let card = torn(&[&MPCOS, &select, &update], how);
            let file = &card.image().applets[1].files[0];
            assert_eq!((file.path.as_slice(), &file.content[8..12]), (&[0x0010][..], &expected[..]), "{how:?}");
        }
    }

    #[test]
    fn a_presentation_is_counted_before_anything_comes_of_it() {
        let folder: [u8; 7] = [0x00, 0xA4, 0x01, 0x0C, 0x02, 0x02, 0x00];
        let change: [u8; 13] = [0x80, 0x24, 0x00, 0x00, 0x08, 0x12, 0x34, 0, 0, 0x73, 0x19, 0, 0];
        let unblock: [u8; 13] = [0x80, 0x24, 0x01, 0x00, 0x08, 0x87, 0x65, 0x43, 0x21, 0x73, 0x19, 0, 0];
        for (command, how, value, failed, puk_failed) in [
            (change, Torn::Before, "1234", 0, 0),
            (change, Torn::Within, "1234", 1, 0),
            (change, Torn::After, "73190000", 0, 0),
            (unblock, Torn::Within, "1234", 0, 1),
            (unblock, Torn::After, "73190000", 0, 0),
        ] {
            let card = torn(&[&MPCOS, &folder, &command], how);
            let applet = &card.image().applets[1];
            let (pin, puk) = (&applet.pins[0], &applet.puks[0]);
            assert_eq!((pin.value.as_slice(), pin.failed), (value.as_bytes(), failed), "{how:?}");
            assert_eq!(puk.failed, puk_failed, "{how:?}");
        }
    }
}
