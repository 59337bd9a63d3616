//! Logs of the tools of this machine, fresh from their run: imported, replayed, read again.

use super::cards::OPENSC;
use super::{Lab, text};
use serde_json::Value;

/// Imports a log of the laboratory into `out.apdu` and gives the document.
fn import(lab: &Lab, log: &str) -> Value {
    let (log, out) = (lab.path(log), lab.path("out.apdu"));
    let words =
        ["trace".as_ref(), "import".as_ref(), log.as_os_str(), "-o".as_ref(), out.as_os_str(), "--json".as_ref()];
    serde_json::from_str(&text(&lab.idcard(words))).unwrap()
}

fn replays(lab: &Lab, name: &str) {
    text(&lab.idcard(["trace".as_ref(), "replay".as_ref(), lab.path(name).as_os_str()]));
}

#[test]
fn what_the_service_logged_of_a_visit_is_the_visit() {
    let mut lab = Lab::start();
    for image in ["specimen", "specimen-t0", "mav4"] {
        let seen = lab.log_text().lines().count();
        lab.insert(image);
        let words = ["read", "--fields", "card,dates,certificates", "--json"];
        let there: Value = serde_json::from_str(&text(&lab.idcard(words))).unwrap();
        lab.remove(); // what the service logs of this comes behind all of the visit
        let log: Vec<String> = lab.log_text().lines().skip(seen).map(str::to_owned).collect();
        std::fs::write(lab.path("pcscd.log"), log.join("\n")).unwrap();
        let told = import(&lab, "pcscd.log");
        assert_eq!((&told["format"], &told["faults_in_all"]), (&"pcscd".into(), &0.into()), "{image}: {told}");
        let card = format!("--card=replay:{}", lab.path("out.apdu").display());
        let mut here: Value =
            serde_json::from_str(&text(&lab.idcard([&[card.as_str()], &words[..]].concat()))).unwrap();
        here["source"] = there["source"].clone();
        here["reader"] = there["reader"].clone();
        assert_eq!(here, there, "{image}");
    }
}

#[test]
fn what_other_programs_wrote_is_imported_without_its_pin() {
    let mut lab = Lab::start();
    lab.insert("specimen");
    std::fs::write(lab.path("opensc.conf"), OPENSC).unwrap();
    let commands = [
        "00A4040C0CA0000000180C000001634200",
        "00A4000C025100",
        "00A4020C025040",
        "00B00000FC",
        "002000811031323334000000000000000000000000",
    ];
    let script = commands.map(|command| format!("{command}\n")).concat();
    std::fs::write(lab.path("script"), script).unwrap();
    let sent: Vec<&str> = commands.iter().flat_map(|command| ["-s", command]).collect();
    let tool = [&["opensc-tool", "-c", "default"], sent.as_slice()].concat();
    let plain = lab.run(&tool);
    let debug = lab.bounded(tool[0]).args(&tool[1..]).env("OPENSC_DEBUG", "3").output().unwrap();
    let scriptor = lab.run(["scriptor", "-r", "Virtual PCD 00 00", "script"]);
    lab.remove(); // what the service logs of this comes behind all the rest
    let outputs = [("opensc-tool", plain.stdout), ("opensc", debug.stderr), ("scriptor", scriptor.stdout)];
    for (format, output) in outputs.into_iter().chain([("pcscd", lab.log_text().into_bytes())]) {
        std::fs::write(lab.path("log"), &output).unwrap();
        let told = import(&lab, "log");
        assert_eq!(told["format"], format);
        let count = if format == "pcscd" { 15 } else { 5 };
        assert_eq!(told["traces"][0]["exchanges"], count, "{format}: {told}");
        assert_eq!(told["masked_secrets"], count / 5, "{format}");
        assert_eq!(told["faults_in_all"], 0, "{format}: {told}");
        let trace = std::fs::read_to_string(lab.path("out.apdu")).unwrap();
        assert!(trace.contains("> 00 20 00 81 10 ** **") && !trace.contains("31 32 33 34"), "{format}");
        replays(&lab, "out.apdu");
    }
}

#[test]
fn what_libpcscspy_wrote_is_imported_with_its_transactions() {
    let mut lab = Lab::start();
    lab.insert("specimen");
    let spy = "app default { reader_driver pcsc { provider_library = \"libpcscspy.so.0\"; } }\n";
    std::fs::write(lab.path("opensc.conf"), OPENSC.replace("app default {", &spy.replace("}\n", ""))).unwrap();
    std::fs::write(lab.path("pcsc-spy"), "").unwrap(); // the library opens it and does not make it
    let mut tool = lab.bounded("pkcs15-tool");
    tool.args(["--verify-pin", "--pin", "1234", "--auth-id", "01"]).env("OPENSC_CONF", lab.path("opensc.conf"));
    assert!(tool.output().unwrap().status.success());
    let told = import(&lab, "pcsc-spy");
    assert_eq!((&told["format"], &told["masked_secrets"]), (&"pcscspy".into(), &1.into()), "{told}");
    assert_eq!(told["traces"][0]["reader"], "Virtual PCD 00 00");
    let trace = std::fs::read_to_string(lab.path("out.apdu")).unwrap();
    assert!(trace.contains("\nbegin\n") && trace.contains("atr 3B DB 96"), "{trace}");
    replays(&lab, "out.apdu");
}
