//! The public certificates of the real authorities, for tests only: they are not part of the project.

use crate::Certificate;
use std::path::PathBuf;

/// The certificate of this file name in `../shared/pki` beside the project; `None` where that folder is absent.
pub(crate) fn real(name: &str) -> Option<Certificate> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/pki"));
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there, so nothing was checked against the real certificates", folder.display());
        return None;
    }
    let file = std::fs::read(folder.join(format!("{name}.der"))).expect(name);
    Some(Certificate::from_der(&file).expect(name))
}

pub(crate) const NID_ROOT: &str = "nid-root_iran-root-ca1_2012-2032";
pub(crate) const G3_ROOT: &str = "gpki-g3-root_islamic-republic-of-iran-root-ca-g3_2019-2039";
pub(crate) const G1_ROOT: &str = "gpki-g1-root_islamic-republic-of-iran-root-ca_2008-2028";
pub(crate) const G1_INTERMEDIATE: &str = "gpki-g1-intermediate_governmental-general-intermediate-ca_2010-2026";

/// The file names of the two certificates of a G3 intermediate: 2019 and 2022.
pub(crate) fn twins(level: &str) -> [String; 2] {
    [format!("gpki-g3-intermediate_{level}_2019-2024"), format!("gpki-g3-intermediate_{level}_2022-2027")]
}
