//! Trust from files: what becomes an anchor, what is passed over, and what is refused.

use super::*;
use crate::error::{Error, FileFault};
use crate::trust::ChainState;
use crate::trust::made::Tree;
use crate::trust::{Purpose, Query};
use std::fs;
use std::path::Path;

fn query() -> Query {
    Query::at(crate::time::parse_rfc3339("2026-11-22").unwrap())
}

fn fault(result: Result<Loaded, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn self_signed_certificates_of_a_named_file_are_anchors() {
    let tree = Tree::new();
    let dir = tempfile::tempdir().unwrap();
    let bundle = dir.path().join("bundle.txt");
    fs::write(&bundle, tree.root.root().to_pem() + &tree.authority_certificate().to_pem()).unwrap();
    let mut store = Store::empty();
    let loaded = store.add_path(&bundle).unwrap();
    assert_eq!((loaded.anchors, loaded.intermediates), (1, 1));
    assert_eq!(store.chain(&tree.holder_certificate(), &[], &query()).state, ChainState::Trusted);
    assert_eq!(store.anchors().first().map(|anchor| &anchor.origin), Some(&Origin::File(bundle)));
    // An authority alone vouches for nobody.
    let alone = dir.path().join("authority.der");
    fs::write(&alone, tree.authority_certificate().der()).unwrap();
    let mut store = Store::empty();
    store.add_path(&alone).unwrap();
    assert_eq!(store.chain(&tree.holder_certificate(), &[], &query()).state, ChainState::Incomplete);
}

#[test]
fn a_directory_gives_its_certificates_and_tells_the_rest() {
    let tree = Tree::new();
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| fs::write(dir.path().join(name), content).unwrap();
    put("a.pem", tree.root.root().to_pem().as_bytes());
    put("b.CRT", tree.authority_certificate().der());
    put("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    put("notes.txt", tree.holder_certificate().der());
    fs::create_dir(dir.path().join("below.pem")).unwrap();
    let mut store = Store::empty();
    let loaded = store.add_path(dir.path()).unwrap();
    assert_eq!((loaded.anchors, loaded.intermediates), (1, 1));
    assert_eq!(loaded.skipped, [(dir.path().join("key.pem"), "there is no certificate in it".to_owned())]);
    // Twice the same is once.
    store.add_path(dir.path()).unwrap();
    assert_eq!((store.anchors().len(), store.intermediates().len()), (1, 1));
}

#[test]
fn what_is_no_certificate_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.pem");
    let mut store = Store::empty();
    assert!(matches!(store.add_path(&path), Err(Error::File { fault: FileFault::Io(_), .. })));
    fs::write(&path, "").unwrap();
    assert!(fault(store.add_path(&path)).ends_with("x.pem: this does not begin like a certificate"));
    let file = fs::File::create(&path).unwrap();
    file.set_len(1 << 40).unwrap();
    assert!(matches!(store.add_path(&path), Err(Error::File { fault: FileFault::Limit(_), .. })));
}

#[cfg(unix)]
#[test]
fn devices_are_not_opened() {
    let mut store = Store::empty();
    for device in ["/dev/null", "/dev/zero"] {
        assert!(matches!(store.add_path(Path::new(device)), Err(Error::File { fault: FileFault::NotRegular, .. })));
    }
}

#[cfg(unix)]
#[test]
fn kept_trust_is_not_open_to_all() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.pem");
    fs::write(&path, tree.root.root().to_pem()).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&path, 0o600);
    assert!(Store::empty().add_kept(dir.path()).is_ok());
    mode(&path, 0o602);
    assert!(fault(Store::empty().add_kept(dir.path())).contains("root.pem: everybody may write to it"));
    assert!(Store::empty().add_path(dir.path()).is_ok());
    mode(&path, 0o600);
    mode(dir.path(), 0o777);
    assert!(matches!(Store::empty().add_kept(dir.path()), Err(Error::File { fault: FileFault::OpenToAll, .. })));
    mode(dir.path(), 0o700);
}

#[test]
fn what_the_user_names_serves_every_purpose() {
    let tree = Tree::new();
    let mut store = Store::builtin().unwrap();
    store.add_anchor(tree.root.root(), Origin::Caller).unwrap();
    store.add_intermediate(tree.authority_certificate());
    for purpose in [Purpose::Card, Purpose::Gpki, Purpose::Any] {
        let query = Query { purpose, ..query() };
        assert_eq!(store.chain(&tree.holder_certificate(), &[], &query).state, ChainState::Trusted);
    }
}
