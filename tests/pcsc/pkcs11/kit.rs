//! p11-kit: a file names the module, and every program that asks p11-kit finds the card.

use super::{Bench, recipe};

/// Who is root has no files of p11-kit's own: the folder of the user takes the place of the system's, for these lines alone.
const BEGINNING: &str = r#"
if [ "$(id -u)" = 0 ]; then
    mkdir -p "$HOME/.config/pkcs11/modules"
    mount --bind "$HOME/.config/pkcs11/modules" /usr/share/p11-kit/modules
fi
"#;

impl Bench {
    fn with_p11_kit(&self, lines: &str) -> String {
        let lines = format!("{BEGINNING}{lines}");
        let root = self.done("id", &["-u"]).trim() == "0";
        let shell = ["sh", "-euc", &lines];
        if root {
            self.done("unshare", &[&["--mount", "--"], &shell[..]].concat())
        } else {
            self.done("sh", &shell[1..])
        }
    }
}

#[test]
fn the_recipe_of_p11_kit_is_right() {
    let bench = Bench::with("specimen");
    let told = bench.with_p11_kit(&recipe("p11-kit"));
    assert!(told.contains(&format!("idcard: {}", bench.module)), "{told}");
    for part in ["library-description: Iran's national smart card", "token: SPECIMEN ID card (identity)"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let tokens = told.lines().filter(|line| line.starts_with("pkcs11:") && line.contains("token=SPECIMEN%20ID%20card"));
    assert_eq!(tokens.count(), 2, "{told}");
}

/// The file for packages, which leaves it to p11-kit where the library lies.
#[test]
fn the_file_for_packages_is_understood() {
    let bench = Bench::without_a_card();
    let file = include_str!("../../../crates/idcard-pkcs11/idcard.module");
    assert_eq!(file.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>(), ["module: libidcard_pkcs11.so"]);
    std::fs::write(bench.lab.path("idcard.module"), file.replace("libidcard_pkcs11.so", &bench.module)).unwrap();
    let told = bench.with_p11_kit("cp idcard.module ~/.config/pkcs11/modules/ && p11-kit list-modules");
    assert!(told.contains("library-description: Iran's national smart card"), "{told}");
}
