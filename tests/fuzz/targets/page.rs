//! Card pages.

#![no_main]

use idcard_core::family::Page;
use libfuzzer_sys::fuzz_target;
use std::path::Path;

fuzz_target!(|input: &str| {
    let checked = Page::check(input).is_ok();
    assert!(!checked || Page::parse(input, Path::new("page.toml")).is_ok());
});
