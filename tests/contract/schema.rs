//! A validator for the part of JSON Schema that the document uses. A keyword that it does not
//! know fails the check: nothing passes because nobody looked.

use serde_json::Value;

/// The schemas of a document.
pub struct Schemas<'a> {
    document: &'a Value,
}

impl<'a> Schemas<'a> {
    pub fn of(document: &'a Value) -> Self {
        Self { document }
    }

    /// What is wrong with `value`, each with its path; empty where it fits.
    pub fn check(&self, schema: &Value, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.walk(schema, value, "$", &mut wrong);
        wrong
    }

    fn fits(&self, schema: &Value, value: &Value) -> bool {
        self.check(schema, value).is_empty()
    }

    fn walk(&self, schema: &Value, value: &Value, path: &str, wrong: &mut Vec<String>) {
        let keywords = match schema {
            Value::Bool(true) => return,
            Value::Object(keywords) => keywords,
            _ => return wrong.push(format!("{path}: nothing fits {schema}")),
        };
        for (keyword, rule) in keywords {
            let fits = match keyword.as_str() {
                "description" | "title" | "default" | "examples" | "deprecated" => true,
                "$ref" => {
                    let pointer =
                        rule.as_str().and_then(|text| text.strip_prefix('#')).expect("a local $ref");
                    let target = self.document.pointer(pointer);
                    self.walk(target.unwrap_or_else(|| panic!("{pointer} is missing")), value, path, wrong);
                    true
                }
                "type" => match rule {
                    Value::Array(kinds) => kinds.iter().any(|kind| is(kind, value)),
                    kind => is(kind, value),
                },
                "enum" => rule.as_array().expect("values").contains(value),
                "const" => rule == value,
                "anyOf" => rule.as_array().expect("schemas").iter().any(|option| self.fits(option, value)),
                "oneOf" => {
                    let options = rule.as_array().expect("schemas");
                    options.iter().filter(|option| self.fits(option, value)).count() == 1
                }
                "allOf" => {
                    for part in rule.as_array().expect("schemas") {
                        self.walk(part, value, path, wrong);
                    }
                    true
                }
                "required" => rule.as_array().expect("names").iter().all(|name| {
                    let name = name.as_str().expect("a name");
                    value.as_object().is_none_or(|object| object.contains_key(name))
                }),
                "properties" => {
                    for (name, part) in rule.as_object().expect("schemas") {
                        if let Some(member) = value.get(name) {
                            self.walk(part, member, &format!("{path}.{name}"), wrong);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let known = keywords.get("properties").and_then(Value::as_object);
                    for (name, member) in value.as_object().into_iter().flatten() {
                        if known.is_none_or(|known| !known.contains_key(name)) {
                            self.walk(rule, member, &format!("{path}.{name}"), wrong);
                        }
                    }
                    true
                }
                "items" => {
                    for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.walk(rule, item, &format!("{path}[{place}]"), wrong);
                    }
                    true
                }
                "format" => match (rule.as_str().expect("a format"), value) {
                    ("date-time", Value::String(text)) => siyu::model::Time::parse(text).is_ok(),
                    ("int64", Value::Number(number)) => number.is_i64(),
                    ("uint8", Value::Number(number)) => number.as_u64().is_some_and(|n| n < 256),
                    ("uint16", Value::Number(number)) => number.as_u64().is_some_and(|n| n < 65_536),
                    (_, Value::Null) => true,
                    (format, _) => panic!("{path}: format {format} of {value} is not known to the validator"),
                },
                "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
                "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
                "minLength" => value
                    .as_str()
                    .is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().expect("a length")),
                "maxLength" => value
                    .as_str()
                    .is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().expect("a length")),
                _ => panic!("{path}: the validator does not know {keyword}"),
            };
            if !fits {
                wrong.push(format!("{path}: {value} breaks {keyword} {rule}"));
            }
        }
    }
}

fn is(kind: &Value, value: &Value) -> bool {
    match kind.as_str().expect("a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the validator does not know the type {other}"),
    }
}

#[test]
fn the_validator_says_no() {
    use serde_json::json;
    let document = json!({"components": {"schemas": {"Word": {"enum": ["a", "b"]}}}});
    let schema = json!({
        "type": "object", "required": ["w"], "additionalProperties": false,
        "properties": {"w": {"$ref": "#/components/schemas/Word"}, "n": {"type": ["integer", "null"]}},
    });
    let schemas = Schemas::of(&document);
    assert!(schemas.fits(&schema, &json!({"w": "a", "n": null})));
    for bad in
        [json!({}), json!({"w": "c"}), json!({"w": "a", "n": 1.5}), json!({"w": "a", "x": 1}), json!([])]
    {
        assert!(!schemas.fits(&schema, &bad), "{bad}");
    }
}
