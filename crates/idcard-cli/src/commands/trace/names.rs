//! Commands by their ISO terms, status words in words.

use crate::lang::Lang;
use idcard_core::apdu::Status;

/// The name of a command (ISO/IEC 7816-4 and 7816-8; `nid-card.md` 5.3 for the cards' own).
pub(super) fn command(raw: &[u8]) -> &'static str {
    match raw {
        [0x80, 0xC0, 0x02, 0x05, ..] => "GET INFO of a secret code (MPCOS)",
        [0x80, 0x24, ..] => "SET SECRET CODE (MPCOS)",
        [_, 0xA4, 0x00, ..] => "SELECT by identifier",
        [_, 0xA4, 0x01, ..] => "SELECT child DF",
        [_, 0xA4, 0x02, ..] => "SELECT EF under the current DF",
        [_, 0xA4, 0x03, ..] => "SELECT parent DF",
        [_, 0xA4, 0x04, ..] => "SELECT by DF name",
        [_, 0xA4, 0x08, ..] => "SELECT by path from the MF",
        [_, 0xA4, 0x09, ..] => "SELECT by path from the current DF",
        [_, instruction, ..] => match instruction {
            0x20 | 0x21 => "VERIFY",
            0x22 => "MANAGE SECURITY ENVIRONMENT",
            0x24 | 0x25 => "CHANGE REFERENCE DATA",
            0x2A => "PERFORM SECURITY OPERATION",
            0x2C | 0x2D => "RESET RETRY COUNTER",
            0x46 | 0x47 => "GENERATE ASYMMETRIC KEY PAIR",
            0x70 => "MANAGE CHANNEL",
            0x82 => "EXTERNAL or MUTUAL AUTHENTICATE",
            0x84 => "GET CHALLENGE",
            0x86 | 0x87 => "GENERAL AUTHENTICATE",
            0x88 => "INTERNAL AUTHENTICATE",
            0xA4 => "SELECT",
            0xB0 | 0xB1 => "READ BINARY",
            0xB2 | 0xB3 => "READ RECORD",
            0xC0 => "GET RESPONSE",
            0xC2 | 0xC3 => "ENVELOPE",
            0xCA | 0xCB => "GET DATA",
            0xD0 | 0xD1 => "WRITE BINARY",
            0xD2 => "WRITE RECORD",
            0xD6 | 0xD7 => "UPDATE BINARY",
            0xDA | 0xDB => "PUT DATA",
            0xDC | 0xDD => "UPDATE RECORD",
            0xE0 => "CREATE FILE",
            0xE2 => "APPEND RECORD",
            0xE4 => "DELETE FILE",
            _ => "command without a known name",
        },
        _ => "no command",
    }
}

/// A status word in words (ISO/IEC 7816-4, 5.6).
pub(super) fn status(Status(word): Status, lang: Lang) -> String {
    let (english, persian) = match word {
        0x9000 => ("done", "انجام شد"),
        0x6100..=0x61FF => ("more data waits for GET RESPONSE", "دادهٔ بیشتر با GET RESPONSE"),
        0x6281 => ("part of the data may be corrupted", "شاید بخشی از داده خراب باشد"),
        0x6282 => ("end of the file reached", "پایان پرونده"),
        0x6283 => ("the file is deactivated", "پرونده غیرفعال است"),
        0x6200..=0x62FF => ("warning, nothing changed", "هشدار، چیزی تغییر نکرد"),
        0x63C0..=0x63CF => return tries(word & 0x0F, lang),
        0x6300..=0x63FF => ("warning, something changed", "هشدار، چیزی تغییر کرد"),
        0x6700 => ("wrong length", "طول نادرست"),
        0x6882 => ("secure messaging not supported", "پیام‌رسانی امن پشتیبانی نمی‌شود"),
        0x6981 => ("command incompatible with the file", "فرمان با این پرونده سازگار نیست"),
        0x6982 => ("security status not satisfied", "شرط امنیتی برقرار نیست"),
        0x6983 => ("authentication method blocked", "رمز مسدود است"),
        0x6984 => ("reference data not usable", "دادهٔ مرجع به کار نمی‌آید"),
        0x6985 => ("conditions of use not satisfied", "شرایط استفاده برقرار نیست"),
        0x6986 => ("no current EF", "پرونده‌ای برگزیده نیست"),
        0x6988 => ("incorrect secure messaging data objects", "دادهٔ پیام‌رسانی امن نادرست است"),
        0x6A80 => ("incorrect data", "دادهٔ نادرست"),
        0x6A81 => ("function not supported", "پشتیبانی نمی‌شود"),
        0x6A82 => ("file or application not found", "پرونده یا برنامه یافت نشد"),
        0x6A83 => ("record not found", "رکورد یافت نشد"),
        0x6A86 => ("incorrect P1 or P2", "P1 یا P2 نادرست"),
        0x6A88 => ("reference data not found", "دادهٔ مرجع یافت نشد"),
        0x6B00 => ("offset beyond the end", "پس از پایان پرونده"),
        0x6C00..=0x6CFF => ("wrong Le, the exact one follows", "Le نادرست، مقدار درست همراه آن است"),
        0x6D00 => ("instruction not supported", "این فرمان پشتیبانی نمی‌شود"),
        0x6E00 => ("class not supported", "این کلاس پشتیبانی نمی‌شود"),
        0x6F00 => ("no precise diagnosis", "بدون توضیح"),
        _ => ("a status without a known meaning", "وضعیت ناشناخته"),
    };
    if lang == Lang::Fa { persian } else { english }.to_owned()
}

fn tries(left: u16, lang: Lang) -> String {
    match lang {
        Lang::En => format!("refused, tries left: {left}"),
        Lang::Fa => format!("رد شد، دفعات باقی‌مانده: {}", lang.digits(&left.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_bear_their_iso_names() {
        assert_eq!(command(&[0x00, 0xB0, 0, 0, 0]), "READ BINARY");
        assert_eq!(command(&[0x00, 0xA4, 0x04, 0x0C]), "SELECT by DF name");
        assert_eq!(command(&[0x80, 0xCA, 0x9F, 0x7F, 0x2D]), "GET DATA");
        assert_eq!(command(&[0x00, 0xFE, 0, 0]), "command without a known name");
    }

    #[test]
    fn status_words_are_words() {
        assert_eq!(status(Status(0x63C2), Lang::En), "refused, tries left: 2");
        assert_eq!(status(Status(0x6982), Lang::En), "security status not satisfied");
        assert!(status(Status(0x63C2), Lang::Fa).contains('۲'));
    }
}
