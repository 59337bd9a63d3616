//! Which file is the document, which the signature, and of what kind it is.

use crate::args::Verify;
use crate::content::FileContent;
use crate::exit::{Failure, Kind as FailureKind};
use idcard_crypto::Certificate;
use idcard_crypto::verify::Report;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest bare signature that is read: RSA of 8192 bits, and some.
const LONGEST_BARE: usize = 2048;
/// The largest file of certificates that is read.
const LARGEST: u64 = 1 << 20;
/// The DER of the object identifier id-signedData (RFC 5652, 5.1).
const SIGNED_DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07";

/// How the signature relates to its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// The file is a CMS file that holds the document.
    Attached,
    /// A CMS file beside the document.
    Detached,
    /// A bare signature beside the document.
    Raw(Vec<u8>),
}

/// What is checked.
pub(super) struct Input {
    pub document: PathBuf,
    pub signature: Option<PathBuf>,
    /// Other signatures beside the document, when none was named.
    pub passed_over: Vec<PathBuf>,
    pub kind: Kind,
    /// The certificates of `--certificate`, the signer's first.
    pub certificates: Vec<Certificate>,
}

impl Input {
    /// Takes the signature that was named, or the one that lies beside the document.
    pub(super) fn of(options: &Verify) -> Result<Self, Failure> {
        let document = options.file.clone();
        let certificates = options.certificate.as_deref().map_or(Ok(Vec::new()), certificates)?;
        let stdin = FileContent::is_stdin(&document);
        let mut beside = match &options.signature {
            None if !stdin => beside(&document, &certificates),
            _ => Vec::new(),
        }
        .into_iter();
        let signature = options.signature.clone().or_else(|| beside.next());
        let kind = match &signature {
            None => Kind::Attached,
            Some(path) if path.as_path() == Path::new("-") => {
                return Err(Failure::usage("the signature cannot come from stdin"));
            }
            Some(path) => kind(path, !certificates.is_empty())?,
        };
        Ok(Self { document, signature, passed_over: beside.collect(), kind, certificates })
    }

    /// Whether a holder's certificate was named, and somebody else signed. Authorities may be named to lead further.
    pub(super) fn is_signed_by_others(&self, report: &Report) -> bool {
        let mut holders = self.certificates.iter().filter(|one| !one.is_ca()).map(Certificate::sha256).peekable();
        let mut signers = report.signers.iter().filter_map(|signer| signer.certificate_sha256.as_ref()).peekable();
        holders.peek().is_some() && signers.peek().is_some() && !holders.any(|one| signers.clone().any(|by| *by == one))
    }

    /// The file that is the signature, or holds it.
    pub(super) fn signature(&self) -> &Path {
        self.signature.as_deref().unwrap_or(&self.document)
    }
}

/// Those of FILE.p7s, FILE.sig and FILE.p7m that are there; with a certificate FILE.sig first, which cannot do without.
fn beside(document: &Path, certificates: &[Certificate]) -> Vec<PathBuf> {
    let endings = if certificates.is_empty() { [".p7s", ".sig", ".p7m"] } else { [".sig", ".p7s", ".p7m"] };
    let named = endings.into_iter().map(|ending| {
        let mut name: OsString = document.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    });
    named.filter(|path| path.is_file()).collect()
}

/// Looks at the first bytes: DER of ContentInfo or PEM is CMS, anything else a bare signature.
fn kind(path: &Path, has_certificate: bool) -> Result<Kind, Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let mut head = Vec::new();
    let limit = u64::try_from(LONGEST_BARE).unwrap_or(u64::MAX).saturating_add(1);
    if std::fs::metadata(path).map_err(failed)?.is_file() {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut head)).map_err(failed)?;
    }
    let start = head.get(..head.len().min(32)).unwrap_or_default();
    let is_der = start.windows(SIGNED_DATA.len()).any(|window| window == SIGNED_DATA);
    let is_text = head.trim_ascii_start().starts_with(b"-----BEGIN");
    if is_der || is_text || head.len() > LONGEST_BARE || head.is_empty() {
        return Ok(Kind::Detached);
    }
    if has_certificate {
        return Ok(Kind::Raw(head));
    }
    if path.extension().is_some_and(|ending| ending == "sig") {
        let message = format!("{}: a bare signature does not say whose it is", path.display());
        return Err(Failure::usage(message).with_hint("name the signer's certificate with --certificate FILE"));
    }
    Ok(Kind::Detached)
}

/// The certificates of a file, DER or PEM.
fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes)).map_err(failed)?;
    Certificate::from_pem_or_der(&bytes)
        .map_err(|fault| Failure::new(FailureKind::BadFile, fault.to_string()).about(path))
}
