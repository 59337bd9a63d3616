//! What makes a PIN easy to guess: digits in a row, one digit alone, the end of the national number.

use super::Pin;
use subtle::ConstantTimeEq;

impl Pin {
    /// Whether two PINs are the same, without telling by the time taken where they differ.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.digits.as_slice().ct_eq(other.digits.as_slice()).into() && self.length == other.length
    }

    /// Whether its digits all count up by one, down by one, or are all the same: `1234`, `9876`, `1111`.
    ///
    /// ```
    /// use idcard_core::Pin;
    /// assert!(Pin::new("1234")?.is_common());
    /// assert!(!Pin::new("7319")?.is_common());
    /// # Ok::<(), idcard_core::Error>(())
    /// ```
    #[must_use]
    pub fn is_common(&self) -> bool {
        let digits = self.as_ascii();
        let steps = || digits.iter().zip(digits.iter().skip(1)).map(|(one, next)| next.wrapping_sub(*one));
        [0, 1, u8::MAX].into_iter().any(|step| steps().all(|found| found == step))
    }

    /// Whether it is the last four digits of a national number (ten ASCII digits): cards are said to be issued with those.
    #[must_use]
    pub fn ends(&self, national_number: &str) -> bool {
        let tail = national_number.len().checked_sub(4).and_then(|start| national_number.as_bytes().get(start..));
        tail.is_some_and(|tail| self.as_ascii().ct_eq(tail).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(text: &str) -> Pin {
        Pin::new(text).unwrap()
    }

    #[test]
    fn digits_in_a_row_are_common() {
        for text in ["1234", "123456", "4321", "0000", "7777777", "5678"] {
            assert!(pin(text).is_common(), "{text}");
        }
        for text in ["1235", "1243", "7319", "9012", "1212"] {
            assert!(!pin(text).is_common(), "{text}");
        }
    }

    #[test]
    fn the_end_of_the_national_number_is_known() {
        let number = "0001234560";
        assert!(pin("4560").ends(number));
        for text in ["1234", "04560", "456", "34560"] {
            assert!(!pin(text).ends(number), "{text}");
        }
    }

    #[test]
    fn a_pin_equals_itself_alone() {
        assert!(pin("1234").is(&pin("۱۲۳۴")));
        assert!(!pin("1234").is(&pin("12340")) && !pin("1234").is(&pin("1235")));
    }
}
