//! The closed vocabularies of a card page: evidence, generations, items, decoders, forms.
//!
//! Words of selection and access are those of ISO/IEC 7816-4; grades of evidence those of `nid-card.md` section 0.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How well a statement of a page is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Evidence {
    /// Two independent sources, or seen on a real card.
    A,
    /// One source.
    B,
    /// Inferred.
    C,
    /// Defined by this project (specimen card only).
    #[serde(rename = "ours")]
    Ours,
    /// Seen in a trace that somebody recorded.
    #[serde(rename = "trace")]
    Trace,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::Ours => "ours",
            Self::Trace => "trace",
        })
    }
}

/// The chip generations that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// First MultiApp generation.
    Mav1,
    /// MultiApp v2.
    Mav2,
    /// MultiApp v3.
    Mav3,
    /// MultiApp v4.
    Mav4,
    /// The Pardis card.
    Pardis,
    /// The Omid card.
    Omid,
    /// This project's documented card.
    Specimen,
    /// Not told by the historical bytes.
    Unknown,
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mav1 => "mav1",
            Self::Mav2 => "mav2",
            Self::Mav3 => "mav3",
            Self::Mav4 => "mav4",
            Self::Pardis => "pardis",
            Self::Omid => "omid",
            Self::Specimen => "specimen",
            Self::Unknown => "unknown",
        })
    }
}

impl Evidence {
    /// What the grade means, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::A => "two independent sources, or seen on a real card",
            Self::B => "one source",
            Self::C => "inferred",
            Self::Ours => "defined by this project",
            Self::Trace => "seen in a recorded trace",
        }
    }
}

/// What a card may hold: the closed list of items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemName {
    /// Chip serial number (CSN).
    Serial,
    /// The ten-digit CRN.
    Crn,
    /// Personalisation versions.
    Versions,
    /// Meta information: the fingerprint-check flag.
    Meta,
    /// Issue and expiry date.
    Dates,
    /// Personal info 1: the person.
    Identity,
    /// Personal info 2: birth certificate and postal data.
    PersonalInfo2,
    /// The face image.
    Photo,
    /// Which fingers are enrolled.
    Fingerprints,
    /// The document security object (SOD).
    SecurityObject,
    /// PIN flags and journal.
    Journal,
    /// Signing certificate.
    CertificateSign,
    /// Authentication certificate.
    CertificateAuth,
    /// Certificate of the issuing CA.
    CertificateCa,
    /// A file whose place is known and whose meaning is not: kept raw.
    Unnamed,
}

impl ItemName {
    /// The word that pages, messages and file names use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Serial => "serial",
            Self::Crn => "crn",
            Self::Versions => "versions",
            Self::Meta => "meta",
            Self::Dates => "dates",
            Self::Identity => "identity",
            Self::PersonalInfo2 => "personal_info2",
            Self::Photo => "photo",
            Self::Fingerprints => "fingerprints",
            Self::SecurityObject => "security_object",
            Self::Journal => "journal",
            Self::CertificateSign => "certificate_sign",
            Self::CertificateAuth => "certificate_auth",
            Self::CertificateCa => "certificate_ca",
            Self::Unnamed => "unnamed",
        }
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How the end of an item is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// One data object: its BER or DER header tells the length; what follows is padding.
    Object,
    /// Data objects in a row until padding or the end of the file.
    Objects,
    /// Exactly `length` bytes.
    Fixed,
}

/// How the value of an item is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoder {
    /// CPLC of 45 bytes; the serial number is bytes 13 to 20 (`nid-card.md` 4.2).
    CplcSerial,
    /// The whole value is the serial number.
    PlainSerial,
    /// Data object 0101: ten ASCII digits at byte 3 (`nid-card.md` 4.2).
    Crn,
    /// Data objects CC, D5, D6, D7.
    Versions,
    /// Data object AD.
    Meta,
    /// Data objects B2 and B3, UTF-16.
    Dates,
    /// Template 70 (`specimen.md` 3.1).
    PersonalInfo1,
    /// Template 71 (`specimen.md` 3.2).
    PersonalInfo2,
    /// Template 75 (`specimen.md` 3.3).
    Face,
    /// Template 7F61 (`specimen.md` 3.4).
    FingerStatus,
    /// Template 77 around a CMS object (`specimen.md` 4).
    SecurityObject,
    /// One DER certificate.
    Certificate,
}

/// How a DF is found in SELECT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Find {
    /// P1 = 00 finds a DF from anywhere in the applet.
    Anywhere,
    /// P1 = 01 finds children of the current DF only: the MF is selected between two DFs.
    Child,
}

/// How the tries left of a PIN are asked for without spending one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusForm {
    /// VERIFY without a body: `63Cx`, `9000`, `6983`.
    EmptyVerify,
    /// MPCOS GetInfo on the secret-code file: `80 C0 02 05 0C`.
    SecretCodeInfo,
}

/// How a PIN is replaced: by which commands, and how the PINs are written in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeForm {
    /// MPCOS `80 24`: two digits a byte, four bytes each, filled with 0 (`nid-card.md` 5.5).
    Packed,
    /// CHANGE REFERENCE DATA and RESET RETRY COUNTER (ISO/IEC 7816-4): ASCII, 16 bytes each, filled with 00.
    Padded,
}

/// Which PIN of the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PinKind {
    /// The identity PIN (رمز شناسایی): guards personal files and the authentication key.
    Id,
    /// The signature PIN (رمز امضا): guards the signing key.
    Sign,
}

impl fmt::Display for PinKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "identity",
            Self::Sign => "signature",
        })
    }
}

/// Which key pair of the holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyName {
    /// The signing key: non-repudiation, guarded by the signature PIN.
    Sign,
    /// The authentication key, guarded by the identity PIN.
    Auth,
}

impl KeyName {
    /// The word that pages and messages use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Auth => "auth",
        }
    }

    /// The item that holds the certificate of this key.
    #[must_use]
    pub const fn certificate(self) -> ItemName {
        match self {
            Self::Sign => ItemName::CertificateSign,
            Self::Auth => ItemName::CertificateAuth,
        }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// By which command a key computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyForm {
    /// MSE SET for a digital signature, PSO HASH, PSO COMPUTE DIGITAL SIGNATURE (ISO/IEC 7816-8).
    Signature,
    /// MSE SET for authentication, INTERNAL AUTHENTICATE (ISO/IEC 7816-4).
    Authentication,
}

/// A signature scheme of a key on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    Pkcs1,
    /// RSASSA-PSS, MGF1 with the same hash, salt as long as the hash (RFC 8017, 8.1).
    Pss,
    /// ECDSA; the card answers r and s one after the other (FIPS 186-5).
    Ecdsa,
}

/// A hash algorithm, by which a digest was made on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The length of a digest, in bytes.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// The cipher suite of a secure channel, once its keys are agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CipherSuite {
    /// Two-key triple DES in CBC mode and the retail MAC (ICAO Doc 9303-11, 9.8.6.1).
    #[default]
    Tdes,
    /// AES-128 in CBC mode and CMAC (ICAO Doc 9303-11, 9.8.6.2).
    Aes,
}

/// What of the digest the host hands to the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The digest alone; the card adds what the scheme asks for.
    Digest,
    /// The DigestInfo of RFC 8017, 9.2, made by the host.
    DigestInfo,
    /// The leftmost 32 bytes of the digest (FIPS 186-5, 6.4 for P-256).
    Leftmost,
}
