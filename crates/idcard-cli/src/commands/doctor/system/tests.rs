//! Systems made of a few files: sandboxes, programs, devices, settings.

use super::daemon::Logging;
use super::*;
use std::fs;
use std::os::unix::fs::symlink;
use tempfile::TempDir;

/// A system of these files, with an empty environment.
fn system(files: &[(&str, &str)]) -> (System, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (System { root: folder.path().to_owned(), environment: Box::new(|_| None) }, folder)
}

#[test]
fn sandboxes_are_told_by_their_marks() {
    let sandbox = |files: &[(&str, &str)]| system(files).0.sandbox();
    assert_eq!(sandbox(&[]), None);
    assert_eq!(sandbox(&[(".flatpak-info", "[Application]")]), Some(Cause::Flatpak));
    assert_eq!(sandbox(&[(".dockerenv", "")]), Some(Cause::Container));
    assert_eq!(sandbox(&[("run/.containerenv", "")]), Some(Cause::Container));
    assert_eq!(sandbox(&[(".dockerenv", ""), ("usr/sbin/pcscd", "")]), None);
    let (mut system, _folder) = system(&[]);
    system.environment = Box::new(|name| (name == "SNAP").then(|| OsString::from("/snap/x/1")));
    assert_eq!(system.sandbox(), Some(Cause::Snap));
}

#[test]
fn the_options_of_the_service_are_read_as_it_reads_them() {
    let read = |line: &str| {
        let Logging { commands, debug } = Logging::of(line.split(' '));
        (commands, debug)
    };
    for line in ["--apdu", "-a", "-fa", "-f --apd", "-xdaf"] {
        assert!(read(line).0, "{line}");
    }
    for line in ["", "--foreground --auto-exit", "-c -a", "-ca", "--config=a", "-f -t 5 -s 7", "a", "--auto-exit"] {
        assert_eq!(read(line), (false, false), "{line}");
    }
    for line in ["-d", "--debug", "-fd", "--deb"] {
        assert_eq!(read(line), (false, true), "{line}");
    }
}

#[test]
fn a_service_that_logs_commands_is_found_running_or_in_its_settings() {
    let told = |files: &[(&str, &str)]| system(files).0.logging_of_commands(Path::new("/run/pcscd/pcscd.comm"));
    assert_eq!(told(&[]), None);
    let running = |line: &'static str| ("proc/9000077/cmdline", line);
    let quiet = running("/usr/sbin/pcscd\0--foreground\0--auto-exit\0");
    assert_eq!(told(&[quiet]), None);
    assert_eq!(told(&[running("/usr/sbin/pcscd\0-f\0--apdu\0")]), Some("pcscd (9000077)".to_owned()));
    assert_eq!(told(&[running("/usr/bin/editor\0pcscd\0--apdu\0")]), None);
    // At the lowest level it depends on the driver.
    let debug = running("pcscd\0-fd\0");
    assert_eq!(told(&[debug]), None);
    let plist = |level: &str| format!("<dict>\n<key>ifdLogLevel</key>\n\t<string>{level}</string>\n</dict>");
    assert_eq!(told(&[debug, (daemon_plist(), &plist("0x0003"))]), None);
    assert_eq!(told(&[debug, (daemon_plist(), &plist("0x0007"))]), Some("pcscd (9000077)".to_owned()));
    let environment = ("proc/9000077/environ", "PATH=/bin\0LIBCCID_ifdLogLevel=0x000F\0");
    assert_eq!(told(&[debug, environment, (daemon_plist(), &plist("3"))]), Some("pcscd (9000077)".to_owned()));
    assert_eq!(told(&[quiet, environment]), None);
    // Settings that come to bear at the next start.
    let defaults = ("etc/default/pcscd", "# PCSCD_ARGS=--apdu\nPCSCD_ARGS=\"--debug --apdu\"\n");
    assert_eq!(told(&[quiet, defaults]), Some("/etc/default/pcscd".to_owned()));
    assert_eq!(told(&[("etc/default/pcscd", "# PCSCD_ARGS=--apdu\nPCSCD_ARGS=\"--info\"\n")]), None);
    let piece = "etc/systemd/system/pcscd.service.d/log.conf";
    let text = "[Service]\nExecStart=\nExecStart=/usr/sbin/pcscd --foreground \\\n  --apdu\n";
    assert_eq!(told(&[(piece, text)]), Some(format!("/{piece}")));
    assert_eq!(told(&[("usr/lib/systemd/system/pcscd.service", "[Unit]\nDescription=logs --apdu\n")]), None);
}

