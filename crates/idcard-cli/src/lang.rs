//! The languages of the program: which one is meant, its words and its digits.

mod words;

pub(crate) use words::Word;

use clap::ValueEnum;

/// A language of the program's texts. Documents for programs are the same in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// Persian
    Fa,
}

impl Lang {
    /// The language of the locale, by the variables of POSIX in their order of weight.
    pub(crate) fn of_locale() -> Self {
        let value = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Self::of(["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(value).as_deref())
    }

    fn of(locale: Option<&str>) -> Self {
        let language = locale.and_then(|locale| locale.split(['_', '.', '@', '-']).next());
        if language.is_some_and(|language| language.eq_ignore_ascii_case("fa")) { Self::Fa } else { Self::En }
    }

    /// What stands between the parts of a list.
    pub(crate) const fn comma(self) -> &'static str {
        match self {
            Self::En => ", ",
            Self::Fa => "، ",
        }
    }

    /// The text with digits of the language.
    pub(crate) fn digits(self, text: &str) -> String {
        match self {
            Self::En => text.to_owned(),
            Self::Fa => text.chars().map(persian).collect(),
        }
    }
}

fn persian(character: char) -> char {
    let digit = character.to_digit(10).and_then(|digit| char::from_u32(u32::from('۰') + digit));
    digit.unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_names_the_language() {
        for locale in ["fa_IR.UTF-8", "fa", "fa-IR", "FA_IR@calendar"] {
            assert_eq!(Lang::of(Some(locale)), Lang::Fa, "{locale}");
        }
        for locale in [None, Some("C"), Some("en_US.UTF-8"), Some("fab"), Some("")] {
            assert_eq!(Lang::of(locale), Lang::En, "{locale:?}");
        }
    }

    #[test]
    fn persian_has_its_own_digits() {
        assert_eq!(Lang::Fa.digits("1375-12-30"), "۱۳۷۵-۱۲-۳۰");
        assert_eq!(Lang::En.digits("42"), "42");
    }
}
