//! How a PIN is written in the commands that replace it: packed digits for MPCOS, padded ASCII for the Classic applet.

use super::Pin;
use zeroize::Zeroizing;

/// Two digits a byte, filled with 0 on the right (`nid-card.md` 5.5); `None` for more than eight digits.
pub(crate) fn packed(pin: &Pin) -> Option<Zeroizing<Vec<u8>>> {
    let mut field = Zeroizing::new(vec![0u8; 4]);
    for (index, ascii) in pin.as_ascii().iter().enumerate() {
        let digit = ascii & 0x0F;
        *field.get_mut(index / 2)? |= if index % 2 == 0 { digit << 4 } else { digit };
    }
    Some(field)
}

/// ASCII digits, filled with 00 on the right to 16 bytes.
pub(crate) fn padded(pin: &Pin) -> Zeroizing<Vec<u8>> {
    let mut field = Zeroizing::new(vec![0u8; 16]);
    for (place, ascii) in field.iter_mut().zip(pin.as_ascii()) {
        *place = *ascii;
    }
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bytes of `specimen.md` 5 and `nid-card.md` 5.5, by hand.
    #[test]
    fn digits_are_packed_and_padded_as_the_card_wants_them() {
        let pin = |text| Pin::new(text).unwrap();
        assert_eq!(packed(&pin("1234")).unwrap().as_slice(), [0x12, 0x34, 0x00, 0x00]);
        assert_eq!(packed(&pin("12345")).unwrap().as_slice(), [0x12, 0x34, 0x50, 0x00]);
        assert_eq!(packed(&pin("87654321")).unwrap().as_slice(), [0x87, 0x65, 0x43, 0x21]);
        assert!(packed(&pin("123456789")).is_none());
        assert_eq!(padded(&pin("123456")).as_slice(), b"123456\0\0\0\0\0\0\0\0\0\0");
    }
}
