//! A macro on its way into the configuration file.

use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::config::with_macro;
use crate::i18n::Lang;
use crate::macros::Macro;

/// Writes a macro to the end of the configuration. The file is replaced as a whole or not at all, keeps its
/// mode, and is written where a link leads to. Gives the name of the file.
///
/// # Errors
/// In the operator's language: what is wrong with the file or with the macro in it, or what the system says.
pub fn save_macro(path: &Path, makes: &Macro, lang: Lang) -> Result<String, String> {
    let system = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(system(error)),
    };
    let new = with_macro(path, &text, makes)
        .map_err(|wrong| wrong.first().map(|first| first.one_line(lang)).unwrap_or_default())?;
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    replace(path, &new).map_err(system)?;
    Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}", std::process::id()));
    let write = || -> std::io::Result<()> {
        let mut file = std::fs::File::create(&beside)?;
        if let Ok(there) = std::fs::metadata(path) {
            file.set_permissions(there.permissions())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    write().inspect_err(|_| drop(std::fs::remove_file(&beside)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::macros::{Source, read_file};

    #[test]
    fn the_file_is_there_or_comes_to_be_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/config.toml");
        let made = |name: &str| {
            let text = format!("[macros.{name}]\nsteps = [\"tag.add VIP\"]\n");
            read_file(Path::new(""), &text, Source::Config).unwrap().remove(0)
        };
        assert_eq!(save_macro(&file, &made("one"), Lang::En).unwrap(), "config.toml");
        #[cfg(unix)]
        let file = {
            let link = folder.path().join("link.toml");
            std::os::unix::fs::symlink(&file, &link).unwrap();
            link
        };
        save_macro(&file, &made("two"), Lang::En).unwrap();
        assert!(save_macro(&file, &made("two"), Lang::En).unwrap_err().contains("is taken"));
        assert_eq!(file.is_symlink(), cfg!(unix));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("[macros.one]") && text.contains("\n\n[macros.two]"), "{text}");
        assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
    }
}
