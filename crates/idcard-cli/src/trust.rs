//! Whom this run trusts: the built-in anchors, those kept by `ca import`, those named on the command line.

use crate::args::{PurposeName, TrustOptions};
use crate::context::Context;
use crate::exit::{Failure, Kind};
use crate::output;
use crate::terminal::plain;
use idcard_crypto::Certificate;
use idcard_crypto::trust::revocation::{OcspOptions, RevocationLists};
use idcard_crypto::trust::{Purpose, Query, Store};
use idcard_crypto::verify::Verifier;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What checks rest on.
pub(crate) struct Trust {
    store: Store,
    query: Query,
    lists: Option<RevocationLists>,
    ocsp: Option<OcspOptions>,
}

impl Trust {
    /// Reads the files that the options name.
    ///
    /// # Errors
    /// One of them cannot be used.
    pub(crate) fn of(options: &TrustOptions, context: &Context) -> Result<Self, Failure> {
        let store = store(&options.ca)?;
        let now = SystemTime::now();
        let purpose = match options.purpose {
            PurposeName::Card => Purpose::Card,
            PurposeName::Gpki => Purpose::Gpki,
            PurposeName::Any => Purpose::Any,
        };
        let query =
            Query { purpose, allow_legacy_sha1: options.allow_legacy_sha1, ..Query::at(options.at.unwrap_or(now)) };
        let mut lists = (!options.crl.is_empty()).then(RevocationLists::empty);
        for path in &options.crl {
            if let Some(lists) = &mut lists
                && lists.add_path(path)? == 0
            {
                log::warn!("{}: there is no revocation list in it", path.display());
            }
        }
        let ocsp = options.ocsp.then(|| OcspOptions {
            url: options.ocsp_url.clone(),
            timeout: context.limit(),
            ..OcspOptions::new(now)
        });
        Ok(Self { store, query, lists, ocsp })
    }

    /// The verifier; `certificates` may be missing in what is checked.
    pub(crate) fn verifier<'a>(&'a self, certificates: &'a [Certificate]) -> Verifier<'a> {
        Verifier {
            lists: self.lists.as_ref(),
            ocsp: self.ocsp.as_ref(),
            certificates,
            ..Verifier::new(&self.store, self.query)
        }
    }
}

/// The built-in anchors, the kept authorities and those in these files and folders.
///
/// # Errors
/// One of the files cannot be used; the folder of kept authorities is not in the user's hands alone.
pub(crate) fn store(paths: &[PathBuf]) -> Result<Store, Failure> {
    let mut store = Store::builtin()?;
    if let Some(folder) = kept().filter(|folder| folder.is_dir()) {
        store.add_kept(&folder)?;
    }
    for path in paths {
        let loaded = store.add_path(path).map_err(|error| unusable(path, error))?;
        for file in &loaded.unconfirmed {
            let name = file.display().to_string();
            let why = "this root's signature over itself cannot be confirmed: it is no anchor";
            output::stderr(&format!("idcard: {}: {why}\n", plain(&name)));
        }
        for (file, why) in &loaded.skipped {
            log::warn!("{}: passed over: {why}", file.display());
        }
    }
    Ok(store)
}

/// Why a file that was to hold certificates cannot be used; a revocation list is called by its name.
fn unusable(path: &Path, error: idcard_crypto::Error) -> Failure {
    let failure = Failure::from(error);
    let is_list = || RevocationLists::empty().add_path(path).is_ok_and(|count| count > 0);
    if failure.kind != Kind::BadFile || !path.is_file() || !is_list() {
        return failure;
    }
    Failure::new(Kind::BadFile, "this is a revocation list (CRL), and no certificate")
        .in_persian("این فهرست ابطال است و گواهی نیست")
        .with_hints("give it with --crl", "آن را با --crl بدهید")
        .about(path)
}

/// The folder in which `ca import` keeps authorities.
pub(crate) fn kept() -> Option<PathBuf> {
    let named = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = if cfg!(windows) {
        named("APPDATA")
    } else {
        // The XDG Base Directory Specification: a path that is not absolute is to be ignored.
        let data = named("XDG_DATA_HOME").filter(|path| path.is_absolute());
        data.or_else(|| named("HOME").map(|home| home.join(".local").join("share")))
    };
    data.map(|data| data.join("idcard").join("ca"))
}
