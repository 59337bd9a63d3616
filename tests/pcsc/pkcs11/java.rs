//! Java: keytool and jarsigner through SunPKCS11.

use super::{Bench, ID_PIN, recipe};

#[test]
fn the_recipe_of_java_is_right() {
    for image in ["specimen", "specimen-p256"] {
        let bench = Bench::with(image);
        let lines = format!("jar -cf file.jar text\n{}jarsigner -verify file.jar\n", recipe("Java"));
        let shown =
            bench.follows(&lines, &[("Enter keystore password:", ID_PIN), ("Enter Passphrase for keystore:", ID_PIN)]);
        assert!(shown.contains("Authentication certificate, PrivateKeyEntry"), "{image}: {shown}");
        assert!(shown.contains("jar verified."), "{image}: {shown}");
    }
}
