//! The guides for holders: both tell the same commands, each command is one of the program, the Persian is written right.

use crate::desk::Desk;
use crate::program::idcard;
use std::path::Path;

fn guide(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name)).unwrap()
}

/// The commands in the blocks of code, without the language and the comments.
fn commands(guide: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in guide.lines().map(str::trim) {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside {
            let command = line.split('#').next().unwrap_or_default().replace(" --lang fa", "");
            found.push(command.trim().to_owned());
        }
    }
    found
}

#[test]
fn both_guides_tell_the_same_commands() {
    let english = commands(&guide("guide.md"));
    assert!(english.len() > 10, "{english:?}");
    assert_eq!(english, commands(&guide("guide.fa.md")));
}

#[test]
fn every_command_of_the_guides_is_one_of_the_program() {
    for command in commands(&guide("guide.md")) {
        let words: Vec<_> = command.split(' ').collect();
        assert_eq!(words[0], "idcard", "{command}");
        // Help in the place of doing it: a word or an option that does not exist is status 2 all the same.
        let asked = words[1..].iter().copied().chain(["--help"]);
        let done = idcard(asked).run();
        assert_eq!(done.status, 0, "{command}: {}", done.stderr);
    }
}

/// In the order in which they stand, in one folder, with the specimen; secrets come from files, since no terminal is here.
#[test]
fn the_commands_of_the_guide_and_of_the_readme_do_what_they_say() {
    let readme = include_str!("../README.md");
    let of_readme = commands(readme).into_iter().filter(|line| line.starts_with("idcard ")).collect();
    for list in [commands(&guide("guide.md")), of_readme] {
        let desk = Desk::new();
        desk.write("contract.pdf", b"a contract");
        desk.write("pcscd.log", include_bytes!("../fixtures/logs/pcscd-visit.log"));
        desk.secret("unblocking", "87654321\n80516");
        desk.secret("changing", "123456\n731946");
        for command in list {
            let more: &[&str] = match command.split(' ').collect::<Vec<_>>()[1..] {
                ["read", ..] | ["--card", _, "read"] => &["--pin-file", "id-pin"],
                ["sign", ..] => &["--pin-file", "pin"],
                ["pin", "unblock", ..] => &["--pin-file", "unblocking"],
                ["pin", "change", ..] => &["--pin-file", "changing"],
                ["probe", "--share", ..] => &["--yes"],
                _ => &[],
            };
            // The specimen's root is no built-in one.
            let status = if command == "idcard verify contract.pdf" { 15 } else { 0 };
            let words: Vec<_> = command.split(' ').skip(1).chain(more.iter().copied()).collect();
            let done = desk.prepare(&words).with_env("IDCARD_CARD", "sim:specimen").run();
            assert_eq!(done.status, status, "{command}: {}", done.stderr);
        }
        for file in ["me.der", "contract.pdf.p7s"] {
            assert!(desk.path(file).exists(), "{file}");
        }
    }
}

#[test]
fn the_persian_guide_is_written_in_persian_letters() {
    let guide = guide("guide.fa.md");
    let foreign = |letter: char| {
        // Arabic Yeh and Kaf, Arabic digits, presentation forms, and direction marks, which nobody sees in a diff.
        matches!(letter, 'ي' | 'ى' | 'ك' | 'ة' | '\u{660}'..='\u{669}' | '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
            || matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    for (number, line) in guide.lines().enumerate() {
        assert_eq!(line.chars().find(|letter| foreign(*letter)), None, "line {}: {line}", number + 1);
        // These prefixes are joined to their verbs by a non-joiner.
        let parted = ["می ", "نمی "].iter().any(|prefix| line.split_inclusive(' ').any(|word| word == *prefix));
        assert!(!parted, "line {}: {line}", number + 1);
    }
    for tag in ["div", "span"] {
        let count = |text: String| guide.matches(&text).count();
        assert_eq!(count(format!("<{tag} dir=\"")), count(format!("</{tag}>")), "{tag}");
    }
    // What has to be read from left to right is set apart.
    assert!(guide.contains("<span dir=\"ltr\">`*4*6090#`</span>"));
}

/// The anchor that a heading has where Markdown is shown.
fn anchor(heading: &str) -> String {
    // Whether a non-joiner is kept depends on who shows it: a heading that is linked has none.
    let kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
    heading.chars().filter(kept).collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn every_link_of_the_guides_leads_somewhere() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for name in ["guide.md", "guide.fa.md"] {
        let guide = guide(name);
        let headings: Vec<_> = guide.lines().filter_map(|line| Some(anchor(line.strip_prefix("## ")?))).collect();
        let links = guide.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links {
            match link.strip_prefix('#') {
                Some(place) => assert!(headings.iter().any(|heading| heading == place), "{name}: {link}"),
                None => assert!(docs.join(link).exists(), "{name}: {link}"),
            }
        }
    }
}
