//! `idcard read`: all that the card gives, and why not where it does not.

mod authenticity;
mod document;
mod gather;
mod holder;
mod person;
mod photo;
mod presenting;
mod raw;
mod text;

pub(super) use text::{day_in_words, warning_in_words};

use crate::args::{Read, Section};
use crate::commands::certificate::is_missed;
use crate::commands::holder_key::AGAIN;
use crate::commands::section::State;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use crate::lang::{Lang, Word};
use crate::pin_entry::{self, Entered};
use crate::source;
use authenticity::Trust;
use document::Document;
use gather::{Gathered, Means};
use idcard_core::Card;
use idcard_core::secure::TerminalKeys;
use std::collections::BTreeSet;
use std::time::SystemTime;

/// The sections that a run asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted(BTreeSet<Section>);

impl Wanted {
    fn of(options: &Read) -> Self {
        use clap::ValueEnum;
        if options.fields.is_empty() {
            return Self(Section::value_variants().iter().copied().collect());
        }
        let mut sections: BTreeSet<Section> = options.fields.iter().copied().collect();
        if options.photo.is_some() || options.show_photo {
            sections.insert(Section::Photo);
        }
        Self(sections)
    }

    fn has(&self, section: Section) -> bool {
        self.0.contains(&section)
    }
}

type Keys = Option<Box<dyn TerminalKeys>>;

/// What to do where the PIN is all that is missing.
const PIN_OPENS_MORE: (&str, &str) = (
    "the identity PIN opens more: on a terminal it is asked for, elsewhere --pin-fd or --pin-file give it",
    "رمز شناسایی بقیه را باز می‌کند: در پایانه پرسیده می‌شود، در جای دیگر آن را با --pin-fd یا --pin-file بدهید",
);

/// What became of a PIN that would have opened nothing.
const WITHHELD: (&str, &str) = (
    "the PIN was not sent: this card takes one only through a secure channel (--terminal-keys)",
    "رمز فرستاده نشد: این کارت آن را تنها از راه کانال امن می‌پذیرد (--terminal-keys)",
);

/// Reads in one session; where a PIN has to be asked for, the question stands between two.
pub(super) fn run(options: &Read, context: &Context) -> Result<Exit, Failure> {
    let wanted = Wanted::of(options);
    let given = pin_entry::given::<1>(&options.pin)?;
    let trust = Trust::of(&options.ca)?;
    let mut keys = source::terminal_keys(&context.options)?;
    photo::check(options)?;
    options.raw.as_deref().map_or(Ok(()), raw::check)?;
    let (source, mut card) = context.connect()?;
    let may_ask = given.is_none() && pin_entry::terminal_is_there();
    let ask = |card: &mut Card, keys: &mut Keys| presenting::ask(card, &wanted, &options.pin, keys.as_mut(), context);
    let mut pin = match given {
        Some([pin]) => Some(Entered::Digits(pin)),
        None if may_ask => ask(&mut card, &mut keys)?,
        None => None,
    };
    let mut times = 0;
    let (gathered, files) = loop {
        let means = Means {
            pin: pin.as_ref().map(|pin| (pin.entry(), presenting::last_try(&options.pin))),
            keys: keys.as_mut(),
            trust: &trust,
            now: SystemTime::now(),
        };
        let visited = visit(&mut card, (options, &wanted), means, source.word(), context)?;
        times += 1;
        if !visited.gathered.pin_lost || !may_ask || times > AGAIN {
            break (visited.gathered, visited.files);
        }
        context.note(Word::PinForgotten.text(context.lang));
        pin = ask(&mut card, &mut keys)?;
        if pin.is_none() {
            break (visited.gathered, visited.files);
        }
    };
    // Nothing more asks for it; what follows may wait for whoever reads the result.
    drop((pin, keys));
    let Gathered { document, photo, withheld, .. } = gathered;
    if let (Some(folder), Some(files)) = (&options.raw, files) {
        for earlier in raw::write(folder, &files)? {
            context.note(&format!("{}: {}", earlier.display(), Word::OfAnEarlierRead.text(context.lang)));
        }
    }
    let mut document = document;
    let picture = photo::deliver(options, photo.as_ref(), &mut document, context)?;
    context.show(&document, || context.banner() + &picture + &text::text(&document, context))?;
    let exit = exit(&document, (withheld, may_ask), trust.is_given());
    if let (Some(missing), false) = (&exit, context.options.wants_json()) {
        context.tell(missing);
    }
    Ok(exit.map_or(Exit::DONE, |failure| failure.exit()))
}

