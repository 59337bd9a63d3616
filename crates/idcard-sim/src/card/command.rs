//! How the card takes a command apart (ISO/IEC 7816-3, 12.1 on T=0 and T=1; 7816-4, 5.1).

use idcard_core::transport::Protocol;

use super::sw::Sw;
use crate::image::Interface;

/// A command as the card understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub(crate) cla: u8,
    pub(crate) ins: u8,
    pub(crate) p1: u8,
    pub(crate) p2: u8,
    pub(crate) data: &'a [u8],
    /// How many bytes are wanted at most; absent where no Le was sent.
    pub(crate) le: Option<usize>,
    pub(crate) extended: bool,
}

impl<'a> Command<'a> {
    /// Takes `raw` apart by the rules of the interface.
    pub(crate) fn parse(raw: &'a [u8], interface: &Interface) -> Result<Self, Sw> {
        let [cla, ins, p1, p2, body @ ..] = raw else { return Err(Sw::WRONG_LENGTH) };
        let (data, le, extended) = match interface.protocol {
            Protocol::T0 => character_body(body)?,
            Protocol::T1 => block_body(body, interface.extended)?,
        };
        Ok(Self { cla: *cla, ins: *ins, p1: *p1, p2: *p2, data, le, extended })
    }

    /// P1 and P2 as one number.
    pub(crate) fn p1p2(&self) -> u16 {
        u16::from_be_bytes([self.p1, self.p2])
    }

    /// Whether the command has neither data nor a wish for an exact number of bytes: a status query.
    ///
    /// `00 20 00 81` and `00 20 00 81 00` both are (`nid-card.md` 5.3).
    pub(crate) fn is_query(&self) -> bool {
        self.data.is_empty() && matches!(self.le, None | Some(256))
    }
}

type Body<'a> = (&'a [u8], Option<usize>, bool);

/// T=0: P3 is the length of the data sent or, without data, of those wanted; never both.
fn character_body(body: &[u8]) -> Result<Body<'_>, Sw> {
    match body {
        [] => Ok((&[], None, false)),
        [p3] => Ok((&[], Some(short_le(*p3)), false)),
        [p3, data @ ..] if data.len() == usize::from(*p3) => Ok((data, None, false)),
        _ => Err(Sw::WRONG_LENGTH),
    }
}

/// T=1: the four cases, short and extended.
fn block_body(body: &[u8], extended: bool) -> Result<Body<'_>, Sw> {
    match body {
        [] => Ok((&[], None, false)),
        [le] => Ok((&[], Some(short_le(*le)), false)),
        [0, rest @ ..] if extended => extended_body(rest),
        [0, ..] => Err(Sw::WRONG_LENGTH),
        [lc, rest @ ..] => {
            let (data, tail) = rest.split_at_checked(usize::from(*lc)).ok_or(Sw::WRONG_LENGTH)?;
            match tail {
                [] => Ok((data, None, false)),
                [le] => Ok((data, Some(short_le(*le)), false)),
                _ => Err(Sw::WRONG_LENGTH),
            }
        }
    }
}

fn extended_body(rest: &[u8]) -> Result<Body<'_>, Sw> {
    match rest {
        [high, low] => Ok((&[], Some(extended_le(*high, *low)), true)),
        [0, 0, ..] => Err(Sw::WRONG_LENGTH),
        [high, low, rest @ ..] => {
            let lc = usize::from(u16::from_be_bytes([*high, *low]));
            let (data, tail) = rest.split_at_checked(lc).ok_or(Sw::WRONG_LENGTH)?;
            match tail {
                [] => Ok((data, None, true)),
                [high, low] => Ok((data, Some(extended_le(*high, *low)), true)),
                _ => Err(Sw::WRONG_LENGTH),
            }
        }
        _ => Err(Sw::WRONG_LENGTH),
    }
}

fn short_le(le: u8) -> usize {
    if le == 0 { 256 } else { usize::from(le) }
}

fn extended_le(high: u8, low: u8) -> usize {
    match u16::from_be_bytes([high, low]) {
        0 => 65_536,
        le => usize::from(le),
    }
}
