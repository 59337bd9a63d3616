//! Traces: the example of the format, hostile files, masking, and what is written is read back.

use super::*;
use proptest::prelude::*;

/// The example of `docs/trace-format.md`, with a command before the error so that it stands instead of an answer.
const EXAMPLE: &str = "# idcard trace 1
# free text after '#', also at the end of a line
atr 3B DB 96 00 81 31 FE 85 80 13 53 50 43 73 96 71 5B 91 30 3B
protocol T=1
begin                                   # a transaction opens
> 00 A4 04 0C 0C A0 00 00 00 18 0C 00 00 01 63 42 00
< 90 00 @12.3ms                         # the elapsed time of the exchange may follow the answer
> 00 20 00 81 10 ** ** ** ** ** ** ** ** ** ** ** ** ** ** ** **      # secret: masked by the recorder
< 90 00
end                                     # it closes
reset                                   # the card was reset (by us or by another program)
removed                                 # the card left the reader
> 00 B0 00 00 00
error READER_UNAVAILABLE                # instead of an answer: the exchange failed with this PC/SC code
";

fn parse(text: &str) -> Result<Trace, BadTrace> {
    Trace::parse(text.as_bytes())
}

fn written(trace: &Trace) -> String {
    let mut out = Vec::new();
    trace.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn failing(lines: &str) -> BadTrace {
    parse(&format!("# idcard trace 1\n{lines}")).unwrap_err()
}

#[test]
fn the_example_of_the_format_is_read() {
    let trace = parse(EXAMPLE).unwrap();
    let steps: Vec<&Step> = trace.entries().iter().map(|entry| &entry.step).collect();
    assert_eq!(trace.entries()[0].line, 3);
    let Step::Atr(atr) = steps[0] else { panic!() };
    assert_eq!(atr.len(), 20);
    assert_eq!(steps[1], &Step::Protocol(Protocol::T1));
    assert_eq!(steps[2], &Step::Begin);
    let Step::Command(select) = steps[3] else { panic!() };
    assert_eq!(select.filled(), b"\x00\xA4\x04\x0C\x0C\xA0\x00\x00\x00\x18\x0C\x00\x00\x01\x63\x42\x00");
    let Step::Answer { bytes, elapsed } = steps[4] else { panic!() };
    assert_eq!((bytes.filled(), *elapsed), (&[0x90, 0x00][..], Some(Duration::from_micros(12_300))));
    let Step::Command(verify) = steps[5] else { panic!() };
    assert_eq!(verify.len(), 21);
    assert!((0..5).all(|at| !verify.is_masked(at)) && (5..21).all(|at| verify.is_masked(at)));
    assert_eq!(steps[7..10], [&Step::End, &Step::Reset, &Step::Removed]);
    assert_eq!(steps[11], &Step::Error { code: "SCARD_E_READER_UNAVAILABLE", elapsed: None });
    assert!(!trace.unmasked_secrets());
}

#[test]
fn every_byte_of_a_trace_may_be_anything() {
    for at in 0..EXAMPLE.len() {
        let mut bytes = EXAMPLE.as_bytes().to_vec();
        for byte in [bytes[at] ^ 0x01, b'\n', b' ', b'#', b'*', b'>', b'<', b'9', b'F', 0x00, 0x80, 0xFF] {
            bytes[at] = byte;
            // What is still a trace is written and read back, and masked once and for all.
            if let Ok(trace) = Trace::parse(&bytes[..]) {
                let text = written(&trace);
                assert_eq!(written(&parse(&text).unwrap()), text, "byte {at}: {byte:02X}");
                let redacted = trace.redacted();
                assert_eq!(written(&redacted.redacted()), written(&redacted), "byte {at}: {byte:02X}");
            }
        }
    }
}

#[test]
fn line_ends_blanks_and_case_do_not_matter() {
    let plain = parse("# idcard trace 1\n> 00 A4 00 0C 02 3F 00\n< 6A 82\nend\n").unwrap();
    for text in [
        "# idcard trace 1\r\n> 00 A4 00 0C 02 3F 00\r\n< 6A 82\r\nend\r\n",
        "# idcard trace 1\n\t>00a4000c023f00\n\n  <  6a82  #x\nend",
        "# idcard trace 1\n>00A4 000C 023F 00#\n<6A 82\n   \n end\t\n#",
    ] {
        let other = parse(text).unwrap();
        assert!(plain.entries().iter().map(|e| &e.step).eq(other.entries().iter().map(|e| &e.step)), "{text:?}");
    }
}

#[test]
fn broken_files_are_refused_with_their_line() {
    for (text, line) in [
        ("", 1),
        ("# idcard trace 2\n", 1),
        ("# idcard trace 1 \n", 1),
        ("\u{FEFF}# idcard trace 1\n", 1),
        ("# idcard trace 1\natr 3B\n< 90 00\n", 3),
        ("# idcard trace 1\n> 00 A4 00\n", 2),
        ("# idcard trace 1\n> 00 A4 00 0\n", 2),
        ("# idcard trace 1\n> 0 0A 4 00\n", 2),
        ("# idcard trace 1\n> 00 A4 00 0G\n", 2),
        ("# idcard trace 1\n> 00 A4 00 00*\n", 2),
        ("# idcard trace 1\n> 00 A4 00 *0\n", 2),
        ("# idcard trace 1\n> 00 A4 00 00\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n> 00 A4 00 00\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\nend\n", 3),
        ("# idcard trace 1\natr 3B **\n", 2),
        ("# idcard trace 1\nprotocol T=2\n", 2),
        ("# idcard trace 1\nbegin now\n", 2),
        ("# idcard trace 1\ninclude /etc/passwd\n", 2),
        ("# idcard trace 1\nerror\n", 2),
        ("# idcard trace 1\nerror OUT_OF_PAPER\n", 2),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 12ms\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 @12\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 @-1ms\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 @+1ms\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 @1.ms\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90 00 @9999999999ms\n", 3),
        ("# idcard trace 1\n> 00 A4 00 00\n< 90\u{0}00\n", 3),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.line, line, "{text:?}: {error}");
    }
    let not_text = Trace::parse(&b"# idcard trace 1\nbegin # \xFF\n"[..]).unwrap_err();
    assert!(matches!(not_text, BadTrace { line: 2, what: BadLine::NotText }));
}

