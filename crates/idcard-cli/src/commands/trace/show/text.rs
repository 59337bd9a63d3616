//! The listing for people.

use super::{Document, Item};
use crate::context::Context;
use crate::lang::{Lang, Word};
use crate::terminal::Nature;
use idcard_core::data::digits::counted;

/// How many digits and masks of an answer are shown; documents hold all.
const SHOWN: usize = 96;

pub(super) fn listing(document: &Document, context: &Context) -> String {
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    if let Some(atr) = &document.atr {
        text += &terminal.pair(Word::Atr.text(lang), atr, Nature::Code);
    }
    if let Some(protocol) = document.protocol {
        text += &terminal.pair(pick(lang, "Protocol", "پروتکل"), protocol, Nature::Code);
    }
    for item in &document.items {
        match (item.kind, &item.command) {
            ("atr" | "protocol", _) => {}
            ("begin", _) => {
                let number = item.transaction.unwrap_or_default().to_string();
                let heading = format!("{} {}", pick(lang, "Transaction", "تراکنش"), lang.digits(&number));
                text.push('\n');
                text += &terminal.heading(&heading);
            }
            (_, Some(_)) => text += &exchange(item, context),
            (kind, None) => {
                let error = item.error.map(|error| format!(" {error}")).unwrap_or_default();
                text += &terminal.line(&format!("{:>5}  {kind}{error}", item.line));
            }
        }
    }
    text.push('\n');
    text += &terminal.pair(
        pick(lang, "Exchanges", "تبادل‌ها"),
        &lang.digits(&document.exchanges.to_string()),
        Nature::Words,
    );
    text += &terminal.pair(pick(lang, "Recorded time", "زمان ضبط‌شده"), &time(document.recorded_ms), Nature::Code);
    if document.redacted {
        text += &terminal.line(pick(lang, "Answers in this trace are masked.", "پاسخ‌های این ضبط پوشانده شده‌اند."));
    }
    for timing in document.timing.iter().flatten() {
        text += &terminal.pair(timing.profile, &time(timing.link_ms), Nature::Code);
    }
    text
}

fn exchange(item: &Item, context: &Context) -> String {
    let terminal = &context.terminal;
    let name = item.name.unwrap_or_default();
    let place: Vec<&str> = item.applet.iter().chain(&item.file).map(String::as_str).collect();
    let place = if place.is_empty() { String::new() } else { format!("  [{}]", place.join(" ")) };
    let mut text = terminal.line(&format!("{:>5}  {name}{place}", item.line));
    text += &terminal.line(&format!("       > {}", shortened(item.command.as_deref().unwrap_or_default())));
    let elapsed = item.elapsed_ms.map(|elapsed| format!(" @{}", time(elapsed))).unwrap_or_default();
    text += &match (&item.response, &item.meaning) {
        (Some(response), meaning) => {
            let meaning = meaning.as_ref().map(|meaning| format!(" ({meaning})")).unwrap_or_default();
            let sw = item.status_word.as_deref().unwrap_or_default();
            let data = response.strip_suffix(sw).unwrap_or(response);
            let gap = if data.is_empty() { "" } else { " " };
            terminal.line(&format!("       < {}{gap}{sw}{meaning}{elapsed}", shortened(data)))
        }
        (None, _) => terminal.line(&format!("       ! {}{elapsed}", item.error.unwrap_or(item.kind))),
    };
    text
}

fn shortened(bytes: &str) -> String {
    match bytes.get(..SHOWN) {
        Some(head) if bytes.len() > SHOWN => format!("{head}… ({})", counted(bytes.len() / 2, "byte", "bytes")),
        _ => bytes.to_owned(),
    }
}

fn time(milliseconds: f64) -> String {
    format!("{milliseconds:.1} ms")
}

const fn pick(lang: Lang, english: &'static str, persian: &'static str) -> &'static str {
    match lang {
        Lang::En => english,
        Lang::Fa => persian,
    }
}
