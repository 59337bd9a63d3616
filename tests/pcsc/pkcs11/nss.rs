//! NSS, on which Firefox and Thunderbird are built: its tools load the module, list the certificates and find the key.

use super::openssl::Server;
use super::{Bench, ID_PIN, IMAGES, presentations, recipe};

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

/// What a browser does at a site that asks for a certificate, by NSS's own client.
const VISIT: &str = "mkdir db
certutil -N -d sql:db --empty-password
certutil -A -d sql:db -n server -t CT,C,C -a -i server.pem
modutil -force -dbdir sql:db -add idcard -libfile $M -mechanisms FRIENDLY
echo 1234 > pin
printf 'GET / HTTP/1.0\\r\\n\\r\\n' > request
tstclnt -4 -h localhost -p $PORT -d sql:db -n 'SPECIMEN ID card (identity):Authentication certificate' -W pin -A request
";

#[test]
fn nss_logs_in_to_a_web_site_with_the_card() {
    for image in IMAGES {
        let bench = Bench::with(image);
        let server = Server::start(&bench);
        let shown = bench.follows(&format!("PORT={}\n{VISIT}", server.port), &[]);
        assert!(shown.contains("Client certificate") && shown.contains("- AUT"), "{image}: {shown}");
        assert_eq!(presentations(&bench.commands_until_removed()), [(0x81, ID_PIN.to_owned())], "{image}");
    }
}
