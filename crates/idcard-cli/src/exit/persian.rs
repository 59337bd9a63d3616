//! What the errors of the libraries say in Persian: a sentence, and in brackets what is technical and stays as it is.

use crate::lang::{Lang, Word};
use idcard_core::error::KeyError;
use idcard_core::family::ItemName;
use idcard_core::{Error, LinkError, PinKind};
use std::fmt::Display;

/// A sentence with what is technical behind it.
fn with(sentence: impl Display, technical: &[&dyn Display]) -> String {
    let technical: Vec<String> = technical.iter().map(ToString::to_string).filter(|part| !part.is_empty()).collect();
    if technical.is_empty() { sentence.to_string() } else { format!("{sentence} ({})", technical.join(": ")) }
}

fn number(number: impl Display) -> String {
    Lang::Fa.digits(&number.to_string())
}

fn pin(kind: PinKind) -> &'static str {
    Word::of_pin(kind).text(Lang::Fa)
}

fn left(tries: Option<u8>) -> String {
    tries.map_or_else(String::new, |left| format!("؛ {}: {}", Word::TriesLeft.text(Lang::Fa), number(left)))
}

/// The name of an item where the interface has one.
fn item(name: ItemName) -> &'static str {
    let word = match name {
        ItemName::Identity => Word::Identity,
        ItemName::Photo => Word::Photo,
        ItemName::Fingerprints => Word::Fingerprints,
        ItemName::Dates => Word::Dates,
        ItemName::Versions => Word::Versions,
        ItemName::SecurityObject => Word::SecurityObject,
        ItemName::Serial => Word::ChipSerial,
        ItemName::PersonalInfo2 => Word::BirthCertificate,
        ItemName::Meta => Word::FingerprintCheck,
        ItemName::CertificateSign => return "گواهی امضا",
        ItemName::CertificateAuth => return "گواهی احراز هویت",
        ItemName::CertificateCa => return "گواهی مرکز صدور",
        other => return other.word(),
    };
    word.text(Lang::Fa)
}

/// What a failure of the link says; `step` is what was being done, where that is known.
pub(super) fn of_link(error: &LinkError, step: &str) -> String {
    match error {
        LinkError::NoService { code } => with("سرویس کارت هوشمند در دسترس نیست", &[&step, code]),
        LinkError::NoAccess { code } => with("سرویس کارت هوشمند به این کاربر اجازه نمی‌دهد", &[&step, code]),
        LinkError::NoReader { wanted: None } => with("هیچ کارت‌خوانی پیدا نشد", &[&step]),
        LinkError::NoReader { wanted: Some(name) } => with(format!("کارت‌خوانی به نام «{name}» پیدا نشد"), &[&step]),
        LinkError::Ambiguous { readers } => with("در چند کارت‌خوان کارت هست", &[&readers.join(Lang::Fa.comma())]),
        LinkError::NoCard => with("کارتی در کارت‌خوان نیست", &[&step]),
        LinkError::Mute { code } => with("کارت پاسخ نمی‌دهد", &[&step, code]),
        LinkError::Removed => with("کارت خارج شد", &[&step]),
        LinkError::Reset => with("برنامهٔ دیگری کارت را بازنشانی کرد", &[&step]),
        LinkError::Changed => with("کارت دیگری در کارت‌خوان است", &[&step]),
        LinkError::Busy { waited } => {
            let waited = number(waited.as_secs_f64());
            with(format!("برنامهٔ دیگری کارت را در اختیار دارد؛ {waited} ثانیه صبر شد"), &[&step])
        }
        LinkError::TimedOut { waited } => {
            with(format!("در {} ثانیه پاسخی نرسید", number(waited.as_secs_f64())), &[&step])
        }
        LinkError::Cancelled => with("عملیات لغو شد", &[&step]),
        LinkError::Lost { code } => with("ارتباط با کارت قطع شد", &[&step, code]),
        LinkError::Unlawful { what } => with("فرمان یا پاسخ شکل درستی ندارد", &[&step, what]),
        LinkError::SecureChannel { what, status } => {
            let status = status.map_or_else(String::new, |status| status.to_string());
            with("کانال امن از کار افتاد", &[&step, what, &status])
        }
        LinkError::Trace { .. } if step.is_empty() => with("ضبط درست نیست", &[error]),
        LinkError::Trace { .. } => with("ضبط با کار برنامه نمی‌خواند", &[&step, error]),
        LinkError::File { .. } => with("پرونده خوانده یا نوشته نشد", &[&step, error]),
        other => with("خطای ارتباط", &[&step, other]),
    }
}

