//! Which recording it was that did not answer, and what it answers: the advice beside a difference of a replay.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// How much of the file is looked at, in bytes.
const LOOKED_AT: u64 = 1024 * 1024;

/// Advice in both languages.
pub(super) type Advice = (&'static str, &'static str);

/// A bundle of `probe --share`.
const BUNDLE: Advice = (
    "this is a bundle of idcard probe --share: it answers idcard probe, and no other command was recorded",
    "این بستهٔ idcard probe --share است: تنها به idcard probe پاسخ می‌دهد و فرمان دیگری در آن ضبط نشده است",
);

/// A trace of `trace import`.
const IMPORTED: Advice = (
    "this trace comes from a log of another program, and answers what that program asked: idcard trace show tells what it \
     holds, and idcard page suggest makes a page by which a recorded read is read again",
    "این ضبط از گزارش برنامهٔ دیگری ساخته شده و تنها به پرسش‌های همان برنامه پاسخ می‌دهد: محتوای آن را idcard trace show \
     نشان می‌دهد و idcard page suggest صفحه‌ای می‌سازد که خواندن ضبط‌شده با آن دوباره خوانده می‌شود",
);

/// Cards one behind the other.
const SEVERAL: Advice = (
    "this trace holds several cards, and answers as the first of them: idcard trace show tells them apart by their answers to \
     reset; put the lines of the one that is meant into a file of its own, behind the first line, and name that with \
     --card replay:FILE",
    "این ضبط چند کارت دارد و از نخستین آن‌ها پاسخ می‌دهد: idcard trace show آن‌ها را نشان می‌دهد؛ سطرهای کارت موردنظر را پس \
     از سطر نخست در پرونده‌ای جداگانه بگذارید و آن را با --card replay:FILE نام ببرید",
);

/// A trace of `--record`, or one that does not say where it comes from.
const RECORDED: Advice = (
    "a trace answers only what was recorded: the same command, the same options",
    "ضبط تنها به آنچه ضبط شده پاسخ می‌دهد: همان فرمان با همان گزینه‌ها",
);

/// What to say about this file.
pub(super) fn advice(path: &Path) -> Advice {
    let Ok(file) = File::open(path) else { return RECORDED };
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return RECORDED;
    }
    of(BufReader::new(file.take(LOOKED_AT)))
}

fn of(text: impl BufRead) -> Advice {
    let mut cards = BTreeSet::new();
    for line in text.lines().map_while(Result::ok) {
        if line.starts_with("# idcard probe, version ") {
            return BUNDLE;
        }
        if line.starts_with("# imported from a log of ") {
            return IMPORTED;
        }
        if let Some(atr) = line.strip_prefix("atr ") {
            let bytes = atr.split('#').next().unwrap_or_default();
            cards.insert(bytes.split_whitespace().collect::<String>().to_ascii_uppercase());
        }
        if cards.len() > 1 {
            return SEVERAL;
        }
    }
    RECORDED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_known_by_what_stands_in_it() {
        for (text, advice) in [
            ("# idcard trace 1\n# pseudonyms 1 00\n# idcard probe, version 0.1.0, linux\natr 3B 00\n", BUNDLE),
            ("# idcard trace 1\n# imported from a log of pcscd\natr 3B 00\n", IMPORTED),
            ("# idcard trace 1\natr 3B 00\nbegin\nend\natr 3B 01\n", SEVERAL),
            ("# idcard trace 1\natr 3B 00\nbegin\nend\natr 3b00 # once more\n", RECORDED),
            ("", RECORDED),
        ] {
            assert_eq!(of(text.as_bytes()), advice, "{text}");
        }
    }
}