#[test]
fn the_service_is_the_one_that_holds_the_socket() {
    let table = "Num       RefCount Protocol Flags    Type St Inode Path\n\
                 0000: 00000003 00000000 00000000 0001 03 700 /run/pcscd/pcscd.comm\n\
                 0000: 00000002 00000000 00010000 0001 01 701 /run/pcscd/pcscd.comm\n";
    let (system, folder) = system(&[
        ("proc/net/unix", table),
        ("proc/9000077/cmdline", "pcscd\0-fa\0"),
        ("proc/9000078/cmdline", "pcscd\0-f\0"),
    ]);
    let told = |socket: &str| system.logging_of_commands(Path::new(socket));
    let logs = Some("pcscd (9000077)".to_owned());
    assert_eq!(told("/run/pcscd/pcscd.comm"), logs, "what cannot be told apart is told");
    for (id, held) in [("9000077", "socket:[702]"), ("9000078", "socket:[701]")] {
        let files = folder.path().join(format!("proc/{id}/fd"));
        fs::create_dir_all(&files).unwrap();
        symlink(held, files.join("3")).unwrap();
    }
    assert_eq!(told("/run/pcscd/pcscd.comm"), None, "the other service logs");
    assert_eq!(told("/elsewhere"), logs);
}

fn daemon_plist() -> &'static str {
    "usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist"
}

#[test]
fn who_has_the_client_library_loaded_may_hold_the_card() {
    let maps = "7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/x86_64-linux-gnu/libpcsclite.so.1.0.0\n";
    let (system, folder) = system(&[
        ("proc/9000009/cmdline", "/usr/lib/gnupg/scdaemon\0--multi-server\0"),
        ("proc/9000009/maps", maps),
        ("proc/9000010/cmdline", "/usr/sbin/pcscd\0"),
        ("proc/9000010/maps", maps),
        ("proc/9000011/cmdline", "sh\0"),
        ("proc/9000011/maps", "7f00-7f01 r-xp 00000000 08:01 1 /usr/lib/libc.so.6\n"),
        ("proc/9000012/cmdline", "browser\0"),
        ("proc/9000012/maps", maps),
        ("proc/9000013/cmdline", ""),
        ("proc/self/x", ""),
    ]);
    assert_eq!(system.users_of_the_service(), ["scdaemon (9000009)", "browser (9000012)"]);
    // Who lives in another network has another service.
    for (id, network) in [("self", "net:[1]"), ("9000009", "net:[2]"), ("9000012", "net:[1]")] {
        fs::create_dir_all(folder.path().join(format!("proc/{id}/ns"))).unwrap();
        symlink(network, folder.path().join(format!("proc/{id}/ns/net"))).unwrap();
    }
    assert_eq!(system.users_of_the_service(), ["browser (9000012)"]);
}

#[test]
fn readers_on_usb_are_told_by_class_or_name() {
    const DEVICES: &str = "sys/bus/usb/devices";
    let file = |path: &str, text: &str| (format!("{DEVICES}/{path}"), format!("{text}\n"));
    let files = [
        file("1-1/idVendor", "08e6"),
        file("1-1/idProduct", "3437"),
        file("1-1/product", "USB Reader"),
        file("1-1:1.0/bInterfaceClass", "0b"),
        file("1-2/product", "Keyboard"),
        file("1-2:1.0/bInterfaceClass", "03"),
        file("1-3/idVendor", "072f"),
        file("1-3/idProduct", "9000"),
        file("1-3/product", "ACR38 SmartCard Reader"),
        file("1-3:1.0/bInterfaceClass", "ff"),
        file("1-3:1.1/bInterfaceClass", "ff"),
        file("usb1/product", "xHCI Host Controller"),
    ];
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (system, folder) = system(&files);
    symlink("../../../bus/usb/drivers/pn533_usb", folder.path().join(DEVICES).join("1-3:1.0/driver")).unwrap();
    symlink("../../../bus/usb/drivers/usbfs", folder.path().join(DEVICES).join("1-1:1.0/driver")).unwrap();
    let found = system.usb_readers();
    let told: Vec<_> = found.iter().map(|reader| (reader.name.as_str(), reader.taken_by.as_deref())).collect();
    assert_eq!(told, [("08e6:3437 USB Reader", None), ("072f:9000 ACR38 SmartCard Reader", Some("pn533_usb"))]);
    assert!(System { root: "/nonexistent".into(), environment: Box::new(|_| None) }.usb_readers().is_empty());
}
