//! NSS, on which Firefox and Thunderbird are built: its tools load the module, list the certificates and find the key.

use super::{Bench, ID_PIN, IMAGES, recipe};

const WARNING: (&str, &str) = ("<enter> to continue: ", "");
const IDENTITY: (&str, &str) = ("Enter Password or Pin for \"SPECIMEN ID card (identity)\":", ID_PIN);

#[test]
fn the_recipe_of_nss_is_right() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let lines = format!("mkdir -p .pki/nssdb\n{}", recipe("Firefox"));
        // Certificates are shown without a PIN; the key is not.
        let shown = bench.follows(&lines, &[WARNING, IDENTITY]);
        for part in [
            "Module \"idcard\" added to database.",
            "SPECIMEN ID card (identity):Authentication certificate       u,u,u",
            "SPECIMEN ID card (signature):Signing certificate             u,u,u",
            "SPECIMEN ID card (identity):Issuing CA certificate           ,,",
        ] {
            assert!(shown.contains(part), "{image}: {part}: {shown}");
        }
        let key = shown.lines().find(|line| line.starts_with("< 0>")).unwrap_or_else(|| panic!("{image}: {shown}"));
        assert!(key.ends_with(" Authentication key"), "{image}: {key}");
    }
}