/// What an error of a card says; nothing where the kind alone says it.
pub(super) fn of(error: &Error) -> Option<String> {
    Some(match error {
        Error::Reader { step, source } => of_link(source, step),
        Error::Unrecognised { atr, exchanges } => {
            with(format!("کارت ناشناخته است؛ تبادل‌ها: {}", number(exchanges)), &[&format!("ATR {atr}")])
        }
        Error::Refused { step, status } => with("کارت فرمان را نپذیرفت", &[step, &status.in_words()]),
        Error::Garbled { step, source } => with("پاسخ کارت درست نیست", &[step, source]),
        Error::Malformed { item: name, source } => with(format!("{}: درست نوشته نشده است", item(*name)), &[source]),
        Error::Absent(name) => format!("{}: در این کارت نیست", item(*name)),
        Error::LayoutUnknown(name) => format!("{}: جای آن یا ساختار آن منتشر نشده است", item(*name)),
        Error::SecureChannelRequired(name) => {
            format!("{}: {}", item(*name), Word::SecureChannelRequired.text(Lang::Fa))
        }
        Error::Empty(name) => format!("{}: پروندهٔ آن خالی است", item(*name)),
        Error::NoSuchKey { key, what } => with("کلید کارت این کار را انجام نمی‌دهد", &[key, what]),
        Error::PinRequired { item: name, kind } => format!("{}: {} لازم است", item(*name), pin(*kind)),
        Error::Redacted(name) => format!("{}: {}", item(*name), Word::Redacted.text(Lang::Fa)),
        Error::WrongPin { kind, tries_left } => format!("{} نادرست است{}", pin(*kind), left(*tries_left)),
        Error::WrongPinOfObject { kind, object, tries_left, fewest: (name, tries) } => {
            let other = format!("{}، {name}", left(Some(*tries)));
            with(format!("{} نادرست است{}{other}", pin(*kind), left(*tries_left)), &[object])
        }
        Error::Locked { kind } => format!("{} مسدود شده است", pin(*kind)),
        Error::PinNotTried { kind, tries_left } => {
            let left = tries_left.map_or_else(|| "؛ تعداد دفعات باقی‌مانده دانسته نیست".to_owned(), |n| left(Some(n)));
            format!("{} به کارت فرستاده نشد{left}", pin(*kind))
        }
        Error::PinRule { what } => with("رمز به شکلی که باید نیست", &[what]),
        Error::PinLength { kind, minimum, maximum } => {
            format!("{} از {} تا {} رقم دارد", pin(*kind), number(minimum), number(maximum))
        }
        Error::PinUncertain { kind, tries_left: tries @ Some(_), source } => {
            format!("{}؛ {}{}", of(source)?, pin(*kind), left(*tries))
        }
        Error::PinUncertain { kind, source, .. } => {
            format!("{}؛ دانسته نیست که {} شمرده شده یا نه", of(source)?, pin(*kind))
        }
        Error::PinForgotten { kind } => {
            format!("{}؛ {} دوباره فرستاده نمی‌شود", Word::PinForgotten.text(Lang::Fa), pin(*kind))
        }
        Error::PadCancelled { kind } => format!("{} وارد نشد: با صفحه‌کلید کارت‌خوان لغو شد", pin(*kind)),
        Error::PadUnfit { kind } => format!("{} را با صفحه‌کلید کارت‌خوان نمی‌توان تغییر داد", pin(*kind)),
        Error::PadTimedOut { kind } => format!("{} به‌موقع با صفحه‌کلید کارت‌خوان وارد نشد", pin(*kind)),
        Error::WrongPuk { kind, tries_left } => {
            format!("رمز بازگشایی (PUK) برای {} نادرست است{}", pin(*kind), left(*tries_left))
        }
        Error::PukLocked { kind } => format!("رمز بازگشایی (PUK) برای {} مسدود شده است", pin(*kind)),
        Error::PukNotTried { kind, tries_left } => {
            format!("رمز بازگشایی (PUK) برای {} به کارت فرستاده نشد{}", pin(*kind), left(*tries_left))
        }
        Error::PinWithheld { kind, source, .. } => format!("{} به کارت فرستاده نشد: {}", pin(*kind), of(source)?),
        Error::PinNeedsChannel { kind } => format!("{} بدون کانال امن به این کارت فرستاده نمی‌شود", pin(*kind)),
        Error::PinUnfinished { kind } => format!("تغییر پیشین {} نیمه‌کاره مانده است", pin(*kind)),
        Error::PinInterrupted { kind, source } => format!("تغییر {} به پایان نرسید: {}", pin(*kind), of(source)?),
        Error::PinUnproved { kind, refused, tries_left } => {
            let refused = if *refused == "old" { "پیشین" } else { "تازه" };
            format!("یکی از بخش‌های {} رمز {refused} را نپذیرفت{}", pin(*kind), left(*tries_left))
        }
        Error::PinOldOrNew { kind, source } => {
            format!("دانسته نیست که {} همان پیشین است یا تازه: {}", pin(*kind), of(source)?)
        }
        Error::NoSecureChannel => "کانال امن این کارت شناخته نیست".to_owned(),
        Error::TerminalKeys(fault) => with("کانال امن باز نشد", &[&of_keys(fault)]),
        Error::CardChanged => of_link(&LinkError::Changed, ""),
        Error::Limit { step, bound } => with("به سقف ایمنی رسید", &[step, bound]),
        _ => return None,
    })
}

