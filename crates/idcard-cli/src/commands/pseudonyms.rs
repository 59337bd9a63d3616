//! Traces that may be given away: pseudonyms in the place of what is the holder's, the list of it, and the mark of such a file.

mod file;
mod photo;
mod rules;
mod throw_away;

pub(crate) use file::{is_marked, marked, read};

use crate::exit::{Failure, Kind};
use idcard_core::data::layout;
use idcard_core::transport::trace::{Content, Origin, Trace, Value};
use idcard_crypto::algorithm::HashAlgorithm;
use idcard_crypto::pseudonym::{Pseudonyms, Replaced};
use std::collections::{BTreeMap, HashMap};

/// What was replaced, by the place where it lies.
pub(crate) type List = BTreeMap<String, BTreeMap<Replaced, usize>>;

/// A trace that may be given away.
pub(crate) struct Renamed {
    pub trace: Trace,
    pub list: List,
}

/// Puts pseudonyms in the place of what is the holder's, under a secret that is forgotten with this call.
pub(crate) fn renamed(trace: &Trace) -> Result<Renamed, Failure> {
    let mut names = Pseudonyms::random().map_err(|error| Failure::new(Kind::Internal, error.to_string()))?;
    names.sign_rsa_with(throw_away::rsa());
    Ok(renamed_by(&mut names, trace))
}

fn renamed_by(names: &mut Pseudonyms, trace: &Trace) -> Renamed {
    let mut list = List::new();
    // The hashes of a security object follow from the files that it speaks of: these come first.
    let files = trace.rewritten(&mut |value| {
        let is_list_of_hashes = value.tags == [0x77];
        (!is_list_of_hashes).then(|| rules::other(names, value)).flatten()
    });
    names.take_replaced();
    let hashes = renewed(&trace.contents(), &files.contents());
    let renewed = |_: HashAlgorithm, old: &[u8]| hashes.get(old).cloned();
    let whole = listed(trace, names, &mut list, |names, value| match value.tags {
        [0x77] if !value.cut => names.security_object(value.bytes, &renewed),
        _ => rules::other(names, value),
    });
    Renamed { trace: listed(&whole, names, &mut list, without_originals), list }
}

/// The trace rewritten, and what was replaced in it listed.
fn listed(
    trace: &Trace,
    names: &mut Pseudonyms,
    list: &mut List,
    mut other: impl FnMut(&mut Pseudonyms, &Value<'_>) -> Option<Vec<u8>>,
) -> Trace {
    trace.rewritten(&mut |value| {
        let other = other(names, value);
        if other.is_none() {
            names.count_masked();
        }
        let replaced = names.take_replaced();
        if !replaced.is_empty() {
            let counts = list.entry(place(value)).or_default();
            for (what, count) in replaced {
                let sum: &mut usize = counts.entry(what).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        other
    })
}

/// What still holds a value that was replaced elsewhere, before or after, is masked: no rule is relied on alone.
fn without_originals(names: &mut Pseudonyms, value: &Value<'_>) -> Option<Vec<u8>> {
    let bytes = value.bytes;
    if value.origin == Origin::AnswerToReset {
        return Some(names.historical(bytes));
    }
    let betrayed = if rules::is_kept(value) { names.are_named_by(bytes) } else { names.are_betrayed_by(bytes) };
    (!betrayed).then(|| bytes.to_vec())
}

/// For the hashes of files those of the files in their place.
fn renewed(before: &[Content], after: &[Content]) -> HashMap<Vec<u8>, Vec<u8>> {
    let mut hashes = HashMap::new();
    let files = before.iter().zip(after).filter(|(before, after)| {
        before.origin == Origin::File && !after.masked && before.bytes.len() == after.bytes.len()
    });
    for (before, after) in files {
        // What was hashed ends with the last object, not with the padding of the file.
        let end = layout::values(&before.bytes).last().map_or(0, |last| last.value.end);
        for end in [end, before.bytes.len()] {
            let (Some(then), Some(now)) = (before.bytes.get(..end), after.bytes.get(..end)) else { continue };
            for hash in HashAlgorithm::ALL {
                hashes.insert(hash.digest(then), hash.digest(now));
            }
        }
    }
    hashes
}

/// Applet and file, or the command that gave it.
fn place(value: &Value<'_>) -> String {
    let parts = [value.applet, value.place];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let origin = match value.origin {
        Origin::ControlInformation => " (SELECT)",
        Origin::SecretCode => "GetInfo",
        Origin::Command => "commands",
        Origin::AnswerToReset => "answer to reset",
        Origin::File | Origin::DataObject => "",
    };
    format!("{}{origin}", parts.join(" "))
}

/// The list in words, one line for each place.
pub(crate) fn lines(list: &List) -> Vec<String> {
    let line = |(place, replaced): (&String, &BTreeMap<Replaced, usize>)| {
        let parts: Vec<_> = replaced.iter().map(|(what, count)| format!("{} {count}", what.word())).collect();
        format!("{place}: {}", parts.join(", "))
    };
    list.iter().map(line).collect()
}

#[cfg(test)]
mod tests;
