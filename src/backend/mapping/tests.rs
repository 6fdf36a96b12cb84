//! Filters as operators write them, and what stops those that would not end.

use serde_json::{Value, json};

use super::*;

const VARS: Vars = Vars(&["$vars", "$since"]);

fn filter(text: &str) -> Filter {
    Filter::compile(text, VARS).unwrap_or_else(|wrong| panic!("{text}: {} {:?}", wrong.what, wrong.at))
}

fn one(text: &str, input: Value) -> Result<Value, String> {
    let bindings =
        Bindings::default().with("$vars", json!({"zone": "+08:00"})).with("$since", "2026-01-01T00:00:00Z");
    filter(text).one(&input, &bindings)
}

#[test]
fn plain_filters_take_the_fast_way_and_give_what_jq_gives() {
    let item = json!({"a": {"b c": [1, {"d": "x"}]}, "n": null, "t": 1_600_000_000, "f": false});
    for (text, wanted) in [
        (".", item.clone()),
        (".a.\"b c\"[1].d", json!("x")),
        (".a[\"b c\"][-1].d", json!("x")),
        (".n.x.y", json!(null)),
        (".f // \"no\"", json!("no")),
        (
            "{id: .t, $since, n, z: \"c\", q: -1, e: []}",
            json!({"id": 1_600_000_000, "since": "2026-01-01T00:00:00Z", "n": null, "z": "c", "q": -1, "e": []}),
        ),
        (".t | epoch_s", json!("2020-09-13T12:26:40+00:00")),
        ("$vars.zone", json!("+08:00")),
    ] {
        let compiled = filter(text);
        assert!(compiled.is_quick(), "{text}");
        assert_eq!(one(text, item.clone()), Ok(wanted.clone()), "{text}");
        // The same in a form that only jq reads.
        let slow = format!("def slow: {text}; slow");
        assert!(!filter(&slow).is_quick(), "{slow}");
        assert_eq!(one(&slow, item.clone()), Ok(wanted), "{slow}");
    }
}

