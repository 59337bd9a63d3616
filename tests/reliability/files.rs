//! The rows F: files that come from elsewhere.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "F-01",
        "Traces: cut off, long lines, odd digits, other versions, without end",
        "core:transport/trace/tests::the_bounds_hold core:transport/trace/tests::broken_files_are_refused_with_their_line core:transport/trace/tests::every_byte_of_a_trace_may_be_anything tests:memory::a_hostile_file_takes_no_memory",
    ),
    (
        "F-02",
        "A trace that holds somebody's PIN",
        "core:transport/trace/tests::secrets_never_survive_reading core:transport/trace/import/tests::no_pin_of_a_log_is_in_its_trace",
    ),
    ("F-03", "A trace passed off as a card", "tests:inputs::a_recording_never_looks_like_a_card"),
    (
        "F-04",
        "PEM: no block, many blocks, headers, line ends, one endless line",
        "crypto:certificate/pem/tests::limits_hold crypto:certificate/pem/tests::broken_blocks_name_their_line crypto:cms/pem/reader::broken_blocks_are_faults crypto:certificate/pem/tests::every_byte_of_a_file_may_be_anything -- a line of 1 GB: 16 MiB of a file are read",
    ),
    (
        "F-05",
        "DER: each byte of a good certificate changed, taken away, doubled",
        "crypto:certificate/tests/mutations::damaged_ones_are_refused_or_lose_their_signature",
    ),
    (
        "F-07",
        "Name constraints, unknown critical extensions, path lengths, usages, weak algorithms, odd dates, odd serial numbers",
        "crypto:trust/tests/rules::name_constraints_bind_the_names_below crypto:trust/tests/rules::critical_extensions_must_be_understood crypto:trust/tests/rules::path_lengths_count crypto:trust/tests/rules::a_key_is_used_as_its_certificate_says crypto:trust/tests/rules::an_issuer_without_key_usage_is_held_to_the_other_rules crypto:trust/tests/rules::an_issuer_must_be_an_authority crypto:trust/tests/rules::a_version_1_certificate_is_no_issuer crypto:trust/tests/rules::odd_dates_fail_closed crypto:trust/tests/rules::odd_serial_numbers_fail_closed crypto:verify/tests::weak_hashes_need_consent tests:verify/forged::a_self_signed_certificate_is_not_therefore_an_authority",
    ),
    (
        "F-08",
        "CRL: empty reasons, other kinds, other issuers, out of date, very long",
        "crypto:trust/revocation/crl/tests::an_empty_bit_string_of_reasons_is_no_panic crypto:trust/revocation/crl/tests::lists_of_another_kind_say_nothing crypto:trust/revocation/crl/tests::only_the_issuer_speaks crypto:trust/revocation/crl/tests::an_entry_of_another_issuer_spoils_the_list crypto:trust/revocation/crl/tests::time_decides_what_a_list_is_worth crypto:trust/revocation/crl/tests::a_list_covers_what_it_says crypto:trust/revocation/crl/tests::no_mutation_of_a_list_makes_it_good_or_panics crypto:trust/revocation/lists/tests::the_newest_list_decides_whoever_brought_it crypto:trust/revocation/lists/tests::a_very_long_list_is_read_to_its_end_or_not_at_all tests:verify/revocation::a_list_that_cannot_be_read_is_told tests:verify/long_list::a_list_of_fifty_megabytes_is_looked_through_in_little_memory",
    ),
    (
        "F-09",
        "OCSP: no nonce, another certificate, a delegate without the right",
        "crypto:trust/revocation/ocsp/tests/answers::a_nonce_must_come_back crypto:trust/revocation/ocsp/tests/answers::an_answer_about_another_certificate_is_none crypto:trust/revocation/ocsp/tests/answers::an_answer_has_its_time crypto:trust/revocation/ocsp/tests/answers::a_delegate_needs_a_certificate_of_the_issuer_for_that",
    ),
    (
        "F-10",
        "CMS: signers without number, attributes missing or doubled, content confused, BER, depth, tails",
        "crypto:cms/verify/tests/rules::attributes_that_are_missing_repeated_or_wrong crypto:cms/verify/tests/rules::nobody_and_too_many crypto:cms/verify/tests/rules::the_order_of_attributes_is_that_of_der crypto:cms/verify/tests/rules::algorithms_that_do_not_go_together crypto:cms/verify/tests/rules::a_reference_to_another_certificate_is_refused crypto:cms/verify/tests/rules::countersignatures_are_checked_and_bounded crypto:cms/verify/tests/mutations::every_byte_of_a_signature_may_be_anything crypto:cms/ber/tests::nesting_is_bounded crypto:cms/verify/tests::bytes_after_the_end_are_refused tests:verify/forged::attributes_cut_out_of_a_signature_are_no_document crypto:verify/tests/hostile::what_is_too_large_to_be_looked_at_is_not_called_broken crypto:verify/tests/hostile::one_cause_is_told_once",
    ),
    (
        "F-11",
        "CMS around a document of more than 4 GiB",
        "crypto:cms/verify/tests/long::a_length_beyond_four_gigabytes_is_taken_and_a_lie_about_it_is_seen tests:memory::a_long_document_takes_no_more_memory_than_a_short_one",
    ),
    (
        "F-13",
        "Pipes, devices, folders, nothing",
        "tests:inputs::what_is_no_file_holds_nothing_up cli:content::a_device_passes_once_unless_it_is_copied cli:content::a_file_is_read_as_often_as_wanted_and_a_folder_never crypto:trust/store/tests::devices_are_not_opened crypto:trust/store/tests::what_is_no_certificate_file_is_refused -- a document of 1 TiB (192 MiB are, F-11); a sparse file of that size is, where certificates are looked for",
    ),
    ("F-14", "PDF: signatures inside", "- PDF signatures are not read: a PDF is a document like another"),
    ("F-15", "PDF: signing inside", "- PDF signatures are not written"),
    ("F-16", "Images given by the user", "- the user gives none; those of cards are C-75 to C-77"),
    (
        "F-17",
        "Pages and trust: unknown words, wrong types, links, open to all",
        "tests:page::every_fault_has_its_line crypto:trust/store/tests::kept_trust_is_for_its_owner_to_write crypto:trust/store/tests::kept_trust_is_no_link crypto:trust/store/tests::kept_trust_belongs_to_the_user crypto:trust/store/tests::what_is_no_certificate_file_is_refused core:family/loose_ends::every_byte_of_a_page_may_be_anything",
    ),
    (
        "F-19",
        "XML and JSON with entities or depth",
        "- no XML is read; the JSON of keys and tokens is flat, and its parser stops at depth 128",
    ),
    (
        "F-21",
        "Other machines: 32 bits, big-endian, overflow checks",
        "@Cargo.toml @tests/fuzz/Cargo.toml -- machines of 32 bits, big-endian ones, Miri: CI has none of them; overflow checks are on in every test and in the fuzz targets",
    ),
    (
        "F-22",
        "Public vectors",
        "crypto:key/tests/wycheproof::rsa_pkcs1 crypto:key/tests/wycheproof::rsa_pss crypto:key/tests/wycheproof::ecdsa_in_der crypto:tests/pkits::every_path_of_the_suite_gets_the_verdict_it_deserves -- x509-limbo; NIST PKITS with other policies than any to begin with",
    ),
];
