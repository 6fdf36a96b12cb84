//! The log: a file that is never the screen, kept small, with secrets masked.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use crate::config::LogSettings;
use crate::ui::text::{WidthMode, safe};

/// Begins to log to `siyu.log` in `folder`, at `level` (`error`, `warn`, `info`, `debug`, or what
/// `tracing` takes for single modules).
///
/// # Errors
/// Where the folder or the file cannot be written to.
pub fn start(folder: &Path, level: &str, settings: &LogSettings) -> io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join("siyu.log");
    let file = Rotating::open(&path, settings.file_mib << 20, settings.files)?;
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    // A second start in one process, as tests do, keeps the first log.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .log_internal_errors(false) // where the disk is full they would go to the screen
        .with_writer(Mutex::new(file))
        .try_init();
    Ok(path)
}

/// A file that is put aside when it has grown too large. Whatever looks like a secret is masked on
/// the way into it.
struct Rotating {
    path: PathBuf,
    file: File,
    size: u64,
    largest: u64,
    files: usize,
}

impl Rotating {
    fn open(path: &Path, largest: u64, files: usize) -> io::Result<Self> {
        use std::os::unix::fs::OpenOptionsExt;
        let file = File::options().append(true).create(true).mode(0o600).open(path)?;
        let size = file.metadata()?.len();
        Ok(Self { path: path.to_owned(), file, size, largest, files })
    }

    fn rotate(&mut self) -> io::Result<()> {
        let aside = |n: usize| self.path.with_extension(format!("log.{n}"));
        for n in (1..self.files.saturating_sub(1)).rev() {
            let _ = fs::rename(aside(n), aside(n + 1)); // there may be none
        }
        if self.files > 1 {
            fs::rename(&self.path, aside(1))?;
        } else {
            fs::remove_file(&self.path)?;
        }
        *self = Self::open(&self.path, self.largest, self.files)?;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.size > self.largest {
            self.rotate()?;
        }
        let text = String::from_utf8_lossy(bytes);
        // Whoever reads the file shows it on a terminal.
        let line: String = text
            .lines()
            .flat_map(|line| [safe(&masked(line), WidthMode::Narrow).into_owned(), "\n".into()])
            .collect();
        self.file.write_all(line.as_bytes())?;
        self.size += line.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Words behind which a secret stands, in lower case.
const BEFORE_SECRETS: [&str; 7] =
    ["bearer ", "token=", "token\":\"", "access_token=", "secret=", "password=", "authorization: "];

/// The line with whatever follows such a word replaced by `***`.
fn masked(line: &str) -> String {
    let lower = line.to_ascii_lowercase(); // same length, byte by byte
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while let Some((start, word)) = BEFORE_SECRETS
        .iter()
        .filter_map(|word| lower[at..].find(word).map(|found| (at + found + word.len(), *word)))
        .min()
    {
        out.push_str(&line[at..start]);
        let rest = &line[start..];
        let end =
            start + rest.find(|c: char| c.is_whitespace() || "\"'&,;".contains(c)).unwrap_or(rest.len());
        // "authorization: Bearer x": the scheme is no secret, what follows it is.
        if word == "authorization: " && lower[start..].starts_with("bearer ") {
            at = start;
            continue;
        }
        out.push_str("***");
        at = end;
    }
    out.push_str(&line[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_reach_the_file() {
        for (line, told) in [
            ("GET /x?access_token=abc&limit=1", "GET /x?access_token=***&limit=1"),
            ("Authorization: Bearer s3cret end", "Authorization: Bearer *** end"),
            (r#"{"token":"s3cret","a":1}"#, r#"{"token":"***","a":1}"#),
            ("nothing here 张三", "nothing here 张三"),
        ] {
            assert_eq!(masked(line), told);
        }
    }

    #[test]
    fn nothing_in_the_file_acts_on_a_terminal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("siyu.log");
        let mut file = Rotating::open(&path, 2 << 20, 4).unwrap();
        file.write_all("WARN \x1b]0;evil\x07 张三 \u{202e}\n".as_bytes()).unwrap();
        let told = fs::read_to_string(path).unwrap();
        assert!(told.contains("张三") && told.ends_with('\n'), "{told:?}");
        assert!(!told.contains(['\x1b', '\x07', '\u{202e}']), "{told:?}");
    }

    #[test]
    fn a_large_file_is_put_aside_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("siyu.log");
        let mut file = Rotating::open(&path, 2 << 20, 4).unwrap();
        let chunk = vec![b'x'; 512 * 1024];
        for _ in 0..60 {
            file.write_all(&chunk).unwrap();
        }
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["siyu.log", "siyu.log.1", "siyu.log.2", "siyu.log.3"]);
        assert!(fs::metadata(&path).unwrap().len() <= (2 << 20) + chunk.len() as u64 + 8);
    }
}