#[test]
fn integers_keep_every_digit_on_both_ways() {
    let input: Value =
        serde_json::from_str(r#"{"id":123456789012345678901234567890,"d":0.10,"k":9007199254740993}"#)
            .unwrap();
    for text in ["{id, d, k}", "[.] | .[0] | {id, d, k}"] {
        assert_eq!(
            one(text, input.clone()).unwrap().to_string(),
            r#"{"id":123456789012345678901234567890,"d":0.10,"k":9007199254740993}"#
        );
    }
    assert_eq!(one("[.id][0] | tostring", input.clone()).unwrap(), json!("123456789012345678901234567890"));
    assert_eq!(one("60000 / 1000", input).unwrap().to_string(), "60");
}

#[test]
fn what_would_not_end_is_stopped() {
    for text in [
        "[repeat(1)]",
        "last(range(0; 1; 0))",
        "[recurse(.)]",
        "until(false; .)",
        "[range(1; 1e12)] | length",
        "reduce range(60) as $i (\"xxxxxxxx\"; . + .)",
        "\"x\" * 1000000000",
        "[limit(100000000; repeat(1))]",
        "reduce range(64) as $i ([1]; [., .])",
        "try [repeat(1)] catch .",
        "[foreach repeat(1) as $i (0; .)]",
        "def f: repeat(1); [f]",
        "[while(true; . )]",
    ] {
        let gave = one(text, json!(1));
        assert!(
            gave.is_err()
                || gave
                    .as_ref()
                    .is_ok_and(|value| value.as_str().is_some_and(|text| text.contains("stopped"))),
            "{text}: {gave:?}"
        );
    }
    assert_eq!(one("[range(5)] | add", json!(null)), Ok(json!(10)));
    assert_eq!(one("[limit(3; repeat(1))]", json!(null)), Ok(json!([1, 1, 1])));
}

#[test]
fn a_mistake_has_its_place_and_a_hint() {
    let wrong = |text: &str| Filter::compile(text, VARS).unwrap_err();
    for (text, at, what) in [
        (".a | epoch_z", 5, "epoch_z"),
        (".a | $sinse", 5, "$sinse"),
        (".a | {b: ", 9, "expected"),
        ("def f: 1 + f; f", 11, "f calls itself"),
        (".a |", 4, "expected"),
        ("env", 0, "env"),
        ("input", 0, "input"),
        ("halt", 0, "halt"),
    ] {
        let misread = wrong(text);
        assert_eq!(misread.at.start, at, "{text}: {misread:?}");
        assert!(misread.what.to_string().contains(what), "{text}: {}", misread.what);
    }
    assert!(wrong(".a | epoch_z").hint.unwrap().to_string().contains("epoch_s"));
    assert!(wrong("$sinse").hint.unwrap().to_string().contains("$since"));
    assert!(wrong("{a: .b | nope(1)}").at.start == 9);
}

#[test]
fn times_of_all_makes() {
    for (text, input, wanted) in [
        ("epoch_s", json!("1600000000"), json!("2020-09-13T12:26:40+00:00")),
        ("epoch_ms", json!(1_600_000_000_123_i64), json!("2020-09-13T12:26:40.123+00:00")),
        ("epoch_s", json!(0), json!(null)),
        ("epoch_s", json!(""), json!(null)),
        (
            "time(\"%Y-%m-%d %H:%M:%S\"; $vars.zone)",
            json!("2021-06-28 10:35:00"),
            json!("2021-06-28T10:35:00+08:00"),
        ),
        ("time(\"%Y-%m-%d\"; \"Asia/Shanghai\")", json!("2021-06-28"), json!("2021-06-28T00:00:00+08:00")),
        (
            "time(\"%Y-%m-%dT%H:%M:%S%z\"; \"+08:00\")",
            json!("2021-06-28T10:35:00+0200"),
            json!("2021-06-28T10:35:00+02:00"),
        ),
        ("to_epoch", json!("2020-09-13T20:26:40+08:00"), json!(1_600_000_000)),
        (
            "write_time(\"%Y-%m-%d %H:%M\"; \"+08:00\")",
            json!("2020-09-13T12:26:40+00:00"),
            json!("2020-09-13 20:26"),
        ),
        ("day(\"+08:00\")", json!("2020-09-13T16:26:40+00:00"), json!("2020-09-14")),
        ("in_zone(\"+08:00\")", json!("2020-09-13T16:26:40+00:00"), json!("2020-09-14T00:26:40+08:00")),
        ("percent", json!("@c1:local host"), json!("%40c1%3Alocal%20host")),
        (
            "from_parts(\"UTC\")",
            json!({"year": 2026, "month": 12, "day": 4}),
            json!("2026-12-04T00:00:00+00:00"),
        ),
        (
            "from_parts(\"+08:00\")",
            json!({"year": 2026, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5, "microsecond": 6000}),
            json!("2026-01-02T03:04:05.006+08:00"),
        ),
        (
            "to_parts(\"+08:00\")",
            json!("2020-09-13T16:26:40Z"),
            json!({"year": 2020, "month": 9, "day": 14, "hour": 0, "minute": 26, "second": 40}),
        ),
        ("truth", json!("1"), json!(true)),
        ("integer", json!(" 42 "), json!(42)),
        ("absent([0, \"\"])", json!(""), json!(null)),
    ] {
        assert_eq!(one(text, input.clone()), Ok(wanted), "{text} of {input}");
    }
    assert!(one("from_parts(\"UTC\")", json!({"year": 2026, "month": 13, "day": 4})).is_err());
    assert!(one("time(\"%Y\"; \"+08:00\")", json!("soon")).unwrap_err().contains("soon"));
    assert!(one("time(\"%Y-%m-%d\"; \"Mars/Base\")", json!("2020-01-01")).unwrap_err().contains("Mars/Base"));
}

#[test]
fn a_bad_field_costs_itself_and_several_values_are_several_records() {
    let mapping =
        Mapping::compile("{id: .id, name: .profile.name, days: (.list | map(. * 2)), m: .m[]}", VARS)
            .unwrap();
    let bound = mapping.bind(&Bindings::default());
    let rows = bound.rows(&json!({"id": 1, "profile": "gone", "list": [1], "m": ["a", "b"]})).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1].item, json!({"id": 1, "days": [2], "m": "b"}));
    assert_eq!(rows[1].wrong.len(), 1);
    assert_eq!(rows[1].wrong[0].0, "name");
    assert!(rows[1].wrong[0].1.contains(".profile is \"gone\""), "{:?}", rows[1].wrong);
    let rows = bound.rows(&json!({"id": 1, "list": 7, "m": [1]})).unwrap();
    assert_eq!(rows[0].wrong[0].0, "days");
    let many = Mapping::compile(".members[] as $m | {group_id: .id, member_id: $m}", VARS).unwrap();
    assert_eq!(many.bind(&Bindings::default()).rows(&json!({"id": 1, "members": [3, 4]})).unwrap().len(), 2);
    let quick = Mapping::fields(&[("id".into(), ".id".into()), ("name".into(), ".n".into())], VARS).unwrap();
    assert!(quick.is_quick());
    let (n, misread) =
        Mapping::fields(&[("id".into(), ".id".into()), ("name".into(), "map(epoch_q)".into())], VARS)
            .unwrap_err();
    assert_eq!((n, misread.at.start), (1, 4));
}

#[test]
fn templates_are_filled_and_paths_are_encoded() {
    let bindings =
        Bindings::default().with("$vars", json!({"id": "@c 1:x/y", "list": ["a", "b"], "up": ".."}));
    let fill = |text: &str| Template::compile(text, VARS).unwrap().fill(&Value::Null, &bindings);
    let path = |text: &str| Template::compile(text, VARS).unwrap().path(&Value::Null, &bindings);
    assert_eq!(fill("a{{b}} {$vars.id}"), Ok(Filled::Text("a{b} @c 1:x/y".into())));
    assert_eq!(fill("{$vars.none}"), Ok(Filled::Absent));
    assert_eq!(fill("{$vars.list}"), Ok(Filled::Many(vec!["a".into(), "b".into()])));
    assert_eq!(fill("{\"x}\" | {a: .} | .a}"), Ok(Filled::Text("x}".into())));
    assert_eq!(path("/c/{$vars.id}/t"), Ok("/c/%40c%201%3Ax%2Fy/t".into()));
    assert!(path("/c/{$vars.up}").is_err() && path("/c/{$vars.none}").is_err());
    let wrong = Template::compile("/c/{$vors.id}", VARS).unwrap_err();
    assert_eq!(wrong.at, 4..9);
    assert!(Template::compile("/c/{$vars.id", VARS).is_err() && Template::compile("}", VARS).is_err());
}