fn of_keys(fault: &KeyError) -> String {
    match fault {
        KeyError::Unavailable => "دارندهٔ کلیدهای پایانه برای این کارت کلیدی ندارد".to_owned(),
        KeyError::TimedOut => "دارندهٔ کلیدهای پایانه به‌موقع پاسخ نداد".to_owned(),
        KeyError::CardRefused(status) => format!("کارت این کلیدها را نمی‌پذیرد: {status}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_core::apdu::Status;

    /// Words of Latin letters outside of brackets.
    fn latin_outside_of_brackets(text: &str) -> bool {
        let mut depth = 0_usize;
        text.chars().any(|character| {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && character.is_ascii_alphabetic()
        })
    }

    #[test]
    fn a_sentence_is_persian_and_what_is_technical_stands_in_brackets() {
        let link = |source| Error::Reader { step: "READ BINARY, mpcos 3F00/0200/0203".to_owned(), source };
        let errors = [
            link(LinkError::Removed),
            link(LinkError::Lost { code: "SCARD_E_COMM_DATA_LOST" }),
            link(LinkError::Busy { waited: std::time::Duration::from_secs(10) }),
            Error::Unrecognised { atr: "3B00".to_owned(), exchanges: 4 },
            Error::Refused { step: "SELECT, classic".to_owned(), status: Status(0x6F00) },
            Error::Absent(ItemName::Photo),
            Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) },
            Error::PinLength { kind: PinKind::Sign, minimum: 6, maximum: 8 },
            Error::PinNotTried { kind: PinKind::Id, tries_left: None },
            Error::PinUncertain { kind: PinKind::Id, tries_left: None, source: Box::new(link(LinkError::Removed)) },
            Error::PinForgotten { kind: PinKind::Id },
            Error::Limit { step: "READ".to_owned(), bound: "32 KiB" },
        ];
        for error in errors {
            let told = of(&error).unwrap();
            assert!(!latin_outside_of_brackets(&told), "{told}");
            assert!(!told.contains('\u{200E}'), "{told}");
        }
        let gone = of(&link(LinkError::Removed)).unwrap();
        assert_eq!(gone, "کارت خارج شد (READ BINARY, mpcos 3F00/0200/0203)");
    }

    #[test]
    fn numbers_are_persian() {
        let wrong = of(&Error::WrongPin { kind: PinKind::Id, tries_left: Some(2) }).unwrap();
        assert_eq!(wrong, "رمز شناسایی نادرست است؛ تعداد دفعات باقی‌مانده: ۲");
    }
}