/// One session's worth.
struct Visited {
    gathered: Gathered,
    /// The files as they lie on the card, where they were asked for.
    files: Option<raw::Files>,
}

fn visit(
    card: &mut Card,
    (options, wanted): (&Read, &Wanted),
    means: Means<'_>,
    source: &'static str,
    context: &Context,
) -> Result<Visited, Failure> {
    let place = gather::Place { source, reader: card.reader().map(str::to_owned), atr: hex::encode_upper(card.atr()) };
    let mut session = card.session()?;
    if context.terminal.stderr {
        session.on_progress(presenting::progress());
    }
    let pin = means.pin;
    let gathered = gather::gather(&mut session, wanted, means, place)?;
    if options.raw.is_some() {
        raw::fetch_undecoded(&mut session, pin)?;
    }
    let files = options.raw.as_ref().map(|_| raw::files(&session));
    // A link that fails now has given all that was asked for; whether the card was left in order is worth a word.
    if let Err(error) = session.end() {
        log::warn!("{error}");
    }
    Ok(Visited { gathered, files })
}

/// What the document amounts to where it is not whole (`docs/cli.md`, section 4).
fn exit(document: &Document, (withheld, asked): (bool, bool), trust_given: bool) -> Option<Failure> {
    let verdict = document.security_object.verdict;
    if verdict == "not_authentic" {
        let failure = Failure::new(Kind::NotGenuine, "the data are not as the issuer signed them");
        return Some(failure.in_persian("داده‌ها همان نیست که صادرکننده امضا کرده است"));
    }
    let faulty: Vec<_> = document.states().filter(|(_, state)| state.is_faulty()).collect();
    if let Some((_, first)) = faulty.first() {
        let kind = first.kind().unwrap_or(Kind::CardMalformed);
        return Some(named(kind, ("not in order", "درست نوشته نشده یا کارت آن را نداد"), &faulty));
    }
    let missing = document.states().filter(|(name, state)| match *name {
        "certificates" => is_missed(state, &document.certificates),
        _ => state.is_missing(),
    });
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() || withheld {
        let failure = named(Kind::NotAvailable, ("not available", "در دسترس نیست"), &missing);
        let by_pin = !asked && missing.iter().any(|(_, state)| **state == State::PinRequired);
        return Some(match (withheld, by_pin) {
            (true, _) => failure.with_hints(WITHHELD.0, WITHHELD.1),
            (_, true) => failure.with_hints(PIN_OPENS_MORE.0, PIN_OPENS_MORE.1),
            _ => failure,
        });
    }
    let untrusted = verdict == "untrusted_signer" && trust_given;
    untrusted.then(|| {
        Failure::new(Kind::Inconclusive, "the signer of the data does not lead to a trusted certificate")
            .in_persian("امضاکنندهٔ داده‌ها به ریشهٔ مورد اعتماد نمی‌رسد")
    })
}

/// A failure that names the sections which it is about, in both languages.
fn named(kind: Kind, (english, persian): (&str, &str), sections: &[(&'static str, &State)]) -> Failure {
    let mut names: Vec<_> = sections.iter().map(|(name, _)| *name).collect();
    names.dedup();
    let titles: Vec<_> = names.iter().map(|name| text::title(name).text(Lang::Fa)).collect();
    Failure::new(kind, format!("{english}: {}", names.join(", ")))
        .in_persian(format!("{persian}: {}", titles.join(Lang::Fa.comma())))
}
