//! Each way in which an answer does not count (RFC 6960, 3.2).

use super::super::*;
use crate::Certificate;
use crate::trust::made::{Draft, Party, Tree, algorithm, extended_key_usage, extension};
use crate::trust::revocation::RevokedFor;
use crate::trust::revocation::crl::tests::{at, chain, query};
use certval::ocsp::{
    BasicOcspResponse, CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus, ResponderId, ResponseBytes,
    ResponseData, RevokedInfo, SingleResponse, Version,
};
use const_oid::db::{rfc5280, rfc6960};
use der::asn1::{BitString, GeneralizedTime, OctetString};
use der::{Decode, Encode};
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer;
use std::io::{Read, Write};

const NONCE: [u8; 32] = [7; 32];

fn stamp(text: &str) -> OcspGeneralizedTime {
    OcspGeneralizedTime(GeneralizedTime::from_date_time(crate::time::date_time(at(text))))
}

fn options() -> OcspOptions {
    OcspOptions::new(at("2026-11-22"))
}

/// A good answer about the holder, of one day, with the nonce.
pub(super) fn data(request: &OcspRequest, responder: &Party) -> ResponseData {
    let nonce = OctetString::new(&request.nonce[..]).unwrap().to_der().unwrap();
    ResponseData {
        version: Version::V1,
        responder_id: ResponderId::ByName(responder.name.clone()),
        produced_at: stamp("2026-11-21"),
        responses: vec![SingleResponse {
            cert_id: request.id.clone(),
            cert_status: CertStatus::good(),
            this_update: stamp("2026-11-21"),
            next_update: Some(stamp("2026-11-23")),
            single_extensions: None,
        }],
        response_extensions: Some(vec![extension(rfc6960::ID_PKIX_OCSP_NONCE, false, &nonce)]),
    }
}

fn sign(data: &ResponseData, responder: &Party, certificates: &[Certificate]) -> Vec<u8> {
    let signature: DerSignature = responder.key.sign(&data.to_der().unwrap());
    let certs = certificates.iter().map(|certificate| certificate.parsed().clone()).collect::<Vec<_>>();
    let basic = BasicOcspResponse {
        tbs_response_data: data.clone(),
        signature_algorithm: algorithm(),
        signature: BitString::from_bytes(signature.as_bytes()).unwrap(),
        certs: (!certs.is_empty()).then_some(certs),
    };
    let response = OctetString::new(basic.to_der().unwrap()).unwrap();
    let bytes = ResponseBytes { response_type: rfc6960::ID_PKIX_OCSP_BASIC, response };
    let whole = OcspResponse { response_status: OcspResponseStatus::Successful, response_bytes: Some(bytes) };
    whole.to_der().unwrap()
}

struct Case {
    tree: Tree,
    chain: Chain,
    request: OcspRequest,
}

impl Case {
    fn new() -> Self {
        let tree = Tree::new();
        let chain = chain(&tree, &tree.holder_certificate());
        let request = OcspRequest::new(&chain, 0, NONCE.to_vec()).unwrap();
        Self { tree, chain, request }
    }

    fn read(&self, der: &[u8]) -> Finding {
        let answer = OcspAnswer::from_der(der);
        answer.map_or_else(Finding::Unknown, |answer| answer.look_up(&self.request, &self.chain, &options(), &query()))
    }

    /// The answer of the issuer itself, changed before it is signed.
    fn issuer_says(&self, change: impl Fn(&mut ResponseData)) -> Finding {
        let mut data = data(&self.request, &self.tree.authority);
        change(&mut data);
        self.read(&sign(&data, &self.tree.authority, &[]))
    }

    /// The good answer of another responder with these certificates.
    fn other_says(&self, responder: &Party, certificates: &[Certificate]) -> Finding {
        self.read(&sign(&data(&self.request, responder), responder, certificates))
    }
}

fn good(finding: &Finding) -> bool {
    matches!(finding, Finding::Good { revoked_later: None, .. })
}

fn single(change: impl Fn(&mut SingleResponse)) -> impl Fn(&mut ResponseData) {
    move |data| change(&mut data.responses[0])
}

#[test]
fn the_issuer_itself_is_believed() {
    let case = Case::new();
    assert!(good(&case.issuer_says(|_| {})));
    let by_key = ResponderId::ByKey(OctetString::new(case.tree.authority.key_id()).unwrap());
    assert!(good(&case.issuer_says(|data| data.responder_id = by_key.clone())));
    let revoked = RevokedInfo { revocation_time: stamp("2026-06-01"), revocation_reason: None };
    let found = case.issuer_says(single(|answer| answer.cert_status = CertStatus::revoked(revoked)));
    assert_eq!(found, Finding::Revoked { at: at("2026-06-01"), reason: RevokedFor::Unspecified });
    let unknown = case.issuer_says(single(|answer| answer.cert_status = CertStatus::unknown()));
    assert_eq!(unknown, Finding::Unknown(Doubt::NotKnown));
}

