//! `siyu config init`: a commented configuration for one backend, tried before it is written.
//!
//! On a terminal it asks for the backend, the address, what the connector wants to know and where the
//! secret is; without one the flags say all of it. What fails in the trial is told, and the file written
//! all the same: the server may not be there yet.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::say::{say, say_as_it_is};
use super::told::{Told, in_words};
use crate::backend::file::{VarAsked, is_path};
use crate::backend::{ConnectorFile, Limits};
use crate::config::{Config, EXAMPLE, NATIVE, Profile, TokenSaid, backend_problem, url_problem};
use crate::i18n::words::commands;
use crate::i18n::{Lang, Line, say as words};
use crate::model::Resource;

/// Arguments of `siyu config init`.
#[derive(Args, Clone, Debug, Default)]
pub struct InitArgs {
    /// The backend: a connector of `siyu backend list`, or the path of a connector file [default: siyu]
    #[arg(long)]
    pub backend: Option<String>,
    /// The backend's address, such as http://127.0.0.1:7420
    #[arg(long)]
    pub url: Option<String>,
    /// What the connector wants to know, as NAME=VALUE; once for each
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair)]
    pub vars: Vec<(String, String)>,
    /// The environment variable that holds the secret
    #[arg(long, value_name = "NAME", group = "secret")]
    pub token_env: Option<String>,
    /// The file that holds the secret; nobody else may read it
    #[arg(long, value_name = "FILE", group = "secret")]
    pub token_file: Option<PathBuf>,
    /// The program that prints the secret, with its arguments
    #[arg(long, value_name = "COMMAND", group = "secret")]
    pub token_command: Option<String>,
    /// The entry of the system's keyring that is the secret
    #[arg(long, value_name = "SERVICE/ACCOUNT", group = "secret")]
    pub keyring: Option<String>,
    /// Write without trying
    #[arg(long)]
    pub no_check: bool,
    /// Overwrite a configuration that is there
    #[arg(long)]
    pub force: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("{text:?}: NAME=VALUE"))?;
    Ok((name.to_owned(), value.to_owned()))
}

/// The configuration or an argument makes no sense.
const USAGE: u8 = 2;

/// What the profile is to say.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The backend.
    pub backend: String,
    /// Its address.
    pub url: String,
    /// What the connector wants to know.
    pub vars: Vec<(String, String)>,
    /// The line that says where the secret is; empty where there is none.
    pub secret: String,
}

/// Writes the configuration, and gives the exit status.
///
/// # Errors
/// Where `out` takes no more, or the file cannot be written.
pub fn run(args: &InitArgs, path: &Path, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    let tell = |line: Line| say(line.in_lang(lang));
    if path.exists() && !args.force {
        tell(commands::INIT_THERE.with("path", path.display().to_string()));
        return Ok(USAGE);
    }
    let asks = io::stdin().is_terminal() && args.url.is_none();
    let backend = match &args.backend {
        Some(backend) => backend.clone(),
        None if asks => {
            say(commands::INIT_BACKENDS.with("names", crate::backend::file::names().join(" ")).in_lang(lang));
            ask(words(lang, commands::ASK_BACKEND), NATIVE)?
        }
        None => NATIVE.to_owned(),
    };
    if let Some(problem) = backend_problem(&backend) {
        tell(Line::from("--backend: ").and(problem));
        return Ok(USAGE);
    }
    let url = match &args.url {
        Some(url) => url.clone(),
        None if asks => ask(words(lang, commands::ASK_URL), "http://127.0.0.1:7420")?,
        None => {
            tell(commands::INIT_WANTS_URL.into());
            return Ok(USAGE);
        }
    };
    if let Some(problem) = url_problem(&url) {
        tell(Line::from("--url: ").and(problem));
        return Ok(USAGE);
    }
    let connector = ConnectorFile::find(&backend, Path::new("")).ok();
    let asked = connector.as_ref().map(|file| file.vars.as_slice()).unwrap_or_default();
    let vars = vars(asked, args, asks, lang)?;
    let secret = match secret(args) {
        None if asks => match source(&ask(words(lang, commands::ASK_SECRET), "")?) {
            Ok(line) => line,
            Err(wrong) => {
                tell(wrong);
                return Ok(USAGE);
            }
        },
        found => found.unwrap_or_default(),
    };
    let draft = Draft { backend: from_anywhere(&backend), url, vars, secret };
    let text = first_file(&draft, None);
    let config = match Config::read(path, &text) {
        Ok(config) => config,
        Err(wrong) => {
            for mistake in wrong {
                say_as_it_is(mistake.in_lang(lang));
            }
            return Ok(USAGE);
        }
    };
    if let Some(profile) = config.profiles.get("main").filter(|_| !args.no_check) {
        tell(match tried(profile) {
            Ok(line) => commands::INIT_TRIED.with("what", line),
            Err(error) => commands::NOT_REACHED.with("url", draft.url.clone()).with("error", error),
        });
    }
    write_file(path, &text, args.force)?;
    writeln!(out, "{}", path.display())?;
    Ok(0)
}

