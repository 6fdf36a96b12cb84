//! `siyu config check|init|path|show|schema`.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::say::{say, say_as_it_is, shown};
use super::told::Told;
use crate::config::{Config, EXAMPLE, Paths, Selected, backend_problem, schema, url_problem};
use crate::i18n::words::{commands, doctor};
use crate::i18n::{Lang, Line, Word, say as words};

/// Arguments of `siyu config`.
#[derive(Args, Clone, Debug)]
pub struct ConfigArgs {
    /// What to do; `check` where nothing is said
    #[command(subcommand)]
    pub what: Option<ConfigWhat>,
}

/// Subcommands of `siyu config`.
#[derive(Subcommand, Clone, Debug)]
pub enum ConfigWhat {
    /// Print every mistake as path:line:col, with the line and a hint
    Check,
    /// Write a commented configuration
    Init(InitArgs),
    /// Print where the configuration lies
    Path,
    /// Print the effective configuration, with secrets masked
    Show,
    /// Print a JSON Schema of the file
    Schema,
}

/// Arguments of `siyu config init`.
#[derive(Args, Clone, Debug, Default)]
pub struct InitArgs {
    /// The kind of backend
    #[arg(long, default_value = "siyu")]
    pub backend: String,
    /// The backend's address, such as http://127.0.0.1:7420
    #[arg(long)]
    pub url: Option<String>,
    /// The environment variable that holds the token
    #[arg(long, value_name = "NAME")]
    pub token_env: Option<String>,
    /// Overwrite a configuration that is there
    #[arg(long)]
    pub force: bool,
}

/// The configuration or an argument makes no sense.
const USAGE: u8 = 2;

/// Does what is asked for and gives the exit status. The file is read here, since `check` and
/// `init` must work where it is broken. `select` chooses the profile that `show` shows as open.
///
/// # Errors
/// Where `out` takes no more, or a file cannot be written.
pub fn run(
    args: &ConfigArgs,
    paths: &Paths,
    select: impl Fn(&Config) -> Option<Selected>,
    lang: Lang,
    out: &mut impl Write,
) -> io::Result<u8> {
    let at = |word: Word| shown(word.with("path", paths.config.display().to_string()).in_lang(lang));
    match args.what.as_ref().unwrap_or(&ConfigWhat::Check) {
        ConfigWhat::Path => writeln!(out, "{}", paths.config.display())?,
        ConfigWhat::Schema => writeln!(out, "{}", schema())?,
        ConfigWhat::Init(args) => return init(args, &paths.config, lang, out),
        ConfigWhat::Check => match Config::open(paths) {
            Ok(Some(config)) => {
                for odd in &config.warnings {
                    writeln!(out, "{}", shown(odd.in_lang(lang)))?;
                }
                for mistake in &config.unusable {
                    writeln!(out, "{}", shown(mistake.in_lang(lang)))?;
                }
                if !config.unusable.is_empty() {
                    return Ok(USAGE);
                }
                writeln!(out, "{}", at(doctor::NO_MISTAKES))?;
            }
            Ok(None) => writeln!(out, "{}", at(doctor::NO_FILE))?,
            Err(wrong) => {
                for mistake in wrong {
                    writeln!(out, "{}", shown(mistake.in_lang(lang)))?;
                }
                return Ok(USAGE);
            }
        },
        ConfigWhat::Show => match Config::open(paths) {
            Ok(config) => {
                let config = config.unwrap_or_default();
                write!(out, "{}", config.show(select(&config).as_ref()))?;
            }
            Err(wrong) => {
                for mistake in wrong {
                    say_as_it_is(mistake.in_lang(lang));
                }
                return Ok(USAGE);
            }
        },
    }
    Ok(0)
}

fn init(args: &InitArgs, path: &Path, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    let say = |line: Line| say(line.in_lang(lang));
    if path.exists() && !args.force {
        say(commands::INIT_THERE.with("path", path.display().to_string()));
        return Ok(USAGE);
    }
    if let Some(problem) = backend_problem(&args.backend) {
        say(Line::from("--backend: ").and(problem));
        return Ok(USAGE);
    }
    let asks = io::stdin().is_terminal();
    let url = match &args.url {
        Some(url) => url.clone(),
        None if asks => ask(words(lang, commands::ASK_URL), "http://127.0.0.1:7420")?,
        None => {
            say(commands::INIT_WANTS_URL.into());
            return Ok(USAGE);
        }
    };
    if let Some(problem) = url_problem(&url) {
        say(Line::from("--url: ").and(problem));
        return Ok(USAGE);
    }
    let token_env = match &args.token_env {
        Some(name) => name.clone(),
        None if asks && args.url.is_none() => ask(words(lang, commands::ASK_TOKEN_ENV), "")?,
        None => String::new(),
    };
    if let Err(error) = reach(&url) {
        say(commands::NOT_REACHED.with("url", url.clone()).with("error", error.told()));
    }
    write_file(path, &first_file(&args.backend, &url, &token_env, None), args.force)?;
    writeln!(out, "{}", path.display())?;
    Ok(0)
}

/// Asks a question on the terminal.
fn ask(question: &str, usual: &str) -> io::Result<String> {
    let offer = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
    eprint!("{question}{offer}: ");
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let answer = line.trim();
    Ok(if answer.is_empty() { usual.to_owned() } else { answer.to_owned() })
}

