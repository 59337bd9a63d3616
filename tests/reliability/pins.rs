//! The rows P: what may happen to PINs.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "P-01",
        "Looking costs a try",
        "tests:card::info_spends_no_try tests:probe::no_try_is_spent tests:read/pins::no_presentation_where_none_is_due tests:doctor::nothing_is_presented_and_nothing_written cli:matrix::cert_list cli:matrix::cert_export cli:matrix::pin_status",
    ),
    (
        "P-02",
        "One wrong entry is spent on several counters",
        "tests:pins/operations::the_identity_pin_is_presented_to_its_three_objects_in_their_order tests:pins/operations::a_wrong_pin_stops_at_the_first_object tests:read/pins::one_presentation_opens_everything cli:matrix::auth_respond",
    ),
    (
        "P-03",
        "A PIN reaches another applet, selected by another program",
        "tests:pins/one_turn::the_question_and_the_pin_belong_to_one_turn cli:matrix/everywhere::a_bystander_gets_no_pin_and_changes_nothing tests:resets::a_reset_before_the_pin_goes_out_is_no_reason_to_ask_again tests:pcsc/company::another_program_selects_other_applets_again_and_again",
    ),
    (
        "P-04",
        "A PIN reaches a card of others",
        "tests:probe/faults::a_foreign_card_is_left_at_once tests:read/sealed_and_foreign::a_foreign_card_is_told_from_ours_in_four_exchanges",
    ),
    (
        "P-05",
        "Another card lies there when the PIN was typed",
        "tests:sign/faults::another_card_in_the_reader_gets_no_pin tests:pad/session::another_card_gets_nothing_from_a_pad",
    ),
    (
        "P-06",
        "A PIN is sent again after the link failed",
        "cli:matrix::sign cli:matrix/pins::verify tests:read/pins::a_fault_at_the_presentation_is_told_with_the_counter tests:sign/faults::trouble_after_the_pin_never_sends_it_again",
    ),
    (
        "P-07",
        "A wrong PIN is used once more",
        "tests:prompt::a_wrong_pin_is_not_asked_for_again tests:sign/wire::a_wrong_pin_stops_at_once",
    ),
    (
        "P-08",
        "One try is left",
        "tests:read/pins::the_last_try_is_the_users_to_give tests:sign/wire::a_blocked_pin_and_a_last_try_are_not_sent",
    ),
    (
        "P-09",
        "The counter is not known",
        "tests:read/pins::the_last_try_is_the_users_to_give tests:read/pins::a_refused_counter_is_an_unknown_one",
    ),
    (
        "P-10",
        "Too short, too long, no digits, line ends, digits of other scripts",
        "tests:read/pins::a_pin_that_breaks_the_rules_never_leaves_the_program tests:read/pins::digits_of_every_script_and_every_line_end_are_the_same_pin",
    ),
    (
        "P-11",
        "An empty PIN would be a question for the state",
        "tests:read/pins::a_pin_that_breaks_the_rules_never_leaves_the_program tests:prompt::an_empty_answer_reads_without",
    ),
    (
        "P-12",
        "Padding differs between applets",
        "tests:pins/operations::every_field_is_written_as_its_applet_wants_it core:pin/field::digits_are_packed_and_padded_as_the_card_wants_them",
    ),
    (
        "P-13",
        "PIN, PUK and the two kinds of PIN are taken for one another",
        "tests:pins/prompts::a_pin_is_verified_and_a_weak_one_warned_of tests:pins/prompts::entries_that_differ_send_nothing tests:pins/operations::a_wrong_puk_is_sent_once_and_its_last_try_is_not_risked",
    ),
    ("P-14", "The new PIN is mistyped", "tests:pins/prompts::entries_that_differ_send_nothing"),
    (
        "P-15",
        "Unblocking costs tries of the PUK",
        "tests:pins/prompts::entries_that_differ_send_nothing tests:pins/operations::a_wrong_puk_is_sent_once_and_its_last_try_is_not_risked",
    ),
    (
        "P-16",
        "A PIN in an argument or a variable",
        "tests:pins/secrets::no_argument_takes_a_secret_and_no_core_is_left tests:read/pins::a_pin_file_is_for_its_owner_alone",
    ),
    (
        "P-17",
        "A PIN in a log, a trace, a message",
        "tests:pins/secrets::nothing_that_the_program_leaves_behind_holds_a_secret tests:streams::a_pin_is_in_no_stream_and_no_file cli:matrix::sign_raw",
    ),
    (
        "P-19",
        "The service's own log gives PINs away",
        "tests:pcsc/doctoring::a_service_that_logs_commands_gives_pins_away tests:doctor::a_library_that_listens_in_is_noticed",
    ),
    (
        "P-20",
        "A core dump while a PIN lives",
        "tests:wiping::a_crash_while_a_secret_lives_leaves_no_core tests:prompt::while_a_pin_lives_there_are_no_core_dumps",
    ),
    (
        "P-21",
        "Copies in memory and on disk",
        "tests:pcsc/wiping::nothing_of_a_secret_is_left_whatever_was_done_with_it tests:wiping::nothing_of_a_pin_is_left_when_the_result_is_written tests:pins/secrets::nothing_that_the_program_leaves_behind_holds_a_secret",
    ),
    (
        "P-22",
        "The terminal's echo stays off",
        "tests:prompt::the_terminal_is_as_before_after_every_signal_that_ends_a_run tests:prompt::the_terminal_is_as_before_after_ctrl_c tests:prompt::a_run_that_is_stopped_gives_the_echo_back_meanwhile",
    ),
    ("P-23", "Document and PIN both come from stdin", "tests:sign/files::document_and_pin_do_not_share_stdin"),
    ("P-24", "Nobody can be asked", "tests:sign/wire::without_a_pin_and_a_terminal_nothing_is_asked"),
    ("P-25", "PINs kept between runs", "- nothing is kept: there is no agent and no cache"),
    (
        "P-26",
        "PKCS#11: logins, forks, several sessions, the end",
        "pkcs11:tests/logins::a_login_ends_with_logout_with_the_last_session_and_with_the_module pkcs11:tests/entry/forks::the_child_begins_anew_and_the_parent_stays_logged_in pkcs11:tests/logins::the_signature_pin_does_not_stay_presented_for_others pkcs11:tests/logins::a_session_of_several_may_be_closed_without_a_logout pkcs11:tests/signatures::each_signature_of_the_signing_key_costs_a_pin pkcs11:tests/objects::a_private_key_is_told_as_what_it_is -- that no copy of a PIN is left in the memory of the program that has loaded the module",
    ),
    (
        "P-27",
        "A PIN stays presented when the run is over",
        "cli:matrix::read_with_pin tests:pcsc/signing::the_card_is_left_locked_and_counts_what_was_wrong",
    ),
    (
        "P-28",
        "More is signed than was shown",
        "tests:sign/files::the_list_is_shown_before_the_pin_goes_out tests:sign/wire::one_presentation_for_each_signature",
    ),
    (
        "P-29",
        "Time or log depend on the digits",
        "core:pin/weakness::a_pin_equals_itself_alone core:pin::anything_else_is_refused_and_not_repeated tests:pins/command::nothing_depends_on_the_digits -- times are not measured",
    ),
    (
        "P-31",
        "The holder leaves or cancels at the pin pad",
        "tests:pad/program::the_holders_answers_have_their_exits tests:pad/session::what_does_not_come_from_the_holder_costs_no_try tests:read/pins::an_answer_that_says_nothing_of_the_pin_is_told_with_the_counter",
    ),
    (
        "P-32",
        "The card's words and its counter contradict one another",
        "tests:pins/operations::a_refusal_that_the_counter_contradicts_is_told_with_it tests:read/faults::every_fault_of_the_catalogue_ends_in_order tests:sign/faults::every_fault_of_the_catalogue_ends_in_order -- that `9000` to a wrong PIN is found out: what it would have opened stays shut; `pin verify` and `pin change` tell what the status word says, and do not ask again",
    ),
];