/// What the connector wants to know: from the flags, or asked for; its own default where neither says it.
fn vars(asked: &[VarAsked], args: &InitArgs, asks: bool, lang: Lang) -> io::Result<Vec<(String, String)>> {
    let mut vars = args.vars.clone();
    for one in asked.iter().filter(|_| asks) {
        if vars.iter().any(|(name, _)| *name == one.name) {
            continue;
        }
        let usual = one.default.as_deref().unwrap_or_default();
        let value = ask(&format!("{} ({})", one.about.in_lang(lang), one.name), usual)?;
        if value != usual {
            vars.push((one.name.clone(), value));
        }
    }
    Ok(vars)
}

/// The line of the flags that say where the secret is.
fn secret(args: &InitArgs) -> Option<String> {
    if let Some(name) = &args.token_env {
        return Some(format!("token_env = {}", quoted(name)));
    }
    if let Some(path) = &args.token_file {
        return Some(format!("token_file = {}", quoted(&from_anywhere(&path.display().to_string()))));
    }
    if let Some(command) = &args.token_command {
        return Some(command_line(&command.split_whitespace().collect::<Vec<_>>()));
    }
    args.keyring.as_ref().map(|entry| format!("keyring = {}", quoted(entry)))
}

/// The same from an answer such as `file PATH`.
fn source(answer: &str) -> Result<String, Line> {
    Ok(match TokenSaid::read(answer)? {
        TokenSaid::Nowhere => String::new(),
        TokenSaid::Env(name) => format!("token_env = {}", quoted(name)),
        TokenSaid::File(path) => format!("token_file = {}", quoted(&from_anywhere(path))),
        TokenSaid::Command(words) => command_line(&words),
        TokenSaid::Keyring(entry) => format!("keyring = {}", quoted(entry)),
    })
}