/// Whether anybody listens at the address.
fn reach(url: &str) -> io::Result<()> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split('/').next().unwrap_or_default();
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if scheme == "https" { 443 } else { 80 };
    let authority = if has_port { authority.to_owned() } else { format!("{authority}:{port}") };
    let mut last = io::Error::new(io::ErrorKind::HostUnreachable, "the host has no address");
    for address in authority.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, Duration::from_secs(3)) {
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The example configuration with one profile in it; `token_env` may be empty. Without a language
/// the locale decides.
pub fn first_file(backend: &str, url: &str, token_env: &str, lang: Option<Lang>) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let line = |line: &str| match line {
        "lang = \"auto\"" => match lang {
            Some(Lang::Zh) => "lang = \"zh\"".to_owned(),
            Some(Lang::En) => "lang = \"en\"".to_owned(),
            None => line.to_owned(),
        },
        "#[profiles.main]" => "[profiles.main]".to_owned(),
        line if line.starts_with("#backend = ") => format!("backend = {}", quoted(backend)),
        line if line.starts_with("#url = ") => format!("url = {}", quoted(url)),
        line if line.starts_with("# token_env = ") && !token_env.is_empty() => {
            format!("token_env = {}", quoted(token_env))
        }
        line => line.to_owned(),
    };
    EXAMPLE.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// Writes the configuration of a first run, and never over one that is there.
///
/// # Errors
/// Where there is one already, or it cannot be written.
pub fn write_first(path: &Path, url: &str, token_env: &str, lang: Option<Lang>) -> io::Result<()> {
    write_file(path, &first_file("siyu", url, token_env, lang), false)
}

fn write_file(path: &Path, text: &str, over: bool) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if !over {
        return options.create_new(true).open(path)?.write_all(text.as_bytes());
    }
    // whoever reads it meanwhile sees the old one or the new one, never half of it
    let beside = path.with_extension("toml.new");
    let mut file = options.create(true).truncate(true).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Moved, TokenFrom};

    fn at(folder: &Path) -> Paths {
        let moved =
            Moved { config: Some(folder.join("deep/config.toml")), cache_dir: Some(folder.to_owned()) };
        Paths::find(&moved).unwrap()
    }

    fn does(paths: &Paths, what: ConfigWhat) -> (u8, String) {
        let mut out = Vec::new();
        let select = |config: &Config| config.select(None, |_| None).ok();
        let status = run(&ConfigArgs { what: Some(what) }, paths, select, Lang::En, &mut out).unwrap();
        (status, String::from_utf8(out).unwrap())
    }

    #[test]
    fn init_writes_a_file_that_checks_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let paths = at(folder.path());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let args = |force| {
            let (url, token_env) = (Some(url.clone()), Some("MY_\"TOKEN".to_owned()));
            ConfigWhat::Init(InitArgs { backend: "siyu".to_owned(), url, token_env, force })
        };
        assert_eq!(does(&paths, args(false)).0, 0);
        assert!(does(&paths, ConfigWhat::Check).1.ends_with(": no mistakes\n"));
        let config = Config::load(&paths.config).unwrap();
        assert_eq!(config.profiles["main"].url, url);
        assert_eq!(config.profiles["main"].token, TokenFrom::Env("MY_\"TOKEN".to_owned()));
        fs::write(&paths.config, "lang = \"zh\"\n").unwrap();
        assert_eq!(does(&paths, args(false)).0, USAGE);
        assert!(write_first(&paths.config, &url, "", None).is_err());
        assert_eq!(fs::read_to_string(&paths.config).unwrap(), "lang = \"zh\"\n");
        assert_eq!(does(&paths, args(true)).0, 0);
        assert!(fs::read_to_string(&paths.config).unwrap().contains("[profiles.main]"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&paths.config).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn check_prints_every_mistake_and_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let paths = at(folder.path());
        assert_eq!(does(&paths, ConfigWhat::Check).0, USAGE, "a named file must be there");
        fs::create_dir_all(paths.config.parent().unwrap()).unwrap();
        fs::write(&paths.config, "lnag = \"zh\"\n[ui]\nwidth = \"wdie\"\n").unwrap();
        let (status, told) = does(&paths, ConfigWhat::Check);
        assert_eq!(status, USAGE);
        assert!(told.contains("config.toml:1:1: ") && told.contains("config.toml:3:9: "), "{told}");
    }

    #[test]
    fn path_show_and_schema() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = at(folder.path());
        paths.config_named = false;
        assert_eq!(does(&paths, ConfigWhat::Path).1.trim(), paths.config.display().to_string());
        let shown = does(&paths, ConfigWhat::Show).1;
        assert!(Config::read("shown.toml".as_ref(), &shown).is_ok(), "{shown}");
        let schema: serde_json::Value = serde_json::from_str(&does(&paths, ConfigWhat::Schema).1).unwrap();
        assert_eq!(schema["additionalProperties"], false);
    }

    #[test]
    fn nobody_listens_is_told() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/path", listener.local_addr().unwrap());
        reach(&url).unwrap();
        drop(listener);
        assert!(reach(&url).is_err());
    }
}
