//! The fictitious holders (specimen.md, section 7). Their numbers begin with 000, which is never issued.

/// What the protected files of one holder say.
pub(crate) struct Holder {
    pub(crate) given: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) latin: (&'static str, &'static str),
    pub(crate) father: &'static str,
    pub(crate) national_number: &'static str,
    /// ISO/IEC 5218.
    pub(crate) gender: u8,
    pub(crate) born: &'static str,
    pub(crate) born_at: &'static str,
    pub(crate) issued_at: &'static str,
    /// Birth certificate: number, series, serial, place of registration.
    pub(crate) booklet: [&'static str; 4],
    pub(crate) postal_code: &'static str,
    pub(crate) address: Option<&'static str>,
    /// Reference on the card and subtype of ISO/IEC 19785-3.
    pub(crate) fingers: [(u8, u8); 2],
}

/// The holder of `specimen` and `specimen-p256`.
pub(crate) const FIRST: Holder = Holder {
    given: "نمونه",
    surname: "شناسه\u{200C}پور",
    latin: ("NEMUNEH", "SHENASEHPUR"),
    father: "آزمون",
    national_number: "0001234560",
    gender: 2,
    born: "13751230",
    born_at: "شیراز",
    issued_at: "تهران",
    booklet: ["1234", "الف12", "123456", "تهران"],
    postal_code: "1354612345",
    address: None,
    fingers: [(0x81, 0x09), (0x82, 0x0A)],
};

/// The holder of `specimen-2`: every value differs, month and day of birth are unknown, an address is there.
pub(crate) const SECOND: Holder = Holder {
    given: "فرضی",
    surname: "پندارنیا",
    latin: ("FARZI", "PENDARNIA"),
    father: "خیال",
    national_number: "0009876545",
    gender: 1,
    born: "13400000",
    born_at: "تبریز",
    issued_at: "اصفهان",
    booklet: ["57", "ب34", "98765", "یزد"],
    postal_code: "8149873165",
    address: Some("اصفهان، خیابان نمونه، کوچهٔ آزمون، پلاک ۱۲"),
    fingers: [(0x83, 0x05), (0x84, 0x06)],
};

/// The subject of a holder's certificate up to its CN: `C, OU, givenName, surname` (nid-card.md, section 10).
pub(crate) fn subject(given: &str, surname: &str) -> Vec<(&'static str, String)> {
    let mut parts = nameless();
    parts.extend([("GN", given.to_string()), ("SN", surname.to_string())]);
    parts
}

/// The same without a name, as the authentication certificate of the real card is reported to be.
pub(crate) fn nameless() -> Vec<(&'static str, String)> {
    vec![("C", "IR".to_string()), ("OU", "SPECIMEN Citizen".to_string())]
}

/// Nine digits and the check digit of the national number, so that no CRN trips a checksum by accident.
pub(crate) fn with_check_digit(nine: &str) -> String {
    let sum: u32 = nine.chars().filter_map(|digit| digit.to_digit(10)).zip((2..=10).rev()).map(|(d, w)| d * w).sum();
    let rest = sum % 11;
    format!("{nine}{}", if rest < 2 { rest } else { 11 - rest })
}
