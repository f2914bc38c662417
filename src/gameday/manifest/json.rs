//! A tree of YAML as JSON, by the rules of YAML 1.2. Not what it means.

use serde_json::{Map, Number, Value};

use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::{Problem, Severity};
use crate::gameday::text::printable;

/// The JSON of a node; what is nothing is left out.
///
/// # Errors
/// A key that stands twice, with its place.
pub fn json(node: &Node) -> Result<Value, Problem> {
    Ok(match &node.kind {
        Kind::Empty => Value::Null,
        Kind::Text { text, quoted } => scalar(text, *quoted),
        Kind::List(items) => {
            let items = items.iter().filter(|item| item.kind != Kind::Empty);
            Value::Array(items.map(json).collect::<Result<_, _>>()?)
        }
        Kind::Map(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let twice = map.insert(key.text.clone(), json(value)?).is_some();
                if twice {
                    let what = format!("\"{}\" stands here twice", printable(&key.text, 60));
                    return Err(Problem {
                        severity: Severity::Error,
                        place: key.place,
                        what,
                        why: "only one can count".to_owned(),
                        mend: "remove one of them".to_owned(),
                    });
                }
            }
            map.retain(|_, value| !value.is_null());
            Value::Object(map)
        }
    })
}

/// Whether a text without quotes means something else than itself.
pub(in crate::gameday) fn is_more_than_text(text: &str) -> bool {
    !scalar(text, false).is_string()
}

fn scalar(text: &str, quoted: bool) -> Value {
    if quoted {
        return Value::String(text.to_owned());
    }
    match text {
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        _ => {}
    }
    let figures = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if text.chars().all(figures) && text.contains(|c: char| c.is_ascii_digit()) {
        if let Ok(whole) = text.parse::<i64>() {
            return Value::Number(whole.into());
        }
        if let Some(number) = text.parse::<f64>().ok().and_then(Number::from_f64) {
            return Value::Number(number);
        }
    }
    Value::String(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gameday::node::parse;

    #[test]
    fn what_stands_without_quotes_is_what_yaml_says() {
        let text = "a: 30\nb: \"30\"\nc: [1.5, true, ~, 5m, -5]\nd: { e: null, f: 1h30m }\n";
        let value = super::json(&parse(text).unwrap()).unwrap();
        let expected = json!({
            "a": 30, "b": "30", "c": [1.5, true, "5m", -5], "d": { "f": "1h30m" },
        });
        assert_eq!(value, expected);
        assert!(super::json(&parse("a: { k: 1, k: 2 }").unwrap()).is_err());
        assert!(is_more_than_text("30") && !is_more_than_text("30s"));
    }
}
