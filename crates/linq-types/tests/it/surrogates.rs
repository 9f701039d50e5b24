//! Half of a surrogate pair reads as U+FFFD, in every string and in every name of a field.

use linq_types::{
    error::ErrorResponse,
    events::Event,
    json::{self, JsonObject},
};
use serde_json::{Value, json};

use super::{
    data::folder,
    responses::{Response, made, recorded},
};

/// Stands for half of a surrogate pair, which a `Value` cannot hold.
const MARK: &str = "\u{e000}";

/// Adds the mark to every string that `accepts` its path.
fn mark_values(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str(MARK),
        Value::Array(items) => items.iter_mut().for_each(mark_values),
        Value::Object(fields) => fields.values_mut().for_each(mark_values),
        _ => {}
    }
}

/// Adds a field with the mark in its name to every object.
fn mark_names(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mark_names),
        Value::Object(fields) => {
            fields.values_mut().for_each(mark_names);
            fields.insert(format!("brand_new{MARK}"), json!(MARK));
        }
        _ => {}
    }
}

/// The text with half of a surrogate pair in place of each mark, and the text with U+FFFD.
fn texts(marked: &Value) -> [[String; 2]; 3] {
    let text = marked.to_string();
    let replaced = text.replace(MARK, "\u{fffd}");
    [r"\ud83c", r"\udf89", r"\uD83C\ud83c"].map(|half| {
        let expected = if half.len() > 6 { text.replace(MARK, "\u{fffd}\u{fffd}") } else { replaced.clone() };
        [text.replace(MARK, half), expected]
    })
}

#[test]
fn half_of_a_pair_reads_as_the_replacement_character_in_every_response() {
    for Response { operation, sample, read, read_strictly } in made().into_iter().chain(recorded()) {
        for mark in [mark_values, mark_names] {
            let mut marked = sample.clone();
            mark(&mut marked);
            for [half, replaced] in texts(&marked) {
                let expected = read(&replaced).unwrap_or_else(|error| panic!("{operation}: {error}"));
                assert_eq!(read(&half).unwrap(), expected, "{operation}");
                // A time with such a character is none.
                let is_the_same = read_strictly(&half).ok() == read_strictly(&replaced).ok();
                assert!(is_the_same, "{operation}");
            }
        }
    }
}

#[test]
fn half_of_a_pair_reads_as_the_replacement_character_in_every_event() {
    let folders = ["events/v3-0.65.0", "events/v3-2025-01-01", "events/v2"];
    for (file, body) in folders.into_iter().flat_map(folder) {
        if file == "python-dispatch.json" {
            continue;
        }
        let sample: Value = serde_json::from_str(&body).unwrap();
        for mark in [mark_values, mark_names] {
            let mut marked = sample.clone();
            mark(&mut marked["data"]);
            let fields = marked.as_object_mut().unwrap();
            fields.insert(format!("brand_new{MARK}"), json!(1));
            for name in ["event_id", "trace_id", "partner_id"] {
                fields.insert(name.to_owned(), format!("id{MARK}").into());
            }
            for [half, replaced] in texts(&marked) {
                let read = |body: &str| {
                    Event::parse_unverified(body.to_owned()).unwrap_or_else(|error| panic!("{file}: {error}"))
                };
                let (half, replaced) = (read(&half), read(&replaced));
                // What is untyped keeps its text.
                if !format!("{half:?}").contains(r"\u") {
                    assert_eq!(half, replaced, "{file}");
                }
                assert_eq!(half.data.payload_type(), replaced.data.payload_type(), "{file}");
                assert_eq!(half.event_id, replaced.event_id, "{file}");
            }
        }
    }
}

#[test]
fn half_of_a_pair_reads_as_the_replacement_character_in_errors_and_untyped_objects() {
    let error = r#"{"error":{"code":1005,"message":"bad \ud83c","\udf89":1},"trace_id":"t\ud83c"}"#;
    let error: ErrorResponse = json::from_slice(error.as_bytes()).unwrap();
    assert_eq!(error.error.message.unwrap(), "bad \u{fffd}");
    assert_eq!(error.trace_id.unwrap(), "t\u{fffd}");
    for read in [json::from_slice::<JsonObject>, json::from_slice_strict::<JsonObject>] {
        let object = read(br#"{"a\ud83c":{"b":["\udf89"]}}"#).unwrap();
        assert_eq!(object.to_string(), "{\"a\u{fffd}\":{\"b\":[\"\u{fffd}\"]}}");
    }
    let error = json::from_slice_strict::<JsonObject>(br#"{"a\ud83c":{"b":[nul]}}"#).unwrap_err();
    assert_eq!(error.path(), "a\u{fffd}.b[0]");
}
