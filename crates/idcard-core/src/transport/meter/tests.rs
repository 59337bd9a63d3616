//! Counting: bytes, repeated commands, time.

use super::*;
use crate::transport::replay::Replay;
use crate::transport::trace::Trace;

fn meter(lines: &str) -> Meter<Replay> {
    Meter::new(Replay::new(Trace::parse(format!("# idcard trace 1\n{lines}").as_bytes()).unwrap()))
}

#[test]
fn exchanges_are_counted() {
    let meter = meter("> 00A4000C023F00\n< 9000 @8ms\n> 00B0000004\n< 01020304 9000 @2.5ms\n");
    let reading = meter.reading();
    let mut moved: Box<dyn Transport> = Box::new(meter);
    let mut answer = Vec::new();
    let mut card = moved.begin().unwrap();
    card.transmit(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], &mut answer).unwrap();
    card.transmit(&[0x00, 0xB0, 0x00, 0x00, 0x04], &mut answer).unwrap();
    let link = Duration::from_micros(10_500);
    let expected = Stats { apdus: 2, command_bytes: 12, response_bytes: 8, retries: 0, link };
    assert_eq!(reading.stats(), expected);
}

#[test]
fn repeated_commands_are_retries() {
    let read = [0x00, 0xB0, 0x00, 0x00, 0x00];
    let shorter = [0x00, 0xB0, 0x00, 0x00, 0x10];
    let get_response = [0x00, 0xC0, 0x00, 0x00, 0x10];
    // 6Cxx asks for another Le; a fault may be followed by the same command; 61xx and 9000 are no failures.
    for (first, answer, second, retries) in [
        (read, "< 6C10", shorter, 1),
        (read, "error COMM_DATA_LOST", read, 1),
        (read, "< 6F00", read, 1),
        (read, "< 9000", read, 0),
        (get_response, "< 01 6110", get_response, 0),
        (read, "< 6F00", [0x00, 0xB0, 0x00, 0x04, 0x00], 0),
        (read, "< 6C10", [0x00, 0xB2, 0x00, 0x00, 0x10], 0),
    ] {
        let (one, two) = (hex::encode(first), hex::encode(second));
        let mut meter = meter(&format!("> {one}\n{answer}\n> {two}\n< 9000\n"));
        let reading = meter.reading();
        let mut card = meter.begin().unwrap();
        let _ = card.transmit(&first, &mut Vec::new());
        card.transmit(&second, &mut Vec::new()).unwrap();
        assert_eq!((reading.stats().apdus, reading.stats().retries), (2, retries), "{one} {answer} {two}");
    }
}

#[test]
fn no_secret_is_kept() {
    let verify = [0x00, 0x20, 0x00, 0x81, 0x04, 0x31, 0x32, 0x33, 0x34];
    let mut meter = meter("> 00 20 00 81 04 ********\n< 63C2\n");
    meter.begin().unwrap().transmit(&verify, &mut Vec::new()).unwrap();
    assert!(meter.previous.command.len() == 5 && meter.previous.failed);
}

#[test]
fn a_model_tells_the_time_where_the_transport_does_not() {
    let mut meter = meter("> 00B00000 02\n< 0102 9000\n> 00B00000 02\n< 0102 9000 @7ms\n")
        .with_model(|command, answer| Duration::from_millis(count(100 * command.len() + answer.len())));
    let reading = meter.reading();
    let mut card = meter.begin().unwrap();
    let read = [0x00, 0xB0, 0x00, 0x00, 0x02];
    let exchange = card.transmit(&read, &mut Vec::new()).unwrap();
    assert_eq!((exchange.elapsed, reading.stats().link), (Duration::ZERO, Duration::from_millis(504)));
    card.transmit(&read, &mut Vec::new()).unwrap();
    assert_eq!(reading.stats().link, Duration::from_millis(511));
}

#[test]
fn what_is_never_sent_is_not_counted() {
    let mut meter = meter("");
    let reading = meter.reading();
    assert!(meter.begin().unwrap().transmit(&[0x00], &mut Vec::new()).is_err());
    assert_eq!(reading.stats(), Stats::default());
}