fn command_line(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    format!("token_command = [{}]", words.join(", "))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A path that is meant from here, as the configuration can say it from where it lies.
fn from_anywhere(name: &str) -> String {
    if !is_path(name) && !Path::new(name).exists() {
        return name.to_owned();
    }
    fs::canonicalize(name).map_or_else(|_| name.to_owned(), |path| path.display().to_string())
}

/// Asks the backend who it is, and for the first of what it has.
fn tried(profile: &Profile) -> Result<Line, Line> {
    let token = super::source(&profile.token).read().map_err(|error| error.told())?;
    let connector = super::connecting(profile, token, Limits::default()).map_err(|error| in_words(&error))?;
    let tasks = tokio::runtime::Builder::new_current_thread().enable_all().build();
    tasks.map_err(|error| error.told())?.block_on(async {
        let meta = connector.meta().await.map_err(|error| in_words(&error))?;
        let customers = meta.resources.contains(&Resource::Customers);
        let Some(first) = customers.then_some(Resource::Customers).or(meta.resources.first().copied()) else {
            return Ok(Line::from(meta.name));
        };
        let tried = connector.try_out(first, 1).await.map_err(|error| in_words(&error))?;
        Ok(Line::from(format!("{}: {}", meta.name, tried.asked)))
    })
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

/// The example configuration with one profile in it. Without a language the locale decides.
pub fn first_file(draft: &Draft, lang: Option<Lang>) -> String {
    let vars = |(name, value): &(String, String)| format!("{} = {}", key(name), quoted(value));
    let line = |line: &str| match line {
        "lang = \"auto\"" => match lang {
            Some(Lang::Zh) => "lang = \"zh\"".to_owned(),
            Some(Lang::En) => "lang = \"en\"".to_owned(),
            None => line.to_owned(),
        },
        "#[profiles.main]" => "[profiles.main]".to_owned(),
        line if line.starts_with("#backend = ") => format!("backend = {}", quoted(&draft.backend)),
        line if line.starts_with("#url = ") => format!("url = {}", quoted(&draft.url)),
        line if line.starts_with("# vars = ") && !draft.vars.is_empty() => {
            format!("vars = {{ {} }}", draft.vars.iter().map(vars).collect::<Vec<_>>().join(", "))
        }
        line if !draft.secret.is_empty()
            && line.trim_start_matches(['#', ' ']).starts_with(name(&draft.secret)) =>
        {
            draft.secret.clone()
        }
        line => line.to_owned(),
    };
    EXAMPLE.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// What stands before the value of a line, with its `=`.
fn name(line: &str) -> &str {
    line.split_inclusive('=').next().unwrap_or(line)
}

/// A key as TOML wants it.
fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// Writes the configuration of a first run, and never over one that is there.
///
/// # Errors
/// Where there is one already, or it cannot be written.
pub fn write_first(path: &Path, draft: &Draft, lang: Option<Lang>) -> io::Result<()> {
    write_file(path, &first_file(draft, lang), false)
}

/// What the profile of a first run is to say: the address, and where the token is.
///
/// # Errors
/// Where the token is said in no way that there is.
pub fn of_first_run(url: &str, token: &str) -> Result<Draft, Line> {
    let url = url.to_owned();
    Ok(Draft { backend: NATIVE.to_owned(), url, vars: Vec::new(), secret: source(token)? })
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
    use crate::config::TokenFrom;

    fn does(path: &Path, args: InitArgs) -> u8 {
        run(&args, path, Lang::En, &mut Vec::new()).unwrap()
    }

    #[test]
    fn a_file_that_checks_is_written_and_never_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/config.toml");
        let args = |force| InitArgs {
            url: Some("http://127.0.0.1:9".to_owned()),
            token_env: Some("MY_\"TOKEN".to_owned()),
            force,
            ..InitArgs::default()
        };
        assert_eq!(does(&path, args(false)), 0);
        let config = Config::load(&path).unwrap();
        assert_eq!(config.profiles["main"].url, "http://127.0.0.1:9");
        assert_eq!(config.profiles["main"].token, TokenFrom::Env("MY_\"TOKEN".to_owned()));
        fs::write(&path, "lang = \"zh\"\n").unwrap();
        assert_eq!(does(&path, args(false)), USAGE);
        assert!(write_first(&path, &Draft::default(), None).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "lang = \"zh\"\n");
        assert_eq!(does(&path, args(true)), 0);
        assert!(fs::read_to_string(&path).unwrap().contains("[profiles.main]"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_connector_is_named_with_what_it_asks_for_and_where_its_secret_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        let args = |vars: &[(&str, &str)]| InitArgs {
            backend: Some("matrix".to_owned()),
            url: Some("http://127.0.0.1:9".to_owned()),
            vars: vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            token_command: Some("pass show siyu/matrix".to_owned()),
            no_check: true,
            ..InitArgs::default()
        };
        assert_eq!(does(&path, args(&[])), USAGE, "the connector wants a user");
        assert_eq!(does(&path, args(&[("user", "admin"), ("usre", "x")])), USAGE);
        assert!(!path.exists());
        assert_eq!(does(&path, args(&[("user", "ad\"min")])), 0);
        let profile = &Config::load(&path).unwrap().profiles["main"];
        assert_eq!((profile.backend.as_str(), profile.vars["user"].as_str()), ("matrix", "ad\"min"));
        let words = ["pass", "show", "siyu/matrix"].map(str::to_owned).to_vec();
        assert_eq!(profile.token, TokenFrom::Command(words));
        // A connector file that is meant from here is found from where the configuration lies.
        let file = folder.path().join("mine.toml");
        fs::write(
            &file,
            "[connector]\nformat = 1\nname = \"mine\"\n[pull.tags]\nrequest = { path = \"/t\" }\nmap = '.'\n",
        )
        .unwrap();
        let args = InitArgs {
            backend: Some(file.display().to_string()),
            force: true,
            token_command: None,
            vars: Vec::new(),
            ..args(&[])
        };
        assert_eq!(does(&path, args), 0);
        assert_eq!(Config::load(&path).unwrap().profiles["main"].connector.as_ref().unwrap().name, "mine");
    }

    #[test]
    fn where_a_secret_is_can_be_answered_in_a_line() {
        for (answer, line) in [
            ("", ""),
            ("MY_TOKEN", "token_env = \"MY_TOKEN\""),
            ("env MY_TOKEN", "token_env = \"MY_TOKEN\""),
            ("file: /no/such", "token_file = \"/no/such\""),
            ("command pass show x", "token_command = [\"pass\", \"show\", \"x\"]"),
            ("keyring siyu/main", "keyring = \"siyu/main\""),
        ] {
            assert_eq!(source(answer), Ok(line.to_owned()), "{answer}");
        }
    }

    #[test]
    fn what_the_backend_says_is_told_before_it_is_written() {
        let profile = |url: &str, backend: &str| {
            let draft = Draft { backend: backend.to_owned(), url: url.to_owned(), ..Draft::default() };
            let config = Config::read("c.toml".as_ref(), &first_file(&draft, None)).unwrap();
            config.profiles["main"].clone()
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut stream = stream;
                let mut line = String::new();
                let _ = io::BufReader::new(&stream).read_line(&mut line);
                let body = if line.contains("/customers") { "[{\"id\":1,\"profile\":{}}]" } else { "[]" };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        let told = tried(&profile(&url, "json-server")).unwrap().in_lang(Lang::En);
        assert!(told.starts_with("json-server: GET /customers") && told.ends_with("200"), "{told}");
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(tried(&profile(&format!("http://{closed}"), "json-server")).is_err());
    }
}