#[test]
fn what_is_wrong_never_quotes_the_line() {
    let error = failing("> 00 20 00 81 04 31 32 33 3X\n");
    let shown = format!("{error} {error:?} {}", error.in_file(Path::new("x.apdu")));
    assert!(!shown.contains("31") && !shown.contains("1234"), "{shown}");
    assert!(shown.contains("x.apdu:2:"));
}

#[test]
fn the_bounds_hold() {
    let huge = "A".repeat(100_000_000);
    assert!(matches!(failing(&format!("# {huge}\n")), BadTrace { line: 2, what: BadLine::TooLong }));
    assert!(matches!(failing(&format!("> 00 A4 00 00 {}\n", "00".repeat(65_541))).what, BadLine::CommandLength));
    assert!(matches!(failing(&format!("> 00A40000\n< {}\n", "00".repeat(65_539))).what, BadLine::AnswerLength));
    assert!(parse(&format!("# idcard trace 1\n> {}\n< {}\n", "00 ".repeat(65_544), "00 ".repeat(65_538))).is_ok());
    assert!(matches!(failing(&format!("atr {}", "3B".repeat(256))).what, BadLine::AtrLength));
    assert!(matches!(failing(&"end\n".repeat(1_000_000)), BadTrace { line: 100_002, what: BadLine::TooMany }));
    assert!(matches!(failing(&"\n".repeat(16 * 1024 * 1024)).what, BadLine::TooLarge));
}

#[test]
fn secrets_never_survive_reading() {
    // VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER, MUTUAL AUTHENTICATE, MPCOS, chained, extended, protected.
    for command in [
        "00 20 00 81 04 31 32 33 34",
        "00 21 00 81 06 5C 04 31 32 33 34",
        "10 20 00 81 04 31 32 33 34",
        "80 20 00 81 04 31 32 33 34",
        "00 24 00 81 04 31 32 33 34",
        "00 25 00 81 04 31 32 33 34",
        "00 2C 00 81 04 31 32 33 34",
        "00 2D 00 81 04 31 32 33 34",
        "00 82 00 81 04 31 32 33 34 48",
        "80 24 00 81 04 31 32 33 34",
        "0C A4 00 0C 04 31 32 33 34 00",
        "04 CB 3F FF 04 31 32 33 34 00",
        "1C D6 00 00 04 31 32 33 34 00",
        "84 B0 00 00 04 31 32 33 34",
        "61 B0 00 00 04 31 32 33 34",
        "00 20 00 81 00 00 04 31 32 33 34",
        "00 20 00 81 08 31 32 33 34",
        "00 20 00 81 01 99 31 32 33 34",
        "00 20 00 81 00 31 32 33 34",
    ] {
        let trace = parse(&format!("# idcard trace 1\n> {command}\n< 90 00\n")).unwrap();
        assert!(trace.unmasked_secrets(), "{command}");
        let text = written(&trace);
        assert!(text.contains("**") && !text.contains("31") && !text.contains("34"), "{text}");
        assert!(!format!("{trace:?}").contains("31 32"), "{command}");
        assert!(!parse(&text).unwrap().unmasked_secrets());
    }
    for harmless in ["00 20 00 81", "00 20 00 81 00", "00 A4 00 0C 02 31 32", "00 B0 00 00 00", "00 2A 9E 9A 00"] {
        let trace = parse(&format!("# idcard trace 1\n> {harmless}\n< 90 00\n")).unwrap();
        assert!(!trace.unmasked_secrets() && written(&trace).contains(harmless), "{harmless}");
    }
}

