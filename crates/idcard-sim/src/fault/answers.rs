//! Section 2a of the catalogue: lengths and status words.

use idcard_core::transport::{LinkError, Protocol};

use super::Row;
use super::wire::{Play, bare, join, one_of, split};

type Answer = Result<Vec<u8>, LinkError>;

pub(super) const ROWS: &[Row] = &[
    Row::wire("C-01", "an empty answer", |_| Ok(Vec::new())),
    Row::wire("C-02", "an answer of one byte", |_| Ok(vec![0x90])),
    Row::wire("C-03", "9000 without data where data is due", status_only),
    Row::wire("C-04", "300 bytes, however few were asked for", surplus),
    Row::wire("C-05", "an answer of 70,000 bytes", |_| Ok(join(&vec![0x5A; 69_998], 0x9000))),
    Row::wire("C-06", "9000 with half of the bytes asked for", half),
    Row::wire("C-07", "9000 without a byte to every READ BINARY", |play| answer_reads(play, bare(0x9000))),
    Row::wire("C-08", "61xx for ever, 16 bytes each", |play| more_for_ever(play, &[0x5A; 16])),
    Row::wire("C-09", "61xx for ever, no byte each", |play| more_for_ever(play, &[])),
    Row::wire("C-11", "32 bytes announced, 16 given", less_than_announced),
    Row::wire("C-12", "6C10 for ever, to Le = 10 as well", |play| answer_reads(play, bare(0x6C10))),
    Row::wire("C-13", "6C00 to the first READ BINARY at each offset", ask_for_256),
    Row::wire("C-14", "6C10 to VERIFY and to the signature; the card saw nothing", repeat_the_secret),
    Row::wire("C-15", "6110 to VERIFY, which the card has run", more_after_verify),
    Row::wire("C-16", "6281 with the data of every READ BINARY", |play| warn(play, 0x6281)),
    Row::wire("C-16b", "6282 with whole data in the middle of a file", |play| warn(play, 0x6282)),
    Row::wire("C-16c", "6300 with the data of every READ BINARY", |play| warn(play, 0x6300)),
    Row::wire("C-17", "9001, 9F10, 9110, 9100 in place of 9000", almost_ok),
    Row::wire("C-18", "6A00, 6D00, 6B00 to every SELECT of an applet", no_applet),
    Row::wire("C-19", "status words that do not exist", |play| Ok(one_of(play, &[0x6000, 0x0000, 0xFFFF, 0x1234]))),
    Row::wire("C-21", "6F00, 6400, 6581 to READ BINARY beyond the start", breaks_off),
    Row::wire("C-23", "6700 to extended length", |play| extended(play, Ok(bare(0x6700)))),
    Row::wire("C-23b", "a link error at extended length", |play| {
        extended(play, Err(LinkError::Lost { code: "SCARD_E_NOT_TRANSACTED" }))
    }),
    Row::wire("C-23c", "silence at extended length", |play| extended(play, Err(super::link::silence()))),
    Row::wire("C-24", "an extended READ BINARY is cut to 256 bytes and 9000", cut),
    Row::wire("C-25", "an extended READ BINARY is answered as a 61xx chain", chain),
    Row::wire("C-27", "the reader follows 61xx and 6Cxx by itself", reader_follows),
    Row::wire("C-28", "one bit of every READ BINARY differs each time", flip),
    Row::wire("C-80", "GET CHALLENGE gives half of the bytes", |play| challenge(play, false)),
    Row::wire("C-80b", "GET CHALLENGE gives zeros", |play| challenge(play, true)),
    Row::wire("C-82", "6983 to the question about a PIN's counter", |play| pin_state(play, 0x6983)),
    Row::wire("C-82b", "6984 to it", |play| pin_state(play, 0x6984)),
    Row::wire("C-82c", "6985 to it", |play| pin_state(play, 0x6985)),
    Row::wire("C-82d", "6A88 to it", |play| pin_state(play, 0x6A88)),
    Row::wire("C-83", "the card claims that the PIN is verified already", |play| pin_state(play, 0x9000)),
    Row::wire("P-31", "6400, 6401, 6403 to VERIFY: a PIN pad that was left", pin_pad_left),
    Row::wire("P-32", "a wrong PIN is answered with 9000", wrong_is_right),
];

fn status_only(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    Ok(if play.wants_data() && split(&honest).1 == 0x9000 { bare(0x9000) } else { honest })
}

fn surplus(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    if !play.wants_data() || sw != 0x9000 {
        return Ok(honest);
    }
    let mut data = data.to_vec();
    data.resize(data.len().max(300), 0x5A);
    Ok(join(&data, sw))
}

fn half(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    let half = (data.len() / 2).next_multiple_of(4);
    match data.get(..half) {
        Some(half) if play.is_read() && sw == 0x9000 && !half.is_empty() => Ok(join(half, sw)),
        _ => Ok(honest),
    }
}

fn answer_reads(play: &mut Play<'_, '_>, answer: Vec<u8>) -> Answer {
    if play.is_read() { Ok(answer) } else { play.honest() }
}

fn more_for_ever(play: &mut Play<'_, '_>, data: &[u8]) -> Answer {
    if play.wants_data() { Ok(join(data, 0x6110)) } else { play.honest() }
}

