//! PINs that nobody is asked for, since they would not be sent: the reason stands there, and no advice that leads nowhere.

use super::{READ, Terminal};
use crate::desk::Desk;

/// The specimen after so many wrong presentations to the object of the identity PIN that guards the files.
fn card_after(desk: &Desk, failed: u8) -> String {
    let pin = format!(
        "name = \"id-0200\", references = [\"00\"], folder = \"0200\", value = \"1234\", tries = 3, failed = {failed}, \
         digits = [4, 8]"
    );
    let image = format!(
        "name = \"tired\"\ntitle = \"specimen with few tries\"\nbase = \"specimen\"\n\n[[applet]]\nname = \"mpcos\"\n\
         pin = [{{ {pin} }}]\n"
    );
    desk.write("tired.toml", image.as_bytes());
    format!("sim:{}", desk.arg("tired.toml"))
}

#[test]
fn a_last_try_and_a_blocked_pin_are_told_where_the_question_would_stand() {
    let desk = Desk::new();
    for (failed, reason, advice) in [(2, "1 try left", "--last-try"), (3, "blocked", "idcard pin unblock")] {
        let card = card_after(&desk, failed);
        let seen = Terminal::run(&format!("--card {card} read --fields identity,dates")).ends_with(13);
        assert!(seen.contains(reason) && seen.contains(advice), "{failed}: {seen}");
        assert!(seen.contains("Expiry date"), "what is free is read: {seen}");
        assert!(!seen.contains("empty: without") && !seen.contains("--pin-fd"), "{failed}: {seen}");
    }
    let mut terminal = Terminal::run(&format!("--card {} read --fields identity --last-try", card_after(&desk, 2)));
    terminal.until("Identity PIN (tries left: 1; empty: without): ");
    terminal.press("1234\n");
    assert!(terminal.ends_with(0).contains("0001234560"));
}

/// Who sits at the terminal was asked: that it asks is no news.
#[test]
fn an_empty_answer_is_not_advised_to_give_one() {
    let mut terminal = Terminal::run(READ);
    terminal.until("empty: without): ");
    terminal.press("\n");
    let seen = terminal.ends_with(13);
    assert!(!seen.contains("on a terminal it is asked for"), "{seen}");
}
