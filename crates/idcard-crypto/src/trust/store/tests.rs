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

/// A folder of kept trust, `data/kept`, and its one file.
#[cfg(unix)]
fn kept() -> (tempfile::TempDir, std::path::PathBuf, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data").join("kept");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("root.pem");
    fs::write(&file, Tree::new().root.root().to_pem()).unwrap();
    mode(&file, 0o600);
    mode(&folder, 0o700);
    mode(&dir.path().join("data"), 0o755);
    (dir, folder, file)
}

#[cfg(unix)]
fn mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Who names a root as an anchor hears that it is none.
#[test]
fn a_root_that_does_not_confirm_itself_is_told() {
    let tree = Tree::new();
    let impostor = crate::trust::made::Party { key: tree.holder.key.clone(), ..tree.root.clone() };
    let root = impostor.issue(crate::trust::made::Draft::authority(tree.root.clone(), None));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("root.pem");
    fs::write(&file, root.to_pem()).unwrap();
    for path in [file.as_path(), dir.path()] {
        let loaded = Store::empty().add_path(path).unwrap();
        assert_eq!((loaded.anchors, loaded.intermediates), (0, 1));
        assert_eq!(loaded.unconfirmed, [file.as_path()]);
    }
}

/// To keep the certificate of a built-in anchor, of which the program holds name and key, widens nothing.
#[cfg(unix)]
#[test]
fn a_kept_twin_of_a_built_in_anchor_has_its_limits() {
    let (_dir, folder, _) = kept();
    let built_in = Origin::Builtin { id: String::new(), operator: String::new(), provenance: String::new() };
    let anchor = Anchor::from_certificate(Tree::new().root.root(), built_in).unwrap();
    let mut store = Store::empty();
    store.anchors.push(Anchor { purpose: Purpose::Gpki, legacy: true, certificate: None, ..anchor });
    let mut by_hand = store.clone();
    store.add_kept(&folder).unwrap();
    let limits = |store: &Store| store.anchors.iter().map(|one| (one.purpose, one.legacy)).collect::<Vec<_>>();
    assert_eq!(limits(&store), [(Purpose::Gpki, true); 2]);
    // What the user names each time serves what he says.
    by_hand.add_path(&folder).unwrap();
    assert_eq!(limits(&by_hand), [(Purpose::Any, false), (Purpose::Gpki, true)]);
}

#[cfg(unix)]
#[test]
fn kept_trust_is_for_its_owner_to_write() {
    let (dir, folder, file) = kept();
    assert_eq!(Store::empty().add_kept(&folder).unwrap().anchors, 1);
    let data = dir.path().join("data");
    for (path, bad, good, fix) in [
        (&file, 0o602, 0o644, "chmod go-w"),
        (&file, 0o620, 0o600, "chmod go-w"),
        (&folder, 0o720, 0o755, "chmod go-w"),
        (&folder, 0o1777, 0o700, "chmod go-w"),
        (&data, 0o777, 0o1777, "chmod o-w"),
        // A group of one is usual there.
        (&data, 0o757, 0o775, "chmod o-w"),
    ] {
        mode(path, bad);
        let refused = Store::empty().add_kept(&folder);
        assert!(matches!(refused, Err(Error::File { fault: FileFault::OpenToOthers { .. }, .. })), "{bad:o}");
        let command = format!("{fix} '{}'", path.display());
        assert!(fault(Store::empty().add_kept(&folder)).ends_with(&command), "{bad:o}");
        // What the user names each time is the user's affair.
        assert!(Store::empty().add_path(&folder).is_ok());
        mode(path, good);
        assert!(Store::empty().add_kept(&folder).is_ok(), "{good:o}");
    }
}

#[cfg(unix)]
#[test]
fn kept_trust_is_no_link() {
    use std::os::unix::fs::symlink;
    let (dir, folder, file) = kept();
    let link = dir.path().join("link");
    symlink(&folder, &link).unwrap();
    assert!(matches!(Store::empty().add_kept(&link), Err(Error::File { fault: FileFault::Link, .. })));
    // A folder above may be elsewhere, and is held to the same rules there.
    symlink(dir.path().join("data"), dir.path().join("elsewhere")).unwrap();
    let through = dir.path().join("elsewhere").join("kept");
    assert!(Store::empty().add_kept(&through).is_ok());
    mode(&dir.path().join("data"), 0o777);
    assert!(Store::empty().add_kept(&through).is_err());
    mode(&dir.path().join("data"), 0o700);
    symlink(&file, folder.join("another.pem")).unwrap();
    assert!(matches!(Store::empty().add_kept(&folder), Err(Error::File { fault: FileFault::Link, .. })));
}

/// Only root can give a file away.
#[cfg(unix)]
#[test]
fn kept_trust_belongs_to_the_user() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (dir, folder, file) = kept();
    for path in [file, folder.clone(), dir.path().join("data")] {
        std::os::unix::fs::chown(&path, Some(54321), None).unwrap();
        let refused = Store::empty().add_kept(&folder);
        assert!(matches!(refused, Err(Error::File { fault: FileFault::ForeignOwner(54321), .. })), "{refused:?}");
        std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    }
    assert!(Store::empty().add_kept(&folder).is_ok());
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
