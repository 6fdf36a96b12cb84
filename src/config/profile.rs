//! `[profiles.NAME]`: a backend, and where its token is to be had.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use super::load::refused;
use crate::backend::ConnectorFile;
use crate::backend::file::NotFound;
use crate::i18n::Line;
use crate::i18n::words::{config as words, connector};
use crate::reading::{At, Reader, Section, entries, kind, nearest, table_of};
use crate::reading::{masked_url, meant, quoted};

/// The backend that speaks the native API; all others have a connector file.
pub const NATIVE: &str = "siyu";

/// Keys of a profile that mean something; hints and messages name these.
const KEYS: &[&str] = &[
    "backend",
    "url",
    "vars",
    "token_command",
    "token_env",
    "token_file",
    "keyring",
    "secrets",
    "ca_file",
    "read_only",
];

/// A backend to work with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// [`NATIVE`], the name of a shipped connector, or the path of a connector file.
    pub backend: String,
    /// The connector's file; `None` for the native backend.
    pub connector: Option<Arc<ConnectorFile>>,
    /// What the installation says of itself, by the names that the connector asks for.
    pub vars: BTreeMap<String, String>,
    /// `http://` or `https://`, without credentials.
    pub url: String,
    /// Where the token is to be had.
    pub token: TokenFrom,
    /// Where the secrets are that the connector wants beside the token, by their names.
    pub secrets: BTreeMap<String, TokenFrom>,
    /// A PEM file of certificates to trust beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// Whether nothing is ever written to it.
    pub read_only: bool,
}

/// Where a token is to be had.
#[derive(Clone, PartialEq, Eq)]
pub enum TokenFrom {
    /// None is needed.
    Nowhere,
    /// It was given, by `SIYU_TOKEN`.
    Given(String),
    /// The environment variable of that name.
    Env(String),
    /// The first line of that file.
    File(PathBuf),
    /// What this program prints.
    Command(Vec<String>),
    /// An entry of the system's keyring.
    Keyring {
        /// What the secret is for.
        service: String,
        /// Whose it is.
        account: String,
    },
}

/// Never shows a token.
impl std::fmt::Debug for TokenFrom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nowhere => f.write_str("Nowhere"),
            Self::Given(_) => f.write_str("Given(***)"),
            Self::Env(name) => write!(f, "Env({name:?})"),
            Self::File(path) => write!(f, "File({path:?})"),
            Self::Command(words) => write!(f, "Command({:?} …)", words.first()),
            Self::Keyring { service, account } => write!(f, "Keyring({service:?}, {account:?})"),
        }
    }
}

impl Profile {
    /// Reads `[profiles]`; relative files lie beside the configuration.
    pub(super) fn read_all(
        reader: &mut Reader<'_>,
        table: &DeTable<'_>,
        folder: &Path,
    ) -> BTreeMap<String, Self> {
        let mut profiles = BTreeMap::new();
        for (name, value) in entries(table) {
            let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
            if name.value.is_empty() || !name.value.chars().all(plain) {
                let hint = words::NAME_LIKE.with("name", "profiles.main");
                reader.refuse(name.span, words::PROFILE_NAME, Some(hint));
                continue;
            }
            let Some(table) = table_of(reader, value, format!("profiles.{}", name.value)) else { continue };
            if let Some(profile) = Self::read(reader, table, &name, folder) {
                profiles.insert(name.value.to_owned(), profile);
            }
        }
        profiles
    }

