//! Security objects that are in order, and every way in which they are not.

use const_oid::ObjectIdentifier;

use super::*;
use crate::algorithm::HashAlgorithm;
use crate::cms::der as write;
use crate::openssl::{OpenSsl, pem};
use crate::signer::Signer;
use crate::software_key::{Profile, SoftwareKey};
use crate::time::parse_rfc3339;
use crate::trust::Origin;

const GROUP_1: &[u8] = &[0x70, 0x03, 0x80, 0x01, 0x41];
const GROUP_2: &[u8] = &[0x75, 0x02, 0x5F, 0x2E];

fn query() -> Query {
    Query::at(parse_rfc3339("2026-01-01").unwrap())
}

fn root() -> SoftwareKey {
    SoftwareKey::root("root")
}

fn trusting(root: &SoftwareKey) -> Store {
    let mut store = Store::empty();
    store.add_anchor(Certificate::from_der(root.certificate()).unwrap(), Origin::Caller).unwrap();
    store
}

fn document_signer() -> Profile {
    Profile { key_usage: Some(&[0x03, 0x02, 0x07, 0x80]), ..Profile::new("document signer") }
}

/// An LDSSecurityObject over these hashes.
fn lds(hash: ObjectIdentifier, groups: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let entry = |(number, hash): &(u8, Vec<u8>)| {
        let hash = write::element(write::OCTET_STRING, hash);
        write::constructed(write::SEQUENCE, &[&[2, 1, *number], &hash])
    };
    let entries: Vec<u8> = groups.iter().flat_map(entry).collect();
    let algorithm = write::element(write::SEQUENCE, &write::oid(hash));
    write::constructed(write::SEQUENCE, &[&[2, 1, 0], &algorithm, &write::element(write::SEQUENCE, &entries)])
}

fn sha256(groups: &[(u8, &[u8])]) -> Vec<u8> {
    let hash = HashAlgorithm::Sha256;
    lds(hash.oid(), &groups.iter().map(|(number, file)| (*number, hash.digest(file))).collect::<Vec<_>>())
}

/// Signs content as OpenSSL does, under a content type.
fn signed(openssl: &OpenSsl, key: &SoftwareKey, content: &[u8], kind: &str) -> Vec<u8> {
    openssl.put("lds", content).put("ds.pem", pem(key.certificate())).put("ds.key", key.to_pkcs8_pem());
    let sign = "cms -sign -binary -nodetach -in lds -outform DER -out sod -signer ds.pem -inkey ds.key -md sha256";
    openssl.run(&format!("{sign} -econtent_type {kind}")).unwrap();
    openssl.get("sod")
}

#[test]
fn files_as_signed_are_authentic_below_an_anchor_only() {
    let Some(openssl) = OpenSsl::find() else { return };
    let key = SoftwareKey::p256_issued(&document_signer(), &root());
    let sod = signed(&openssl, &key, &sha256(&[(1, GROUP_1), (2, GROUP_2), (16, b"x")]), "2.23.136.1.1.1");
    let with_tag = write::element(0x77, &sod);
    let read = [(1, GROUP_1), (2, GROUP_2)];
    for bytes in [&sod, &with_tag] {
        let report = check(bytes, &read, &trusting(&root()), &query());
        assert_eq!((report.verdict, &report.reasons[..]), (SodVerdict::Authentic, &[][..]));
        let groups: Vec<_> = report.groups.into_iter().collect();
        assert_eq!(groups, [(1, GroupState::Match), (2, GroupState::Match), (16, GroupState::NotRead)]);
    }
    for store in [Store::empty(), trusting(&SoftwareKey::root("other"))] {
        let report = check(&sod, &read, &store, &query());
        assert_eq!((report.verdict, report.signer_expired), (SodVerdict::UntrustedSigner, false));
        assert_eq!(report.groups.get(&1), Some(&GroupState::Match), "the files are still told apart");
    }
    let late = Query::at(parse_rfc3339("2032-01-01").unwrap());
    let report = check(&sod, &read, &trusting(&root()), &late);
    assert_eq!((report.verdict, report.signer_expired), (SodVerdict::UntrustedSigner, true));
}

