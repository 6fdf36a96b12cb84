//! A file that is there whole or not at all: what is exported is written beside it, and takes its
//! name when all of it is on the disk. Only its owner can read it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A file in the making; dropped before [`ExportFile::finish`], nothing of it is left.
#[derive(Debug)]
pub struct ExportFile {
    out: Option<BufWriter<File>>,
    beside: PathBuf,
    path: PathBuf,
    replace: bool,
}

impl ExportFile {
    /// Begins a file at `path`; one that is there stays until the end, and stays for good unless
    /// it is to be replaced.
    ///
    /// # Errors
    /// As the system says; [`io::ErrorKind::AlreadyExists`] where there is one that is to stay.
    pub fn begin(path: &Path, replace: bool) -> io::Result<Self> {
        if !replace && path.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // What is no file of the disk (a terminal, a pipe, `/dev/stdout`) is written to as it is; of a
        // link it is the file behind it that is replaced.
        if let Ok(there) = path.metadata()
            && !there.is_file()
        {
            let file = OpenOptions::new().write(true).open(path)?;
            return Ok(Self {
                out: Some(BufWriter::new(file)),
                beside: PathBuf::new(),
                path: path.to_owned(),
                replace,
            });
        }
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned()); // Err: it is not there yet
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy().into_owned();
        let beside = path.with_file_name(format!(".{name}.{:08x}", rand::random::<u32>()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        Ok(Self { out: Some(BufWriter::new(file)), beside, path: path.to_owned(), replace })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// As the system says; then nothing of it is left.
    pub fn finish(mut self) -> io::Result<()> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        if self.beside.as_os_str().is_empty() {
            return Ok(());
        }
        file.sync_all()?;
        drop(file);
        if self.replace {
            return fs::rename(&self.beside, &self.path);
        }
        // Unlike a rename, a link never takes the place of a file that came meanwhile.
        fs::hard_link(&self.beside, &self.path)
    }
}

impl Write for ExportFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}

impl Drop for ExportFile {
    fn drop(&mut self) {
        if !self.beside.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.beside); // it may have its name by now
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_link_stays_a_link_and_a_device_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a.csv"), folder.path().join("link.csv"));
        std::fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        for to in [link.as_path(), Path::new("/dev/null")] {
            let mut begun = ExportFile::begin(to, true).unwrap();
            begun.write_all(b"new").unwrap();
            begun.finish().unwrap();
        }
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
        assert_eq!(names(folder.path()), ["a.csv", "link.csv"]);
    }

    #[test]
    fn it_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut begun = ExportFile::begin(&path, false).unwrap();
        begun.write_all(b"half").unwrap();
        assert!(!path.exists());
        drop(begun);
        assert_eq!(names(folder.path()), Vec::<String>::new());

        let mut whole = ExportFile::begin(&path, false).unwrap();
        whole.write_all(b"whole").unwrap();
        whole.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let meanwhile = ExportFile::begin(&path, false).unwrap();
        fs::write(&path, "old").unwrap();
        let there = io::ErrorKind::AlreadyExists;
        assert_eq!(meanwhile.finish().unwrap_err().kind(), there);
        assert_eq!(ExportFile::begin(&path, false).unwrap_err().kind(), there);
        let mut new = ExportFile::begin(&path, true).unwrap();
        new.write_all(b"new").unwrap();
        new.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }
}
