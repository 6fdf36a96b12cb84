//! Which files of macros the operator has looked at and trusts, by the hash of their bytes.
//!
//! A file that lies in the folder of macros may have come from anywhere. Until it is trusted none of its
//! macros is run; a byte changed, and it has to be trusted again.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The hashes of what is trusted.
#[derive(Clone, Debug)]
pub struct Trust {
    file: PathBuf,
    known: BTreeSet<String>,
}

impl Trust {
    /// Reads what is trusted from a folder of the state; nothing is where there is no such file.
    pub fn read(state: &Path) -> Self {
        let file = state.join("trusted-macros");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let hash = |line: &str| line.split_whitespace().next().map(str::to_owned);
        Self { file, known: text.lines().filter_map(hash).collect() }
    }

    /// Whether a text is trusted.
    pub fn knows(&self, text: &str) -> bool {
        self.known.contains(&hash(text))
    }

    /// Trusts the text of a file from now on.
    ///
    /// # Errors
    /// Where that cannot be kept.
    pub fn add(&mut self, path: &Path, text: &str) -> io::Result<String> {
        let hash = hash(text);
        if self.known.insert(hash.clone()) {
            if let Some(folder) = self.file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.file)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().replace(['\n', '\r'], " ");
            writeln!(file, "{hash}  {name}")?;
        }
        Ok(hash)
    }
}

/// SHA-256 of a text, in hexadecimal digits.
pub fn hash(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_trusted_is_known_until_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let mut trust = Trust::read(folder.path());
        assert!(!trust.knows("a"));
        let hash = trust.add(Path::new("x/a.toml"), "a").unwrap();
        assert_eq!(hash, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb");
        let again = Trust::read(folder.path());
        assert!(again.knows("a") && !again.knows("a "));
    }
}
