//! A writer for BER and DER, small on purpose: what it writes must not depend on the libraries that will read it.

/// One data object: tag bytes as written on the wire, shortest definite length, value.
pub(crate) fn tlv(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let length: Vec<u8> = value.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match value.len() {
        0 => out.push(0),
        short @ 1..=0x7F => out.push(short as u8),
        _ => {
            out.push(0x80 | length.len() as u8);
            out.extend(length);
        }
    }
    out.extend(value);
    out
}

/// SEQUENCE.
pub(crate) fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET OF, in DER order.
pub(crate) fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    tlv(0x31, &sorted.concat())
}

/// `[n]`, constructed.
pub(crate) fn context(number: u8, value: &[u8]) -> Vec<u8> {
    tlv(u32::from(0xA0 | number), value)
}

/// OBJECT IDENTIFIER from its dotted form.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u32> = dotted.split('.').filter_map(|arc| arc.parse().ok()).collect();
    let (first, rest) = match arcs.as_slice() {
        [a, b, rest @ ..] => (a * 40 + b, rest),
        _ => (0, [].as_slice()),
    };
    let body: Vec<u8> = std::iter::once(&first).chain(rest).flat_map(|arc| base128(*arc)).collect();
    tlv(0x06, &body)
}

fn base128(mut arc: u32) -> Vec<u8> {
    let mut groups = vec![(arc & 0x7F) as u8];
    while arc > 0x7F {
        arc >>= 7;
        groups.insert(0, 0x80 | (arc & 0x7F) as u8);
    }
    groups
}

/// INTEGER of an unsigned big-endian number.
pub(crate) fn uint(bytes: &[u8]) -> Vec<u8> {
    let mut body: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
    if body.first().is_none_or(|byte| *byte & 0x80 != 0) {
        body.insert(0, 0);
    }
    tlv(0x02, &body)
}

/// BOOLEAN TRUE.
pub(crate) fn yes() -> Vec<u8> {
    tlv(0x01, &[0xFF])
}

/// NULL.
pub(crate) fn null() -> Vec<u8> {
    tlv(0x05, &[])
}

/// OCTET STRING.
pub(crate) fn octets(value: &[u8]) -> Vec<u8> {
    tlv(0x04, value)
}

/// BIT STRING with a number of unused bits.
pub(crate) fn bits(value: &[u8], unused: u8) -> Vec<u8> {
    tlv(0x03, &[&[unused], value].concat())
}

/// UTF8String.
pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0C, text.as_bytes())
}

/// PrintableString.
pub(crate) fn printable(text: &str) -> Vec<u8> {
    tlv(0x13, text.as_bytes())
}

/// IA5String.
pub(crate) fn ia5(text: &str) -> Vec<u8> {
    tlv(0x16, text.as_bytes())
}

/// A day of the Gregorian calendar at midnight UTC.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) u16, pub(crate) u8, pub(crate) u8);

impl Day {
    /// UTCTime up to 2049, GeneralizedTime after it (RFC 5280, 4.1.2.5).
    pub(crate) fn time(self) -> Vec<u8> {
        let Self(year, month, day) = self;
        if year < 2050 {
            tlv(0x17, self.short().as_bytes())
        } else {
            tlv(0x18, format!("{year:04}{month:02}{day:02}000000Z").as_bytes())
        }
    }

    /// The thirteen characters of UTCTime.
    pub(crate) fn short(self) -> String {
        format!("{:02}{:02}{:02}000000Z", self.0 % 100, self.1, self.2)
    }
}
