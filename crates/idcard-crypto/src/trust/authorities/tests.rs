//! `ca check` and `ca import` without the program around them.

use super::*;
use crate::real_certificates::{G3_ROOT, NID_ROOT, real, twins};
use crate::trust::made::Tree;
use std::fs;

fn query() -> Query {
    Query::at(crate::time::parse_rfc3339("2026-11-22").unwrap())
}

fn file(dir: &tempfile::TempDir, certificates: &[Certificate]) -> PathBuf {
    let path = dir.path().join("file");
    fs::write(&path, certificates.iter().map(Certificate::to_pem).collect::<String>()).unwrap();
    path
}

fn imports(path: &Path, consent: Consent, directory: &Path) -> Vec<Import> {
    let store = Store::builtin().unwrap();
    import(path, &store, &query(), consent, directory).unwrap().into_iter().map(|(_, import)| import).collect()
}

#[test]
fn a_stranger_needs_the_word_of_the_user() {
    let tree = Tree::new();
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept").join("here");
    let path = file(&dir, &[tree.root.root(), tree.authority_certificate(), tree.holder_certificate()]);
    let refused = [Import::NeedsTrust, Import::NeedsTrust, Import::NoAuthority];
    assert_eq!(imports(&path, Consent::None, &kept), refused);
    assert!(!kept.exists());

    let done = imports(&path, Consent::Trust, &kept);
    let place = |certificate: &Certificate| kept.join(format!("{}.pem", certificate.sha256()));
    assert_eq!(done[0], Import::Kept(place(&tree.root.root())));
    assert_eq!(done[2], Import::NoAuthority);
    let again = imports(&path, Consent::Trust, &kept);
    assert_eq!(again[1], Import::Known(place(&tree.authority_certificate())));

    let mut store = Store::empty();
    let loaded = store.add_kept(&kept).unwrap();
    assert_eq!((loaded.anchors, loaded.intermediates, loaded.skipped.len()), (1, 1, 0));
    assert_eq!(store.chain(&tree.holder_certificate(), &[], &query()).state, ChainState::Trusted);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new();
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("kept");
    imports(&file(&dir, &[tree.root.root()]), Consent::Trust, &kept);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&kept), 0o700);
    assert_eq!(mode(&kept.join(format!("{}.pem", tree.root.root().sha256()))), 0o600);
}

#[test]
fn real_authorities_are_known_or_proved() {
    let (Some(root), Some(card)) = (real(G3_ROOT), real(NID_ROOT)) else { return };
    let [old, new] = twins("platinum").map(|name| real(&name).unwrap());
    let dir = tempfile::tempdir().unwrap();
    let path = file(&dir, &[root, card, old, new]);
    let checked = check(&path, &Store::builtin().unwrap(), &query()).unwrap();
    let titles: Vec<_> = checked.iter().map(|one| one.pinned.as_ref().map(Pinned::title)).collect();
    assert_eq!(titles[0], Some("Islamic Republic of Iran Root CA-G3"));
    assert_eq!(titles[1], Some("IRAN Root CA1"));
    assert_eq!(titles[3], Some("General Governmental Intermediate Platinum CA-G3, 2022-2027"));
    let states: Vec<_> = checked.iter().map(|one| one.chain.state).collect();
    use ChainState::{Expired, Trusted};
    assert_eq!(states, [Trusted, Trusted, Expired, Trusted]);
    // Under an empty store nothing is proved, yet all are pinned.
    let checked = check(&path, &Store::empty(), &query()).unwrap();
    assert!(checked.iter().all(Checked::is_vouched_for));
    let done = imports(&path, Consent::None, &dir.path().join("kept"));
    assert!(done.iter().all(|import| matches!(import, Import::Kept(_))));
}
