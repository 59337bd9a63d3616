//! Recording: what a trace plays is recorded as the same trace, and secrets are masked.

use super::*;
use crate::transport::replay::Replay;
use crate::transport::trace::Trace;

/// A sink that others can look into.
#[derive(Clone, Default)]
struct Sheet(Arc<Mutex<Vec<u8>>>);

impl Sheet {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Sheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn recorder(text: &str) -> (Record<Replay>, Sheet) {
    let sheet = Sheet::default();
    (Record::new(Replay::new(Trace::parse(text.as_bytes()).unwrap()), sheet.clone()), sheet)
}

#[test]
fn what_is_replayed_is_recorded_again() {
    let text = "# idcard trace 1
atr 3B 80 80 01 01
protocol T=0
begin
> 00 A4 00 0C 02 3F 00
< 90 00 @12.3ms
> 00 20 00 81 04 ** ** ** **
< 63 C2 @0.05ms
end
begin
> 00 B0 00 00 04
reset
begin
> 00 B0 00 00 04
error COMM_DATA_LOST
reset
end
begin
error SHARING_VIOLATION
begin
> 00 B0 00 00 04
removed
end
";
    let (mut record, sheet) = recorder(text);
    let recording = record.recording();
    let mut answer = Vec::new();
    let mut card = record.begin().unwrap();
    card.transmit(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00], &mut answer).unwrap();
    card.transmit(&[0x00, 0x20, 0x00, 0x81, 0x04, 0x31, 0x32, 0x33, 0x34], &mut answer).unwrap();
    assert_eq!(answer, [0x63, 0xC2]);
    card.give_way().unwrap();
    let read = [0x00, 0xB0, 0x00, 0x00, 0x04];
    assert_eq!(card.transmit(&read, &mut answer), Err(LinkError::Reset));
    card.recover().unwrap();
    assert!(card.transmit(&read, &mut answer).is_err());
    card.end(Leaving::Reset).unwrap();
    assert!(record.begin().is_err());
    assert_eq!(record.begin().unwrap().transmit(&read, &mut answer), Err(LinkError::Removed));
    recording.finish().unwrap();
    assert_eq!(sheet.text(), text);
}

#[test]
fn commands_that_never_reach_a_card_are_not_recorded() {
    let (mut record, sheet) = recorder("# idcard trace 1\nbegin\nend\n");
    assert!(record.begin().unwrap().transmit(&[0x00], &mut Vec::new()).is_err());
    assert!(!sheet.text().contains('>'));
}

#[test]
fn redacted_answers_stay_redacted() {
    let (mut record, sheet) = recorder("# idcard trace 1\n> 00 B0 00 00 04\n< 30 ** ** ** 90 00\n");
    record.begin().unwrap().transmit(&[0x00, 0xB0, 0x00, 0x00, 0x04], &mut Vec::new()).unwrap();
    assert!(sheet.text().contains("< ** ** ** ** 90 00\n"), "{}", sheet.text());
}

#[test]
fn a_full_disk_disturbs_nothing_and_is_told() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let trace = Trace::parse(&b"# idcard trace 1\n> 00 B0 00 00 04\n< 90 00\n"[..]).unwrap();
    let mut record = Record::new(Replay::new(trace), Full);
    let recording = record.recording();
    let mut answer = Vec::new();
    record.begin().unwrap().transmit(&[0x00, 0xB0, 0x00, 0x00, 0x04], &mut answer).unwrap();
    assert_eq!(answer, [0x90, 0x00]);
    assert_eq!(recording.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn a_pin_from_a_pad_is_recorded_as_the_command_it_is() {
    let text = "# idcard trace 1\natr\nprotocol T=1\nbegin\n> 00 20 00 81 02 ** **\n< 90 00\nend\n";
    let (mut record, sheet) = recorder(text);
    let command = [0x00, 0x20, 0x00, 0x81, 0x02, 0x00, 0x00];
    let pad =
        PinPad { command: &command, shortest: 1, longest: 2, timeout: Duration::ZERO, language: 0, new_pin: None };
    let mut answer = Vec::new();
    record.begin().unwrap().verify_on_pad(&pad, &mut answer).unwrap();
    assert_eq!(answer, [0x90, 0x00]);
    assert_eq!(sheet.text(), text);
}
