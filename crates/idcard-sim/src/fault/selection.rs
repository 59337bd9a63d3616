//! Section 2b of the catalogue, SELECT: what it answers and what it forgets.

use idcard_core::transport::LinkError;

use super::Row;
use super::wire::{Play, bare, join, split};

type Answer = Result<Vec<u8>, LinkError>;

pub(super) const ROWS: &[Row] = &[
    Row::wire("C-29", "SELECT tells of another file", |play| {
        tell(play, &[0x6F, 0x0B, 0x80, 2, 0, 9, 0x82, 1, 1, 0x83, 2, 0x7F, 0xFF])
    }),
    Row::wire("C-29b", "SELECT tells of another applet", |play| {
        tell(play, &[0x6F, 0x0A, 0x84, 0x08, 0xA0, 0, 0, 0, 0x03, 0, 0, 0])
    }),
    Row::wire("C-30", "SELECT answers with data although none were asked for", |play| tell_always(play, &FOREIGN)),
    Row::wire("C-31", "the size in the file control information is 0", |play| size(play, &[0x80, 2, 0, 0])),
    Row::wire("C-31b", "no size", |play| size(play, &[])),
    Row::wire("C-31c", "a size of one byte", |play| size(play, &[0x80, 1, 0x10])),
    Row::wire("C-31d", "a size of three bytes", |play| size(play, &[0x80, 3, 0, 0x04, 0])),
    Row::wire("C-31e", "a size of four bytes", |play| size(play, &[0x80, 4, 0, 0, 0x04, 0])),
    Row::wire("C-31f", "a size of eight bytes", |play| size(play, &[0x80, 8, 0, 0, 0, 0, 0, 0, 0x04, 0])),
    Row::wire("C-31g", "sizes in 80 and 81 that contradict one another", |play| {
        size(play, &[0x80, 2, 0x04, 0, 0x81, 2, 0x01, 0])
    }),
    Row::wire("C-32", "a size of 65,535", |play| size(play, &[0x80, 2, 0xFF, 0xFF])),
    Row::wire("C-32b", "a size of 4,294,967,295", |play| size(play, &[0x80, 4, 0xFF, 0xFF, 0xFF, 0xFF])),
    Row::wire("C-33", "a size smaller than the content", |play| size(play, &[0x80, 2, 0, 8])),
    Row::wire("C-42", "the master file cannot be selected in Classic", |play| master(play, false)),
    Row::wire("C-42b", "SELECT of the master file leaves the applet", |play| master(play, true)),
    Row::wire("C-43", "SELECT of an applet forgets the PIN, of the same applet as well", forget_pin),
];

const FOREIGN: [u8; 13] = [0x6F, 0x0B, 0x80, 2, 0, 9, 0x82, 1, 1, 0x83, 2, 0x3F, 0x01];

/// Other information where some was given.
fn tell(play: &mut Play<'_, '_>, information: &[u8]) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    Ok(if play.ins() == 0xA4 && !data.is_empty() { join(information, sw) } else { honest })
}

/// Information with every successful SELECT.
fn tell_always(play: &mut Play<'_, '_>, information: &[u8]) -> Answer {
    let honest = play.honest()?;
    Ok(if play.ins() == 0xA4 && split(&honest).1 == 0x9000 { join(information, 0x9000) } else { honest })
}

/// Other objects in place of the size.
fn size(play: &mut Play<'_, '_>, objects: &[u8]) -> Answer {
    let honest = play.honest()?;
    match split(&honest).0 {
        [template @ (0x6F | 0x62), length, 0x80, 0x02, _, _, rest @ ..] if play.ins() == 0xA4 => {
            let length = usize::from(*length).saturating_add(objects.len()).saturating_sub(4);
            let head = [*template, u8::try_from(length).unwrap_or(0)];
            Ok([&head, objects, rest, &[0x90, 0x00]].concat())
        }
        _ => Ok(honest),
    }
}

fn master(play: &mut Play<'_, '_>, leave: bool) -> Answer {
    let selects = play.ins() == 0xA4 && play.command.get(5..7) == Some(&[0x3F, 0x00]);
    if selects && leave {
        let honest = play.honest()?;
        play.card.forget_applet();
        return Ok(honest);
    }
    if selects && play.card.offset_unit() == 1 { Ok(bare(0x6A82)) } else { play.honest() }
}

fn forget_pin(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    if play.selects_applet() {
        play.card.forget_verified();
    }
    Ok(honest)
}
