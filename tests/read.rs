//! `idcard read` on every virtual card: the values of `specimen.md` section 7, statuses, exits, what goes over the link.

mod broken_off;
mod exchanges;
mod expired;
mod faults;
mod files;
mod foreign;
pub(crate) mod pins;
mod sealed_and_foreign;
mod values;

use crate::program::{Done, idcard};

/// `read --json` of a virtual card, with a PIN or without.
fn read(card: &str, pin: Option<&str>, more: &[&str]) -> Done {
    let source = format!("sim:{card}");
    let mut arguments = vec!["--card", &source, "read", "--json", "--stats"];
    arguments.extend(more);
    match pin {
        Some(pin) => {
            arguments.extend(["--pin-fd", "0"]);
            idcard(arguments).with_stdin(&format!("{pin}\n")).run()
        }
        None => idcard(arguments).run(),
    }
}