#[test]
fn a_nonce_must_come_back() {
    let case = Case::new();
    assert_eq!(case.issuer_says(|data| data.response_extensions = None), Finding::Unknown(Doubt::Nonce));
    let other = |data: &mut ResponseData| {
        data.response_extensions =
            Some(vec![extension(rfc6960::ID_PKIX_OCSP_NONCE, false, &[[4, 32].as_slice(), &[8; 32]].concat())]);
    };
    assert_eq!(case.issuer_says(other), Finding::Unknown(Doubt::Nonce));
    // Without the demand an answer may leave it out, but never change it.
    let lax = OcspOptions { require_nonce: false, ..options() };
    let mut none = data(&case.request, &case.tree.authority);
    none.response_extensions = None;
    let answer = OcspAnswer::from_der(&sign(&none, &case.tree.authority, &[])).unwrap();
    assert!(good(&answer.look_up(&case.request, &case.chain, &lax, &query())));
    other(&mut none);
    let answer = OcspAnswer::from_der(&sign(&none, &case.tree.authority, &[])).unwrap();
    assert_eq!(answer.look_up(&case.request, &case.chain, &lax, &query()), Finding::Unknown(Doubt::Nonce));
}

#[test]
fn an_answer_about_another_certificate_is_none() {
    let case = Case::new();
    let serial = x509_cert::serial_number::SerialNumber::new(&[0x12]).unwrap();
    let found = case.issuer_says(single(|answer| answer.cert_id.serial_number = serial.clone()));
    assert_eq!(found, Finding::Unknown(Doubt::OtherCertificate));
    let hash = OctetString::new([1; 20]).unwrap();
    let found = case.issuer_says(single(|answer| answer.cert_id.issuer_key_hash = hash.clone()));
    assert_eq!(found, Finding::Unknown(Doubt::OtherCertificate));
    assert_eq!(case.issuer_says(|data| data.responses.clear()), Finding::Unknown(Doubt::OtherCertificate));
    // The NULL of the hash algorithm may be left away.
    assert!(good(&case.issuer_says(single(|answer| answer.cert_id.hash_algorithm.parameters = None))));
}

#[test]
fn an_answer_has_its_time() {
    let case = Case::new();
    let old = single(|answer| {
        answer.this_update = stamp("2026-11-01");
        answer.next_update = Some(stamp("2026-11-08"));
    });
    assert_eq!(case.issuer_says(old), Finding::Unknown(Doubt::Stale(at("2026-11-08"))));
    let future = single(|answer| answer.this_update = stamp("2026-11-22T00:06:00Z"));
    assert_eq!(case.issuer_says(future), Finding::Unknown(Doubt::Future(at("2026-11-22T00:06:00Z"))));
    let slightly = single(|answer| answer.this_update = stamp("2026-11-22T00:04:00Z"));
    assert!(good(&case.issuer_says(slightly)));
    let endless = |from: &'static str| {
        single(move |answer| {
            answer.this_update = stamp(from);
            answer.next_update = None;
        })
    };
    assert!(good(&case.issuer_says(endless("2026-11-21T12:00:00Z"))));
    assert!(matches!(case.issuer_says(endless("2026-11-20T12:00:00Z")), Finding::Unknown(Doubt::Stale(_))));
}

#[test]
fn a_delegate_needs_a_certificate_of_the_issuer_for_that() {
    let case = Case::new();
    let delegate = Party::new("Responder", 40);
    let signing = extended_key_usage(&[rfc5280::ID_KP_OCSP_SIGNING]);
    let draft = || Draft { serial: &[0x40], ..Draft::holder(delegate.clone()).with(signing.clone()) };
    let proper = case.tree.authority.issue(draft());
    assert!(good(&case.other_says(&delegate, std::slice::from_ref(&proper))));
    let unauthorised = Finding::Unknown(Doubt::Unauthorised);
    // Nothing sent along; no purpose; another purpose; from another issuer; expired; signed by another key.
    assert_eq!(case.other_says(&delegate, &[]), unauthorised);
    let plain = case.tree.authority.issue(Draft::holder(delegate.clone()));
    assert_eq!(case.other_says(&delegate, &[plain]), unauthorised);
    let mail = Draft::holder(delegate.clone()).with(extended_key_usage(&[rfc5280::ID_KP_EMAIL_PROTECTION]));
    assert_eq!(case.other_says(&delegate, &[case.tree.authority.issue(mail)]), unauthorised);
    assert_eq!(case.other_says(&delegate, &[case.tree.root.issue(draft())]), unauthorised);
    let expired = Draft { not_after: "2025-01-01", ..draft() };
    assert_eq!(case.other_says(&delegate, &[case.tree.authority.issue(expired)]), unauthorised);
    let thief = Party { key: Party::new("", 41).key, ..delegate.clone() };
    assert_eq!(case.other_says(&thief, &[proper]), Finding::Unknown(Doubt::Signature));
    // The holder may not vouch for itself.
    assert_eq!(case.other_says(&case.tree.holder, &[case.tree.holder_certificate()]), unauthorised);
}

