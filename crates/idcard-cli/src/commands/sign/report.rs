//! What `sign` says: the documents before the PIN is asked for, the signatures afterwards.

use super::target::Target;
use super::work::Work;
use crate::args::{Sign, SignatureType};
use crate::commands::holder_key::HolderKey;
use crate::context::Context;
use crate::lang::Word;
use crate::output;
use crate::terminal::Nature;
use idcard_crypto::algorithm::{HashAlgorithm, SignatureScheme};
use idcard_crypto::cms::SignOptions;
use idcard_crypto::time::rfc3339;
use serde::Serialize;
use std::time::SystemTime;

/// `idcard.sign/1`.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    schema: &'static str,
    specimen: bool,
    r#type: &'static str,
    attached: bool,
    pem: bool,
    hash: &'static str,
    scheme: &'static str,
    /// The time that CMS signatures claim.
    claimed_time: Option<String>,
    signer: Signer,
    files: Vec<File>,
}

#[derive(Debug, Serialize)]
struct Signer {
    subject: String,
    certificate_sha256: String,
    not_after: String,
}

#[derive(Debug, Serialize)]
struct File {
    file: String,
    bytes: u64,
    digest: String,
    signature: String,
}

const fn hash_name(hash: HashAlgorithm) -> &'static str {
    match hash {
        HashAlgorithm::Sha1 => "sha1",
        HashAlgorithm::Sha256 => "sha256",
        HashAlgorithm::Sha384 => "sha384",
        HashAlgorithm::Sha512 => "sha512",
    }
}

const fn scheme_name(scheme: SignatureScheme) -> &'static str {
    match scheme {
        SignatureScheme::Pkcs1v15 => "pkcs1",
        SignatureScheme::Pss { .. } => "pss",
        SignatureScheme::Ecdsa => "ecdsa",
    }
}

/// Shows on stderr what will be signed, and by whom: one PIN covers this list and nothing else.
pub(super) fn announce(works: &[Work], key: &HolderKey, context: &Context) {
    if context.options.wants_json() && !context.terminal.stderr {
        return;
    }
    let (terminal, lang) = (&context.terminal, context.lang);
    let mut text = String::new();
    if key.specimen {
        text += &terminal.line(Word::SpecimenCard.text(lang));
    }
    text += &terminal.pair(Word::SignAs.text(lang), &key.certificate.subject().to_string(), Nature::Code);
    if key.certificate.not_after() < SystemTime::now() {
        let end = key.certificate.not_after_rfc3339();
        text += &terminal.pair(Word::CertificateExpired.text(lang), &end, Nature::Code);
    }
    let count = lang.digits(&works.len().to_string());
    text += &terminal.pair(Word::ToBeSigned.text(lang), &count, Nature::Code);
    for work in works {
        let digest = hex::encode(work.digest());
        text += &format!("  {}", terminal.pair(&work.path().to_string_lossy(), &digest, Nature::Code));
    }
    output::stderr(&text);
}

impl Document {
    pub(super) fn of(
        works: &[Work],
        key: &HolderKey,
        (how, scheme): (&SignOptions, SignatureScheme),
        options: &Sign,
    ) -> Self {
        let cms = options.kind == SignatureType::Cms;
        let file = |work: &Work| File {
            file: work.path().to_string_lossy().into_owned(),
            bytes: work.length(),
            digest: hex::encode(work.digest()),
            signature: match work.target() {
                Target::Stdout => "-".to_owned(),
                Target::File(path) => path.to_string_lossy().into_owned(),
            },
        };
        Self {
            schema: "idcard.sign/1",
            specimen: key.specimen,
            r#type: if cms { "cms" } else { "raw" },
            attached: options.attached,
            pem: options.pem,
            hash: hash_name(how.hash),
            scheme: scheme_name(scheme),
            claimed_time: cms.then(|| rfc3339(how.signing_time)),
            signer: Signer {
                subject: key.certificate.subject().to_string(),
                certificate_sha256: key.certificate.sha256(),
                not_after: key.certificate.not_after_rfc3339(),
            },
            files: works.iter().map(file).collect(),
        }
    }

    /// One line for each signature.
    pub(super) fn text(&self, context: &Context) -> String {
        let label = Word::Signature.text(context.lang);
        self.files.iter().map(|file| context.terminal.pair(label, &file.signature, Nature::Code)).collect()
    }
}
