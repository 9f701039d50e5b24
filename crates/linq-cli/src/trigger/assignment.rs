use std::{fmt, str::FromStr};

use serde_json::{Map, Value};

/// The most elements that a path may have.
const MAX_DEPTH: usize = 32;

/// A field to change, and its value.
#[derive(Clone)]
pub(super) struct Assignment {
    path: Vec<String>,
    value: Value,
}

impl FromStr for Assignment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (path, value) = text.split_once('=').ok_or("missing `=`; expected a path and a value")?;
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        if path.len() > MAX_DEPTH || path.iter().any(String::is_empty) {
            return Err("invalid path; expected names or indexes with dots between them");
        }
        let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
        Ok(Self { path, value })
    }
}

impl fmt::Debug for Assignment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assignment(<redacted>)")
    }
}

impl Assignment {
    /// Sets the field. Objects on the way are created; an index behind the end of a list adds an item.
    pub(super) fn apply(&self, event: &mut Value) -> Result<(), &'static str> {
        let mut place = event;
        for name in &self.path {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            place = match place {
                Value::Object(fields) => fields.entry(name.clone()).or_insert(Value::Null),
                Value::Array(items) => {
                    let index: usize = name.parse().map_err(|_| "expected an index into a list")?;
                    if index == items.len() {
                        items.push(Value::Null);
                    }
                    items.get_mut(index).ok_or("the list is shorter than the index")?
                }
                _ => return Err("the path leads through a value that has no fields"),
            };
        }
        *place = self.value.clone();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_sets_fields_and_items_and_the_value_is_json_or_text() {
        for (text, expected) in [
            ("a.0.b=Hi", Ok(json!({"a": [{"b": "Hi"}], "c": 1}))),
            ("a.1=2", Ok(json!({"a": [{"b": 1}, 2], "c": 1}))),
            ("a.1.x.y=true", Ok(json!({"a": [{"b": 1}, {"x": {"y": true}}], "c": 1}))),
            ("c=[1, \"x=y\"]", Ok(json!({"a": [{"b": 1}], "c": [1, "x=y"]}))),
            ("c=\"1\"", Ok(json!({"a": [{"b": 1}], "c": "1"}))),
            ("d=", Ok(json!({"a": [{"b": 1}], "c": 1, "d": ""}))),
            ("a.2=1", Err("the list is shorter than the index")),
            ("a.b=1", Err("expected an index into a list")),
            ("c.d=1", Err("the path leads through a value that has no fields")),
        ] {
            let mut event = json!({"a": [{"b": 1}], "c": 1});
            let applied = text.parse::<Assignment>().unwrap().apply(&mut event);
            assert_eq!(applied.map(|()| event), expected, "{text}");
        }
        for invalid in ["", "a", "=1", "a..b=1", ".=1", &format!("{}=1", ["a"; MAX_DEPTH + 1].join("."))] {
            assert!(invalid.parse::<Assignment>().is_err(), "{invalid}");
        }
    }
}
