//! What a file of keys says, and what a program that holds keys answers: JSON with hex in it.

use idcard_core::secure::{LongTermKeys, SessionKeys};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

/// One JSON object; which fields are due depends on what was asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    kenc: Option<String>,
    kmac: Option<String>,
    sn_ifd: Option<String>,
    key_ref: Option<u8>,
    cryptogram: Option<String>,
    ks_enc: Option<String>,
    ks_mac: Option<String>,
    ssc: Option<String>,
}

impl Drop for Fields {
    fn drop(&mut self) {
        let secrets = [&mut self.kenc, &mut self.kmac, &mut self.sn_ifd, &mut self.ks_enc, &mut self.ks_mac];
        secrets.into_iter().for_each(Zeroize::zeroize);
    }
}

impl Fields {
    /// Nothing of the text is in the error.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        serde_json::from_slice(text).map_err(|_| "kenc, kmac, sn_ifd and key_ref are due, and nothing else")
    }

    /// Long-term keys.
    pub(super) fn long_term(&self) -> Result<LongTermKeys, &'static str> {
        let encryption = Zeroizing::new(hex::<16>(self.kenc.as_ref()).ok_or("kenc: 16 bytes in hex are due")?);
        let authentication = Zeroizing::new(hex::<16>(self.kmac.as_ref()).ok_or("kmac: 16 bytes in hex are due")?);
        let terminal = hex::<8>(self.sn_ifd.as_ref()).ok_or("sn_ifd: 8 bytes in hex are due")?;
        let reference = self.key_ref.ok_or("key_ref: the number of the card's key is due")?;
        Ok(LongTermKeys::new(&encryption, &authentication, terminal, reference))
    }

    /// The finished cryptogram and its MAC, of a program that keeps the long-term keys to itself.
    pub(super) fn cryptogram(&self) -> Result<Option<[u8; 72]>, &'static str> {
        match &self.cryptogram {
            None => Ok(None),
            Some(_) => hex(self.cryptogram.as_ref()).map(Some).ok_or("cryptogram: 72 bytes in hex are due"),
        }
    }

    /// The keys of one channel.
    pub(super) fn session(&self) -> Result<SessionKeys, &'static str> {
        Ok(SessionKeys {
            encryption: Zeroizing::new(hex(self.ks_enc.as_ref()).ok_or("ks_enc: 16 bytes in hex are due")?),
            authentication: Zeroizing::new(hex(self.ks_mac.as_ref()).ok_or("ks_mac: 16 bytes in hex are due")?),
            counter: hex(self.ssc.as_ref()).ok_or("ssc: 8 bytes in hex are due")?,
        })
    }
}

fn hex<const N: usize>(text: Option<&String>) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(text?, &mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idcard_core::secure::TerminalKeys;

    const SPECIMEN: &str = r#"{"kenc":"404142434445464748494A4B4C4D4E4F","kmac":"505152535455565758595a5b5c5d5e5f",
        "sn_ifd":"AABBCCDD44668877","key_ref":1}"#;

    #[test]
    fn four_fields_make_keys() {
        assert_eq!(Fields::parse(SPECIMEN.as_bytes()).unwrap().long_term().unwrap().reference(), 1);
    }

    #[test]
    fn what_is_wrong_is_told_without_the_keys() {
        for (from, to) in [("4F\"", "4\""), ("key_ref", "ref"), ("AABB", "AAXX"), (":1", ":256"), ("{", "")] {
            let text = SPECIMEN.replacen(from, to, 1);
            let error = Fields::parse(text.as_bytes()).and_then(|fields| fields.long_term()).err().unwrap();
            assert!(!error.contains("4041") && !error.contains("AABB"), "{error}");
        }
    }
}
