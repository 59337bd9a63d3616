//! The pin pad of the virtual reader, and the holder before it (PC/SC part 10, 2.5).

use std::time::Duration;

use idcard_core::transport::pad::PinPad;
use zeroize::Zeroizing;

/// The pad waited in vain.
const TIMED_OUT: [u8; 2] = [0x64, 0x00];
/// The holder pressed the key that cancels.
const CANCELLED: [u8; 2] = [0x64, 0x01];
/// Fewer or more digits than the pad was told to take.
const BAD_LENGTH: [u8; 2] = [0x64, 0x03];
/// A request that the reader cannot follow (ISO/IEC 7816-4: wrong parameters in the data field).
const BAD_REQUEST: [u8; 2] = [0x6A, 0x80];
/// A reader that may choose waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the holder types for a new PIN.
const NEW: &[u8] = b"73194652";

/// What the holder does when the pad asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Types the PIN that the card knows.
    Knows,
    /// Types another PIN of the same length.
    Errs,
    /// Types these digits, ASCII.
    Types(Vec<u8>),
    /// Cancels.
    Cancels,
    /// Does nothing.
    Waits,
}

impl Holder {
    /// The word after `pad=`.
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "wrong" => Some(Self::Errs),
            "cancel" => Some(Self::Cancels),
            "wait" => Some(Self::Waits),
            _ => None,
        }
    }
}

/// What the reader says by itself, and how long it waited before.
pub(super) type Told = ([u8; 2], Duration);

/// The command with the holder's digits in its field, or what the reader says in its place. `known` is the PIN that the
/// card knows by the reference of the command.
pub(super) fn complete(holder: &Holder, known: Option<&[u8]>, pad: &PinPad<'_>) -> Result<Zeroizing<Vec<u8>>, Told> {
    const BAD: Told = (BAD_REQUEST, Duration::ZERO);
    let mut command = Zeroizing::new(pad.command.to_vec());
    let (&mut [_, _, _, _, length], field) = command.split_first_chunk_mut::<5>().ok_or(BAD)?;
    if usize::from(length) != field.len() {
        return Err(BAD);
    }
    let other = |digit: &u8| if *digit == b'9' { b'0' } else { digit.saturating_add(1) };
    let digits = Zeroizing::new(match holder {
        Holder::Knows => known.ok_or(BAD)?.to_vec(),
        Holder::Errs => known.ok_or(BAD)?.iter().map(other).collect(),
        Holder::Types(digits) => digits.clone(),
        Holder::Cancels => return Err((CANCELLED, Duration::ZERO)),
        Holder::Waits => return Err((TIMED_OUT, if pad.timeout.is_zero() { PATIENCE } else { pad.timeout })),
    });
    if !(usize::from(pad.shortest)..=usize::from(pad.longest)).contains(&digits.len()) {
        return Err((BAD_LENGTH, Duration::ZERO));
    }
    field.get_mut(..digits.len()).ok_or(BAD)?.copy_from_slice(&digits);
    if let Some(at) = pad.new_pin {
        // The new PIN of every holder who changes one here, typed twice in the same way.
        let place = field.get_mut(usize::from(at)..).and_then(|field| field.get_mut(..NEW.len())).ok_or(BAD)?;
        place.copy_from_slice(NEW);
    }
    Ok(command)
}
