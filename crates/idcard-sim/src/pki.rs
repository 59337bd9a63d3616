//! The specimen's public key infrastructure, embedded: authorities, signers, revocation lists, and their private keys.
//!
//! Contract: specimen.md, section 6. The keys are public by design; they exist so that revocation, OCSP and forged
//! documents can be tested without asking anybody. None of these certificates is a trust anchor unless the user names it.

use std::io::Write;
use std::path::{Path, PathBuf};

/// What a [`Document`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An X.509 certificate.
    Certificate,
    /// A private key, PKCS#8, not encrypted.
    PrivateKey,
    /// A certificate revocation list (RFC 5280, section 5).
    RevocationList,
}

/// One document of the set in both of its forms.
#[derive(Debug, Clone, Copy)]
pub struct Document {
    /// Name without ending: `root`, `ca`, `docsigner`, `ocsp`, `revoked`.
    pub name: &'static str,
    /// What it is; decides the ending of its files.
    pub kind: Kind,
    /// DER.
    pub der: &'static [u8],
    /// The same in PEM, with a final line end.
    pub pem: &'static str,
}

/// The files `$name$der` and `$name$pem` of the folder `pki`.
macro_rules! document {
    ($name:literal, $kind:expr, $der:literal, $pem:literal) => {
        Document {
            name: $name,
            kind: $kind,
            der: include_bytes!(concat!("../pki/", $name, $der)),
            pem: include_str!(concat!("../pki/", $name, $pem)),
        }
    };
}
macro_rules! certificate {
    ($name:literal) => {
        document!($name, Kind::Certificate, ".der", ".pem")
    };
}
macro_rules! key {
    ($name:literal) => {
        document!($name, Kind::PrivateKey, ".key", ".key.pem")
    };
}
macro_rules! list {
    ($name:literal) => {
        document!($name, Kind::RevocationList, ".crl", ".crl.pem")
    };
}

/// idcard SPECIMEN Root CA, self-signed.
pub const ROOT: Document = certificate!("root");
/// Key of [`ROOT`].
pub const ROOT_KEY: Document = key!("root");
/// idcard SPECIMEN Digital Citizen CA, the issuer of every holder's certificate.
pub const CA: Document = certificate!("ca");
/// Key of [`CA`].
pub const CA_KEY: Document = key!("ca");
/// The signer of the security objects.
pub const DOCUMENT_SIGNER: Document = certificate!("docsigner");
/// Key of [`DOCUMENT_SIGNER`].
pub const DOCUMENT_SIGNER_KEY: Document = key!("docsigner");
/// The signer of OCSP answers, authorised by [`CA`].
pub const OCSP_SIGNER: Document = certificate!("ocsp");
/// Key of [`OCSP_SIGNER`].
pub const OCSP_SIGNER_KEY: Document = key!("ocsp");
/// The signing certificate of a third fictitious holder, revoked since 2024-06-01 (key compromise).
pub const REVOKED: Document = certificate!("revoked");
/// Key of [`REVOKED`].
pub const REVOKED_KEY: Document = key!("revoked");
/// Revocation list of [`CA`], 2024-07-01 to 2045-01-01; [`REVOKED`] is on it and nothing else.
pub const CA_LIST: Document = list!("ca");
/// Revocation list of [`ROOT`] for the same time, empty.
pub const ROOT_LIST: Document = list!("root");

/// Every document of the set.
pub const ALL: [Document; 12] = [
    ROOT,
    ROOT_KEY,
    CA,
    CA_KEY,
    DOCUMENT_SIGNER,
    DOCUMENT_SIGNER_KEY,
    OCSP_SIGNER,
    OCSP_SIGNER_KEY,
    REVOKED,
    REVOKED_KEY,
    CA_LIST,
    ROOT_LIST,
];

/// What [`CA`] has issued, in the form that `openssl ocsp -index` reads.
pub const INDEX: &str = include_str!("../pki/index.txt");
/// Goes beside [`INDEX`]: two certificates may bear one name.
pub const INDEX_ATTRIBUTES: &str = include_str!("../pki/index.txt.attr");
/// How to use the files, in words.
pub const GUIDE: &str = include_str!("../pki/GUIDE.txt");

impl Document {
    /// The names of its files: DER, PEM.
    ///
    /// ```
    /// assert_eq!(idcard_sim::pki::CA.file_names(), ["ca.der", "ca.pem"]);
    /// assert_eq!(idcard_sim::pki::CA_LIST.file_names(), ["ca.crl", "ca.crl.pem"]);
    /// ```
    #[must_use]
    pub fn file_names(&self) -> [String; 2] {
        let [der, pem] = match self.kind {
            Kind::Certificate => [".der", ".pem"],
            Kind::PrivateKey => [".key", ".key.pem"],
            Kind::RevocationList => [".crl", ".crl.pem"],
        };
        [format!("{}{der}", self.name), format!("{}{pem}", self.name)]
    }
}

/// A file of the set could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct WriteError {
    /// The file, or the folder that could not be made.
    pub path: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

/// Writes the whole set below `dir`, which is made if it is not there: every document as DER and PEM, the index and a
/// guide. Each file appears whole or not at all; files of the same name are replaced. Returns the paths written.
///
/// # Errors
/// [`WriteError`] at the first file that fails; files written before it stay.
pub fn write(dir: &Path) -> Result<Vec<PathBuf>, WriteError> {
    std::fs::create_dir_all(dir).map_err(|source| WriteError { path: dir.to_path_buf(), source })?;
    let mut written = Vec::new();
    let mut put = |name: &str, bytes: &[u8]| {
        let path = dir.join(name);
        match write_whole(dir, &path, bytes) {
            Ok(()) => written.push(path),
            Err(source) => return Err(WriteError { path, source }),
        }
        Ok(())
    };
    for document in ALL {
        let [der, pem] = document.file_names();
        put(&der, document.der)?;
        put(&pem, document.pem.as_bytes())?;
    }
    put("index.txt", INDEX.as_bytes())?;
    put("index.txt.attr", INDEX_ATTRIBUTES.as_bytes())?;
    put("README", GUIDE.as_bytes())?;
    Ok(written)
}

fn write_whole(dir: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = new_file(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Readable by all, as far as the process's mask allows: nothing in the set is secret.
#[cfg(unix)]
fn new_file(dir: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o644)).tempfile_in(dir)
}

#[cfg(not(unix))]
fn new_file(dir: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::NamedTempFile::new_in(dir)
}
