//! What fuzz targets share: a card that answers as the input says, and the trust that signatures are held against.

#![forbid(unsafe_code)]

pub mod answers;

use idcard_core::family::{Hash, ItemName, KeyName, Scheme};
use idcard_core::session::Slot;
use idcard_core::signing_key::SignatureAlgorithm;
use idcard_core::{Card, LastTry, Pin};
use idcard_crypto::Certificate;
use idcard_crypto::time::parse_rfc3339;
use idcard_crypto::trust::{Origin, Query, Store};

/// Trust in the specimen's root.
#[must_use]
pub fn store() -> Store {
    let mut store = Store::empty();
    let root = Certificate::from_der(idcard_sim::pki::ROOT.der).expect("the specimen's root");
    store.add_anchor(root, Origin::Caller).expect("a usable key");
    store.add_intermediate(Certificate::from_der(idcard_sim::pki::CA.der).expect("the specimen's authority"));
    store
}

/// A day on which the specimen's certificates are valid.
#[must_use]
pub fn query() -> Query {
    Query::at(parse_rfc3339("2026-01-01").expect("a day"))
}

/// Reads everything that a card may have, presents the specimen's PINs and signs; whatever fails, the rest goes on.
pub fn visit(card: &mut Card) {
    let [identity, sign] = ["1234", "123456"].map(|digits| Pin::new(digits).expect("digits"));
    if let Ok(mut session) = card.session() {
        let _ = (session.serial(), session.crn(), session.versions(), session.meta(), session.applets());
        for slot in [Slot::Sign, Slot::Auth, Slot::Ca] {
            let _ = session.certificate(slot);
        }
        let _ = (session.dates(), session.fingerprints(), session.security_object());
        let _ = session.present_for(ItemName::Identity, &identity, LastTry::Refuse);
        let _ = (session.identity(), session.birth_certificate(), session.postal(), session.photo());
        let _ = session.end();
    }
    if let Ok(mut session) = card.session()
        && let Ok(mut key) = session.signing_key(KeyName::Sign, &sign, LastTry::Refuse)
    {
        for (scheme, length) in [(Scheme::Pkcs1, 256), (Scheme::Ecdsa, 64)] {
            let _ = key.sign_digest(SignatureAlgorithm { scheme, hash: Hash::Sha256 }, &[0x5A; 32], length);
        }
    }
}
