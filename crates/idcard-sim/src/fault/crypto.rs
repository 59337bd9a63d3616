//! Section 2c of the catalogue, cryptography: keys, signatures, the security object.

use idcard_core::transport::LinkError;

use super::Row;
use super::content::{PERSONAL_1, field};
use super::wire::{Play, join, split};
use crate::card::tlv::object;
use crate::image::Image;

type Answer = Result<Vec<u8>, LinkError>;

const SOD: &str = "3F00/0200/0205";
const SHA_256: [u8; 9] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// ecdsa-with-SHA256, and the BIT STRING of a certificate's signature behind it.
const CERTIFICATE_SIGNATURE: [u8; 11] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02, 0x03];

pub(super) const ROWS: &[Row] = &[
    Row::memory("C-70", "the keys do not belong to the certificates", exchange_keys),
    Row::wire("C-71", "a signature one byte too short", |play| {
        signature(play, |data| data.split_last().map_or(vec![], |(_, rest)| rest.to_vec()))
    }),
    Row::wire("C-71b", "a signature one byte too long", |play| signature(play, |data| [data, &[0]].concat())),
    Row::wire("C-71c", "a signature of zeros", |play| signature(play, |data| vec![0; data.len()])),
    Row::wire("C-71d", "r is 0", |play| signature(play, |data| halves(data, |r, _| r.fill(0)))),
    Row::wire("C-71e", "s is 0", |play| signature(play, |data| halves(data, |_, s| s.fill(0)))),
    Row::wire("C-71f", "r is beyond the order of the curve", |play| {
        signature(play, |data| halves(data, |r, _| r.fill(0xFF)))
    }),
    Row::wire("C-71g", "a signature as DER", |play| signature(play, der)),
    Row::wire("C-71h", "a signature without its first byte", |play| {
        signature(play, |data| data.iter().skip(1).copied().collect())
    }),
    Row::wire("C-72", "the first signature again and again", replay),
    Row::wire("C-72b", "another hash is signed than was given", other_hash),
    Row::memory("C-73", "personal data changed after they were signed", |image| {
        field(image, PERSONAL_1, 0x84, &[0x01])
    }),
    Row::memory("C-73b", "a hash in the security object changed", |image| {
        patch(image, &[0x02, 0x01, 0x02, 0x04, 0x20], 5, |byte| byte ^ 1)
    }),
    Row::memory("C-73c", "an unknown hash algorithm in the security object", unknown_hash),
    Row::memory("C-73d", "one group missing from the security object, another too many", |image| {
        patch(image, &[0x02, 0x01, 0x10, 0x04, 0x20], 2, |_| 0x0E)
    }),
    Row::memory("C-74", "the signer's certificate is not of its issuer", |image| {
        patch(image, &CERTIFICATE_SIGNATURE, 40, |byte| byte ^ 1)
    }),
    Row::memory("C-74b", "the signer's certificate tells of another expiry than its issuer signed", |image| {
        patch(image, b"\x17\x0D450101", 2, |_| b'2')
    }),
    Row::memory("C-74c", "the signer is of another country", other_country),
];

fn exchange_keys(image: &mut Image) -> Option<()> {
    match image.applet_mut("classic")?.keys.as_mut_slice() {
        [one, other] => {
            std::mem::swap(&mut one.pkcs8, &mut other.pkcs8);
            Some(())
        }
        _ => None,
    }
}

/// Another signature where one is given.
fn signature(play: &mut Play<'_, '_>, change: fn(&[u8]) -> Vec<u8>) -> Answer {
    let honest = play.honest()?;
    let (data, sw) = split(&honest);
    let given = (play.signs() || play.ins() == 0x88) && sw == 0x9000;
    Ok(if given { join(&change(data), sw) } else { honest })
}

/// Changes the halves of a signature: r and s of ECDSA, and of RSA just bytes.
fn halves(data: &[u8], change: fn(&mut [u8], &mut [u8])) -> Vec<u8> {
    let mut data = data.to_vec();
    let middle = data.len() / 2;
    let (r, s) = data.split_at_mut(middle);
    change(r, s);
    data
}

/// r and s as a DER sequence of two integers; of RSA, an OCTET STRING.
fn der(data: &[u8]) -> Vec<u8> {
    if data.len() != 64 {
        return object(0x04, data);
    }
    let integer = |bytes: &[u8]| {
        let mut value: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        if value.first().is_none_or(|byte| byte & 0x80 != 0) {
            value.insert(0, 0);
        }
        object(0x02, &value)
    };
    let (r, s) = data.split_at(32);
    object(0x30, &[integer(r), integer(s)].concat())
}

fn replay(play: &mut Play<'_, '_>) -> Answer {
    let honest = play.honest()?;
    if !play.signs() || split(&honest).1 != 0x9000 {
        return Ok(honest);
    }
    if play.note.is_empty() {
        play.note.clone_from(&honest);
    }
    Ok(play.note.clone())
}

fn other_hash(play: &mut Play<'_, '_>) -> Answer {
    if play.ins() != 0x2A || play.p1p2() != 0x90A0 {
        return play.honest();
    }
    let mut command = play.command.to_vec();
    if let Some(last) = command.last_mut() {
        *last ^= 1;
    }
    play.pass(&command)
}

/// Changes the byte `at` places behind the start of `mark` in the security object.
fn patch(image: &mut Image, mark: &[u8], at: usize, change: fn(u8) -> u8) -> Option<()> {
    let content = &mut image.file_mut("mpcos", SOD)?.content;
    let start = content.windows(mark.len()).position(|window| window == mark)?;
    let byte = content.get_mut(start.checked_add(at)?)?;
    *byte = change(*byte);
    Some(())
}

/// The algorithm inside the signed content, which comes second.
fn unknown_hash(image: &mut Image) -> Option<()> {
    let content = &mut image.file_mut("mpcos", SOD)?.content;
    let start = content.windows(9).enumerate().filter(|(_, window)| *window == SHA_256).nth(1)?.0;
    *content.get_mut(start.checked_add(8)?)? = 0x7F;
    Some(())
}

/// The country in the subject of the certificate, which comes second after that of its issuer.
fn other_country(image: &mut Image) -> Option<()> {
    let content = &mut image.file_mut("mpcos", SOD)?.content;
    let start = content.windows(4).enumerate().filter(|(_, window)| *window == b"\x13\x02IR").nth(1)?.0;
    content.get_mut(start.checked_add(2)?..start.checked_add(4)?)?.copy_from_slice(b"XX");
    Some(())
}