    fn read(reader: &mut Reader<'_>, table: &DeTable<'_>, name: &At<&str>, folder: &Path) -> Option<Self> {
        let title = format!("profiles.{}", name.value);
        let section = Section::new(reader, table, &title, KEYS);
        let backend = section.text(reader, "backend");
        let url = section.text(reader, "url");
        if url.is_none() && section.place("url").is_none() {
            reader.refuse(
                name.span.clone(),
                words::NO_URL.with("name", title.clone()),
                Some("url = \"https://…\"".into()),
            );
        }
        let (backend, connector) = match backend {
            None => (NATIVE.to_owned(), None),
            Some(backend) => match find(&backend.value, folder) {
                Ok(connector) => (backend.value, connector),
                Err(NotFound::Wrong(wrong)) => {
                    // The connector's own mistakes, at their own places.
                    reader.wrong.extend(wrong.into_iter().map(|wrong| (backend.span.start, wrong)));
                    return None;
                }
                Err(error) => {
                    let (message, hint) = error.told(&backend.value);
                    reader.refuse(backend.span, message, hint.or_else(|| Some(words::PATH_FROM_FILE.into())));
                    return None;
                }
            },
        };
        let vars = read_vars(reader, &section, &backend, connector.as_deref(), name);
        let token = read_token(reader, &section, folder, TOKEN_KEYS);
        let secrets = read_secrets(reader, &section, &backend, connector.as_deref(), folder);
        let url = url.and_then(|url| match check_url(&url.value) {
            Ok(()) => match plain_http(&url.value) {
                Some((message, hint)) => {
                    reader.refuse(url.span, message, Some(hint));
                    None
                }
                None => Some(url.value),
            },
            Err(message) => {
                let apart = message == Line::from(words::URL_CREDENTIALS);
                let hint = if apart { words::TOKEN_APART } else { words::URL_LIKE };
                reader.refuse(url.span, message, Some(hint.into()));
                None
            }
        });
        let ca_file = section.text(reader, "ca_file").map(|file| {
            let path = folder.join(&file.value);
            look_at(reader, &file, &path, &|text, _| {
                let none = !text.contains("-----BEGIN CERTIFICATE-----");
                none.then(|| (words::NO_CERTIFICATE.into(), words::WANTS_PEM.into()))
            });
            path
        });
        let read_only = section.truth(reader, "read_only").unwrap_or(false);
        Some(Self { backend, connector, vars, url: url?, token, secrets, ca_file, read_only })
    }
}

/// What says where a token is: a program, a variable, a file, an entry of the keyring.
const TOKEN_KEYS: [&str; 4] = ["token_command", "token_env", "token_file", "keyring"];
/// The same for a secret that has a name.
const SECRET_KEYS: [&str; 4] = ["command", "env", "file", "keyring"];

/// `secrets`: where the secrets are that the connector asks for, and no others.
fn read_secrets(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    backend: &str,
    connector: Option<&ConnectorFile>,
    folder: &Path,
) -> BTreeMap<String, TokenFrom> {
    let asked = connector.map(|connector| connector.secrets.as_slice()).unwrap_or_default();
    let names = || asked.iter().map(|asked| asked.name.as_str());
    let mut secrets = BTreeMap::new();
    for (name, value) in section.table(reader, "secrets").map(entries).unwrap_or_default() {
        if !names().any(|asked| asked == name.value) {
            let hint = match nearest(name.value, names()) {
                Some(near) => meant(words::MEANT, near),
                None if asked.is_empty() => connector::NO_VARS.into(),
                None => connector::VARS_ARE.with("names", names().collect::<Vec<_>>().join(", ")),
            };
            let message =
                connector::NO_SECRET.with("backend", quoted(backend)).with("name", quoted(name.value));
            reader.refuse(name.span, message, Some(hint));
            continue;
        }
        let title = format!("secrets.{}", name.value);
        let Some(table) = table_of(reader, value, title.as_str()) else { continue };
        let section = Section::new(reader, table, &title, &SECRET_KEYS);
        secrets.insert(name.value.to_owned(), read_token(reader, &section, folder, SECRET_KEYS));
    }
    secrets
}

