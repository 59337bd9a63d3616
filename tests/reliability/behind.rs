//! The rows U: dependencies, builds, tools; and what was measured.

use super::Row;

/// What long runs have shown: figures that no test of CI could repeat.
pub(super) const MEASURED: &str = include_str!("measured.md");

pub(super) const ROWS: &[Row] = &[
    ("U-01", "The lock file is used everywhere", "@.ci/run"),
    ("U-02", "Licences, sources, duplicates", "@.cargo/deny.toml"),
    (
        "U-03",
        "No unsafe code but in the PKCS#11 module",
        "tests:house/purity::unsafe_stays_in_the_pkcs11_module tests:house/purity::every_crate_root_forbids_unsafe -- Miri is not run",
    ),
    (
        "U-04",
        "Few dependencies, oldest versions, feature combinations",
        "tests:house/manifests::the_core_knows_nothing_of_certificates_and_pictures @.ci/supply -- the size of the whole tree, of which only the direct dependencies of the core are bounded",
    ),
    (
        "U-05",
        "Reviews of dependencies by others",
        "- no review list is kept; .cargo/deny.toml bans what does not belong",
    ),
    (
        "U-06",
        "Parsers of pictures stay out of the core",
        "tests:house/manifests::the_core_knows_nothing_of_certificates_and_pictures",
    ),
    (
        "U-07",
        "Hashes agree with the standard",
        "crypto:algorithm/tests::digests_are_those_of_fips_180 -- the implementations for different processors are not compared: each machine tests the one that it uses",
    ),
    ("U-08", "Bill of materials", "@.ci/supply -- that two builds are equal, and signed tags"),
    ("U-09", "Fuzzing", "@.ci/fuzz -- what has not run as long is told by the figures above"),
    (
        "U-10",
        "Each trouble at each exchange of each command",
        "@.ci/mutants cli:matrix::info cli:matrix::read_without_pin cli:matrix::read_with_pin cli:matrix::cert_list cli:matrix::cert_export cli:matrix::pin_status cli:matrix::sign cli:matrix::sign_attached cli:matrix::sign_raw cli:matrix::auth_respond cli:matrix::probe cli:matrix/pins::verify cli:matrix/pins::change cli:matrix/pins::change_of_the_signature_pin cli:matrix/pins::unblock cli:matrix/pins::resume cli:matrix/sealed::read cli:matrix/sealed::pin_verify cli:matrix/sealed::without_keys_no_pin_goes_out -- the secure channel with signatures and changes of PINs, which have tests of their own",
    ),
    (
        "U-11",
        "The module shows its entry points only",
        "pkcs11:tests/entry::every_function_of_every_list_is_there_and_asks_for_a_beginning",
    ),
    (
        "U-12",
        "No network unless asked for",
        "tests:verify/revocation::nobody_is_asked_unless_the_user_says_so -- the other commands in a network of their own",
    ),
    (
        "U-13",
        "Anchors have a source; the specimen's is none",
        "crypto:trust/builtin/tests::every_anchor_is_its_real_certificate crypto:trust/builtin/tests::no_anchor_is_a_specimen",
    ),
    ("U-14", "Nothing is copied from others", "- a matter of review, not of tests"),
];