#[test]
fn a_changed_missing_or_uncovered_file_is_not_authentic() {
    let Some(openssl) = OpenSsl::find() else { return };
    let key = SoftwareKey::p256_issued(&document_signer(), &root());
    let sod = signed(&openssl, &key, &sha256(&[(1, GROUP_1), (2, GROUP_2)]), "2.23.136.1.1.1");
    let of = |groups: &[(u8, &[u8])]| check(&sod, groups, &trusting(&root()), &query());
    let padded = [GROUP_1, &[0, 0]].concat();
    for (groups, reason) in [
        (&[(1, GROUP_2), (2, GROUP_2)][..], SodReason::Differs(1)),
        (&[(1, &padded)], SodReason::Differs(1)),
        (&[(1, GROUP_1), (1, GROUP_2)], SodReason::Differs(1)),
        (&[(1, GROUP_2), (1, GROUP_1)], SodReason::Differs(1)),
        (&[(1, GROUP_1), (11, GROUP_2)], SodReason::NotCovered(11)),
    ] {
        let report = of(groups);
        assert_eq!((report.verdict, &report.reasons[..]), (SodVerdict::NotAuthentic, &[reason][..]));
        assert!(report.groups.values().any(|state| *state == GroupState::Mismatch));
    }
    assert_eq!(of(&[]).verdict, SodVerdict::Authentic, "nothing read, nothing wrong");
}

#[test]
fn a_changed_object_and_weak_or_unknown_hashes_are_not_authentic() {
    let Some(openssl) = OpenSsl::find() else { return };
    let key = SoftwareKey::p256_issued(&document_signer(), &root());
    let store = trusting(&root());
    let good = sha256(&[(1, GROUP_1)]);
    let sod = signed(&openssl, &key, &good, "2.23.136.1.1.1");
    let at = sod.windows(good.len()).position(|window| window == good).unwrap() + good.len() - 1;
    let mut changed = sod.clone();
    changed[at] ^= 1;
    let report = check(&changed, &[(1, GROUP_1)], &store, &query());
    assert_eq!(report.verdict, SodVerdict::NotAuthentic);
    assert!(report.reasons.contains(&SodReason::Signature(Finding::ContentDiffers)));

    let [md5, sha1] = ["1.2.840.113549.2.5", "1.3.14.3.2.26"].map(ObjectIdentifier::new_unwrap);
    let unknown = ObjectIdentifier::new_unwrap("1.2.3");
    for (oid, length) in [(md5, 16), (sha1, 20), (unknown, 32)] {
        let sod = signed(&openssl, &key, &lds(oid, &[(1, vec![0; length])]), "2.23.136.1.1.1");
        let report = check(&sod, &[(1, GROUP_1)], &store, &query());
        assert_eq!((report.verdict, &report.reasons[..]), (SodVerdict::NotAuthentic, &[SodReason::Hash(oid)][..]));
    }
    let digest = HashAlgorithm::Sha256.digest(GROUP_1);
    let twice = lds(HashAlgorithm::Sha256.oid(), &[(1, digest.clone()), (1, digest.clone())]);
    let seventeen = lds(HashAlgorithm::Sha256.oid(), &[(17, digest)]);
    for content in [&twice[..], &seventeen, &good[..20], b"text", &[&good[..], &[5, 0]].concat()] {
        let sod = signed(&openssl, &key, content, "2.23.136.1.1.1");
        let report = check(&sod, &[(1, GROUP_1)], &store, &query());
        assert_eq!(report.verdict, SodVerdict::NotAuthentic);
        assert!(matches!(report.reasons[..], [SodReason::Malformed(_)]), "{:?}", report.reasons);
    }
    let other_type = signed(&openssl, &key, &good, "1.2.3.4");
    let report = check(&other_type, &[(1, GROUP_1)], &store, &query());
    assert_eq!((report.verdict, &report.reasons[..]), (SodVerdict::NotAuthentic, &[SodReason::ContentType][..]));
    for nothing in [&b""[..], &[0x77, 0x00], b"\x30\x00", GROUP_1] {
        let report = check(nothing, &[(1, GROUP_1)], &store, &query());
        assert_eq!(report.verdict, SodVerdict::NotAuthentic);
        assert_eq!(report.groups.get(&1), Some(&GroupState::Mismatch));
    }
}

