//! Secrets beside the token, by their names: from where a profile says that each is.

use siyu::server::wecom::{APP_SECRET, CORP_ID};

use super::town::{Town, write_secret};
use crate::rig::Home;

/// A connector of one's own for this WeCom, with a secret of a name.
const OWN: &str = r#"
[connector]
format = 1
name = "own"

[vars.corp_id]
[secrets.app]
about = "the secret of the app"

[[login.steps]]
request = { path = "/gettoken", query = { corpid = "{$vars.corp_id}", corpsecret = "{$secrets.app}" } }
capture = { token = ".access_token", lifetime = ".expires_in" }

[request]
query = { access_token = "{$login.token}" }

[[errors]]
when = '.body.errcode != 0'
kind = "auth"
message = '.body.errmsg + " for " + ($vars.corp_id)'

[pull.operators]
request = { path = "/externalcontact/get_follow_user_list" }
items = ".follow_user"
map = '{id: ., name: ., active: true}'
"#;

fn home(town: &Town, secrets: &str) -> Home {
    let home = Home::new(&format!(
        "[profiles.main]\nbackend = \"./own.toml\"\nurl = \"{}\"\nvars = {{ corp_id = \"{CORP_ID}\" }}\n{secrets}\n",
        town.url()
    ));
    std::fs::write(home.path("own.toml"), OWN).unwrap();
    home
}

#[test]
fn a_secret_is_read_from_where_the_profile_says_that_it_is() {
    let town = Town::sample(30);
    let home = home(&town, "[profiles.main.secrets]\napp = { file = \"token\" }");
    write_secret(&home, APP_SECRET);
    home.text(&["sync"]);
    assert!(!home.records("operators").is_empty());
    let shown = home.text(&["config", "show"]);
    assert!(shown.contains("token") && !shown.contains(APP_SECRET), "{shown}");

    // A wrong one is told without being shown.
    write_secret(&home, "geheim-geheim");
    let said = String::from_utf8_lossy(&home.run(&["backend", "check"]).stdout).into_owned();
    assert!(said.contains("invalid credential") && !said.contains("geheim-geheim"), "{said}");
}

#[test]
fn a_secret_that_is_missing_or_misnamed_is_told_by_its_name() {
    let town = Town::sample(30);
    let missing = home(&town, "");
    let said = String::from_utf8_lossy(&missing.run(&["sync"]).stderr).into_owned();
    assert!(said.contains("the secret of the app") && said.contains("secrets.app"), "{said}");
    assert_eq!(town.total(), 0, "nothing was asked without it");

    let misnamed = home(&town, "secrets = { ap = { env = \"X\" } }");
    let output = misnamed.run(&["config", "check"]);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains(":5:13: the connector \"./own.toml\" asks for no secret \"ap\""), "{said}");
    assert!(said.contains("did you mean \"app\"?"), "{said}");
}
