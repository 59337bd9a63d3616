//! The terminal: what stdout and stderr are, colours, and text from cards made fit to be shown.

mod codes;
mod shape;
mod visual;

use crate::lang::Lang;
use clap::ValueEnum;
use idcard_core::data::text::harmless;
use std::borrow::Cow;
use std::io::IsTerminal;

/// How right-to-left text is put out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Bidi {
    /// Isolated on a terminal in Persian, raw elsewhere
    Auto,
    /// Each part between direction isolates
    Isolate,
    /// As it is
    Raw,
    /// In visual order with joined letters, for terminals that do neither
    Visual,
}

/// What a value is made of, which decides how its direction is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Words of any language.
    Words,
    /// Digits, hex, names of machines: always from left to right.
    Code,
}

/// What the program writes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    pub stdout: bool,
    pub stderr: bool,
    colour: bool,
    bidi: Bidi,
    /// The same for stderr.
    aside: Bidi,
    /// The same for questions, which only a terminal is asked.
    asked: Bidi,
    lang: Lang,
}

impl Terminal {
    pub(crate) fn new(bidi: Bidi, lang: Lang) -> Self {
        let stdout = std::io::stdout().is_terminal();
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = stdout && !dumb && !set("NO_COLOR");
        let stderr = std::io::stderr().is_terminal();
        let chosen = |terminal| match bidi {
            Bidi::Auto if terminal && lang == Lang::Fa => Bidi::Isolate,
            Bidi::Auto => Bidi::Raw,
            chosen => chosen,
        };
        Self { stdout, stderr, colour, bidi: chosen(stdout), aside: chosen(stderr), asked: chosen(true), lang }
    }

    /// Text that goes into a file: as it is, in English.
    pub(crate) const fn plain() -> Self {
        let raw = Bidi::Raw;
        Self { stdout: false, stderr: false, colour: false, bidi: raw, aside: raw, asked: raw, lang: Lang::En }
    }

    /// The language of its texts.
    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether stdout takes colours.
    pub(crate) const fn colour(&self) -> bool {
        self.colour
    }

    /// One line: a label and its value, which may come from a card.
    pub(crate) fn pair(&self, label: &str, value: &str, nature: Nature) -> String {
        let (label, value) = (harmless(label), harmless(value));
        let isolated = || match nature {
            Nature::Code => format!("\u{2068}{}\u{2069}: \u{2066}{value}\u{2069}", codes::isolated(&label)),
            Nature::Words => {
                format!("\u{2068}{}\u{2069}: \u{2068}{}\u{2069}", codes::isolated(&label), codes::isolated(&value))
            }
        };
        match self.bidi {
            Bidi::Isolate => isolated() + "\n",
            Bidi::Visual => self.visual(&isolated()),
            Bidi::Raw | Bidi::Auto => format!("{label}: {value}\n"),
        }
    }

    /// One line of words.
    pub(crate) fn line(&self, words: &str) -> String {
        self.laid_out(words, self.bidi)
    }

    /// One line of words on stderr.
    pub(crate) fn aside(&self, words: &str) -> String {
        self.laid_out(words, self.aside)
    }

    /// A question, with room for the answer behind it on the same line.
    pub(crate) fn question(&self, words: &str) -> String {
        self.laid_out(&format!("{words}:"), self.asked).replace('\n', " ")
    }

    fn laid_out(&self, words: &str, bidi: Bidi) -> String {
        let words = harmless(words);
        match bidi {
            Bidi::Isolate => format!("\u{2068}{}\u{2069}\n", codes::isolated(&words)),
            Bidi::Visual => self.visual(&codes::isolated(&words)),
            Bidi::Raw | Bidi::Auto => format!("{words}\n"),
        }
    }

    /// A line that stands out.
    pub(crate) fn heading(&self, words: &str) -> String {
        let line = self.line(words);
        if self.colour { format!("\u{1B}[1m{}\u{1B}[0m\n", line.trim_end_matches('\n')) } else { line }
    }

    /// A line that warns.
    pub(crate) fn alert(&self, words: &str) -> String {
        let line = self.line(words);
        if self.colour { format!("\u{1B}[1;33m{}\u{1B}[0m\n", line.trim_end_matches('\n')) } else { line }
    }

    fn visual(&self, line: &str) -> String {
        let mut shown = visual::order(line, self.lang == Lang::Fa);
        shown.push('\n');
        shown
    }
}

/// Text for stderr from outside: nothing in it steers the terminal.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    harmless(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(bidi: Bidi) -> Terminal {
        Terminal { stdout: false, stderr: false, colour: false, bidi, aside: bidi, asked: bidi, lang: Lang::En }
    }

    #[test]
    fn labels_and_values_are_isolated_each() {
        let shown = terminal(Bidi::Isolate).pair("نام", "علی", Nature::Words);
        assert_eq!(shown, "\u{2068}نام\u{2069}: \u{2068}علی\u{2069}\n");
        let shown = terminal(Bidi::Isolate).pair("Code", "*4*6090#", Nature::Code);
        assert_eq!(shown, "\u{2068}Code\u{2069}: \u{2066}*4*6090#\u{2069}\n");
    }

    #[test]
    fn commands_in_a_persian_sentence_are_isolated_on_a_terminal_and_bare_elsewhere() {
        let hint = "راهنمایی: با --timeout بیشتر صبر کنید";
        let shown = terminal(Bidi::Isolate).aside(hint);
        assert_eq!(shown, "\u{2068}راهنمایی: با \u{2066}--timeout\u{2069} بیشتر صبر کنید\u{2069}\n");
        assert_eq!(terminal(Bidi::Raw).aside(hint), format!("{hint}\n"));
        assert!(!terminal(Bidi::Visual).aside(hint).contains('\u{2066}'));
    }

    #[test]
    fn the_answer_stands_behind_its_question() {
        let question = "رمز (PUK)";
        assert_eq!(terminal(Bidi::Isolate).question(question), "\u{2068}رمز (\u{2066}PUK\u{2069}):\u{2069} ");
        assert_eq!(terminal(Bidi::Raw).question(question), format!("{question}: "));
        let visual = terminal(Bidi::Visual).question("رمز");
        assert!(!visual.contains('\u{2068}') && visual.ends_with(' '), "{visual:?}");
        assert_ne!(visual, terminal(Bidi::Raw).question("رمز"), "in the order of the eye");
    }

    #[test]
    fn nothing_from_a_card_steers_the_terminal() {
        for bidi in [Bidi::Raw, Bidi::Isolate, Bidi::Visual] {
            let shown = terminal(bidi).pair("Name", "a\u{1B}[2J\u{202E}\u{2069}b\r\nc", Nature::Words);
            assert!(!shown.contains(['\u{1B}', '\u{202E}', '\r']), "{shown:?}");
            assert_eq!(shown.matches('\n').count(), 1, "one value is one line: {shown:?}");
            assert_eq!(shown.matches('\u{2069}').count(), if bidi == Bidi::Isolate { 2 } else { 0 });
        }
    }
}
