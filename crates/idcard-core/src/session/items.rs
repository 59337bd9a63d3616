//! The items of a card, each fetched from its place and decoded as the page says.

use super::Session;
use crate::apdu::Malformed;
use crate::data::{
    birth_certificate::{self, BirthCertificate},
    crn::{self, Crn},
    date::Calendar,
    dates::{self, Dates},
    fingerprints::{self, Fingerprints},
    identity::{self, Identity},
    meta::{self, Meta},
    photo::{self, Photo},
    postal::{self, Postal},
    security_object::{self, SecurityObject},
    serial::{self, Serial},
    versions::{self, Versions},
};
use crate::error::Error;
use crate::family::{Decoder, ItemName};

/// Which certificate of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The holder's signing certificate.
    Sign,
    /// The holder's authentication certificate.
    Auth,
    /// The certificate of the CA that issued them.
    Ca,
}

impl Slot {
    /// All slots, in the order of listing.
    pub const ALL: [Self; 3] = [Self::Sign, Self::Auth, Self::Ca];

    /// The word that names the slot in documents.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Auth => "auth",
            Self::Ca => "ca",
        }
    }

    /// The item that the page lists it as.
    #[must_use]
    pub const fn item(self) -> ItemName {
        match self {
            Self::Sign => ItemName::CertificateSign,
            Self::Auth => ItemName::CertificateAuth,
            Self::Ca => ItemName::CertificateCa,
        }
    }
}

impl Session<'_> {
    /// Fetches an item and decodes it, where the page names one of `decoders` for it.
    fn decoded<T>(
        &mut self,
        name: ItemName,
        decoders: &[Decoder],
        decode: impl FnOnce(Decoder, &[u8]) -> Result<T, Malformed>,
    ) -> Result<T, Error> {
        let decoder = self.page().item(name).and_then(|item| item.decoder).filter(|known| decoders.contains(known));
        let Some(decoder) = decoder else { return Err(Error::LayoutUnknown(name)) };
        let file = self.fetch(name)?;
        if file.redacted {
            return Err(Error::Redacted(name));
        }
        decode(decoder, &file.bytes).map_err(|source| Error::Malformed { item: name, source })
    }

    /// The chip's serial number (CSN), remembered to tell this card from another; `None` where the card holds none.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn serial(&mut self) -> Result<Option<Serial>, Error> {
        self.same_card()?;
        let decoders = [Decoder::CplcSerial, Decoder::PlainSerial];
        let serial = self.decoded(ItemName::Serial, &decoders, decode_serial)?;
        if serial.is_some() {
            self.same = true;
            self.serial.clone_from(&serial);
        }
        Ok(serial)
    }

    /// The ten-digit CRN.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn crn(&mut self) -> Result<Option<Crn>, Error> {
        self.decoded(ItemName::Crn, &[Decoder::Crn], |_, bytes| crn::decode(bytes))
    }

    /// The versions of the personalisation.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn versions(&mut self) -> Result<Versions, Error> {
        self.decoded(ItemName::Versions, &[Decoder::Versions], |_, bytes| versions::decode(bytes))
    }

    /// Meta information: whether a fingerprint check is demanded.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn meta(&mut self) -> Result<Meta, Error> {
        self.decoded(ItemName::Meta, &[Decoder::Meta], |_, bytes| meta::decode(bytes))
    }

    /// Issue and expiry of the card.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn dates(&mut self) -> Result<Dates, Error> {
        // Only the specimen's contract fixes the calendar (specimen.md 2); elsewhere the year tells.
        let specimen = self.page().specimen;
        self.decoded(ItemName::Dates, &[Decoder::Dates], |_, bytes| {
            if specimen { dates::decode_in(bytes, Calendar::SolarHijri) } else { dates::decode(bytes) }
        })
    }

    /// The person.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn identity(&mut self) -> Result<Identity, Error> {
        self.decoded(ItemName::Identity, &[Decoder::PersonalInfo1], |_, bytes| identity::decode(bytes))
    }

    /// The birth certificate (شناسنامه).
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn birth_certificate(&mut self) -> Result<BirthCertificate, Error> {
        self.decoded(ItemName::PersonalInfo2, &[Decoder::PersonalInfo2], |_, bytes| birth_certificate::decode(bytes))
    }

    /// Postal code and address.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn postal(&mut self) -> Result<Postal, Error> {
        self.decoded(ItemName::PersonalInfo2, &[Decoder::PersonalInfo2], |_, bytes| postal::decode(bytes))
    }

    /// The face image, as stored.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn photo(&mut self) -> Result<Photo, Error> {
        self.decoded(ItemName::Photo, &[Decoder::Face], |_, bytes| photo::decode(bytes))
    }

    /// Which fingers are enrolled.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn fingerprints(&mut self) -> Result<Fingerprints, Error> {
        self.decoded(ItemName::Fingerprints, &[Decoder::FingerStatus], |_, bytes| fingerprints::decode(bytes))
    }

    /// The document security object (SOD), whose signature and hashes are for others to check.
    ///
    /// # Errors
    /// As [`Session::fetch`]; [`Error::Malformed`].
    pub fn security_object(&mut self) -> Result<SecurityObject, Error> {
        let decoders = [Decoder::SecurityObject];
        self.decoded(ItemName::SecurityObject, &decoders, |_, bytes| security_object::decode(bytes))
    }

    /// A certificate, DER, padding of the file cut off. What it says is for others to read.
    ///
    /// # Errors
    /// As [`Session::fetch`].
    pub fn certificate(&mut self, slot: Slot) -> Result<Vec<u8>, Error> {
        self.decoded(slot.item(), &[Decoder::Certificate], |_, bytes| Ok(bytes.to_vec()))
    }
}

/// The serial number, by the decoder that the page names for it.
pub(super) fn decode_serial(decoder: Decoder, bytes: &[u8]) -> Result<Option<Serial>, Malformed> {
    if decoder == Decoder::PlainSerial { serial::decode_plain(bytes) } else { serial::decode_cplc(bytes) }
}
