//! Logs of other programs.

#![no_main]

use idcard_core::transport::trace::Step;
use idcard_core::transport::trace::import::{LogFormat, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(format) = LogFormat::detect(input) else { return };
    let _ = import(input, format, &mut |_, _: &Step| Ok(()));
});
