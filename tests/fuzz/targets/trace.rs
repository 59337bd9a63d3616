//! Traces: what is read is written and read again as the same.

#![no_main]

use idcard_core::transport::trace::Trace;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(trace) = Trace::parse(input) else { return };
    let mut text = Vec::new();
    trace.write(&mut text).expect("memory takes everything");
    let again = Trace::parse(&text[..]).expect("what was written is a trace");
    assert_eq!(again.entries().len(), trace.entries().len());
    let mut redacted = Vec::new();
    trace.redacted().write(&mut redacted).expect("memory takes everything");
});
