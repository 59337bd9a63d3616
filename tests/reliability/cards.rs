//! Tests of single faults of cards, beside those that play all of them.

/// The certificates and keys of a card are where its page says.
const NO_DIRECTORY: &str = "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes -- a card whose page is not known: no command follows the PKCS#15 directory; certificates and keys are where the page of the card says";

/// The number of the faults, and the tests.
pub(super) const MORE: &[(&str, &str)] = &[
    ("C-01", "core:channel/tests::answers_without_a_status_word_are_garbled"),
    ("C-02", "core:channel/tests::answers_without_a_status_word_are_garbled"),
    ("C-03", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-04", "core:channel/tests::more_than_asked_for_is_refused_and_data_unasked_is_left_aside"),
    ("C-05", "core:channel/tests::the_longest_answer_is_taken_and_a_longer_one_is_a_failure_of_the_link"),
    ("C-06", "core:place/tests::answers_that_stop_short_are_gone_on_from"),
    ("C-07", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    (
        "C-08",
        "core:channel/tests::endless_chains_end core:channel/tests::chains_are_followed_up_to_their_bounds_and_no_further",
    ),
    ("C-09", "core:channel/tests::endless_chains_end"),
    ("C-11", "core:channel/tests::pieces_are_joined_and_the_last_one_may_be_short"),
    ("C-12", "core:channel/tests::another_length_is_tried_once"),
    ("C-13", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    (
        "C-14",
        "core:channel/tests::a_pin_is_sent_once_whatever_the_card_says core:channel/tests::a_signature_is_computed_once_whatever_the_card_says",
    ),
    ("C-15", "core:channel/tests::a_pin_is_sent_once_whatever_the_card_says"),
    (
        "C-16",
        "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes tests:read/broken_off::data_that_come_with_a_warning_are_not_taken_for_whole",
    ),
    (
        "C-17",
        "core:apdu/status::only_iso_classes_are_lawful cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes",
    ),
    ("C-18", "tests:read/sealed_and_foreign::a_foreign_card_is_told_from_ours_in_four_exchanges"),
    ("C-19", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    (
        "C-21",
        "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes tests:read/broken_off::a_file_that_breaks_off_costs_its_own_sections",
    ),
    (
        "C-22",
        "tests:pcsc/signals::a_card_that_does_not_answer_is_waited_for_as_long_as_asked tests:pcsc/signals::a_card_that_does_not_answer_is_let_go",
    ),
    ("C-23", "core:place/tests::a_refusal_of_extended_length_is_remembered"),
    ("C-24", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-25", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-27", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-28", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    (
        "C-29",
        "core:place/select/tests::control_information_of_others_is_a_contradiction cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes",
    ),
    ("C-30", "core:channel/tests::more_than_asked_for_is_refused_and_data_unasked_is_left_aside"),
    ("C-31", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-32", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-33", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    (
        "C-34",
        "core:place/tests::lengths_beyond_the_bound_are_refused_at_once cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes",
    ),
    ("C-35", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-37", "core:place/tests::a_card_that_counts_bytes_is_found_out_and_read_right"),
    ("C-39", "core:place/tests::what_is_cut_short_or_empty_is_never_shown_as_whole"),
    ("C-40", "core:place/tests::every_length_takes_the_fewest_reads"),
    ("C-41", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-42", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-43", "tests:sign/wire::seven_exchanges_make_a_signature_and_two_tell_the_card"),
    ("C-44", NO_DIRECTORY),
    ("C-45", NO_DIRECTORY),
    ("C-46", NO_DIRECTORY),
    (
        "C-47",
        "tests:read/sealed_and_foreign::a_foreign_card_is_told_from_ours_in_four_exchanges tests:read/foreign::a_card_that_has_no_applet_of_ours_is_left_alone_after_four_exchanges",
    ),
    ("C-48", "tests:read/sealed_and_foreign::a_card_with_another_answer_to_reset_is_known_by_its_applets"),
    ("C-49", "core:atr/tests::hostile_answers_are_refused_without_panic"),
    (
        "C-50",
        "core:data/serial::blank_numbers_are_absent_and_wrong_lengths_are_errors cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes",
    ),
    (
        "C-52",
        "tests:sign/faults::another_card_in_the_reader_gets_no_pin -- `read` asks for the number once in a transaction, and presents a PIN that was given without asking again",
    ),
    ("C-53", "core:apdu/tlv::hostile_lengths_are_refused_without_allocation"),
    ("C-54", "core:apdu/tlv::hostile_lengths_are_refused_without_allocation"),
    ("C-55", "core:apdu/tlv::nesting_is_bounded crypto:cms/ber/tests::nesting_is_bounded"),
    ("C-56", "core:apdu/tlv::tags_and_lengths_of_every_form_are_read"),
    (
        "C-58",
        "core:data/identity/tests::a_missing_or_empty_field_is_absent core:data/identity/tests::a_field_given_twice_names_its_tag_and_offset",
    ),
    ("C-59", "core:data/identity/tests::other_order_unknown_tags_and_padding_do_not_matter"),
    (
        "C-60",
        "core:data/identity/tests::other_order_unknown_tags_and_padding_do_not_matter core:place/tests::padding_before_an_object_is_passed_over tests:read/broken_off::padding_before_the_identity_does_not_hide_it",
    ),
    (
        "C-61",
        "tests:read/faults::text_of_a_card_never_steers_the_terminal core:data/text/tests::utf16_that_would_lose_something_is_an_error_with_its_offset",
    ),
    ("C-62", "core:data/text/tests::raw_text_is_kept_beside_its_normal_form"),
    (
        "C-63",
        "tests:read/faults::one_bad_field_leaves_the_others_alone core:data/date/tests::dates_that_do_not_exist_are_refused_for_the_right_reason",
    ),
    ("C-64", "core:data/identity/tests::a_wrong_national_number_is_shown_and_flagged"),
    ("C-65", "core:data/postal::a_code_that_is_none_is_shown_and_flagged"),
    ("C-66", "crypto:certificate/tests::the_tail_of_a_card_file_is_cut_at_the_der_length"),
    ("C-67", "crypto:certificate/tests::what_is_shorter_than_its_header_says_so"),
    ("C-68", "cli:matrix/everywhere::the_rows_of_the_catalogue_have_their_outcomes"),
    ("C-70", "tests:sign/wire::a_signature_that_is_not_genuine_is_withheld"),
    (
        "C-71",
        "crypto:signer/tests::answers_that_do_not_verify_are_withheld crypto:signer/tests::a_lost_leading_zero_of_rsa_is_put_back",
    ),
    ("C-72", "tests:sign/wire::a_signature_that_is_not_genuine_is_withheld"),
    (
        "C-73",
        "crypto:sod/tests::a_changed_missing_or_uncovered_file_is_not_authentic crypto:sod/tests::a_changed_object_and_weak_or_unknown_hashes_are_not_authentic",
    ),
    (
        "C-74",
        "crypto:sod/tests::files_as_signed_are_authentic_below_an_anchor_only crypto:sod/tests::a_signer_who_is_his_own_issuer_is_untrusted crypto:sod/tests::a_holder_cannot_sign_his_own_files",
    ),
    ("C-75", "core:data/photo/tests::bombs_are_recognised_and_not_decoded"),
    (
        "C-76",
        "core:data/photo/tests::bombs_are_recognised_and_not_decoded cli:commands/read/photo/tests::damaged_images_are_an_error_and_no_more",
    ),
    ("C-77", "core:data/photo/tests::other_kinds_of_files_are_refused"),
    ("C-79", "core:data/fingerprints/tests::doubled_tags_crowds_and_other_templates_are_errors"),
    (
        "C-80",
        "tests:sealed::a_card_that_does_not_prove_itself_is_refused -- a challenge of zeros, which the card has to answer for: its proof is checked",
    ),
    ("C-82", "tests:read/pins::a_refused_counter_is_an_unknown_one"),
    ("C-83", "tests:sign/wire::one_presentation_for_each_signature"),
];
