//! `idcard page`: is this file a card page, and if not, what is wrong in which line? What page do traces suggest?

mod suggest;

use crate::args::{PageCheck, PageCommand};
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::lang::Word;
use crate::page_file;
use crate::terminal::Nature;
use idcard_core::family::{Evidence, Page};
use serde::Serialize;

/// `idcard.page_check/1`.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    family: String,
    title: String,
    generation: String,
    marks: usize,
    applets: usize,
    items: Vec<String>,
    pins: Vec<String>,
    keys: Vec<String>,
    /// What rests on an inference alone.
    inferred: Vec<String>,
}

/// `page check`, `page suggest`.
pub(super) fn run(command: &PageCommand, context: &Context) -> Result<Exit, Failure> {
    match command {
        PageCommand::Check(options) => check(options, context),
        PageCommand::Suggest(options) => suggest::run(options, context),
    }
}

fn check(PageCheck { file }: &PageCheck, context: &Context) -> Result<Exit, Failure> {
    let page = page_file::read(file)?;
    let document = Document::of(&page);
    context.show(&document, || document.text(context))?;
    Ok(Exit::DONE)
}

impl Document {
    fn of(page: &Page) -> Self {
        let inferred = |evidence: Evidence| evidence == Evidence::C;
        let items = page.items.iter().filter(|item| inferred(item.evidence)).map(|item| item.name.to_string());
        let pins = page.pins.iter().filter(|pin| inferred(pin.evidence)).map(|pin| pin.name.clone());
        let keys = page.keys.iter().filter(|key| inferred(key.evidence)).map(|key| key.name.to_string());
        Self {
            schema: "idcard.page_check/1",
            family: page.family.clone(),
            title: page.title.clone(),
            generation: page.generation.to_string(),
            marks: page.marks.len(),
            applets: page.applets.len(),
            items: page.items.iter().map(|item| item.name.to_string()).collect(),
            pins: page.pins.iter().map(|pin| pin.name.clone()).collect(),
            keys: page.keys.iter().map(|key| key.name.to_string()).collect(),
            inferred: items.chain(pins).chain(keys).collect(),
        }
    }

    fn text(&self, context: &Context) -> String {
        let (terminal, lang) = (&context.terminal, context.lang);
        let mut text = terminal.heading(Word::PageInOrder.text(lang));
        let lines = [
            (Word::Family, format!("{}: {}", self.family, self.title)),
            (Word::Items, self.items.join(", ")),
            (Word::PinObjects, self.pins.join(", ")),
            (Word::Keys, self.keys.join(", ")),
            (Word::Inferred, self.inferred.join(", ")),
        ];
        for (label, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            text += &terminal.pair(label.text(lang), value, Nature::Code);
        }
        text
    }
}
