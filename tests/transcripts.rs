//! What people see: commands with their whole output, in `tests/cli`.

#[test]
fn every_transcript_is_what_the_program_says() {
    trycmd::TestCases::new()
        .register_bin("idcard", std::path::Path::new(env!("CARGO_BIN_EXE_idcard")))
        .env("LC_ALL", "C")
        .env("IDCARD_CARD", "")
        .env("XDG_DATA_HOME", "/nonexistent")
        .case(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cli/*.toml"));
}