fn less_than_announced(play: &mut Play<'_, '_>) -> Answer {
    if play.ins() == 0xC0 && !play.note.is_empty() {
        return Ok(std::mem::take(play.note));
    }
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    match data.get(..16) {
        Some(data) if play.is_read() => {
            *play.note = join(data, sw);
            Ok(bare(0x6120))
        }
        _ => Ok(honest),
    }
}

fn ask_for_256(play: &mut Play<'_, '_>) -> Answer {
    let place = play.p1p2().to_be_bytes();
    if play.is_read() && *play.note != place {
        *play.note = place.to_vec();
        return Ok(bare(0x6C00));
    }
    play.honest()
}

fn repeat_the_secret(play: &mut Play<'_, '_>) -> Answer {
    if play.presents_pin() || play.signs() || play.ins() == 0x88 { Ok(bare(0x6C10)) } else { play.honest() }
}

fn more_after_verify(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    Ok(if play.presents_pin() { bare(0x6110) } else { honest })
}

fn warn(play: &mut Play<'_, '_>, warning: u16) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    Ok(match (play.is_read(), sw) {
        (true, 0x9000) => join(data, warning),
        // An extended READ BINARY reaches the end at once: it is told too early.
        (true, 0x6282) if warning == sw => join(data.get(..256).unwrap_or(data), sw),
        (true, 0x6282) => join(data, warning),
        _ => honest,
    })
}

fn almost_ok(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    if sw != 0x9000 {
        return Ok(honest);
    }
    let (_, other) = split(&one_of(play, &[0x9001, 0x9F10, 0x9110, 0x9100])).to_owned();
    Ok(join(data, other))
}

fn no_applet(play: &mut Play<'_, '_>) -> Answer {
    if play.selects_applet() { Ok(one_of(play, &[0x6A00, 0x6D00, 0x6B00])) } else { play.honest() }
}

fn breaks_off(play: &mut Play<'_, '_>) -> Answer {
    if play.is_read() && play.p1p2() != 0 { Ok(one_of(play, &[0x6F00, 0x6400, 0x6581])) } else { play.honest() }
}

fn extended(play: &mut Play<'_, '_>, instead: Answer) -> Answer {
    if play.is_extended() { instead } else { play.honest() }
}

fn cut(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    match split(&honest).0.get(..256) {
        Some(data) if play.is_read() && play.is_extended() => Ok(join(data, 0x9000)),
        _ => Ok(honest),
    }
}

/// The rest of the chain waits in the note.
fn chain(play: &mut Play<'_, '_>) -> Answer {
    if play.is_read() && play.is_extended() {
        *play.note = play.honest()?;
    } else if play.ins() != 0xC0 || play.note.is_empty() {
        play.note.clear();
        return play.honest();
    }
    let waiting = std::mem::take(play.note);
    let (data, sw) = split(&waiting);
    let Some((now, later)) = data.split_at_checked(256).filter(|(_, later)| !later.is_empty()) else {
        return Ok(waiting);
    };
    *play.note = join(later, sw);
    let announced = u16::try_from(later.len()).ok().filter(|count| *count < 256).unwrap_or(0);
    Ok(join(now, 0x6100 | announced))
}

fn reader_follows(play: &mut Play<'_, '_>) -> Answer {
    let mut answer = play.honest()?;
    if play.card.protocol() == Protocol::T1 {
        return Ok(answer);
    }
    let (_, sw) = split(&answer);
    if sw >> 8 == 0x6C
        && let [header @ .., _] = play.command
        && header.len() == 4
    {
        let [_, exact] = sw.to_be_bytes();
        answer = play.pass(&[header, &[exact]].concat())?;
    }
    let mut data = Vec::new();
    for _ in 0..16 {
        let (part, sw) = split(&answer);
        data.extend_from_slice(part);
        if sw >> 8 != 0x61 {
            return Ok(join(&data, sw));
        }
        let [_, waiting] = sw.to_be_bytes();
        answer = play.pass(&[0x00, 0xC0, 0x00, 0x00, waiting])?;
    }
    Ok(answer)
}

fn flip(play: &mut Play<'_, '_>) -> Answer {
    let mut honest = play.honest()?;
    let length = split(&honest).0.len();
    let number = play.number;
    if play.is_read()
        && let Some(byte) = number.checked_rem(length).and_then(|at| honest.get_mut(at))
    {
        *byte ^= 1 << (number % 8);
    }
    Ok(honest)
}

fn challenge(play: &mut Play<'_, '_>, constant: bool) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    match play.ins() {
        0x84 if constant => Ok(join(&vec![0; data.len()], sw)),
        0x84 => Ok(join(data.get(..data.len() / 2).unwrap_or_default(), sw)),
        _ => Ok(honest),
    }
}

fn pin_state(play: &mut Play<'_, '_>, sw: u16) -> Answer {
    if play.asks_pin_state() { Ok(bare(sw)) } else { play.honest() }
}

fn pin_pad_left(play: &mut Play<'_, '_>) -> Answer {
    if play.presents_pin() { Ok(one_of(play, &[0x6400, 0x6401, 0x6403])) } else { play.honest() }
}

fn wrong_is_right(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    Ok(if play.presents_pin() { bare(0x9000) } else { honest })
}
