//! Cards and links that misbehave, by name: the catalogue C of the reliability study, and failures of the link.
//!
//! A fault is written `NAME` or `NAME@n`. With `@n` it shows in the exchange of that number alone, counted from 0;
//! without, wherever it fits. Variants of one row carry a letter: `C-49`, `C-49b`, `C-49c`.
//!
//! ```
//! use idcard_core::transport::Transport as _;
//!
//! let mut reader = idcard_sim::open("specimen+fault=C-01@0")?;
//! let mut transaction = reader.begin()?;
//! let mut answer = vec![0xFF];
//! transaction.transmit(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], &mut answer)?;
//! assert!(answer.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::Duration;

use idcard_core::transport::LinkError;

use self::wire::Play;
use crate::card::Card;
use crate::image::Image;

mod answers;
mod content;
mod crypto;
mod files;
mod identity;
mod link;
mod recognition;
mod selection;
#[cfg(test)]
mod tests;
mod wire;

/// One entry of the catalogue.
pub(crate) struct Row {
    name: &'static str,
    what: &'static str,
    script: Script,
}

impl Row {
    const fn wire(name: &'static str, what: &'static str, script: WireScript) -> Self {
        Self { name, what, script: Script::Wire(script) }
    }

    const fn memory(name: &'static str, what: &'static str, change: MemoryScript) -> Self {
        Self { name, what, script: Script::Memory(change) }
    }

    const fn slow(name: &'static str, what: &'static str, delay: Duration) -> Self {
        Self { name, what, script: Script::Slow(delay) }
    }
}

type WireScript = fn(&mut Play<'_, '_>) -> Result<Vec<u8>, LinkError>;
type MemoryScript = fn(&mut Image) -> Option<()>;

/// How a fault is played.
#[derive(Clone, Copy)]
enum Script {
    /// The card holds other bytes. Gives nothing where the image has no such file.
    Memory(MemoryScript),
    /// Answers are made up or changed on their way.
    Wire(WireScript),
    /// Every exchange takes so long.
    Slow(Duration),
}

/// A misbehaviour that can be put into a virtual reader.
#[derive(Debug, Clone)]
pub struct Fault {
    row: &'static Row,
    only: Option<usize>,
    /// What the script remembers between exchanges.
    note: Vec<u8>,
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Fault {
    /// The fault of that name, with or without `@n`; nothing where none is called so.
    pub fn named(text: &str) -> Option<Self> {
        let (name, only) = match text.split_once('@') {
            Some((name, number)) => (name, Some(number.parse().ok()?)),
            None => (text, None),
        };
        let row = rows().find(|row| row.name.eq_ignore_ascii_case(name))?;
        Some(Self { row, only, note: Vec::new() })
    }

    /// All names, each with what it does.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        rows().map(|row| (row.name, row.what))
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.row.name
    }

    /// Changes the memory of a card, where the fault lies there; false where the card has nothing to change.
    pub fn prepare(&self, image: &mut Image) -> bool {
        match self.row.script {
            Script::Memory(change) => change(image).is_some(),
            Script::Wire(_) | Script::Slow(_) => true,
        }
    }

    /// How much longer an exchange takes.
    pub(crate) fn delay(&self, number: usize) -> Duration {
        match self.row.script {
            Script::Slow(delay) if self.shows_in(number) => delay,
            _ => Duration::ZERO,
        }
    }

    fn shows_in(&self, number: usize) -> bool {
        self.only.is_none_or(|only| only == number)
    }
}

fn rows() -> impl Iterator<Item = &'static Row> {
    [
        answers::ROWS,
        files::ROWS,
        selection::ROWS,
        recognition::ROWS,
        content::ROWS,
        identity::ROWS,
        crypto::ROWS,
        link::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// One exchange with a card that has these faults; the first is the nearest to the host.
pub(crate) fn exchange(
    card: &mut Card,
    faults: &mut [Fault],
    number: usize,
    command: &[u8],
) -> Result<Vec<u8>, LinkError> {
    let Some((fault, rest)) = faults.split_first_mut() else { return Ok(card.transmit(command)) };
    match fault.row.script {
        Script::Wire(script) if fault.shows_in(number) => {
            script(&mut Play { card, rest, note: &mut fault.note, number, command })
        }
        _ => exchange(card, rest, number, command),
    }
}
