//! Distinguished names: their attributes in wire order, and RFC 4514 as their text.

use const_oid::ObjectIdentifier;
use der::asn1::{Any, BmpString, Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef};
use der::{Encode, Tag, Tagged};
use std::fmt;

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The type.
    pub oid: ObjectIdentifier,
    /// The value, where it is a string that can be read.
    pub value: Option<String>,
    /// Whether it shares its RDN with the attribute before.
    pub joined: bool,
    der: Vec<u8>,
}

/// A distinguished name. Two are equal when their DER is: never by letter case, never across string types.
/// Whether they mean the same is [`DistinguishedName::matches`].
#[derive(Clone)]
pub struct DistinguishedName {
    der: Vec<u8>,
    attributes: Vec<Attribute>,
}

impl DistinguishedName {
    pub(crate) fn new(name: &x509_cert::name::Name, der: &[u8]) -> Self {
        let mut attributes = Vec::new();
        for rdn in name.iter_rdn() {
            for (index, attribute) in rdn.iter().enumerate() {
                attributes.push(Attribute {
                    oid: attribute.oid,
                    value: text(&attribute.value),
                    joined: index > 0,
                    der: attribute.value.to_der().unwrap_or_default(),
                });
            }
        }
        Self { der: der.to_vec(), attributes }
    }

    /// The DER of the name.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The attributes in the order of the DER: on these certificates the country comes first.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The text of the first attribute of this type.
    #[must_use]
    pub fn first(&self, oid: ObjectIdentifier) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.oid == oid)?.value.as_deref()
    }

    /// Whether both names mean the same (RFC 5280, 7.1): the same attributes in the same order, and of their texts,
    /// whatever their string type, neither the case of letters nor white space beyond one between words counts.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self == other
            || self.attributes.len() == other.attributes.len()
                && self.attributes.iter().zip(&other.attributes).all(|(one, other)| one.matches(other))
    }

    /// Whether the name has no attributes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for DistinguishedName {}

impl fmt::Debug for DistinguishedName {
    /// The attribute types only: the values may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.attributes.iter().map(|attribute| attribute.oid.to_string())).finish()
    }
}

/// RFC 4514: last RDN first. Control and direction characters are written as `\XX`, so that a name is safe in
/// a terminal and still means the same.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rdns: Vec<&[Attribute]> = self.attributes.chunk_by(|_, next| next.joined).collect();
        rdns.reverse();
        for (index, rdn) in rdns.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            for (index, attribute) in rdn.iter().enumerate() {
                if index > 0 {
                    f.write_str("+")?;
                }
                attribute.fmt_rfc4514(f)?;
            }
        }
        Ok(())
    }
}

impl Attribute {
    fn matches(&self, other: &Self) -> bool {
        let texts = || Some(folded(self.value.as_deref()?) == folded(other.value.as_deref()?));
        self.oid == other.oid && self.joined == other.joined && (self.der == other.der || texts().unwrap_or(false))
    }

    fn fmt_rfc4514(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (keyword(self.oid), &self.value) {
            (Some(keyword), Some(value)) => write!(f, "{keyword}={}", Escaped(value)),
            // RFC 4514, 2.4: a type without a keyword takes the value as hex of its BER.
            _ => write!(f, "{}=#{}", self.oid, hex::encode(&self.der)),
        }
    }
}

/// Keywords of RFC 4514 section 3, then those of RFC 4519 and PKCS#9 that occur on certificates of persons.
fn keyword(oid: ObjectIdentifier) -> Option<&'static str> {
    use const_oid::db::{rfc3280, rfc4519};
    Some(match oid {
        rfc4519::CN => "CN",
        rfc4519::L => "L",
        rfc4519::ST => "ST",
        rfc4519::O => "O",
        rfc4519::OU => "OU",
        rfc4519::C => "C",
        rfc4519::STREET => "STREET",
        rfc4519::DC => "DC",
        rfc4519::UID => "UID",
        rfc4519::GIVEN_NAME => "GN",
        rfc4519::SN => "SN",
        rfc4519::SERIAL_NUMBER => "serialNumber",
        rfc4519::TITLE => "title",
        rfc4519::INITIALS => "initials",
        rfc3280::EMAIL_ADDRESS => "emailAddress",
        _ => return None,
    })
}

/// The words of a text, a space between two, in small letters.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn text(value: &Any) -> Option<String> {
    Some(match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::TeletexString => value.decode_as::<TeletexStringRef<'_>>().ok()?.as_str().to_owned(),
        Tag::BmpString => value.decode_as::<BmpString>().ok()?.to_string(),
        _ => return None,
    })
}

struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.0.chars().count().saturating_sub(1);
        for (index, character) in self.0.chars().enumerate() {
            match character {
                '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
                ' ' | '#' if index == 0 => write!(f, "\\{character}")?,
                ' ' if index == last => f.write_str("\\ ")?,
                character if character.is_control() || is_direction(character) => {
                    let mut buffer = [0; 4];
                    for byte in character.encode_utf8(&mut buffer).bytes() {
                        write!(f, "\\{byte:02X}")?;
                    }
                }
                character => write!(f, "{character}")?,
            }
        }
        Ok(())
    }
}

/// Characters that reorder or hide the text around them; ZWNJ and ZWJ belong to Persian and stay.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