fn read_token(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    folder: &Path,
    [command, env, file, keyring]: [&str; 4],
) -> TokenFrom {
    let mut sources = Vec::new();
    if let Some(words) = section.words(reader, command) {
        if words.value.first().is_none_or(|program| program.value.is_empty()) {
            let hint = words::WRITE_LIKE.with("example", "token_command = [\"pass\", \"show\", \"siyu\"]");
            reader.refuse(words.span.clone(), words::TOKEN_PROGRAM, Some(hint));
        }
        sources
            .push((words.span, TokenFrom::Command(words.value.into_iter().map(|word| word.value).collect())));
    }
    if let Some(name) = section.text(reader, env) {
        if name.value.is_empty() || name.value.contains(['=', '\0']) {
            let hint = words::WRITE_LIKE.with("example", "token_env = \"SIYU_MAIN_TOKEN\"");
            reader.refuse(name.span.clone(), words::TOKEN_VARIABLE, Some(hint));
        }
        sources.push((name.span, TokenFrom::Env(name.value)));
    }
    if let Some(file) = section.text(reader, file) {
        let path = folder.join(&file.value);
        look_at(reader, &file, &path, &|text, mode| match mode & 0o077 {
            0 if text.trim().is_empty() => Some((words::NO_TOKEN_THERE.into(), words::ONE_LINE.into())),
            0 => None,
            _ => Some((words::TOKEN_OPEN.into(), words::CHMOD.into())),
        });
        sources.push((file.span, TokenFrom::File(path)));
    }
    if let Some(entry) = section.text(reader, keyring) {
        let (service, account) = entry.value.split_once('/').unwrap_or_default();
        if service.is_empty() || account.is_empty() {
            let hint = "keyring = \"siyu/main\"".into();
            reader.refuse(entry.span.clone(), words::KEYRING_ENTRY, Some(hint));
        }
        let (service, account) = (service.to_owned(), account.to_owned());
        sources.push((entry.span, TokenFrom::Keyring { service, account }));
    }
    sources.sort_by_key(|(span, _)| span.start);
    for (span, _) in sources.iter().skip(1) {
        reader.refuse(span.clone(), words::ONE_TOKEN, Some(words::KEEP_ONE_TOKEN.into()));
    }
    sources.into_iter().next().map_or(TokenFrom::Nowhere, |(_, source)| source)
}

/// What is wrong with what stands in a file and with its mode, and what to do about it.
type Sees<'a> = &'a dyn Fn(&str, u32) -> Option<(Line, Line)>;

/// Keeps what is wrong with a file that a profile names.
fn look_at(reader: &mut Reader<'_>, named: &At<String>, path: &Path, sees: Sees<'_>) {
    let read = std::fs::metadata(path).and_then(|there| Ok((std::fs::read(path)?, mode(&there))));
    let found = match read {
        Err(error) => Some((refused(&error), Some(words::PATH_FROM_FILE.into()))),
        Ok((bytes, mode)) => {
            sees(&String::from_utf8_lossy(&bytes), mode).map(|(what, hint)| (what, Some(hint)))
        }
    };
    if let Some((what, hint)) = found {
        let path = quoted(&path.display().to_string());
        reader.fault(named.span.clone(), Line::from(path).and(": ").and(what), hint);
    }
}

/// Who may do what with a file; the owner alone, where the system knows no such thing.
fn mode(there: &std::fs::Metadata) -> u32 {
    #[cfg(unix)]
    return std::os::unix::fs::PermissionsExt::mode(&there.permissions());
    #[cfg(not(unix))]
    {
        let _ = there;
        0o600
    }
}

/// What the connector asks for, and nothing else.
fn read_vars(
    reader: &mut Reader<'_>,
    section: &Section<'_, '_>,
    backend: &str,
    connector: Option<&ConnectorFile>,
    profile: &At<&str>,
) -> BTreeMap<String, String> {
    let asked = connector.map(|connector| connector.vars.as_slice()).unwrap_or_default();
    let names = || asked.iter().map(|asked| asked.name.as_str());
    let mut vars = BTreeMap::new();
    for (name, value) in section.table(reader, "vars").map(entries).unwrap_or_default() {
        if !names().any(|asked| asked == name.value) {
            let hint = match nearest(name.value, names()) {
                Some(near) => meant(words::MEANT, near),
                None if asked.is_empty() => connector::NO_VARS.into(),
                None => connector::VARS_ARE.with("names", names().collect::<Vec<_>>().join(", ")),
            };
            let message = connector::NO_VAR.with("backend", quoted(backend)).with("name", quoted(name.value));
            reader.refuse(name.span, message, Some(hint));
            continue;
        }
        match value.get_ref().as_str() {
            Some(text) => drop(vars.insert(name.value.to_owned(), text.to_owned())),
            None => {
                let message = words::NOT_A
                    .with("name", format!("vars.{}", name.value))
                    .with("wanted", words::A_TEXT)
                    .with("kind", kind(value.get_ref()));
                let hint = words::WRITE_LIKE.with("example", format!("{} = \"…\"", name.value));
                reader.refuse(value.span(), message, Some(hint));
            }
        }
    }
    let wanted = asked.iter().filter(|asked| asked.default.is_none() && !vars.contains_key(&asked.name));
    for asked in wanted {
        let span = section.place("vars").unwrap_or_else(|| profile.span.clone());
        let message =
            connector::VARS_WANTED.with("backend", quoted(backend)).with("name", quoted(&asked.name));
        let hint = Line::both(
            format!("vars = {{ {} = \"…\" }}  {}", asked.name, asked.about.zh),
            format!("vars = {{ {} = \"…\" }}  {}", asked.name, asked.about.en),
        );
        reader.refuse(span, message, Some(hint));
    }
    vars
}

