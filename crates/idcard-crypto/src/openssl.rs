//! The program `openssl` as the second opinion of tests, in a directory of its own.

use std::path::PathBuf;
use std::process::Command;

/// A directory with files, in which `openssl` runs.
pub(crate) struct OpenSsl {
    dir: tempfile::TempDir,
}

impl OpenSsl {
    /// `None` only where the program is not installed; that is said aloud.
    pub(crate) fn find() -> Option<Self> {
        match Command::new("openssl").arg("version").output() {
            Ok(_) => Some(Self { dir: tempfile::tempdir().unwrap() }),
            Err(error) => {
                eprintln!("the program openssl is absent, nothing was compared: {error}");
                None
            }
        }
    }

    /// The path of a file in the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Puts a file into the directory.
    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path(name), bytes).unwrap();
        self
    }

    /// Takes a file out of the directory.
    pub(crate) fn get(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs a command line, whose words hold no blanks; its messages on failure.
    pub(crate) fn run(&self, line: &str) -> Result<Vec<u8>, String> {
        let output = Command::new("openssl").current_dir(&self.dir).args(line.split_whitespace()).output().unwrap();
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(format!("openssl {line}: {}", String::from_utf8_lossy(&output.stderr)))
        }
    }
}

/// A certificate as PEM.
pub(crate) fn pem(certificate: &[u8]) -> String {
    crate::Certificate::from_der(certificate).unwrap().to_pem()
}