/// What goes the fast way gives what jq gives, value by value, and fails where it fails.
#[test]
fn both_ways_give_the_same() {
    let items = [
        json!({"a": {"b c": [1, {"d": "x"}], "t": "p,q,,r"}, "n": null, "i": 7, "f": false, "z": 0, "s": "", "l": [3, null, "x", 1.0],
            "k": "b c", "o": {"x": 1, "y": null}, "rows": [{"id": 1, "on": true, "t": ["a", "b"]}, {"id": 2, "on": false, "t": []}]}),
        json!({"a": null, "i": 1, "f": true, "s": "é文", "l": [], "k": "x", "o": {}, "rows": []}),
        json!([1, 2]),
        json!("text"),
        json!(null),
    ];
    let mut wrong = Vec::new();
    for text in [
        ".l[]",
        ".l[]?",
        ".a?",
        ".a.b?",
        "[.rows[].id]",
        "[.rows[] | select(.on) | .id]",
        "[.rows[]? | .t[]]",
        ".rows | map(.id)",
        ".l | map(select(. != null))",
        ".l | length",
        ".s | length",
        ".o | length",
        ".i | tostring",
        ".l | tostring",
        ".o | tostring",
        ".f | not",
        "if .f then .i else .s end",
        "if .n then 1 elif .i == 7 then 2 else 3 end",
        "if .f then .i end",
        ".i == 7",
        ".i != 7.0",
        ".l == [3, null, \"x\", 1]",
        ".f and .i",
        ".f or .n",
        ".n // .f // .i",
        ".l[] // \"none\"",
        ".nothing[]? // \"none\"",
        "(.l[] | .x) // 5",
        ".a.t | split(\",\")",
        ".s | split(\",\")",
        ".s | split(\"\")",
        ".l | join(\"-\")",
        "[.a.t] | join(\"-\")",
        ".i, .s",
        "[.i, .s, (.l | .[]?)]",
        ".i as $x | [.l[]? | [., $x]]",
        ". as $all | .k as $k | $all.a[$k]",
        ".o[.k]?",
        ".a[.k]",
        ".rows[0][.k]?",
        ".rows[.z]?",
        "{\"1\": \"one\", \"7\": \"seven\"}[.i | tostring]",
        ".o | has(\"x\")",
        ".l | has(0)",
        ".i + 1",
        ".s + \"!\"",
        ".l + [1]",
        ".o + {x: 2}",
        ".n + .i",
        ".i + .s",
        "\"<\\(.i)>\\(.s)\\(.l)\"",
        "first(.l[])",
        "first(.rows[] | select(.on == false)) // null",
        "[first(empty)]",
        ".rows[] | {id, n: (.t | length), t: [.t[] | {v: .}]}",
        "[.rows[] | .id as $id | .t[] | {id: $id, t: .}]",
        ".l | values",
        "[.l[] | values]",
        ".a | values | .t",
        "empty",
        "[empty]",
        ".rows | map(.t) | map(length)",
        "(.i, .s) as $x | $x",
        ".o | with_entries(select(.value != null))",
        ".o | with_entries(.value = 1)",
        ".l[1:]",
        ".. | numbers",
        "[.l[] | try (if . == null then error(\"x\") else . end)]",
        "[.rows[] | (.t[0]? // \"-\")]",
    ] {
        let (fast, slow) = (filter(text), filter(&format!("def slow: {text}; slow")));
        assert!(!slow.is_quick(), "{text}");
        for item in &items {
            let (fast, slow) = (fast.all(item, &Bindings::default()), slow.all(item, &Bindings::default()));
            match (&fast, &slow) {
                (Ok(fast), Ok(slow)) => {
                    let printed = |all: &[Value]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
                    if printed(fast) != printed(slow) {
                        wrong.push(format!("{text} of {item}: {fast:?}, and jaq {slow:?}"));
                    }
                }
                (Err(_), Err(_)) => {}
                // As jq has it, `//` answers an error as well; jaq lets it through.
                (Ok(_), Err(_)) if text.contains("//") => {}
                both => wrong.push(format!("{text} of {item}: {both:?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for text in [
        "[.rows[]? | select(.on) | .id]",
        ". as $x | {a: $x.a, b: [$x.l[]? | values]}",
        "{\"1\": \"m\"}[.i | tostring]",
    ] {
        assert!(filter(text).is_quick(), "{text}");
    }
}
