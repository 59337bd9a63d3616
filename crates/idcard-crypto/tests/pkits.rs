//! The NIST suite of certification paths (PKITS), with its revocation lists: nothing invalid passes, and what is valid does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};

use idcard_crypto::Certificate;
use idcard_crypto::time::parse_rfc3339;
use idcard_crypto::trust::revocation::{Revocation, RevocationLists, RevocationState};
use idcard_crypto::trust::{ChainState, Origin, Query, Store};

/// Tests of section 4.8 whose names do not tell what comes of them under the settings that are asked for here: any
/// policy will do, and none is demanded from outside.
const BY_POLICIES: [(&str, bool); 20] = [
    ("AllCertificatesSamePolicyTest1", true),
    ("AllCertificatesNoPoliciesTest2", true),
    ("DifferentPoliciesTest3", true),
    ("DifferentPoliciesTest4", false),
    ("DifferentPoliciesTest5", false),
    ("OverlappingPoliciesTest6", true),
    ("DifferentPoliciesTest7", false),
    ("DifferentPoliciesTest8", false),
    ("DifferentPoliciesTest9", false),
    ("AllCertificatesSamePoliciesTest10", true),
    ("AllCertificatesanyPolicyTest11", true),
    ("DifferentPoliciesTest12", false),
    ("AllCertificatesSamePoliciesTest13", true),
    ("AnyPolicyTest14", true),
    ("UserNoticeQualifierTest15", true),
    ("UserNoticeQualifierTest16", true),
    ("UserNoticeQualifierTest17", true),
    ("UserNoticeQualifierTest18", true),
    ("UserNoticeQualifierTest19", true),
    ("CPSPointerQualifierTest20", true),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/pkits").join(name)
}

/// The certificates that can be read, by their names.
fn certificates() -> Vec<(String, Option<Certificate>)> {
    let file = std::fs::read_to_string(fixture("certificates.pem")).unwrap();
    let blocks = file.split_inclusive("-----END CERTIFICATE-----\n");
    blocks
        .map(|block| {
            let (name, pem) = block.split_once('\n').expect("a name above each certificate");
            let certificate = Certificate::from_pem_or_der(pem.as_bytes()).ok().and_then(|mut read| read.pop());
            (name.to_owned(), certificate)
        })
        .collect()
}

/// What is valid and left in doubt, and why. A list under another key than the one that signed the certificate proves
/// nothing here: some authorities keep a list for each key.
const DOUBTED: [(&str, &str); 6] = [
    (
        "is not signed by the issuer",
        "BasicSelfIssuedCRLSigningKeyTest6 BasicSelfIssuedNewWithOldTest4 BasicSelfIssuedOldWithNewTest1 \
         DNnameConstraintsTest19 SelfIssuedinhibitAnyPolicyTest9 SelfIssuedpathLenConstraintTest15 \
         SelfIssuedpathLenConstraintTest17 SelfIssuedrequireExplicitPolicyTest6 SeparateCertificateandCRLKeysTest19",
    ),
    ("(an indirect list) is not supported", "IDPwithindirectCRLTest22"),
    (
        "no revocation list of its issuer",
        "IDPwithindirectCRLTest24 IDPwithindirectCRLTest25 cRLIssuerTest30 cRLIssuerTest33",
    ),
    // A place that is named relative to its issuer, or by another issuer.
    (
        "does not cover this certificate",
        "cRLIssuerTest28 cRLIssuerTest29 distributionPointTest4 distributionPointTest5 distributionPointTest7",
    ),
    ("some reasons only is not supported", "onlySomeReasonsTest18 onlySomeReasonsTest19"),
    ("1.2.840.10040.4.1 is not supported", "DSASignaturesTest4 DSAParameterInheritanceTest5"),
];

/// Called revoked: the list of changes that lifts the suspension is not looked at.
const SUSPENDED: &str = "ValiddeltaCRLTest5EE";

/// From before 1970, which the date of a certificate cannot be here.
const UNREADABLE: &str = "Validpre2000UTCnotBeforeDateTest3EE";

fn is_target(name: &str) -> bool {
    name.contains("Test") && name.contains("EE")
}

/// Whether the suite wants it to be valid.
fn is_valid(name: &str) -> bool {
    let listed = BY_POLICIES.iter().find(|(start, _)| name.strip_suffix("EE") == Some(start)).map(|(_, valid)| *valid);
    listed.unwrap_or_else(|| {
        let valid = name.starts_with("Valid") || name == "inhibitAnyPolicyTest3EE";
        assert!(valid || name.starts_with("Invalid"), "{name} is not known");
        valid
    })
}

#[test]
fn every_path_of_the_suite_gets_the_verdict_it_deserves() {
    let all = certificates();
    let root = all.iter().find(|(name, _)| name == "TrustAnchorRootCertificate").and_then(|(_, root)| root.clone());
    let mut store = Store::empty();
    store.add_anchor(root.expect("the anchor"), Origin::Caller).unwrap();
    let mut lists = RevocationLists::empty();
    assert_eq!(lists.add_path(&fixture("lists.pem")).unwrap(), 173);
    let others: Vec<_> =
        all.iter().filter(|(name, _)| !is_target(name)).filter_map(|(_, certificate)| certificate.clone()).collect();
    let query = Query::at(parse_rfc3339("2026-12-01").unwrap());

    let (mut valid, mut doubted, mut refused) = (0, 0, 0);
    for (name, certificate) in all.iter().filter(|(name, _)| is_target(name)) {
        let Some(certificate) = certificate else {
            assert_eq!(name, UNREADABLE);
            continue;
        };
        let chain = store.chain(certificate, &others, &query);
        let revocation = Revocation::check(&chain, &lists, None, &query);
        let reasons: Vec<_> = chain.reasons.iter().map(ToString::to_string).chain(revocation.reasons(&chain)).collect();
        let passes = chain.state == ChainState::Trusted && revocation.state == RevocationState::Good;
        let doubt = DOUBTED.iter().find(|(_, names)| names.split(' ').any(|test| *name == format!("Valid{test}EE")));
        match (is_valid(name), doubt) {
            (true, _) if name == SUSPENDED => assert_eq!(revocation.state, RevocationState::Revoked),
            (true, None) => {
                assert!(passes, "{name}: {reasons:?}");
                valid += 1;
            }
            (true, Some((why, _))) => {
                assert!(!passes && reasons.iter().any(|reason| reason.contains(why)), "{name}: {reasons:?}");
                doubted += 1;
            }
            (false, _) => {
                assert!(!passes && !reasons.is_empty(), "{name} passes");
                refused += 1;
            }
        }
        if name.contains("Revoked") {
            assert_eq!(revocation.state, RevocationState::Revoked, "{name}");
        }
    }
    // With the two that are named above, all 223 of the suite.
    assert_eq!((valid, doubted, refused), (77, 23, 121));
}
