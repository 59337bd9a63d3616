//! What redaction masks and what it leaves, on conversations made up for one point each.

use super::*;

fn redact(text: &str) -> String {
    let once = redacted(&Trace::parse(format!("# idcard trace 1\n{text}").as_bytes()).unwrap());
    let mut bytes = Vec::new();
    once.write(&mut bytes).unwrap();
    let again = redacted(&Trace::parse(bytes.as_slice()).unwrap());
    let mut twice = Vec::new();
    again.write(&mut twice).unwrap();
    assert_eq!(bytes, twice, "redacting twice changes nothing");
    String::from_utf8(bytes).unwrap()
}

/// The last line but for its sign.
fn last(text: &str) -> String {
    redact(text).lines().last().unwrap().trim_start_matches(['<', '>', ' ']).to_owned()
}

#[test]
fn headers_of_objects_stay_and_values_go() {
    assert_eq!(last("> 00B0000000\n< 70 03 80 01 41 00 00 9000"), "70 03 ** ** ** ** ** 90 00");
    assert_eq!(last("> 00B0000000\n< B2 01 31 B3 01 32 6282"), "B2 01 ** B3 01 ** 62 82");
}

#[test]
fn a_file_without_objects_keeps_nothing() {
    for content in ["30303031323334353630", "6E656D756E6568", "D986D985D988D986D987", "FEFF0041"] {
        let shown = last(&format!("> 00B0000000\n< {content} 9000"));
        assert_eq!(shown, format!("{}90 00", "** ".repeat(content.len() / 2)), "{content}");
    }
}

#[test]
fn objects_go_on_in_later_pieces() {
    // Offsets in words of four bytes: the second piece begins at byte 8, the second object at byte 6.
    let text =
        "> 00A40200020303\n< 9000\n> 00B0000008\n< B2 04 31 32 33 34 B3 03 9000\n> 00B0000204\n< 35 36 37 00 9000";
    let shown = redact(text);
    let answers: Vec<_> = shown.lines().filter(|line| line.starts_with('<')).collect();
    assert_eq!(answers[1..], ["< B2 04 ** ** ** ** B3 03 90 00", "< ** ** ** ** 90 00"]);
    let text = "> 00B0000005\n< B2 02 31 32 B3 9000\n> 00B0000503\n< 02 33 34 9000";
    assert_eq!(last(text), "02 ** ** 90 00", "a header may be cut in two");
}

#[test]
fn a_piece_whose_beginning_is_unknown_keeps_nothing() {
    assert_eq!(last("> 00B0010004\n< 70 02 41 42 9000"), "** ** ** ** 90 00");
    assert_eq!(last("> 00B0810004\n< 70 02 41 42 9000"), "** ** ** ** 90 00");
}

#[test]
fn control_information_stays_and_data_of_issuers_go() {
    let text = "> 00A4040005A000000018\n< 6F0D 8402A000 A503500141 85020102 9000";
    assert_eq!(last(text), "6F 0D 84 02 A0 00 A5 03 ** ** ** 85 02 ** ** 90 00");
    assert_eq!(last("> 00A40000023F00\n< 6104\n> 00C0000004\n< 31323334 9000"), "** ** ** ** 90 00");
}

#[test]
fn answers_to_other_commands_go_whole() {
    for command in ["80CA9F7F04", "00CA010104", "00B2010404", "002A9E9A04", "0088000004", "0CB0000004", "0084000004"] {
        assert_eq!(last(&format!("> {command}\n< 70 02 41 42 9000")), "** ** ** ** 90 00", "{command}");
    }
}

#[test]
fn flags_of_a_secret_code_stay() {
    assert_eq!(last("> 80C002050C\n< 00 01 31 32 9000"), "00 01 ** ** 90 00");
}

#[test]
fn hashes_that_were_signed_go_and_lengths_stay() {
    let shown = redact("> 002A90A0 03 313233\n< 9000\n> 00A40000023F00\n< 9000");
    let commands: Vec<_> = shown.lines().filter(|line| line.starts_with('>')).collect();
    assert_eq!(commands, ["> 00 2A 90 A0 03 ** ** **", "> 00 A4 00 00 02 3F 00"]);
}

