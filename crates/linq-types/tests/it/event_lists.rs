//! Lists in events: null, absent and `[]` read the same, and the event keeps what it was read from.

use linq_types::events::Event;
use serde_json::{Value, json};

use super::data::folder;

const FOLDERS: [&str; 4] = ["events/v3-0.1.0", "events/v3-0.65.0", "events/v3-2025-01-01", "events/v2"];

/// The JSON pointers of the lists in a payload. Ranges are arrays of two numbers; changes are untyped.
fn lists(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let is_list = value.is_array() && !pointer.ends_with("range") && !pointer.contains("/change/");
    found.extend(is_list.then(|| pointer.to_owned()));
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| lists(value, &format!("{pointer}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| lists(item, &format!("{pointer}/{at}"), found));
        }
        _ => {}
    }
}

#[test]
fn a_list_that_is_null_or_absent_reads_as_an_empty_one() {
    let mut checked = 0;
    for (file, body) in FOLDERS.into_iter().flat_map(folder) {
        let sample: Value = serde_json::from_str(&body).unwrap();
        let mut found = Vec::new();
        lists(&sample["data"], "/data", &mut found);
        for pointer in found {
            let read = |list: Option<Value>| {
                let mut body = sample.clone();
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                let fields = body.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                match list {
                    Some(list) => fields.insert(name.to_owned(), list),
                    None => fields.remove(name),
                };
                let event = Event::parse_unverified(body.to_string())
                    .unwrap_or_else(|error| panic!("{file}: {pointer}: {error}"));
                assert_eq!(serde_json::to_value(&event).unwrap(), body, "{file}: {pointer}");
                event.data
            };
            let empty = read(Some(json!([])));
            assert_eq!(read(Some(Value::Null)), empty, "{file}: {pointer}");
            assert_eq!(read(None), empty, "{file}: {pointer}");
            checked += 1;
        }
    }
    assert!(checked >= 50, "{checked} lists");
}
