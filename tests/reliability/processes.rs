//! The rows S: other programs, the service, the reader, the system.

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "S-01",
        "Others reset the card before a transaction",
        "tests:pcsc/company::another_program_resets_the_card_again_and_again tests:resets::a_reset_before_the_pin_goes_out_is_no_reason_to_ask_again",
    ),
    (
        "S-02",
        "... in the middle of a file",
        "cli:matrix::read_without_pin tests:resets::a_service_is_restarted_once_and_the_card_must_be_the_same tests:resets::reading_goes_on_without_the_pin_that_was_forgotten",
    ),
    (
        "S-03",
        "... between the PIN and the signature",
        "tests:resets::a_key_whose_pin_was_forgotten_signs_nothing tests:prompt::a_pin_that_the_card_forgot_is_asked_for_again",
    ),
    ("S-04", "... again and again", "tests:resets::a_storm_of_resets_ends core:channel/tests::three_resets_are_borne"),
    (
        "S-05",
        "Another program has the card for itself",
        "cli:matrix::info core:transport/scard/tests::waiting_in_vain_means_busy_before_a_command_and_no_answer_after tests:pcsc/doctoring::the_program_that_holds_the_card_is_named -- a program at a real service that has opened the card for itself alone: the holders there keep transactions",
    ),
    (
        "S-06",
        "Another program keeps its transaction: the call blocks inside the service",
        "tests:pcsc/company::a_card_that_another_program_keeps_is_waited_for_as_long_as_asked tests:read/faults::a_card_that_others_keep_for_a_minute_is_waited_for_as_long_as_asked core:transport/pcsc/tests::a_call_that_does_not_return_is_given_up_in_time",
    ),
    (
        "S-07",
        "We keep the card too long",
        "core:place/tests::others_have_their_turn_within_a_second tests:pcsc/company::eight_processes_share_a_reader",
    ),
    (
        "S-08",
        "Another program selects its own applet between our transactions",
        "tests:pcsc/company::another_program_selects_other_applets_again_and_again cli:matrix/everywhere::a_bystander_gets_no_pin_and_changes_nothing",
    ),
    (
        "S-09",
        "The card is taken out at any exchange",
        "cli:matrix::read_with_pin cli:matrix::cert_export pkcs11:tests/events::a_thousand_cards_leave_nothing_behind",
    ),
    (
        "S-11",
        "The card is taken out while it signs",
        "cli:matrix::sign tests:sign/faults::trouble_after_the_pin_never_sends_it_again",
    ),
    (
        "S-12",
        "The reader goes in the middle of an exchange: each code of PC/SC",
        "cli:matrix/trouble::no_link_failure_is_without_a_column core:transport/scard/tests::a_reader_unplugged_in_an_exchange_is_a_lost_link_by_its_name",
    ),
    (
        "S-13",
        "The reader comes back under another name",
        "core:transport/pcsc/tests::the_only_card_is_chosen_or_the_named_reader pkcs11:tests/events::a_reader_keeps_its_slots",
    ),
    (
        "S-14",
        "No service, no socket, no rights, another version",
        "tests:doctor::a_service_that_is_not_there tests:doctor::a_socket_without_rights tests:doctor::a_service_that_turns_clients_away tests:doctor::a_service_of_another_version tests:pcsc/company::no_service_no_reader_and_no_card_are_told_apart",
    ),
    (
        "S-15",
        "The service is killed and comes back",
        "tests:pcsc/company::a_service_that_is_killed_under_a_program_ends_its_run tests:pcsc/company::a_service_that_comes_back_is_found_again tests:pcsc/watching::a_watch_outlives_its_service tests:resets::a_service_is_restarted_once_and_the_card_must_be_the_same",
    ),
    (
        "S-16",
        "Windows stops the service when the last reader goes",
        "cli:matrix::info tests:pcsc/watching::a_watch_outlives_its_service -- on Windows: its code is one of the failures that the matrix plays",
    ),
    (
        "S-17",
        "The machine sleeps and wakes",
        "- from where the program is, a sleep is a reset of the card (S-01, S-02) or a reader that goes (S-12)",
    ),
    (
        "S-18",
        "A card that does not answer to reset",
        "tests:pcsc/doctoring::a_card_that_does_not_come_up_is_mute tests:pcsc/doctoring::a_card_that_does_not_come_up_is_powered_off_and_on_once cli:matrix::info",
    ),
    (
        "S-19",
        "Only T=0, only T=1",
        "tests:pcsc/cards::every_image_gives_the_same_through_a_reader_as_in_the_process core:transport/scard/tests::the_service_the_reader_and_the_card_are_told_apart",
    ),
    (
        "S-20",
        "No reader, many readers, names alike",
        "core:transport/pcsc/tests::the_only_card_is_chosen_or_the_named_reader tests:pcsc/cards::readers_are_listed_with_what_is_in_them tests:pcsc/cards::among_four_readers_the_only_card_is_found_and_others_are_named -- more than four readers at a real service",
    ),
    ("S-22", "Two cards of ours at once", "tests:pcsc/cards::two_cards_at_once_are_not_guessed_between"),
    (
        "S-23",
        "Several of our processes at once: 200 rounds of reading and signing by two, 32 by eight",
        "tests:pcsc/company::two_processes_share_a_reader tests:pcsc/company::eight_processes_share_a_reader",
    ),
    (
        "S-24",
        "A process is killed inside its transaction",
        "tests:pcsc/company::a_program_that_is_killed_leaves_the_card_to_the_next",
    ),
    (
        "S-25",
        "SIGINT, SIGTERM, SIGHUP, a closed stdout",
        "tests:pcsc/signals::waiting_for_a_card_ends_with_the_signal tests:pcsc/signals::a_card_that_does_not_answer_is_let_go tests:streams::nobody_reads_stdout_any_more tests:inputs::a_run_that_is_broken_off_takes_its_parts_away",
    ),
    (
        "S-26",
        "Forks and threads with one handle",
        "pkcs11:tests/entry/forks::the_child_begins_anew_and_the_parent_stays_logged_in pkcs11:tests/entry/threads::sessions_of_several_threads_do_not_mix",
    ),
    (
        "S-27",
        "Events in a storm, events that are missing",
        "tests:pcsc/watching::readers_and_cards_are_told_as_they_come_and_go pkcs11:tests/events::a_thousand_cards_leave_nothing_behind",
    ),
    (
        "S-29",
        "A full disk, links, devices, file names from a card",
        "tests:streams::a_full_disk_is_an_error cli:output/files::links_folders_and_devices_are_not_replaced cli:output/files::personal_data_are_for_their_owner tests:inputs::places_that_cannot_be_written_are_told_before_the_pin",
    ),
    ("S-30", "A cache file that lies", "- nothing that a card says is kept in a file between runs"),
    (
        "S-31",
        "A virtual reader that waits for acknowledgements adds 40 ms an exchange",
        "sim:reader/tests::the_clock_of_a_usual_reader",
    ),
];
