//! A macro put into a configuration: a table at the end of the file, and every byte of it before as it was.

use std::path::Path;

use super::run::layers_of;
use super::{Config, Diagnostic};
use crate::command::Verb;
use crate::i18n::Line;
use crate::i18n::words::macros as words;
use crate::keymap::{print_keys, stack};
use crate::macros::{Macro, Source, print};
use crate::reading::quoted;

/// The text of the configuration with the macro in it.
///
/// # Errors
/// What is wrong with the file as it is; where a name or a key is taken already; or why the file would not
/// hold together with the macro in it.
pub fn with_macro(path: &Path, text: &str, makes: &Macro) -> Result<String, Vec<Diagnostic>> {
    let now = Config::read(path, text)?;
    if let Some(taken) = taken(&now, path, text, makes) {
        return Err(vec![taken]);
    }
    let breaks = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = text.to_owned();
    if !text.trim_start_matches('\u{feff}').is_empty() {
        new.push_str(if text.ends_with('\n') { "" } else { breaks });
        new.push_str(breaks);
    }
    new.push_str(&print(makes).replace('\n', breaks));
    Config::read(path, &new)?;
    Ok(new)
}

/// What has the macro's name or its keys already, and where.
fn taken(now: &Config, path: &Path, text: &str, makes: &Macro) -> Option<Diagnostic> {
    let place = |other: &Macro, key: bool, message: Line| {
        let span = other.origin.key.clone().filter(|_| key).unwrap_or_else(|| other.origin.span.clone());
        match other.origin.source {
            Source::Shipped => Diagnostic::whole(&other.origin.file, message, None),
            Source::Config => Diagnostic::at(path, text, span, message, None),
            Source::Folder => {
                let read = now.macros.files().find(|(file, _)| *file == other.origin.file);
                Diagnostic::at(&other.origin.file, read.map_or("", |(_, text)| text), span, message, None)
            }
        }
    };
    if let Some(other) = now.macros.get(&makes.name) {
        return Some(place(other, false, words::NAME_TAKEN.with("name", quoted(&makes.name))));
    }
    let keys = makes.keys.as_ref()?;
    let message = |command: &str, place: &str| {
        let keys = quoted(&print_keys(keys));
        words::KEY_TAKEN.with("keys", keys).with("command", command).with("place", format!("keys.{place}"))
    };
    let layers = layers_of(makes).iter();
    let bound =
        layers.flat_map(|layer| now.keymap.bindings(stack(*layer))).find(|bound| bound.keys == *keys)?;
    let message = message(&bound.command.to_string(), bound.layer.name());
    let of_macro = bound.command.arg().filter(|_| bound.command.verb == Verb::MacroRun);
    let of_macro =
        of_macro.and_then(|name| now.macros.get(name)).filter(|one| one.keys.as_ref() == Some(keys));
    Some(match (of_macro, bound.span) {
        (Some(other), _) => place(other, true, message),
        (None, Some(span)) => Diagnostic::at(path, text, span, message, None),
        (None, None) => Diagnostic::whole(path, message, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::macros::read_file;

    const FILE: &str =
        "# mine\nlang = \"zh\"   # as ever\n\n[macros.old]\nkey = \"g v\"\nsteps = [\"tag.add VIP\"] # x";

    fn made(name: &str, key: &str) -> Macro {
        let text = format!("[macros.{name}]\n{key}steps = [\"note.add 好\"]\n");
        read_file(Path::new(""), &text, Source::Config).unwrap().remove(0)
    }

    fn put(text: &str, makes: &Macro) -> Result<String, String> {
        with_macro(Path::new("config.toml"), text, makes).map_err(|wrong| wrong[0].one_line(Lang::En))
    }

    #[test]
    fn all_that_was_there_stays_byte_for_byte() {
        let new = put(FILE, &made("new", "key = \"g n\"\n")).unwrap();
        assert_eq!(new, format!("{FILE}\n\n[macros.new]\nkey = \"g n\"\nsteps = [\n  \"note.add 好\",\n]\n"));
        let config = Config::read(Path::new("config.toml"), &new).unwrap();
        assert!(config.macros.get("old").is_some() && config.macros.get("new").is_some());
        assert!(put("", &made("new", "")).unwrap().starts_with("[macros.new]\n"));
        let windows = put("\u{feff}lang = \"zh\"\r\n", &made("new", "")).unwrap();
        assert!(windows.starts_with("\u{feff}lang = \"zh\"\r\n\r\n[macros.new]\r\nsteps"), "{windows:?}");
        assert!(!windows.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn what_is_taken_is_refused_with_its_place() {
        let wrong = |makes: &Macro| put(FILE, makes).unwrap_err();
        assert_eq!(wrong(&made("old", "")), "config.toml:4:9: the name \"old\" is taken");
        assert!(wrong(&made("wake-dormant", "")).starts_with("shipped.toml: the name"));
        let key = wrong(&made("new", "key = \"g v\"\n"));
        assert_eq!(key, "config.toml:5:7: \"g v\" is macro.run old [keys.customers]");
        let shipped = wrong(&made("new", "key = \"j\"\n"));
        assert_eq!(shipped, "config.toml: \"j\" is cursor.down [keys.list]");
        // One that begins another is as impossible as ever.
        assert!(wrong(&made("new", "key = \"g\"\n")).contains("would hide"));
        // A broken file stays as it is.
        assert!(put("lang = 3\n", &made("new", "")).is_err());
        assert!(put("macros = { }\n", &made("new", "")).is_err());
    }
}
