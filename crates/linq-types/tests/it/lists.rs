//! Lists and maps in responses: null, absent and `[]` read the same, at every place where the API has one.

use serde_json::{Value, json};

use super::responses::{is_range, made};

/// The JSON pointers of the lists and the maps in a sample.
fn lists(sample: &Value, pointer: &str, found: &mut Vec<String>) {
    match sample {
        Value::Object(fields) => {
            if fields.keys().eq(["name"]) {
                found.push(pointer.to_owned());
            }
            for (name, value) in fields.iter().filter(|(name, _)| !is_range(name)) {
                lists(value, &format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(items) => {
            found.push(pointer.to_owned());
            for (at, item) in items.iter().enumerate() {
                lists(item, &format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn a_list_that_is_null_or_absent_reads_as_an_empty_one() {
    let mut checked = 0;
    for response in made() {
        let (id, sample) = (&response.operation, &response.sample);
        let read = |sample: &Value| {
            let read = (response.read)(&sample.to_string());
            read.unwrap_or_else(|error| panic!("{error}\n{sample:#}"))
        };
        let mut found = Vec::new();
        lists(sample, "", &mut found);
        for pointer in found {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let with = |list: Option<Value>| {
                let mut sample = sample.clone();
                let fields = sample.pointer_mut(parent).unwrap().as_object_mut().unwrap();
                match list {
                    Some(list) => fields.insert(name.to_owned(), list),
                    None => fields.remove(name),
                };
                read(&sample)
            };
            let is_map = sample.pointer(&pointer).unwrap().is_object();
            let empty = with(Some(if is_map { json!({}) } else { json!([]) }));
            let written = empty.pointer(&pointer).map_or(0, |list| list.as_array().map_or(0, Vec::len));
            assert_eq!(written, 0, "{id}: {pointer}");
            assert_ne!(read(sample), empty, "{id}: {pointer} is not read");
            assert_eq!(with(Some(Value::Null)), empty, "{id}: {pointer} is null");
            assert_eq!(with(None), empty, "{id}: {pointer} is absent");
            checked += 1;
        }
    }
    assert!(checked > 150, "{checked} lists");
}
