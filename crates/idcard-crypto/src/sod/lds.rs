//! LDSSecurityObject: the hashes of the data groups (ICAO Doc 9303-10, 4.6.2.3).

use std::collections::BTreeMap;

use der::Decode;
use spki::AlgorithmIdentifierOwned;

use super::SodReason;
use crate::algorithm::HashAlgorithm;
use crate::cms::der as write;
use crate::cms::walk::{Broken, Element};

/// Tag 77 around the CMS object.
const EF_SOD: u32 = 0x77;

/// The CMS object, with tag 77 taken off if it is there.
pub(super) fn without_tag(sod: &[u8]) -> &[u8] {
    Element::only(sod, EF_SOD, "no tag 77").map_or(sod, |element| element.value)
}

/// The signed list.
#[derive(Debug)]
pub(super) struct LdsSecurityObject<'a> {
    /// The hash under all entries.
    pub(super) hash: HashAlgorithm,
    /// The number of each group and its hash.
    pub(super) hashes: BTreeMap<u8, &'a [u8]>,
}

impl<'a> LdsSecurityObject<'a> {
    pub(super) fn read(content: &'a [u8]) -> Result<Self, SodReason> {
        let (algorithm, hashes) = parts(content).map_err(|broken| SodReason::Malformed(broken.0))?;
        let hash = HashAlgorithm::from_algorithm_identifier(&algorithm).map_err(|_| SodReason::Hash(algorithm.oid))?;
        if hash.is_weak() {
            return Err(SodReason::Hash(algorithm.oid));
        }
        Ok(Self { hash, hashes })
    }
}

fn parts(content: &[u8]) -> Result<(AlgorithmIdentifierOwned, BTreeMap<u8, &[u8]>), Broken> {
    let mut walk = Element::only(content, write::SEQUENCE, "it is no SEQUENCE")?.inside()?;
    let version = walk.take(write::INTEGER, "no version")?.value;
    if !matches!(version, [0 | 1]) {
        return Err(Broken("an unknown version"));
    }
    let algorithm = walk.take(write::SEQUENCE, "no hash algorithm")?;
    let algorithm = AlgorithmIdentifierOwned::from_der(algorithm.raw).map_err(|_| Broken("no hash algorithm"))?;
    let list = walk.take(write::SEQUENCE, "no list of hashes")?;
    // Version 1 adds the versions of LDS and Unicode.
    if version == [1] {
        walk.take(write::SEQUENCE, "no LDS version")?;
    }
    walk.end()?;
    let mut hashes = BTreeMap::new();
    for entry in list.inside()?.rest()? {
        let mut entry = Element::only(entry.raw, write::SEQUENCE, "an entry that is no SEQUENCE")?.inside()?;
        let number = entry.take(write::INTEGER, "an entry without a number")?.value;
        let hash = entry.take(write::OCTET_STRING, "an entry without a hash")?.value;
        entry.end()?;
        let &[number @ 1..=16] = number else { return Err(Broken("the number of a group is not one of 1 to 16")) };
        if hashes.insert(number, hash).is_some() {
            return Err(Broken("a group is listed twice"));
        }
    }
    Ok((algorithm, hashes))
}