/// The connector of a backend's name; `None` for the native one.
pub(super) fn find(name: &str, folder: &Path) -> Result<Option<Arc<ConnectorFile>>, NotFound> {
    if name == NATIVE { Ok(None) } else { ConnectorFile::find(name, folder).map(Some) }
}

/// What is wrong with a backend's name, if anything. A path is meant from here.
pub fn backend_problem(name: &str) -> Option<Line> {
    find(name, Path::new("")).err().map(|error| in_a_line(&error, name))
}

/// What is wrong with a backend, and the hint behind it.
pub(super) fn in_a_line(error: &NotFound, name: &str) -> Line {
    match error.told(name) {
        (message, Some(hint)) => message.and("; ").and(hint),
        (message, None) => message,
    }
}

/// What is wrong with a backend's address, if anything.
pub fn url_problem(url: &str) -> Option<Line> {
    check_url(url).err().or_else(|| plain_http(url).map(|(message, hint)| message.and("; ").and(hint)))
}

/// What is wrong where a token and all records would cross the network for all to read, and a hint:
/// no connector does that.
pub(super) fn plain_http(url: &str) -> Option<(Line, Line)> {
    let host = host_of(url.strip_prefix("http://")?);
    let parts: Vec<Option<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    let here =
        matches!(host, "localhost" | "[::1]") || matches!(parts[..], [Some(127), Some(_), Some(_), Some(_)]);
    if here {
        return None;
    }
    Some((words::PLAIN_HTTP.with("host", quoted(host)), words::USE_HTTPS.into()))
}

/// The host of what follows the scheme.
fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once(':').filter(|_| !authority.ends_with(']')).map_or(authority, |(host, _)| host)
}

/// Whether it is an address that a backend can have; else what is wrong.
pub(super) fn check_url(url: &str) -> Result<(), Line> {
    let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) else {
        return Err(words::URL_SCHEME.with("url", quoted(&masked_url(url))));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(words::URL_CREDENTIALS.into());
    }
    if host_of(rest).is_empty() || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(words::URL_HOST.with("url", quoted(&masked_url(url))));
    }
    if let Some((_, port)) = authority.rsplit_once(':').filter(|_| !authority.ends_with(']'))
        && port.parse::<u16>().is_err()
    {
        // A password with a slash in it looks like a port: then there is a login behind it.
        return Err(match rest.contains('@') {
            true => words::URL_CREDENTIALS.into(),
            false => words::URL_PORT.with("port", quoted(port)),
        });
    }
    if rest.contains(['?', '#']) {
        return Err(words::URL_END.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_host_and_no_more_than_a_path() {
        for url in
            ["http://127.0.0.1:7420", "https://scrm.example.com/siyu/", "http://[::1]:80", "http://[::1]"]
        {
            assert_eq!(check_url(url), Ok(()), "{url}");
        }
        for url in [
            "127.0.0.1:7420",
            "ftp://x",
            "http://",
            "http://:80",
            "http://u:p@h",
            "http://h:99999",
            "http://h/?a",
            "http://a b",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_network_is_crossed_under_tls_only() {
        for url in
            ["https://h", "http://localhost/x", "http://127.0.0.9:1", "http://[::1]:80", "http://[::1]"]
        {
            assert_eq!(plain_http(url), None, "{url}");
        }
        for url in ["http://h", "http://10.0.0.5:7420", "http://127.0.0.1.example.org/", "http://[::2]"] {
            assert!(plain_http(url).is_some() && url_problem(url).is_some(), "{url}");
        }
    }

    #[test]
    fn a_given_token_is_never_shown() {
        assert!(!format!("{:?}", TokenFrom::Given("geheim".into())).contains("geheim"));
    }
}