/// Each value with the last tag that leads to it, in hex.
fn values(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let trace = Trace::parse(format!("# idcard trace 1\n{text}").as_bytes()).unwrap();
    let other = trace.rewritten(&mut |value| {
        let tag = value.tags.last().map(|tag| format!("{tag:02X}")).unwrap_or_default();
        if value.origin != Origin::Command {
            found.push((tag, hex::encode_upper(value.bytes)));
        }
        Some(value.bytes.to_vec())
    });
    let written = |trace: &Trace| {
        let mut bytes = Vec::new();
        trace.write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert_eq!(written(&other), written(&trace), "the same values make the same trace");
    found
}

#[test]
fn a_value_in_pieces_is_given_once_and_whole() {
    // Four bytes to see whether the file is free, eight and four for the unit, then all of it.
    let text = "> 00A40200020303\n< 9000\n> 00B0000004\n< B2 08 00 31 9000\n> 00B0000008\n< B2 08 00 31 00 34 00 30 9000\n\
                > 00B0000104\n< 00 34 00 30 9000\n> 00B0000000\n< B2 08 00 31 00 34 00 30 00 33 6282\n";
    assert_eq!(values(text), [("B2".to_owned(), "0031003400300033".to_owned())]);
    let text =
        "> 00A40200025040\n< 9000\n> 00B0000008\n< 70 06 80 04 41 42 43 44 9000\n> 00B0000104\n< 06 80 04 41 9000\n";
    assert_eq!(values(text), [("80".to_owned(), "41424344".to_owned())], "offsets in bytes");
}

#[test]
fn data_objects_and_pieces_of_t0_are_put_together() {
    let text = "> 80CA9F7F05\n< 6C 04\n> 80CA9F7F04\n< 9F 7F 01 41 9000\n> 00A40000023F00\n< 61 05\n> 00C0000005\n< 6F 03 85 01 42 9000\n";
    assert_eq!(values(text), [("9F7F".to_owned(), "41".to_owned()), ("85".to_owned(), "42".to_owned())]);
}

#[test]
fn what_another_value_does_not_fit_is_masked() {
    let trace =
        Trace::parse("# idcard trace 1\n> 00B0000000\n< 70 02 41 42 9000\n> 00B2010404\n< 41 42 9000\n".as_bytes())
            .unwrap();
    let mut bytes = Vec::new();
    trace.rewritten(&mut |_| Some(vec![1, 2, 3])).write(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("< 70 02 ** ** 90 00\n") && text.ends_with("< ** ** 90 00\n"), "{text}");
}

#[test]
fn what_belongs_to_no_file_is_given_too() {
    let text =
        "# idcard trace 1\natr 3B 84 80 01 80 52 41 42 D4\n> 00A4040003 414243\n< 9000\n> 80C0020502\n< 01 02 9000\n";
    let trace = Trace::parse(text.as_bytes()).unwrap();
    let rewritten = |rewrite: &mut dyn FnMut(&Value<'_>) -> Option<Vec<u8>>| {
        let mut bytes = Vec::new();
        trace.rewritten(rewrite).write(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap().lines().skip(1).collect::<Vec<_>>().join("|")
    };
    let other = rewritten(&mut |value| Some(vec![0x61; value.bytes.len()]));
    let check = 0x84 ^ 0x80 ^ 0x01;
    assert_eq!(
        other,
        format!(
            "atr 3B 84 80 01 61 61 61 61 {check:02X}|> 00 A4 04 00 03 61 61 61|< 90 00|> 80 C0 02 05 02|< 61 61 90 00"
        )
    );
    let none = format!(
        "atr 3B 84 80 01 00 00 00 00 {check:02X}|> 00 A4 04 00 03 ** ** **|< 90 00|> 80 C0 02 05 02|< ** ** 90 00"
    );
    assert_eq!(rewritten(&mut |_| None), none);
}

/// Each byte of one looked at for each object of the other: minutes. Once over both: a moment.
#[test]
fn nothing_but_headers_takes_no_longer_than_another_content() {
    let headers = "7000".repeat(0x7FFF);
    let answers = format!("> 00B0000000\n< {headers} 9000\n").repeat(16);
    let pieces: String = (0..0x7FFF).map(|at| format!("> 00B0{at:04X}01\n< 70 9000\n")).collect();
    let trace = Trace::parse(format!("# idcard trace 1\n{answers}{pieces}").as_bytes()).unwrap();
    let began = std::time::Instant::now();
    let redacted = redacted(&trace);
    let took = began.elapsed();
    assert!(took < std::time::Duration::from_secs(30), "{took:?}");
    let Some(Step::Answer { bytes, .. }) = redacted.entries().get(1).map(|entry| &entry.step) else { panic!() };
    assert!(!bytes.has_masks(), "each header stays");
}