#[test]
fn a_holder_cannot_sign_his_own_files() {
    let Some(openssl) = OpenSsl::find() else { return };
    let authority = SoftwareKey::p256_issued(&Profile { serial: 2, ..Profile::ca("citizen CA") }, &root());
    let mut store = trusting(&root());
    store.add_intermediate(Certificate::from_der(authority.certificate()).unwrap());
    let digital_signature = document_signer().key_usage;
    let client_auth = Some(const_oid::db::rfc5912::ID_KP_CLIENT_AUTH);
    let holder = Profile::new("holder");
    for (profile, issuer) in [
        (holder.clone(), &root()),
        (holder.clone(), &authority),
        (Profile { key_usage: digital_signature, ..holder.clone() }, &authority),
        (Profile { key_usage: digital_signature, purpose: client_auth, ..holder }, &root()),
    ] {
        let key = SoftwareKey::p256_issued(&profile, issuer);
        let sod = signed(&openssl, &key, &sha256(&[(1, GROUP_1)]), "2.23.136.1.1.1");
        let report = check(&sod, &[(1, GROUP_1)], &store, &query());
        assert_eq!(report.chain.unwrap().state, ChainState::Trusted);
        assert_eq!(report.verdict, SodVerdict::UntrustedSigner);
        assert!(matches!(report.reasons[..], [SodReason::NotADocumentSigner(_)]), "{:?}", report.reasons);
    }
}

#[test]
fn a_signer_who_is_his_own_issuer_is_untrusted() {
    let Some(openssl) = OpenSsl::find() else { return };
    let key = SoftwareKey::p256("alone");
    let sod = signed(&openssl, &key, &sha256(&[(1, GROUP_1)]), "2.23.136.1.1.1");
    let report = check(&sod, &[(1, GROUP_1)], &trusting(&root()), &query());
    assert_eq!((report.verdict, report.signer_expired), (SodVerdict::UntrustedSigner, false));
}

#[test]
fn the_security_objects_of_the_specimens_vouch_for_their_files() {
    // Written by another hand from specimen.md, section 4; the files are padded to a multiple of four bytes.
    let sim = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../idcard-sim");
    let file = |name: &str| std::fs::read(sim.join(name)).unwrap();
    let mut store = Store::empty();
    store.add_anchor(Certificate::from_der(&file("pki/root.der")).unwrap(), Origin::Caller).unwrap();
    for image in ["specimen", "specimen-p256", "specimen-2"] {
        let object = |name: &str, header: usize| {
            let bytes = file(&format!("images/{image}/{name}.bin"));
            // Tag, length and value of the outermost object, without what pads the file.
            let length = match bytes[header] {
                short @ ..=0x7F => 1 + usize::from(short),
                0x80 => panic!("an indefinite length"),
                0x81 => 2 + usize::from(bytes[header + 1]),
                _ => 3 + usize::from(bytes[header + 1]) * 256 + usize::from(bytes[header + 2]),
            };
            bytes[..header + length].to_vec()
        };
        let files = [
            (1, object("personal1", 1)),
            (11, object("personal2", 1)),
            (2, object("photo", 1)),
            (16, object("fingers", 2)),
        ];
        let groups: Vec<(u8, &[u8])> = files.iter().map(|(number, bytes)| (*number, bytes.as_slice())).collect();
        let report = check(&object("sod", 1), &groups, &store, &query());
        assert_eq!((report.verdict, &report.reasons[..]), (SodVerdict::Authentic, &[][..]), "{image}");
        assert_eq!(report.groups.into_keys().collect::<Vec<_>>(), [1, 2, 11, 16]);
        for at in 0..groups.len() {
            let mut changed = files.clone();
            *changed[at].1.last_mut().unwrap() ^= 1;
            let groups: Vec<(u8, &[u8])> = changed.iter().map(|(number, bytes)| (*number, bytes.as_slice())).collect();
            let report = check(&object("sod", 1), &groups, &store, &query());
            assert_eq!(
                (report.verdict, &report.reasons[..]),
                (SodVerdict::NotAuthentic, &[SodReason::Differs(groups[at].0)][..])
            );
        }
    }
}
