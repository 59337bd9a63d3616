//! Cards that answer to reset as ours do and have none of our applets: told apart in four exchanges, with no PIN sent.

use crate::desk::Desk;

/// `nid-card.md` 1.2: the contact answers of the national cards, which others share, each with its protocol.
const CONTACT: [(&str, &str); 7] = [
    ("3B7F94000080318065B0850202ED120FFF829000", "T=0"),
    ("3B7F96000080318065B0850300EF120FFF829000", "T=0"),
    ("3BFF9600008131FE4380318065B085040011120FFF829000E0", "T=1"),
    ("3B781800000073C84013009000", "T=0"),
    ("3B7D95000080318065B0850101C883019000", "T=0"),
    ("3BDB97008131FE85801349524E7396715B91302F", "T=1"),
    ("3BDB96008131FE85801349524E7396715B91302E", "T=1"),
];

/// `nid-card.md` 1.3: the same behind a contactless reader.
const CONTACTLESS: [&str; 6] = [
    "3B8F800180318065B0850202ED120FFF82900072",
    "3B8F800180318065B0850300EF120FFF82900073",
    "3B8F800180318065B085040011120FFF8290008A",
    "3B8D800180318065B0850101C883019000B7",
    "3B8880010073C8401300900071",
    "3B8B8001801349524E7396715B9130A2",
];

/// Of other countries and other makers (`nid-card.md` 1.2, `reliability.md` C-47), and of the specimen.
const OTHERS: [(&str, &str); 7] = [
    ("3BFF9600008131804380318065B0850300EF120FFF82900067", "T=1"),
    ("3BFF9600008131FE4380318065B085040120120FFF829000D0", "T=1"),
    ("3B7F9400008031806 5B0850300EF120FFF829000", "T=0"),
    ("3B7F96000080318065B0850300EF120FFE829000", "T=0"),
    ("3B0214 50", "T=0"),
    ("3BDB96008131FE8580135350437396715B91303B", "T=1"),
    ("3B7B96000080135350437396711B9130", "T=0"),
];

#[test]
fn a_card_that_has_no_applet_of_ours_is_left_alone_after_four_exchanges() {
    let desk = Desk::new();
    let contactless = CONTACTLESS.map(|atr| (atr, "T=1"));
    for (number, (atr, protocol)) in CONTACT.into_iter().chain(contactless).chain(OTHERS).enumerate() {
        let name = format!("card-{number}.toml");
        let image = format!(
            "name = \"card-{number}\"\ntitle = \"a card of somebody else\"\n[contact]\natr = \"{atr}\"\n\
             protocol = \"{protocol}\"\n[[applet]]\nname = \"other\"\nprofile = \"classic\"\naid = \"F000000001\"\n"
        );
        desk.write(&name, image.as_bytes());
        let card = format!("sim:{}", desk.arg(&name));
        let words = ["--card", &card, "--stats", "--record", "trace", "read", "--pin-file", "id-pin"];
        let done = desk.idcard(&words);
        assert_eq!(done.text(7), "", "{atr}");
        let spent = done.stats()["apdus"].as_u64().unwrap();
        assert!(spent <= 4, "{atr}: {spent} exchanges");
        let trace = String::from_utf8(desk.bytes("trace")).unwrap();
        let answers: Vec<&str> = trace.lines().filter(|line| line.starts_with('<')).collect();
        assert!(answers.iter().all(|line| line.starts_with("< 6A 82")), "{atr}: {answers:?}");
        assert!(!trace.contains("**"), "{atr}: no PIN was on its way");
    }
}
