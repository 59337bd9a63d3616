//! `idcard page check` from the outside: the project's own pages are in order, and faults are told with their lines.

use crate::desk::Desk;
use std::path::Path;

fn built_in(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../idcard-core/cards").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn the_projects_own_pages_are_in_order() {
    let desk = Desk::new();
    for family in ["mav", "pardis", "omid", "specimen"] {
        let page = built_in(&format!("{family}.toml"));
        desk.write("page.toml", page.as_bytes());
        let found = desk.idcard(&["page", "check", "page.toml", "--json"]).document(0);
        assert_eq!(found["family"], family);
        assert_eq!(found["items"].as_array().unwrap().len(), page.matches("[[item]]").count());
        desk.idcard(&["page", "check", "page.toml", "--lang", "fa"]).text(0);
    }
}

#[test]
fn every_fault_has_its_line() {
    let desk = Desk::new();
    let page = built_in("mav.toml");
    let line = |text: &str, part: &str| text.lines().position(|line| line.contains(part)).unwrap() + 1;
    for (from, to) in [
        ("extent = \"fixed\"", "extent = \"endless\""),
        ("offset_unit = 4", "offset_unit = 5"),
        ("applet = \"manager\"", "applet = \"nobody\""),
        ("evidence = \"A\"", "evidence = \"Z\""),
        ("aid = \"A0 00 00 00 18 43 4D 00\"", "aid = \"A0 0\""),
        ("generation = \"mav1\"", "generation = mav1"),
    ] {
        let broken = page.replacen(from, to, 1);
        // A rule between keys is told where its table names itself.
        let at = if to.starts_with("offset") { line(&broken, "name = \"mpcos\"") } else { line(&broken, to) };
        desk.write("page.toml", broken.as_bytes());
        let error = desk.idcard(&["page", "check", "page.toml", "--json"]).error(16);
        assert_eq!(error["kind"], "bad_file");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("page.toml:{at}: ")), "{to}: {message}");
        // The same page is refused where it would be used.
        let used = desk.idcard(&["--page", "page.toml", "--card", "sim:mav2", "info", "--json"]).error(16);
        assert_eq!((&used["kind"], &used["message"]), (&error["kind"], &error["message"]), "one fault, one wording");
    }
}

#[test]
fn what_is_no_page_is_refused() {
    let desk = Desk::new();
    desk.write("latin1.toml", b"title = \"\xE9\"");
    desk.write("empty.toml", b"");
    for (file, kind) in
        [("absent", "file"), ("latin1.toml", "bad_file"), ("empty.toml", "bad_file"), ("/dev/zero", "file")]
    {
        let error = desk.idcard(&["page", "check", file, "--json"]).error(16);
        assert_eq!(error["kind"], kind, "{file}");
        let used = desk.idcard(&["--page", file, "--card", "sim:mav2", "info", "--json"]).error(16);
        assert_eq!((&used["kind"], &used["message"]), (&error["kind"], &error["message"]), "one fault, one wording");
    }
}
