//! The specimen's public key infrastructure: root, citizen CA, document signer, OCSP signer, one revoked holder, the
//! revocation lists and OpenSSL's index (specimen.md, section 6).

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use crate::certificate::{self as cert, Issued, Name, Request};
use crate::der::{self, Day};
use crate::keys::{Key, Kind};

const REVOKED_ON: Day = Day(2024, 6, 1);
const THIS_UPDATE: Day = Day(2024, 7, 1);
const END: Day = Day(2045, 1, 1);
/// At most 200 characters each (RFC 5280, 4.2.1.4).
const NOTICES: [&str; 2] = [
    "SPECIMEN. This certificate names a person who does not exist and its private key is public: nothing that is signed \
     with it binds anybody.",
    "نمونه است. دارندهٔ این گواهی وجود ندارد و کلید خصوصی آن آشکار است؛ هیچ امضایی با آن کسی را متعهد نمی‌کند.",
];

/// A name with its key.
pub(crate) struct Party {
    pub(crate) name: Name,
    pub(crate) key: Key,
    pub(crate) certificate: Vec<u8>,
}

/// All parties, and what the citizen CA has issued so far.
pub(crate) struct Pki {
    dir: PathBuf,
    pub(crate) ca: Party,
    /// The document signer of the security objects.
    pub(crate) signer: Party,
    /// Its IssuerAndSerialNumber, DER.
    pub(crate) signer_id: Vec<u8>,
    root: Party,
    issued: Vec<(Issued, bool)>,
}

/// Which of the two holder certificates.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Role {
    Sign,
    Authenticate,
}

fn named(unit: bool, common: &str) -> Name {
    let mut parts = vec![("C", "IR".to_string()), ("O", "idcard SPECIMEN".to_string())];
    if unit {
        parts.push(("OU", "SPECIMEN".to_string()));
    }
    parts.push(("CN", common.to_string()));
    Name(parts)
}

impl Pki {
    /// Makes root, CA and signers and writes their certificates and keys to `dir`.
    pub(crate) fn make(dir: &Path) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(dir)?;
        let start = Day(2020, 1, 1);
        let key = |name: &str| Key::at(&dir.join(format!("{name}.key")), Kind::P256, &format!("pki/{name}"));
        let root_key = key("root")?;
        let root_name = named(false, "idcard SPECIMEN Root CA");
        let ask = |label, subject, key, to, extensions| Request { label, subject, key, from: start, to, extensions };
        let own = vec![cert::authority(None), cert::key_usage(cert::CERTIFY)];
        let root = cert::issue(ask("root", &root_name, &root_key, Day(2050, 1, 1), own), &root_name, &root_key)?;
        let below = || cert::crl_at("http://127.0.0.1:8731/root.crl");

        let (ca_key, ca_name) = (key("ca")?, named(true, "idcard SPECIMEN Digital Citizen CA"));
        let rights = vec![cert::authority(Some(0)), cert::key_usage(cert::CERTIFY), cert::policy(&[]), below()];
        let ca = cert::issue(ask("ca", &ca_name, &ca_key, END, rights), &root_name, &root_key)?;

        let (signer_key, signer_name) = (key("docsigner")?, named(true, "idcard SPECIMEN Document Signer"));
        let rights = vec![cert::key_usage(cert::SIGN), below()];
        let signer = cert::issue(ask("docsigner", &signer_name, &signer_key, END, rights), &root_name, &root_key)?;

        let (ocsp_key, ocsp_name) = (key("ocsp")?, named(true, "idcard SPECIMEN OCSP Responder"));
        let rights = vec![
            cert::key_usage(cert::SIGN),
            cert::purpose("1.3.6.1.5.5.7.3.9"),
            cert::extension("1.3.6.1.5.5.7.48.1.5", false, &der::null()),
        ];
        let ocsp = cert::issue(ask("ocsp", &ocsp_name, &ocsp_key, END, rights), &ca_name, &ca_key)?;

