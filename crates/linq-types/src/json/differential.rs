//! `serde_json` is the reference: the strict reader has the same value or error for everything but half of a surrogate pair,
//! and the lenient reader has the same value wherever the reference has one.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Debug,
};

use proptest::prelude::*;
use serde::{
    Deserialize, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{Value, value::RawValue};

use super::{JsonError, from_slice_strict, from_str};

#[derive(Debug, PartialEq, Deserialize, Serialize)]
struct Everything {
    name: String,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    signed: i64,
    #[serde(default)]
    ratio: f64,
    #[serde(default)]
    flag: bool,
    #[serde(default)]
    letter: Option<char>,
    #[serde(default)]
    wide: Option<u128>,
    #[serde(default)]
    list: Vec<Self>,
    #[serde(default)]
    pair: Option<(u8, String)>,
    #[serde(default)]
    map: BTreeMap<String, Value>,
    #[serde(default)]
    numbers: HashMap<i16, bool>,
    #[serde(default)]
    choice: Option<Choice>,
    #[serde(default)]
    tagged: Option<Tagged>,
    #[serde(default)]
    unit: (),
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
enum Choice {
    Unit,
    New(u8),
    Pair(u8, bool),
    Fields { a: String },
}

#[derive(Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "type")]
enum Tagged {
    One {
        value: String,
    },
    Two(BTreeMap<String, Value>),
    #[serde(untagged)]
    Other(Value),
}

fn by_reference<T: DeserializeOwned>(json: &str) -> Result<T, JsonError> {
    serde_json::from_str(json).map_err(|error| JsonError::new(json.as_bytes(), error))
}

fn reason(error: &JsonError) -> &str {
    let reason = error.reason.split(" at byte ").next().unwrap_or_default();
    reason.split(" at line ").next().unwrap_or_default()
}

/// Whether the reference rejects half of a surrogate pair, which both of our readers accept.
fn is_half_of_a_pair(reference: &JsonError) -> bool {
    matches!(reason(reference), "lone leading surrogate in hex escape" | "unexpected end of hex escape")
}

/// The strict reader has the value or the error of the reference.
fn compare_strict<T: DeserializeOwned + Debug>(json: &str) -> Result<(), TestCaseError> {
    match (from_slice_strict::<T>(json.as_bytes()), by_reference::<T>(json)) {
        (Ok(ours), Ok(reference)) => {
            prop_assert_eq!(format!("{ours:?}"), format!("{reference:?}"), "{}", json);
        }
        (_, Err(reference)) if is_half_of_a_pair(&reference) => {}
        (Err(ours), Err(reference)) => {
            prop_assert_eq!(ours.is_syntax(), reference.is_syntax(), "{}", json);
            if !ours.is_syntax() {
                prop_assert_eq!(reason(&ours), reason(&reference), "{}", json);
                prop_assert_eq!(ours.path(), reference.path(), "{} {}", json, reason(&ours));
            }
        }
        (ours, reference) => prop_assert!(false, "{json}\nours: {ours:?}\nreference: {reference:?}"),
    }
    Ok(())
}

/// The lenient reader has the value of the reference, except for structs in the form of an array. It may also have one where
/// the reference finds JSON of another type or beyond its limits, but never where there is no JSON, or a field twice.
fn compare_lenient<T: DeserializeOwned + Debug>(json: &str) -> Result<(), TestCaseError> {
    match (from_str::<T>(json), by_reference::<T>(json)) {
        (Ok(ours), Ok(reference)) => {
            let is_same = format!("{ours:?}") == format!("{reference:?}");
            // An optional variant with fields, in the form of an array.
            prop_assert!(is_same || json.contains("Fields"), "{json}: {ours:?} {reference:?}");
        }
        (Ok(_), Err(reference)) => {
            let is_json =
                by_reference::<IgnoredAny>(json).err().is_none_or(|error| is_half_of_a_pair(&error));
            prop_assert!(is_json, "{}", json);
            prop_assert!(!reason(&reference).starts_with("duplicate field"), "{}: {}", json, reference);
        }
        (Err(_), Err(_)) => {}
        // Only the reference reads an array of its fields as a struct.
        (Err(ours), Ok(_)) => {
            prop_assert!(reason(&ours).starts_with("invalid type: sequence"), "{json}: {ours}")
        }
    }
    Ok(())
}

fn compare<T: DeserializeOwned + Debug>(json: &str) -> Result<(), TestCaseError> {
    compare_strict::<T>(json)?;
    compare_lenient::<T>(json)
}

fn compare_all(json: &str) -> Result<(), TestCaseError> {
    compare::<Value>(json)?;
    compare::<Everything>(json)?;
    compare::<Box<RawValue>>(json)?;
    compare::<Vec<Everything>>(json)?;
    prop_assert_eq!(
        from_str::<IgnoredAny>(json).is_ok(),
        by_reference::<IgnoredAny>(json).is_ok(),
        "{}",
        json
    );
    Ok(())
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        any::<u64>().prop_map(|n| n.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u8>().prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| format!("{n:?}")),
        "-?[0-9]{1,25}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?",
        text(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,20}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        "[a-z]{0,9}".prop_map(|text| format!("\"{text}\"")),
        "(\\\\(u00[0-7][0-9a-f]|ud83d\\\\ude00|[nrtbf/\"\\\\])|[a-zé😀]){0,9}"
            .prop_map(|text| format!("\"{text}\"")),
    ]
}

fn json() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        8 => prop::sample::select(vec![
            "name", "count", "signed", "ratio", "flag", "letter", "wide", "list", "pair", "map", "numbers", "choice",
            "tagged", "unit", "type", "value", "One", "Two", "New", "Pair", "Fields", "a", "12", "-5", "na\\u006de",
        ]).prop_map(|name| format!("\"{name}\"")),
        1 => text(),
    ];
    let named = Just("\"name\":\"n\"".to_owned());
    scalar().prop_recursive(5, 60, 8, move |inner| {
        let field = (name.clone(), inner.clone()).prop_map(|(name, value)| format!("{name}:{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|values| format!("[{}]", values.join(","))),
            prop::collection::vec(field.clone(), 0..6)
                .prop_map(|fields| format!("{{{}}}", fields.join(" , "))),
            (named.clone(), prop::collection::vec(field, 0..6)).prop_map(|(first, mut fields)| {
                fields.push(first);
                format!("{{{}}}", fields.join(","))
            }),
        ]
    })
}

/// Text that is nearly JSON.
fn broken() -> impl Strategy<Value = String> {
    (json(), any::<prop::sample::Index>(), 0..4usize, "[\\[\\]{},:\"\\\\0-9a-z \\n\\x00-\\x1f.eE+-]{0,3}")
        .prop_map(|(json, at, remove, insert)| {
            let mut characters: Vec<char> = json.chars().collect();
            let at = at.index(characters.len() + 1);
            let end = (at + remove).min(characters.len());
            characters.splice(at..end, insert.chars());
            characters.into_iter().collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_read_as_by_the_reference(json in json()) {
        compare_all(&json)?;
    }

    #[test]
    fn what_is_nearly_json_is_refused_as_by_the_reference(json in broken()) {
        compare_all(&json)?;
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(512)
}
