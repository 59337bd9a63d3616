//! Postal data, in template 71 (`specimen.md` 3.2).

use super::postal_code::{PostalCode, PostalCodeError};
use super::template::{inside, known};
use super::{Field, Text};
use crate::apdu::Malformed;

/// Where the holder receives post, as the card gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Postal {
    /// کد پستی, as the card writes it: see [`Postal::code_check`].
    pub code: Field<Text>,
    /// The address.
    pub address: Field<Text>,
}

impl Postal {
    /// What the checks of the postal code say; a code that fails them is shown as it is.
    #[must_use]
    pub fn code_check(&self) -> Option<Result<PostalCode, PostalCodeError>> {
        self.code.valid().map(|code| PostalCode::check(code.as_str()))
    }
}

/// Reads what template 71 says about post. An invalid field leaves the other alone.
///
/// # Errors
/// Another template, data objects that are cut off, one of these tags twice.
pub fn decode(bytes: &[u8]) -> Result<Postal, Malformed> {
    let known = known![0x87 "postal code", 0x88 "address"];
    let [code, address] = inside(bytes, 0x71, "a data object other than template 71", known)?;
    Ok(Postal { code: Field::read(code, Text::from_utf8), address: Field::read(address, Text::from_utf8) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;
    use proptest::prelude::*;

    #[test]
    fn code_and_address_are_read_and_checked() {
        let read = decode(&hex!("7115 800131 870A 31333534363132333435 8804 D982D985 0000")).unwrap();
        assert_eq!((read.code.to_string().as_str(), read.address.to_string().as_str()), ("1354612345", "قم"));
        let words: Vec<_> = read.code_check().unwrap().unwrap().warnings().iter().map(|w| w.word()).collect();
        assert_eq!(words, ["tail_2"]);
    }

    #[test]
    fn a_code_that_is_none_is_shown_and_flagged() {
        for (bytes, shown, wrong) in [
            (&hex!("7106 8704 31323334")[..], "1234", PostalCodeError::Length { found: 4 }),
            (&hex!("7104 8702 3178"), "1x", PostalCodeError::NotADigit { position: 1 }),
        ] {
            let read = decode(bytes).unwrap();
            assert_eq!((read.code.to_string().as_str(), read.code_check()), (shown, Some(Err(wrong))));
        }
        assert_eq!(decode(&hex!("7100")).unwrap().code_check(), None);
    }

    #[test]
    fn a_second_code_names_its_tag_and_offset() {
        let wrong = decode(&hex!("7106 870131 870132")).unwrap_err();
        assert_eq!(wrong, Malformed::new("tag 0x87 (postal code) a second time", 5));
    }

    proptest! {
        #[test]
        fn any_bytes_decode_or_fail(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = decode(&bytes);
        }
    }
}
