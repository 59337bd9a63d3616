//! `idcard schema NAME`: the JSON Schemas of the documents, as they lie in `docs/schema/`.

use crate::args::Schema;
use crate::exit::{Exit, Failure};
use crate::output;

macro_rules! schemas {
    ($($name:literal),+ $(,)?) => {
        /// Every document with its schema.
        const SCHEMAS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../../docs/schema/", $name, ".json")))),+];
    };
}

schemas![
    "auth_verify",
    "ca_check",
    "ca_import",
    "ca_list",
    "cert_list",
    "check_age",
    "check_date",
    "check_national_number",
    "check_postal_code",
    "check_status",
    "doctor",
    "error",
    "info",
    "page_check",
    "page_suggest",
    "pin_change",
    "pin_resume",
    "pin_status",
    "pin_unblock",
    "pin_verify",
    "pkcs11_path",
    "probe",
    "read",
    "readers",
    "sign",
    "sim_list",
    "sim_pki",
    "stats",
    "trace_import",
    "trace_replay",
    "trace_show",
    "verify",
    "watch",
];

/// Prints one schema, or the names of all.
pub(super) fn run(options: &Schema) -> Result<Exit, Failure> {
    let text = match &options.name {
        None => SCHEMAS.iter().map(|(name, _)| format!("{name}\n")).collect(),
        Some(wanted) => {
            let name = wanted.replace('-', "_");
            let known = SCHEMAS.iter().find(|(known, _)| *known == name);
            let Some((_, schema)) = known else {
                let names: Vec<_> = SCHEMAS.iter().map(|(name, _)| *name).collect();
                return Err(Failure::usage(format!("no schema is named {wanted}; there are {}", names.join(", "))));
            };
            (*schema).to_owned()
        }
    };
    output::stdout(text.as_bytes())?;
    Ok(Exit::DONE)
}
