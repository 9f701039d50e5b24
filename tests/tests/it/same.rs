//! When two JSON values mean the same.

use std::collections::BTreeSet;

use linq_core::types::Timestamp;
use serde_json::Value;

/// Returns the first place where two values differ, with both values. Times are compared as instants with their offset,
/// numbers by their value. A field that is null or an empty list equals an absent one.
pub(super) fn difference(one: &Value, other: &Value) -> Option<String> {
    at("", one, other)
}

fn at(path: &str, one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            let names: BTreeSet<_> = fields.keys().chain(others.keys()).collect();
            names.into_iter().find_map(|name| {
                let of =
                    |fields: &serde_json::Map<String, Value>| fields.get(name).cloned().unwrap_or_default();
                at(&format!("{path}.{name}"), &of(fields), &of(others))
            })
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.find_map(|(index, (one, other))| at(&format!("{path}[{index}]"), one, other))
        }
        _ if one == other || same_number(one, other) || same_time(one, other) => None,
        _ if is_empty(one) && is_empty(other) => None,
        _ => Some(format!("{path}: {one} and {other}")),
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn same_number(one: &Value, other: &Value) -> bool {
    matches!((one.as_f64(), other.as_f64()), (Some(one), Some(other)) if one == other)
}

fn same_time(one: &Value, other: &Value) -> bool {
    let time = |value: &Value| -> Option<Timestamp> { value.as_str()?.parse().ok() };
    match (time(one), time(other)) {
        (Some(one), Some(other)) => one == other && one.offset_seconds() == other.offset_seconds(),
        _ => false,
    }
}

#[test]
fn equivalent_values_have_no_difference() {
    use serde_json::json;

    for (one, other) in [
        (json!({"a": null}), json!({})),
        (json!({"a": []}), json!({})),
        (json!({"a": []}), json!({"a": null})),
        (json!([1]), json!([1.0])),
        (json!("2026-02-05T19:52:17.5Z"), json!("2026-02-05T19:52:17.500Z")),
    ] {
        assert_eq!(difference(&one, &other), None);
    }
    for (one, other, path) in [
        (json!({"a": [{"b": 1}]}), json!({"a": [{}]}), ".a[0].b: 1 and null"),
        (json!({"a": [1]}), json!({}), ".a: [1] and null"),
        (json!({"a": []}), json!({"a": 0}), ".a: [] and 0"),
        (json!([1]), json!([1, 2]), ": [1] and [1,2]"),
        (
            json!("2026-02-05T19:52:17Z"),
            json!("2026-02-05T20:52:17+01:00"),
            r#": "2026-02-05T19:52:17Z" and "2026-02-05T20:52:17+01:00""#,
        ),
    ] {
        assert_eq!(difference(&one, &other).as_deref(), Some(path));
    }
}
