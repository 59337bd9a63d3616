//! What the files of a card mean: pure decoders, no I/O.
//!
//! Every decoder takes the whole data object as it came from the card, header included, and is total on any bytes.
//! A fault of the structure is [`Malformed`](crate::apdu::Malformed); a fault inside one field is an invalid
//! [`Field`] and leaves the others alone.

pub mod birth_certificate;
pub mod crn;
pub mod date;
pub mod dates;
pub mod digits;
pub mod field;
pub mod fingerprints;
pub mod identity;
pub mod layout;
pub mod meta;
pub mod minutiae;
pub mod national_number;
mod nature;
pub mod photo;
pub mod postal;
pub mod postal_code;
pub mod security_object;
pub mod serial;
mod template;
pub mod text;
pub mod versions;

pub use self::birth_certificate::BirthCertificate;
pub use self::crn::Crn;
pub use self::date::{Calendar, CardDate, Gregorian, SolarHijri};
pub use self::dates::Dates;
pub use self::field::Field;
pub use self::fingerprints::Fingerprints;
pub use self::identity::Identity;
pub use self::meta::Meta;
pub use self::minutiae::Minutiae;
pub use self::nature::Nature;
pub use self::photo::Photo;
pub use self::postal::Postal;
pub use self::security_object::SecurityObject;
pub use self::serial::Serial;
pub use self::text::Text;
pub use self::versions::Versions;