#[test]
fn the_writer_masks_whatever_it_is_given() {
    let secret = [0x00, 0x20, 0x00, 0x81, 0x04, 0x31, 0x32, 0x33, 0x34];
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out).unwrap();
    writer.command(&secret).unwrap();
    writer.step(&Step::Command(Octets::from(&secret[..]))).unwrap();
    writer.comment("a story\nof \u{1b}[31m two lines").unwrap();
    writer.answer(&[0x31, 0x32, 0x90, 0x00], None, true).unwrap();
    let masked = "> 00 20 00 81 04 ** ** ** **\n";
    let expected = format!("{FIRST_LINE}\n{masked}{masked}# a story\n# of  [31m two lines\n< ** ** 90 00\n");
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert!(!format!("{:?}", Octets::from(&secret[..])).contains("31"));
}

#[test]
fn a_trace_made_in_memory_is_masked_too() {
    let verify = Octets::from(&[0x00, 0x20, 0x00, 0x81, 0x02, 0x31, 0x32][..]);
    let trace: Trace = [Step::Begin, Step::Command(verify)].into_iter().collect();
    assert!(trace.unmasked_secrets());
    let Step::Command(kept) = &trace.entries()[1].step else { panic!() };
    assert_eq!(kept.filled(), [0x00, 0x20, 0x00, 0x81, 0x02, 0x00, 0x00]);
    assert_eq!(trace.entries()[1].line, 3);
}

fn any_octets(least: usize) -> impl Strategy<Value = Octets> {
    prop::collection::vec(prop::option::weighted(0.8, any::<u8>()), least..64).prop_map(|bytes| {
        let mut octets = Octets::default();
        bytes.into_iter().for_each(|byte| octets.push(byte));
        octets
    })
}

fn any_time() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of((0..1_000_000_000_000_000_u64).prop_map(Duration::from_nanos))
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let exchange =
        (any_octets(4), any_octets(0), any_time(), any::<bool>()).prop_map(|(command, bytes, elapsed, fails)| {
            let failure = Step::Error { code: "SCARD_F_COMM_ERROR", elapsed };
            vec![Step::Command(command), if fails { failure } else { Step::Answer { bytes, elapsed } }]
        });
    let other = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|atr| Step::Atr(atr.into())),
        prop::sample::select(vec![Step::Begin, Step::End, Step::Reset, Step::Removed, Step::Protocol(Protocol::T0)]),
    ];
    prop::collection::vec(prop_oneof![exchange, other.prop_map(|step| vec![step])], 0..20)
        .prop_map(|groups| groups.into_iter().flatten().collect())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(steps in any_steps()) {
        let trace: Trace = steps.into_iter().collect();
        let back = parse(&written(&trace)).unwrap();
        prop_assert_eq!(back.entries(), trace.entries());
        prop_assert!(!back.unmasked_secrets());
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "(# idcard trace 1\n)?([><]|atr|error|begin|protocol)?[ 0-9A-F*@.#mst=\n]{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn masks_match_any_byte_and_the_rest_only_itself(octets in any_octets(1), other in any::<u8>(), at in any::<prop::sample::Index>()) {
        let mut bytes = octets.filled().to_vec();
        prop_assert!(octets.matches(&bytes));
        let at = at.index(bytes.len());
        let same = bytes[at] == other;
        bytes[at] = other;
        prop_assert_eq!(octets.matches(&bytes), same || octets.is_masked(at));
        bytes.push(0);
        prop_assert!(!octets.matches(&bytes));
    }
}