#[test]
fn refusals_and_rubbish_are_unknown() {
    let case = Case::new();
    for (status, word) in [(1, "malformed"), (2, "internal"), (3, "later"), (5, "signed"), (6, "authorised")] {
        let found = case.read(&[0x30, 0x03, 0x0a, 0x01, status]);
        assert!(matches!(&found, Finding::Unknown(Doubt::Refused(text)) if text.contains(word)), "{found:?}");
    }
    for rubbish in [&b""[..], b"<html>", &[0x30, 0x03, 0x0a, 0x01, 0x04], &[0x30, 0x03, 0x0a, 0x01, 0x00]] {
        assert_eq!(case.read(rubbish), Finding::Unknown(Doubt::Malformed));
    }
    let critical = extension(const_oid::ObjectIdentifier::new_unwrap("1.2.3"), true, &[5, 0]);
    let found = case.issuer_says(single(|answer| answer.single_extensions = Some(vec![critical.clone()])));
    assert!(matches!(found, Finding::Unknown(Doubt::Unsupported(_))));
    let found = case.issuer_says(|data| data.response_extensions.as_mut().unwrap().push(critical.clone()));
    assert!(matches!(found, Finding::Unknown(Doubt::Unsupported(_))));
}

#[test]
fn no_mutation_of_a_revocation_makes_it_good_or_panics() {
    let case = Case::new();
    let revoked = RevokedInfo { revocation_time: stamp("2026-06-01"), revocation_reason: None };
    let mut data = data(&case.request, &case.tree.authority);
    data.responses[0].cert_status = CertStatus::revoked(revoked);
    let der = sign(&data, &case.tree.authority, &[]);
    for place in 0..der.len() {
        for byte in [0x00, 0xff, 0x80, der[place] ^ 1, der[place] ^ 0x80, der[place].wrapping_add(1)] {
            let mut other = der.clone();
            other[place] = byte;
            assert!(!good(&case.read(&other)), "byte {place}");
        }
        assert!(!good(&case.read(&der[..place])));
    }
}

/// Serves one reply on loopback and gives back what was asked.
fn serve(reply: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> (String, std::thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ocsp", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut buffer = [0; 4096];
        let body = loop {
            let count = stream.read(&mut buffer).unwrap();
            asked.extend_from_slice(&buffer[..count]);
            if let Some(head) = asked.windows(4).position(|window| window == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(&asked[..head]).to_lowercase();
                assert!(text.starts_with("post /ocsp ") && text.contains("application/ocsp-request"), "{text}");
                let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                let length: usize = length.parse().unwrap();
                if asked.len() >= head + 4 + length {
                    break asked[head + 4..].to_vec();
                }
            }
        };
        // The client hangs up early where it has seen enough.
        let _ = stream.write_all(&reply(&body));
    });
    (url, server)
}

fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn a_responder_is_asked_only_with_options_and_believed_by_the_same_rules() {
    let case = Case::new();
    let authority = case.tree.authority.clone();
    let (url, server) = serve(move |asked| {
        let structure = certval::ocsp::OcspRequest::from_der(asked).unwrap();
        let nonce = structure.nonce().unwrap().0.as_bytes().to_vec();
        assert_eq!(nonce.len(), 32);
        let chain = chain(&Tree::new(), &Tree::new().holder_certificate());
        let request = OcspRequest::new(&chain, 0, nonce).unwrap();
        assert_eq!(request.der(), asked);
        ok(&sign(&data(&request, &authority), &authority, &[]))
    });
    let asking = OcspOptions { url: Some(url), ..options() };
    let none = crate::trust::revocation::RevocationLists::empty();
    let report = crate::trust::revocation::Revocation::check(&case.chain, &none, Some(&asking), &query());
    server.join().unwrap();
    assert_eq!(report.state, crate::trust::revocation::RevocationState::Good, "{:?}", report.findings);
}

#[test]
fn the_network_is_bounded() {
    let case = Case::new();
    let ask_for = |url: String| {
        let asking = OcspOptions { url: Some(url), timeout: Duration::from_millis(300), ..options() };
        ask(&case.chain, 0, &asking, &query()).unwrap()
    };
    let fetched = |reply: Vec<u8>| {
        let (url, server) = serve(move |_| reply);
        let found = ask_for(url);
        server.join().unwrap();
        found
    };
    let fault = |fault| Finding::Unknown(Doubt::Fetch(fault));
    let moved = b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(fetched(moved.to_vec()), fault(FetchFault::Status(302)));
    assert_eq!(fetched(ok(&vec![0x30; 70_000])), fault(FetchFault::TooLarge));
    assert_eq!(fetched(ok(b"<html>")), Finding::Unknown(Doubt::Malformed));
    assert_eq!(fetched(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n".to_vec()), fault(FetchFault::Connection));
    for address in ["https://a.invalid/", "file:///etc/passwd", "ftp://a.invalid/", "http://a b/", "ldap://a", ""] {
        assert_eq!(ask_for(address.to_owned()), fault(FetchFault::Address), "{address}");
    }
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(ask_for(url), fault(FetchFault::TimedOut));
    // The certificate names nobody, and the caller neither.
    assert_eq!(ask(&case.chain, 0, &options(), &query()), Some(fault(FetchFault::NoAddress)));
    assert_eq!(ask(&case.chain, 1, &options(), &query()), None);
}
