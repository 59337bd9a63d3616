//! The files that `read` writes: photo, raw files, trace; whole or not at all, and for their owner alone.

use super::read;
use crate::program::idcard;
use idcard_sim::Image;
use std::path::Path;

fn photo_in(image: &Image) -> Vec<u8> {
    // The image is the end of the facial record; the record's own length is in bytes 8 to 11.
    let content = &image.file("mpcos", "3F00/0200/0203").unwrap().content;
    let record = content.windows(4).position(|window| window == b"FAC\0").unwrap();
    let length = u32::from_be_bytes(content[record + 8..record + 12].try_into().unwrap());
    let record = &content[record..record + usize::try_from(length).unwrap()];
    let magics: [&[u8]; 2] = [&[0xFF, 0xD8, 0xFF], b"\0\0\0\x0CjP"];
    let start = magics.iter().find_map(|magic| record.windows(magic.len()).position(|window| window == *magic));
    record[start.unwrap()..].to_vec()
}

#[cfg(unix)]
#[track_caller]
fn is_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
}

#[cfg(not(unix))]
fn is_private(_: &Path) {}

#[test]
fn the_photo_is_written_as_the_name_asks() {
    for (card, width) in [("specimen", 240), ("specimen-2", 240)] {
        let stored = photo_in(&Image::builtin(card).unwrap());
        let folder = tempfile::tempdir().unwrap();
        for (name, kind) in [("p.png", "png"), ("p.jpg", "jpeg"), ("p.jp2", "stored"), ("p", "stored")] {
            let path = folder.path().join(name);
            let document = read(card, Some("1234"), &["--photo", path.to_str().unwrap()]).document(0);
            let written = std::fs::read(&path).unwrap();
            is_private(&path);
            match kind {
                "stored" => assert_eq!(written, stored, "{card} {name}"),
                "png" => assert!(written.starts_with(b"\x89PNG\r\n\x1A\n")),
                _ => assert!(written.starts_with(&[0xFF, 0xD8, 0xFF])),
            }
            if kind != "stored" {
                assert_eq!(image::load_from_memory(&written).unwrap().width(), width);
            }
            assert_eq!(document["photo"]["bytes"], stored.len(), "of the image as stored, whatever is written");
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing else is left behind");
    }
}

#[test]
fn a_photo_does_not_go_to_stdout_nor_into_a_file_of_that_name() {
    let folder = tempfile::tempdir().unwrap();
    let done = idcard(["--json", "--card", "sim:specimen", "read", "--photo", "-"]).in_folder(folder.path()).run();
    assert_eq!(done.error(2)["kind"], "usage");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn no_photo_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.png");
    let document = read("specimen", None, &["--fields", "dates", "--photo", path.to_str().unwrap()]).document(13);
    assert_eq!(document["photo"]["status"], "pin_required", "--photo asks for the photo");
    assert!(!path.exists());
    let nowhere = folder.path().join("no/such/p.png");
    let arguments = ["--card", "sim:specimen", "read", "--json", "--pin-fd", "0", "--photo", nowhere.to_str().unwrap()];
    assert_eq!(idcard(arguments).with_stdin("1234\n").run().error(16)["kind"], "file");
}

#[test]
fn raw_files_are_those_of_the_card() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("raw");
    read("specimen", Some("1234"), &["--raw", target.to_str().unwrap()]).document(0);
    let image = Image::builtin("specimen").unwrap();
    for (name, applet, path) in [
        ("identity.bin", "mpcos", "3F00/0200/0201"),
        ("personal_info2.bin", "mpcos", "3F00/0200/0202"),
        ("photo.bin", "mpcos", "3F00/0200/0203"),
        ("fingerprints.bin", "mpcos", "3F00/0200/0204"),
        ("security_object.bin", "mpcos", "3F00/0200/0205"),
        ("dates.bin", "mpcos", "3F00/0300/0303"),
        ("certificate_sign.der", "classic", "3F00/5100/5040"),
        ("certificate_auth.der", "classic", "3F00/5000/0303"),
        ("certificate_ca.der", "classic", "3F00/5000/5040"),
    ] {
        let written = std::fs::read(target.join(name)).unwrap_or_else(|_| panic!("{name}"));
        is_private(&target.join(name));
        let content = &image.file(applet, path).unwrap().content;
        assert!(content.starts_with(&written) && written.len() > 8, "{name}");
        assert!(content[written.len()..].iter().all(|byte| *byte == 0), "{name}: only padding is cut");
    }
    // What is left of an earlier reading may be another holder's: it is named, and stays.
    std::fs::write(target.join("notes.txt"), "mine").unwrap();
    let again = read("specimen", None, &["--fields", "dates", "--raw", target.to_str().unwrap()]);
    again.document(0);
    for (name, told) in [("identity.bin", true), ("photo.bin", true), ("dates.bin", false), ("notes.txt", false)] {
        assert!(target.join(name).exists(), "{name}");
        assert_eq!(again.stderr.contains(name), told, "{name}: {}", again.stderr);
    }
}

#[test]
fn the_photo_is_shown_in_shades_where_there_are_no_colours() {
    let arguments = ["--card", "sim:specimen", "read", "--fields", "photo", "--show-photo", "--pin-fd", "0"];
    let done = idcard(arguments).with_stdin("1234\n").run();
    let text = done.text(0);
    assert!(!text.contains('\u{1B}'), "no colours where no terminal is");
    assert!(text.lines().filter(|line| line.chars().count() == 48).count() >= 32, "{text}");
    let json = idcard(arguments.into_iter().chain(["--json"])).with_stdin("1234\n").run();
    json.document(0);
    assert!(json.stderr.lines().count() >= 32, "beside a document the picture goes to stderr");
}

#[test]
fn a_recorded_visit_can_be_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visit.apdu");
    let first = read("specimen", Some("1234"), &["--record", path.to_str().unwrap()]).document(0);
    is_private(&path);
    let source = format!("replay:{}", path.display());
    // Any PIN of the same length fits the masked one.
    let arguments = ["--card", &source, "read", "--json", "--pin-fd", "0"];
    let mut again = idcard(arguments).with_stdin("9999\n").run().document(0);
    assert_eq!(again["source"], "replay");
    again["source"] = first["source"].clone();
    again["reader"] = first["reader"].clone();
    assert_eq!(again, first);
    let error = idcard(["--card", &source, "read", "--json", "--fields", "photo"]).run().error(16);
    assert_eq!(error["kind"], "bad_file", "another command than was recorded");
}