        for (name, issued) in [("root", &root), ("ca", &ca), ("docsigner", &signer), ("ocsp", &ocsp)] {
            fs::write(dir.join(format!("{name}.der")), &issued.der)?;
        }
        Ok(Self {
            dir: dir.to_path_buf(),
            ca: Party { name: ca_name, key: ca_key, certificate: ca.der },
            signer_id: der::seq(&[root_name.der(), der::uint(&signer.serial)]),
            signer: Party { name: signer_name, key: signer_key, certificate: signer.der },
            root: Party { name: root_name, key: root_key, certificate: root.der },
            issued: vec![(ocsp, false)],
        })
    }

    /// Issues a holder's certificate. `subject` comes without its CN, which is made of `crn` and the role.
    pub(crate) fn holder(
        &mut self,
        label: &str,
        crn: &str,
        role: Role,
        subject: &[(&'static str, String)],
        key: &Key,
        valid: (Day, Day),
    ) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut name = subject.to_vec();
        let suffix = if role == Role::Sign { "SIG" } else { "AUT" };
        name.push(("CN", format!("{crn} - {suffix}")));
        let mut extensions = vec![match role {
            Role::Sign => cert::key_usage(cert::SIGN_FOR_GOOD),
            Role::Authenticate => cert::key_usage(cert::SIGN),
        }];
        if role == Role::Authenticate {
            extensions.push(cert::purpose("1.3.6.1.5.5.7.3.2"));
        }
        extensions.extend([
            cert::policy(&NOTICES),
            cert::mail(&format!("ir{crn}@specimen.invalid")),
            cert::crl_at("http://127.0.0.1:8731/ca.crl"),
            cert::access("http://127.0.0.1:8731/ocsp", "http://127.0.0.1:8731/ca.der"),
        ]);
        let request = Request { label, subject: &Name(name), key, from: valid.0, to: valid.1, extensions };
        let issued = cert::issue(request, &self.ca.name, &self.ca.key)?;
        let bytes = issued.der.clone();
        self.issued.push((issued, false));
        Ok(bytes)
    }

    /// The third holder, whose signing certificate is revoked, then both revocation lists and the index.
    pub(crate) fn finish(mut self) -> Result<(), Box<dyn Error>> {
        let key = Key::at(&self.dir.join("revoked.key"), Kind::P256, "pki/revoked")?;
        let subject = crate::holder::subject("ابطال", "نمونه‌نیا");
        let crn = crate::holder::with_check_digit("000161803");
        let valid = (Day(2024, 3, 20), Day(2031, 3, 20));
        fs::write(self.dir.join("revoked.der"), self.holder("revoked", &crn, Role::Sign, &subject, &key, valid)?)?;
        if let Some((_, gone)) = self.issued.last_mut() {
            *gone = true;
        }
        let serials: Vec<&[u8]> = self.issued.iter().filter(|(_, gone)| *gone).map(|(one, _)| &*one.serial).collect();
        fs::write(self.dir.join("ca.crl"), revocation_list(&self.ca, 2, &serials)?)?;
        fs::write(self.dir.join("root.crl"), revocation_list(&self.root, 1, &[])?)?;
        fs::write(self.dir.join("index.txt"), self.index())?;
        // One holder has two specimen cards, hence two certificates of one name.
        fs::write(self.dir.join("index.txt.attr"), "unique_subject = no\n")?;
        self.write_pem()
    }

    /// The same documents in PEM, beside those in DER.
    fn write_pem(&self) -> Result<(), Box<dyn Error>> {
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let (label, to) = match path.extension().and_then(|name| name.to_str()) {
                Some("der") => ("CERTIFICATE", "pem"),
                Some("key") => ("PRIVATE KEY", "key.pem"),
                Some("crl") => ("X509 CRL", "crl.pem"),
                _ => continue,
            };
            let text = spki::der::pem::encode_string(label, spki::der::pem::LineEnding::LF, &fs::read(&path)?)?;
            fs::write(path.with_extension(to), text)?;
        }
        Ok(())
    }

    /// The database of `openssl ocsp -index`: state, end, revocation, serial number, file, subject.
    fn index(&self) -> String {
        let line = |(one, gone): &(Issued, bool)| {
            let state = if *gone { "R" } else { "V" };
            let when = if *gone { format!("{},keyCompromise", REVOKED_ON.short()) } else { String::new() };
            let serial: String = one.serial.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("{state}\t{}\t{when}\t{serial}\tunknown\t{}\n", one.to.short(), one.subject.line())
        };
        self.issued.iter().map(line).collect()
    }
}

/// A version 2 list, valid until the CA ends, each entry with reason keyCompromise.
fn revocation_list(issuer: &Party, number: u8, serials: &[&[u8]]) -> Result<Vec<u8>, Box<dyn Error>> {
    let reason = der::seq(&[cert::extension("2.5.29.21", false, &der::tlv(0x0A, &[1]))]);
    let entry = |serial: &&[u8]| der::seq(&[der::uint(serial), REVOKED_ON.time(), reason.clone()]);
    let key_id = der::seq(&[der::tlv(0x80, &issuer.key.identifier()?)]);
    let extensions = der::seq(&[
        cert::extension("2.5.29.35", false, &key_id),
        cert::extension("2.5.29.20", false, &der::uint(&[number])),
    ]);
    let mut tbs = vec![der::uint(&[1]), issuer.key.algorithm(), issuer.name.der(), THIS_UPDATE.time(), END.time()];
    if !serials.is_empty() {
        tbs.push(der::seq(&serials.iter().map(entry).collect::<Vec<_>>()));
    }
    tbs.push(der::context(0, &extensions));
    cert::signed(&der::seq(&tbs), &issuer.key)
}
