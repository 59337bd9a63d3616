//! GET CHALLENGE and MUTUAL AUTHENTICATE: how the secure channel opens (`specimen.md` 2.1; `nid-card.md` 7).

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::command::Command;
use super::key::Environment;
use super::secure::Channel;
use super::sw::{Answer, Sw};
use super::{Card, tdes};

/// Cryptogram of 64 bytes and MAC of 8, both ways.
const LENGTH: usize = 72;
/// Precedes the cryptogram under both MACs.
const PREFIX: [u8; 8] = [0; 8];

impl Card {
    pub(super) fn get_challenge(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1p2() != 0 {
            return Err(Sw::BAD_P1P2);
        }
        let wanted = command.le.filter(|wanted| command.data.is_empty() && *wanted <= 256).ok_or(Sw::WRONG_LENGTH)?;
        let challenge = self.random.bytes(wanted);
        self.state.challenge = Some(challenge.clone());
        Ok(Answer::data(challenge))
    }

    pub(super) fn mutual_authenticate(&mut self, command: &Command<'_>) -> Result<Answer, Sw> {
        if command.p1p2() != 0 {
            return Err(Sw::BAD_P1P2);
        }
        if command.data.len() != LENGTH || !matches!(command.le, None | Some(LENGTH | 256)) {
            return Err(Sw::WRONG_LENGTH);
        }
        let challenge = self.state.challenge.take();
        let rnd_icc: [u8; 8] = challenge.and_then(|bytes| bytes.try_into().ok()).ok_or(Sw::CONDITIONS)?;
        if self.state.environment != Some(Environment::Channel) {
            return Err(Sw::CONDITIONS);
        }
        let keys = self.image.channel.clone().ok_or(Sw::CONDITIONS)?;
        let sn_icc = self.image.serial_number().ok_or(Sw::CONDITIONS)?;

        let (cryptogram, mac) = command.data.split_at_checked(64).ok_or(Sw::WRONG_LENGTH)?;
        let expected = tdes::mac(&keys.kmac, &[&PREFIX, cryptogram].concat());
        if !bool::from(expected.ct_eq(mac)) {
            return Err(Sw::NOT_AUTHENTICATED);
        }
        let token = Zeroizing::new(tdes::decrypt(&keys.kenc, cryptogram));
        let (named, kifd) = token.split_at_checked(32).ok_or(Sw::NOT_AUTHENTICATED)?;
        let (rnd_ifd, rest) = named.split_at_checked(8).ok_or(Sw::NOT_AUTHENTICATED)?;
        if !bool::from(rest.ct_eq(&[keys.sn_ifd, rnd_icc, sn_icc].concat())) {
            return Err(Sw::NOT_AUTHENTICATED);
        }

        let kicc = Zeroizing::new(self.random.bytes(32));
        let reply = Zeroizing::new([&rnd_icc, &sn_icc, rnd_ifd, &keys.sn_ifd, kicc.as_slice()].concat());
        let mut answer = tdes::encrypt(&keys.kenc, &reply);
        let mac = tdes::mac(&keys.kmac, &[&PREFIX, answer.as_slice()].concat());
        answer.extend(mac);

        let shared: Zeroizing<Vec<u8>> = Zeroizing::new(kicc.iter().zip(kifd).map(|(icc, ifd)| icc ^ ifd).collect());
        let ssc: Vec<u8> = rnd_icc.iter().skip(4).chain(rnd_ifd.iter().skip(4)).copied().collect();
        let ssc = ssc.try_into().map(u64::from_be_bytes).map_err(|_| Sw::BROKEN)?;
        self.state.channel = Some(Channel { kenc: session_key(&shared, 1), kmac: session_key(&shared, 2), ssc });
        Ok(Answer::data(answer))
    }
}

/// The first 16 bytes of SHA-1 over the shared secret and a counter.
fn session_key(shared: &[u8], counter: u32) -> [u8; 16] {
    let digest = Sha1::new().chain_update(shared).chain_update(counter.to_be_bytes()).finalize();
    let mut key = [0; 16];
    key.iter_mut().zip(digest).for_each(|(place, byte)| *place = byte);
    key
}
