//! Signs a document in one call: beside it or around it.

use std::io::Write;

use super::draft::{Draft, SignOptions};
use super::signed::Signed;
use crate::certificate::Certificate;
use crate::hash::Content;
use crate::sign_error::{SignError, SignFault};
use crate::signer::Signer;

/// Signs a document; the signature stands beside it.
///
/// ```no_run
/// # use idcard_crypto::{cms, signer::Signer, sign_error::SignError};
/// # fn example<S: Signer>(mut key: S) -> Result<(), Box<dyn std::error::Error>> {
/// let signed = cms::sign_detached(&mut key, std::fs::File::open("contract.pdf")?, std::time::SystemTime::now())?;
/// std::fs::write("contract.pdf.p7s", signed.to_der())?;
/// # Ok(()) }
/// ```
///
/// # Errors
/// The key's own error, whole; [`SignFault`] for the rest, [`SignFault::ContentChanged`] also when the document was
/// touched while the key signed.
pub fn sign_detached<S: Signer, C: Content>(
    signer: &mut S,
    mut content: C,
    options: impl Into<SignOptions>,
) -> Result<Signed, SignError<S::Error>> {
    let draft = draft(signer, &mut content, &options.into())?;
    let signed = draft.sign(signer)?;
    draft.check_unchanged(&mut content)?;
    Ok(signed)
}

/// Signs a document and writes it into `out` together with the signature. The document is read twice, in constant memory.
///
/// # Errors
/// As [`sign_detached`]. After an error `out` holds nothing of worth and is to be thrown away.
pub fn sign_attached<S: Signer, C: Content>(
    signer: &mut S,
    mut content: C,
    options: impl Into<SignOptions>,
    out: &mut dyn Write,
) -> Result<(), SignError<S::Error>> {
    let draft = draft(signer, &mut content, &options.into())?;
    Ok(draft.sign(signer)?.write_attached(&mut content, out)?)
}

fn draft<S: Signer, C: Content>(signer: &S, content: &mut C, options: &SignOptions) -> Result<Draft, SignFault> {
    Draft::new(content, &Certificate::from_der(signer.certificate())?, options)
}

#[cfg(test)]
mod tests;
