//! A revocation list of fifty megabytes (`reliability.md` F-08): read, believed, and within 64 MiB of memory.
#![cfg(target_os = "linux")]

use super::der::children;
use crate::desk::Desk;
use crate::memory::{BOUND, peak};
use idcard_sim::pki;

/// An element in DER: its length takes as few bytes as it can.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let begin = length.iter().position(|byte| *byte != 0).unwrap_or(3);
    let header = match content.len() {
        short @ 0..=0x7F => vec![tag, u8::try_from(short).unwrap()],
        _ => [&[tag, 0x84 - u8::try_from(begin).unwrap()], &length[begin..]].concat(),
    };
    [&header[..], content].concat()
}

/// The authority's list with so many certificates revoked that are nobody's, signed by its key.
fn write_list(desk: &Desk, revoked: u128) -> usize {
    let [signed, algorithm, _] = children(pki::CA_LIST.der)[..] else { panic!("a list") };
    let parts = children(signed);
    let [head @ .., _, extensions] = &parts[..] else { panic!("entries and extensions") };
    let entry = |number: u128| {
        let serial = (number | 1 << 120).to_be_bytes();
        element(0x30, &[element(0x02, &serial), element(0x17, b"240101000000Z")].concat())
    };
    let entries: Vec<u8> = (0..revoked).flat_map(entry).collect();
    let signed = element(0x30, &[&head.concat()[..], &element(0x30, &entries), extensions].concat());
    desk.write("signed", &signed);
    desk.write("ca.key", pki::CA_KEY.pem.as_bytes());
    let signature = desk.openssl_agrees(&["dgst", "-sha256", "-sign", "ca.key", "signed"]);
    let signature = element(0x03, &[&[0][..], &signature].concat());
    let list = element(0x30, &[&signed[..], algorithm, &signature].concat());
    desk.write("long.crl", &list);
    list.len()
}

#[test]
fn a_list_of_fifty_megabytes_is_looked_through_in_little_memory() {
    let desk = Desk::new();
    assert_eq!(desk.sign("sim:specimen", &["contract"]).status, 0);
    desk.write("root.crl", pki::ROOT_LIST.der);
    let words = ["verify", "contract", "--ca", "root.pem", "--crl", "long.crl", "--crl", "root.crl"];
    assert!((49_000_000..50_000_000).contains(&write_list(&desk, 1_400_000)));
    let signers = &desk.idcard(&[&words[..], &["--json"]].concat()).document(0)["signers"];
    assert_eq!((&signers[0]["revocation"], &signers[0]["chain"]), (&"good".into(), &"trusted".into()));
    let peak = peak(&desk, &words);
    assert!(peak < BOUND, "{peak} KiB");
    // What is longer still is not read.
    let file = std::fs::OpenOptions::new().write(true).open(desk.path("long.crl")).unwrap();
    file.set_len(53 << 20).unwrap();
    desk.idcard(&[&words[..], &["--json"]].concat()).error(16);
}
