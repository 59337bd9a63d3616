//! `idcard pkcs11`: where the module lies that lets other programs use the card's keys.

use crate::args::Pkcs11Command;
use crate::context::Context;
use crate::exit::{Exit, Failure, Kind};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The name of the module as the system's linker makes it.
const MODULE: &str = if cfg!(target_os = "windows") {
    "idcard_pkcs11.dll"
} else if cfg!(target_os = "macos") {
    "libidcard_pkcs11.dylib"
} else {
    "libidcard_pkcs11.so"
};

/// Where systems keep libraries; each may have a folder `pkcs11` for modules.
const FOLDERS: [&str; 4] = ["/usr/local/lib", "/usr/lib64", "/usr/lib", "/opt/idcard/lib"];

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: &'static str,
    path: &'a str,
}

pub(super) fn run(command: &Pkcs11Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Pkcs11Command::Path => path(context),
    }
}

fn path(context: &Context) -> Result<Exit, Failure> {
    let program = std::env::current_exe().and_then(std::fs::canonicalize).ok();
    let found = candidates(program.as_deref()).into_iter().find(|path| path.is_file());
    let found = found.and_then(|path| std::fs::canonicalize(path).ok());
    let Some(path) = found.as_deref().and_then(Path::to_str) else {
        return Err(Failure::new(Kind::NotAvailable, format!("the module {MODULE} was not found"))
            .with_hint("install it beside the program idcard, in the folder lib next to it, or in /usr/local/lib"));
    };
    context.show(&Document { schema: "idcard.pkcs11_path/1", path }, || format!("{path}\n"))?;
    Ok(Exit::DONE)
}

/// Beside the program first, then in the libraries of its own tree, then where the system has them.
fn candidates(program: Option<&Path>) -> Vec<PathBuf> {
    let beside = program.and_then(Path::parent);
    let tree = beside.and_then(Path::parent).map(|prefix| prefix.join("lib"));
    let triplet = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let system = FOLDERS.iter().map(PathBuf::from).chain([PathBuf::from(triplet)]);
    let libraries = tree.into_iter().chain(system).flat_map(|folder| [folder.join("pkcs11"), folder]);
    beside.map(Path::to_path_buf).into_iter().chain(libraries).map(|folder| folder.join(MODULE)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_sought_beside_the_program_first() {
        let candidates = candidates(Some(Path::new("/opt/x/bin/idcard")));
        let place = |path: &str| candidates.iter().position(|candidate| *candidate == Path::new(path).join(MODULE));
        assert_eq!(place("/opt/x/bin"), Some(0));
        assert!(place("/opt/x/lib/pkcs11") < place("/opt/x/lib"));
        assert!(place("/opt/x/lib") < place("/usr/lib/pkcs11"));
        assert!(place("/usr/local/lib") < place("/usr/lib"));
    }
}
