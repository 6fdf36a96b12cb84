//! `siyu config check` and `siyu do --help`, as whoever sets the program up meets them.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::doing::{said, status};
use crate::home::Home;

fn check(home: &Home, text: &str) -> (i32, String) {
    let file = home.path("c.toml");
    std::fs::write(&file, text).expect("a file of a test");
    let output = home.run(&["--config", file.to_str().expect("a path of a test"), "config", "check"]);
    (status(&output), out(&output))
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn english() -> Home {
    Home::new().with("SIYU_LANG", "en")
}

#[test]
fn keys_with_bad_arguments_are_told() {
    let home = english();
    for (line, word) in [
        ("\"x\" = \"stage.set bogus\"", "one of lead, new"),
        ("\"x\" = \"stage.set activ\"", "did you mean \"active\""),
        ("\"x\" = \"stage.set lead now\"", "nothing more"),
        ("\"x\" = \"customer.set\"", "needs field"),
        ("\"x\" = \"copy shoe\"", "one of name, phone"),
        ("\"C-é\" = \"help\"", "no terminal sends"),
    ] {
        let (status, told) = check(&home, &format!("[keys.customers]\n{line}\n"));
        assert_eq!(status, 2, "{line}: {told}");
        assert!(told.contains("c.toml:2:") && told.contains(word), "{line}: {told}");
    }
    assert_eq!(check(&home, "[keys.customers]\n\"f12\" = \"stage.set active\"\n").0, 0);
}

#[test]
fn files_that_a_profile_names_are_looked_at() {
    let home = english();
    let write = |name: &str, text: &str, mode: u32| {
        std::fs::write(home.path(name), text).expect("a file of a test");
        std::fs::set_permissions(home.path(name), PermissionsExt::from_mode(mode)).expect("its mode");
    };
    write("open", "t0ken\n", 0o644);
    write("own", "t0ken\n", 0o600);
    write("empty", "", 0o600);
    let profile = |more: &str| check(&home, &format!("[profiles.main]\nurl = \"https://h\"\n{more}\n"));
    for (line, word) in [
        ("token_file = \"open\"", "chmod 600"),
        ("token_file = \"empty\"", "no token"),
        ("token_file = \"nowhere\"", "nowhere"),
        ("ca_file = \"nowhere\"", "nowhere"),
        ("ca_file = \"empty\"", "no certificate"),
    ] {
        let (status, told) = profile(line);
        assert_eq!(status, 2, "{line}: {told}");
        assert!(told.contains("c.toml:3:") && told.contains(word), "{line}: {told}");
        assert!(!told.contains("t0ken"), "{told}");
    }
    assert_eq!(profile("token_file = \"own\"").0, 0);
}

#[test]
fn a_mistake_is_told_once_and_hides_no_other() {
    let home = english();
    let plain = "profile = \"main\"\n[profiles.main]\nurl = \"http://h\"\ntoken_env = \"T\"\n";
    let (status, told) = check(&home, plain);
    assert_eq!((status, told.matches("c.toml:").count()), (2, 1), "{told}");
    assert!(told.contains("plain text"), "{told}");
    let both =
        "lnag = \"zh\"\n[keys.list]\n\"f12\" = \"view.open nosuch\"\n[views.due]\nfilter = \"stag:new\"\n";
    let (status, told) = check(&home, both);
    assert_eq!((status, told.matches("c.toml:").count()), (2, 3), "{told}");
    assert!(told.contains("views.nosuch"), "{told}");
}

#[test]
fn the_commands_to_be_given_are_listed_in_both_languages() {
    let home = english();
    for (lang, says) in [("en", "log a call"), ("zh", "记通话")] {
        for arguments in [&["do", "--help"][..], &["do", "-h"], &["man"], &["man", "do"]] {
            let output = home.run(&[arguments, &["--lang", lang]].concat());
            let text = out(&output).replace("\\-", "-");
            for part in ["call.log RESULT [NOTE…]", "tag.merge TAG [INTO]", "undo", says, "lead|new|active"]
            {
                assert!(text.contains(part), "{arguments:?} {lang}: {part}\n{text}");
            }
        }
    }
    let zh = out(&home.run(&["man", "--lang", "zh"]));
    for heading in [".SH 名称", ".SH 概要", ".SH 选项"] {
        assert!(zh.contains(heading), "{heading}: {zh}");
    }
    assert!(!zh.contains(".SH NAME") && !zh.contains(".SH SYNOPSIS"), "{zh}");
}

#[test]
fn bad_arguments_of_a_command_have_a_place_and_a_nearest() {
    let scene = crate::doing::Scene::new();
    let id = scene.ids("has:phone", "1").remove(0);
    let wrong = |line: &str, words: &[&str]| {
        let output = scene.home.run(&["do", line, "--ids", &id]);
        assert_eq!(status(&output), 2, "{line}: {}", said(&output));
        for word in words {
            assert!(said(&output).contains(word), "{line}: {word}: {}", said(&output));
        }
    };
    wrong("stage.set activ", &["column 11", "did you mean \"active\"", "            ^^^^^\n"]);
    wrong("tag.add VPI", &["column 9", "did you mean \"VIP\"", "^^^\n"]);
    wrong("customer.set remrk x", &["column 14", "did you mean \"remark\"", "^^^^^\n"]);
    wrong("stge.set active", &["column 1", "did you mean \"stage.set\""]);
    wrong("stage.set active now", &["column 18", "nothing more", "^^^\n"]);
    wrong("points.add many", &["column 12", "whole number"]);
}

#[test]
fn dates_by_name_are_echoed_as_absolute_ones() {
    let scene = crate::doing::Scene::new();
    let id = scene.ids("has:phone", "1").remove(0);
    let today = || jiff::Zoned::now().in_tz("Asia/Shanghai").expect("a zone").date();
    let before = today();
    let due = |words: &str, lang: &str| {
        let line = format!("follow_up.create 回访 \"{words}\"");
        let all = ["do", &line, "--ids", &id, "--dry-run", "--lang", lang];
        let plan = crate::doing::json(&scene.home.run(&[&all[..], &["--format", "json"]].concat()));
        let text = out(&scene.home.run(&all));
        let due = plan["writes"][0]["fields"]["due_at"].as_str().expect("a moment").to_owned();
        let day: jiff::civil::Date = due[..10].parse().expect("a day");
        assert!(text.contains(&format!("{}-{:02}", day.month(), day.day())), "{words}: {text}");
        due
    };
    let (month_end, january) = (due("月底", "zh"), due("5 jan", "en"));
    let next = due("下个月1号", "zh");
    let seconds = due("明天 15:00:30", "en");
    if today() != before {
        return; // midnight came between
    }
    assert_eq!(&month_end[..10], before.last_of_month().to_string());
    let first = before.first_of_month().checked_add(jiff::Span::new().months(1)).expect("a day");
    assert_eq!(&next[..10], first.to_string());
    assert!(january[4..].starts_with("-01-05T10:00"), "{january}");
    assert!(seconds.contains("T15:00:30"), "{seconds}");
}
