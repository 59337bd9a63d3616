//! The kinds of errors with their exit status (`docs/cli.md`, section 3), and a sentence of advice for each.

use crate::lang::Lang;

/// What kind of failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "the list is the contract's, whole")]
pub(crate) enum Kind {
    Internal,
    Usage,
    NoService,
    /// The service is there and turns this user away: to documents it is the same.
    NoAccess,
    NoReader,
    NoCard,
    CardRemoved,
    Busy,
    UnknownCard,
    PinWrong,
    PinBlocked,
    Cancelled,
    TimedOut,
    PinNotTried,
    CardRefused,
    CardMalformed,
    CardChanged,
    CardReset,
    LinkLost,
    Limit,
    NotAvailable,
    VerificationFailed,
    ValueInvalid,
    Inconclusive,
    File,
    BadFile,
    Policy,
    NotGenuine,
    /// Nobody reads stdout: there is nobody to tell.
    Closed,
}

impl Kind {
    /// Its name in documents.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::NoService | Self::NoAccess => "no_service",
            Self::NoReader => "no_reader",
            Self::NoCard => "no_card",
            Self::CardRemoved => "card_removed",
            Self::Busy => "busy",
            Self::UnknownCard => "unknown_card",
            Self::PinWrong => "pin_wrong",
            Self::PinBlocked => "pin_blocked",
            Self::Cancelled => "cancelled",
            Self::TimedOut => "timed_out",
            Self::PinNotTried => "pin_not_tried",
            Self::CardRefused => "card_refused",
            Self::CardMalformed => "card_malformed",
            Self::CardChanged => "card_changed",
            Self::CardReset => "card_reset",
            Self::LinkLost => "link_lost",
            Self::Limit => "limit",
            Self::NotAvailable => "not_available",
            Self::VerificationFailed => "verification_failed",
            Self::ValueInvalid => "value_invalid",
            Self::Inconclusive => "inconclusive",
            Self::File => "file",
            Self::BadFile => "bad_file",
            Self::Policy => "policy",
            Self::NotGenuine => "not_genuine",
            Self::Closed => "closed",
        }
    }

    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Internal => 1,
            Self::Usage => 2,
            Self::NoService | Self::NoAccess => 3,
            Self::NoReader => 4,
            Self::NoCard | Self::CardRemoved => 5,
            Self::Busy => 6,
            Self::UnknownCard => 7,
            Self::PinWrong => 8,
            Self::PinBlocked => 9,
            Self::Cancelled | Self::TimedOut => 10,
            Self::PinNotTried => 11,
            Self::CardRefused
            | Self::CardMalformed
            | Self::CardChanged
            | Self::CardReset
            | Self::LinkLost
            | Self::Limit => 12,
            Self::NotAvailable => 13,
            Self::VerificationFailed | Self::ValueInvalid => 14,
            Self::Inconclusive => 15,
            Self::File | Self::BadFile => 16,
            Self::Policy => 17,
            Self::NotGenuine => 18,
            Self::Closed => 141,
        }
    }

    /// What happened, in Persian; in English the message says it.
    pub(crate) const fn fact(self) -> &'static str {
        match self {
            Self::Internal => "خطای درونی برنامه",
            Self::Usage => "فرمان درست نیست",
            Self::NoService => "سرویس کارت هوشمند در دسترس نیست",
            Self::NoAccess => "سرویس کارت هوشمند به این کاربر اجازه نمی‌دهد",
            Self::NoReader => "هیچ کارت‌خوانی پیدا نشد",
            Self::NoCard => "کارتی در کارت‌خوان نیست",
            Self::CardRemoved => "کارت خارج شد",
            Self::Busy => "برنامهٔ دیگری کارت را در اختیار دارد",
            Self::UnknownCard => "کارت ناشناخته است",
            Self::PinWrong => "رمز نادرست است",
            Self::PinBlocked => "رمز مسدود شده است",
            Self::Cancelled => "عملیات لغو شد",
            Self::TimedOut => "پاسخی در زمان تعیین‌شده نرسید",
            Self::PinNotTried => "رمز به کارت فرستاده نشد",
            Self::CardRefused => "کارت فرمان را نپذیرفت",
            Self::CardMalformed => "پاسخ کارت درست نیست",
            Self::CardChanged => "کارت دیگری در کارت‌خوان است",
            Self::CardReset => "برنامهٔ دیگری کارت را بازنشانی کرد",
            Self::LinkLost => "ارتباط با کارت قطع شد",
            Self::Limit => "به سقف ایمنی رسید",
            Self::NotAvailable => "این داده در دسترس نیست",
            Self::VerificationFailed => "امضا نامعتبر است",
            Self::ValueInvalid => "مقدار نامعتبر است",
            Self::Inconclusive => "نتیجه قطعی نیست",
            Self::File => "پرونده خوانده یا نوشته نشد",
            Self::BadFile => "محتوای پرونده درست نیست",
            Self::Policy => "الگوریتم به‌اندازهٔ کافی امن نیست",
            Self::NotGenuine => "داده‌ها یا امضا اصیل نیستند",
            Self::Closed => "خروجی بسته شد",
        }
    }

    /// What to do about it; nothing where the message says all.
    pub(super) const fn hint(self, lang: Lang) -> Option<&'static str> {
        let (english, persian) = match self {
            Self::Internal => (
                "this is a fault of the program; please report it, with a trace made by --record",
                "این خطای برنامه است؛ لطفاً آن را همراه با ضبط گزارش کنید (--record)",
            ),
            Self::NoService => (
                "start the smart-card service, for example: systemctl start pcscd.socket; idcard doctor finds out why it fails",
                "سرویس کارت هوشمند را راه بیندازید، مثلاً: systemctl start pcscd.socket؛ علت را idcard doctor می‌گوید",
            ),
            Self::NoAccess => (
                "let this user use the service: a polkit rule for org.debian.pcsc-lite.access_pcsc and access_card",
                "به این کاربر اجازهٔ کار با سرویس بدهید: قاعدهٔ polkit برای org.debian.pcsc-lite.access_pcsc و access_card",
            ),
            Self::NoReader => (
                "attach a card reader, then see: idcard readers; if one is attached: idcard doctor",
                "کارت‌خوان را وصل کنید؛ اگر وصل است: idcard doctor",
            ),
            Self::NoCard => ("insert the card", "کارت را در کارت‌خوان قرار دهید"),
            Self::CardRemoved => {
                ("leave the card in until the command is done", "کارت را تا پایان کار در کارت‌خوان بگذارید")
            }
            Self::Busy => (
                "close the other program (idcard doctor names it), or wait longer with --timeout",
                "برنامهٔ دیگر را ببندید (idcard doctor نام آن را می‌گوید) یا با --timeout بیشتر صبر کنید",
            ),
            Self::UnknownCard => (
                "a page for this card can be given with --page; --record FILE keeps what the card answered",
                "صفحهٔ این کارت را می‌توان با --page داد",
            ),
            Self::PinWrong => (
                "do not guess: a PIN blocks after a few wrong tries; idcard pin status shows how many are left",
                "رمز را حدس نزنید: پس از چند بار خطا مسدود می‌شود",
            ),
            Self::PinBlocked => (
                "if you have the PUK: idcard pin unblock; if not, ask where cards are applied for, an office of the civil \
                 registration or a counter office (pishkhan), and bring the card and your birth certificate \
                 (shenasnameh): what they ask for in this case is not published",
                "اگر رمز بازگشایی (PUK) دارید: idcard pin unblock؛ اگر ندارید، با کارت و شناسنامه به جایی بروید که درخواست کارت \
                 می‌پذیرد: ادارهٔ ثبت احوال یا دفتر پیشخوان دولت؛ این‌که در این مورد چه می‌خواهند منتشر نشده است",
            ),
            Self::TimedOut => {
                ("try again, or wait longer with --timeout", "دوباره بکوشید یا با --timeout بیشتر صبر کنید")
            }
            Self::PinNotTried => (
                "give the PIN with --pin-fd or --pin-file; if only one try is left, --last-try sends it all the same",
                "رمز را با --pin-fd یا --pin-file بدهید؛ اگر تنها یک بار مانده، --last-try آن را می‌فرستد",
            ),
            Self::CardMalformed => (
                "clean the contacts and try again; if it stays so, idcard probe --share FILE tells others what this card gives",
                "سطح تماس کارت را پاک کنید و دوباره بکوشید؛ اگر همین ماند، یافته‌ها را با idcard probe --share FILE بفرستید",
            ),
            Self::CardChanged => ("start again with the card that is meant", "با کارت درست دوباره آغاز کنید"),
            Self::CardReset => {
                ("close other programs that use the card, and try again", "برنامه‌های دیگر را ببندید و دوباره بکوشید")
            }
            Self::LinkLost => (
                "put the card in again, and try again; if it stays so: idcard doctor",
                "کارت را دوباره وارد کنید و باز بکوشید؛ اگر درست نشد: idcard doctor",
            ),
            Self::NotGenuine => ("do not rely on these data", "به این داده‌ها اعتماد نکنید"),
            Self::Usage
            | Self::Cancelled
            | Self::CardRefused
            | Self::Limit
            | Self::NotAvailable
            | Self::VerificationFailed
            | Self::ValueInvalid
            | Self::Inconclusive
            | Self::File
            | Self::BadFile
            | Self::Policy
            | Self::Closed => return None,
        };
        Some(match lang {
            Lang::En => english,
            Lang::Fa => persian,
        })
    }
}
