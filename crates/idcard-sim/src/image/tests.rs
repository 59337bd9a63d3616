//! Images: the built-in ones are whole, those on disk are checked.

use std::fs;

use super::*;

#[test]
fn all_built_in_images_open() {
    let names: Vec<&str> = Image::names().collect();
    let wanted = "specimen specimen-p256 specimen-t0 specimen-sealed specimen-2 mav2 mav4 pardis";
    assert_eq!(names, wanted.split(' ').collect::<Vec<_>>());
    for name in names {
        let image = Image::builtin(name).unwrap();
        assert_eq!(image.name, name);
        assert!(!image.title.is_empty());
        assert!(image.serial_number().is_some(), "{name}");
        for applet in &image.applets {
            for pin in &applet.pins {
                assert!(applet.pins.iter().filter(|other| other.name == pin.name).count() == 1);
                let puk = pin.puk.as_ref().is_none_or(|puk| applet.puks.iter().any(|known| known.name == *puk));
                assert!(puk, "{name}: {} has no PUK", pin.name);
            }
            for file in &applet.files {
                let pins = [&file.read.pin, &file.secret_code_of];
                let known = |name: &&String| applet.pins.iter().any(|pin| pin.name == **name);
                assert!(pins.into_iter().flatten().all(|name| known(&name)), "{name}: {:04X?}", file.path);
            }
        }
    }
}

#[test]
fn another_holder_in_every_value() {
    let one = Image::builtin("specimen").unwrap();
    let other = Image::builtin("specimen-2").unwrap();
    let changing = [
        ("mpcos", "3F00/0200/0201"),
        ("mpcos", "3F00/0200/0202"),
        ("mpcos", "3F00/0200/0203"),
        ("mpcos", "3F00/0200/0204"),
        ("mpcos", "3F00/0200/0205"),
        ("mpcos", "3F00/0300/0303"),
        ("classic", "3F00/5000/0303"),
        ("classic", "3F00/5100/5040"),
        ("classic", "3F00/5015/5032"),
    ];
    for (applet, path) in changing {
        assert_ne!(one.file(applet, path).unwrap().content, other.file(applet, path).unwrap().content, "{path}");
    }
    assert_ne!(one.serial_number(), other.serial_number());
    let keys =
        |image: &Image| image.applet("classic").unwrap().keys.iter().map(|key| key.pkcs8.clone()).collect::<Vec<_>>();
    assert!(keys(&one).iter().all(|key| !keys(&other).contains(key)));
    // The serial number of the token is the card number, packed (specimen.md 8).
    for image in [one, other] {
        let (_, crn) = image.applet("manager").unwrap().objects.iter().find(|(tag, _)| *tag == 0x0101).unwrap().clone();
        let packed = hex::decode(&crn[3..13]).unwrap();
        let token = &image.file("classic", "3F00/5015/5032").unwrap().content;
        assert!(token.windows(7).any(|window| window == [&[0x04, 0x05], packed.as_slice()].concat()));
    }
}

#[test]
fn images_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    write("dates.bin", "other");
    let overlay = "name = \"mine\"\ntitle = \"T\"\nbase = \"specimen\"\n[[applet]]\nname = \"mpcos\"\n";
    let image = Image::load(&write("mine.toml", overlay)).unwrap();
    assert_eq!(image.name, "mine");
    assert_eq!(image.file("mpcos", "3F00/0300/0303").unwrap().content, b"other\0\0\0", "beside it, in whole words");
    assert!(image.file("mpcos", "3F00/0200/0203").unwrap().content.len() > 10_000, "else from the base");
    let plus = write("a+b.toml", overlay);
    for spec in ["", "+fault=C-01", "+contactless+fault=C-01@2"] {
        assert!(crate::open(&format!("{}{spec}", plus.display())).is_ok(), "{spec}");
    }
    assert!(crate::open(&format!("{}+unknown", plus.display())).is_err());

    let wrong = [
        ("name = 1", "expected"),
        ("name = \"x\"\ntitle = \"T\"\n", "contact: is missing"),
        ("name = \"x\"\ntitle = \"T\"\nbase = \"none\"\n", "base: is not a built-in image"),
        ("name = \"x\"\ntitle = \"T\"\nbase = \"specimen-t0\"\n", "base: has a base itself"),
        ("name = \"x\"\ntitle = \"T\"\nbase = \"specimen\"\nunknown = 1\n", "unknown"),
        ("name = \"x\"\ntitle = \"T\"\nbase = \"specimen\"\nabsent = [\"mpcos:3F00/9999\"]\n", "is not in the base"),
    ];
    for (text, told) in wrong {
        let error = Image::load(&write("wrong.toml", text)).unwrap_err().to_string();
        assert!(error.contains(told) && error.contains("wrong.toml"), "{told}: {error}");
    }
    let ef = |ef: &str| format!("{overlay}ef = [{{ path = \"3F00/0300/0303\", {ef} }}]\n");
    let wrong = [
        (ef("file = \"../secret\""), "is not a plain file name"),
        (ef("file = \"nowhere.bin\""), "is named but not there"),
        (ef("hex = \"0\""), "is not hexadecimal"),
        (ef("hex = \"0000\", size = 1"), "has a size that does not fit"),
        (ef("size = 9000000"), "has a size that does not fit"),
    ];
    for (text, told) in wrong {
        let error = Image::load(&write("wrong.toml", &text)).unwrap_err().to_string();
        assert!(error.contains(told), "{told}: {error}");
    }
    assert!(Image::load(&folder.path().join("absent.toml")).is_err());
    assert!(Image::builtin("none").unwrap_err().to_string().contains("specimen-sealed"));
}
