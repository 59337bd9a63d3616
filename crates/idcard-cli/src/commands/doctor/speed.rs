//! Whether a reader negotiates the rate that the card offers (PPS, ISO/IEC 7816-3, 9): by the time its exchanges took.

use idcard_core::atr::{Atr, Rate};
use idcard_core::transport::meter::Stats;
use std::time::Duration;

/// Fewer bytes tell nothing: the card's own time hides that of the line.
const ENOUGH: u64 = 600;
/// One byte takes at least so many etu, in either protocol.
const ETU_PER_BYTE: u32 = 12;
/// The highest clock that a line without negotiation has, in kHz.
const CLOCK_KHZ: u32 = 5_000;

/// Whether the link was as slow as one that stays at F = 372, D = 1, though the card offers at least four times that.
pub(super) fn is_slow(atr: &[u8], stats: &Stats) -> bool {
    let Ok(atr) = Atr::parse(atr) else { return false };
    let offered = atr.rate().unwrap_or(Rate::DEFAULT);
    let faster = offered.clocks_per_etu() * 4.0 <= Rate::DEFAULT.clocks_per_etu();
    let bytes = stats.command_bytes.saturating_add(stats.response_bytes);
    if atr.is_contactless() || !faster || bytes < ENOUGH {
        return false;
    }
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    let etu = Duration::from_secs(1) / Rate::DEFAULT.bit_rate(CLOCK_KHZ).max(1);
    // The card's own time comes on top of the line's; a tenth is left for clocks that are faster than allowed.
    stats.link >= etu.saturating_mul(ETU_PER_BYTE).saturating_mul(bytes).saturating_mul(9) / 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_core::transport::Protocol;
    use idcard_core::transport::clock::{Link, Reader};

    /// Reading a certificate of 1,400 bytes in seven pieces, by the model of the link.
    fn reading(atr: &[u8], reader: &Reader) -> Stats {
        let link = Link::new(atr, Protocol::T0, reader);
        let answer = [0x90; 202];
        let link = link.exchange(&[0x00, 0xB0, 0x00, 0x00, 200], &answer) * 7;
        Stats { apdus: 7, command_bytes: 35, response_bytes: 7 * 202, retries: 0, link }
    }

    #[test]
    fn a_reader_that_negotiates_nothing_is_noticed() {
        // MAV2, MAV3 and the v1 card of nid-card.md 1.2.
        for atr in [
            "3b7f94000080318065b0850202ed120fff829000",
            "3b7f96000080318065b0850300ef120fff829000",
            "3b7d95000080318065b0850101c883019000",
        ] {
            let atr = hex::decode(atr).unwrap();
            let negotiating = reading(&atr, &Reader::USUAL);
            assert!(!is_slow(&atr, &negotiating), "{negotiating:?}");
            let slow = reading(&atr, &Reader { negotiates: false, ..Reader::USUAL });
            assert!(is_slow(&atr, &slow), "{slow:?}");
            assert!(!is_slow(&atr, &Stats { response_bytes: 100, ..slow }));
        }
    }

    #[test]
    fn a_card_that_offers_no_more_and_one_without_contacts_are_not_judged() {
        let slow =
            Stats { apdus: 7, command_bytes: 35, response_bytes: 1_400, retries: 0, link: Duration::from_secs(9) };
        assert!(!is_slow(&hex::decode("3b04414243ff").unwrap(), &slow));
        assert!(!is_slow(&hex::decode("3b8f800180318065b0850202ed120fff82900072").unwrap(), &slow));
        assert!(!is_slow(&[], &slow));
    }
}
