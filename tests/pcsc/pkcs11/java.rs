//! Java: keytool and jarsigner through SunPKCS11, where a JDK is installed.

use super::{Bench, ID_PIN, recipe};
use std::io::Write as _;

#[test]
fn the_recipe_of_java_is_right() {
    let there = |program: &str| std::process::Command::new(program).arg("-help").output().is_ok();
    if !there("keytool") || !there("jarsigner") {
        // A JDK weighs more than all the rest, so .ci/setup does not install one. This is said past the capture of the tests.
        let missing = "NOT TESTED: the module with Java, since there is no JDK here (Debian: default-jdk-headless)";
        writeln!(std::io::stderr(), "{missing}").unwrap();
        return;
    }
    for image in ["specimen", "specimen-p256"] {
        let bench = Bench::with(image);
        let lines = format!("jar -cf file.jar text\n{}jarsigner -verify file.jar\n", recipe("Java"));
        let shown =
            bench.follows(&lines, &[("Enter keystore password:", ID_PIN), ("Enter Passphrase for keystore:", ID_PIN)]);
        assert!(shown.contains("Authentication certificate, PrivateKeyEntry"), "{image}: {shown}");
        assert!(shown.contains("jar verified."), "{image}: {shown}");
    }
}
