//! OpenSSL as responder, and as maker of lists: its answers to our question, with no network between.

use super::super::*;
use crate::openssl::{OpenSsl, pem};
use crate::trust::made::Tree;
use crate::trust::revocation::RevocationList;
use crate::trust::revocation::crl::tests::chain;
use p256::pkcs8::{EncodePrivateKey, LineEnding};

/// The files of a responder and a list maker in the directory.
fn set_up(openssl: &OpenSsl, tree: &Tree, revoked: bool) {
    let key = tree.authority.key.to_pkcs8_pem(LineEnding::LF).unwrap();
    openssl.put("key.pem", key.as_bytes()).put("authority.pem", pem(tree.authority_certificate().der()));
    let status = if revoked { "R\t310320000000Z\t260601000000Z,superseded" } else { "V\t310320000000Z\t" };
    openssl.put("index.txt", format!("{status}\t11\tunknown\t/CN=0003141594 - SIG\n")).put("crlnumber", "01\n");
    let configuration = "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\n";
    openssl.put("ca.cnf", configuration);
}

fn found(revoked: bool) -> Option<(Finding, Finding)> {
    let openssl = OpenSsl::find()?;
    let tree = Tree::new();
    set_up(&openssl, &tree, revoked);
    let chain = chain(&tree, &tree.holder_certificate());
    // OpenSSL stamps with the clock of the machine.
    let now = SystemTime::now();
    let query = Query::at(now);

    let request = OcspRequest::new(&chain, 0, vec![5; 32]).unwrap();
    openssl.put("question.der", request.der());
    openssl
        .run(
            "ocsp -index index.txt -CA authority.pem -rsigner authority.pem -rkey key.pem -reqin question.der \
             -respout answer.der -nmin 5",
        )
        .unwrap();
    let answer = OcspAnswer::from_der(&openssl.get("answer.der")).unwrap();
    let by_responder = answer.look_up(&request, &chain, &OcspOptions::new(now), &query);

    openssl.run("ca -config ca.cnf -gencrl -cert authority.pem -keyfile key.pem -crldays 1 -out list.pem").unwrap();
    openssl.run("crl -in list.pem -outform DER -out list.der").unwrap();
    let list = RevocationList::from_der(&openssl.get("list.der")).unwrap();
    let (_, key) = chain.issuer_of(0).unwrap();
    let by_list = list.look_up(&chain.path[0], key, chain.path.get(1), &query);
    let mut lists = crate::trust::revocation::RevocationLists::empty();
    assert_eq!(lists.add_path(&openssl.path("list.pem")).unwrap(), 1);
    Some((by_responder, by_list))
}

#[test]
fn openssl_and_we_agree_on_a_good_certificate() {
    let Some((by_responder, by_list)) = found(false) else { return };
    assert!(matches!(by_responder, Finding::Good { .. }), "{by_responder:?}");
    assert!(matches!(by_list, Finding::Good { .. }), "{by_list:?}");
}

#[test]
fn openssl_and_we_agree_on_a_revoked_certificate() {
    let Some((by_responder, by_list)) = found(true) else { return };
    let at = crate::time::parse_rfc3339("2026-06-01").unwrap();
    let revoked = Finding::Revoked { at, reason: crate::trust::revocation::RevokedFor::Superseded };
    assert_eq!((by_responder, by_list), (revoked.clone(), revoked));
}
