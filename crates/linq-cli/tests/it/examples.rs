//! The example files of the events, which the tests of the types have too.

use std::{
    fs,
    path::{Path, PathBuf},
};

use linq::types::Timestamp;
use serde_json::Value;

/// A body of a webhook.
pub(super) struct Example {
    pub(super) name: String,
    pub(super) body: String,
}

impl Example {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.json()[field].as_str().map(str::to_owned)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../linq-types/tests/data/events")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Every event there is among the files: bodies as they are, and those that one file shows in both formats.
pub(super) fn all() -> Vec<Example> {
    let mut examples = Vec::new();
    for path in entries(&folder()).iter().flat_map(|folder| entries(folder)) {
        let body = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(folder()).unwrap().display().to_string();
        let Value::Object(json) = serde_json::from_str(&body).unwrap() else { panic!("{name}") };
        if json.contains_key("event_id") {
            examples.push(Example { name, body });
        } else if name.starts_with("pairs") {
            examples.extend(json.values().map(|json| Example { name: name.clone(), body: json.to_string() }));
        }
    }
    examples
}

pub(super) fn one(name: &str) -> Example {
    let body = fs::read_to_string(folder().join(name)).unwrap();
    Example { name: name.to_owned(), body }
}

pub(super) fn path(name: &str) -> String {
    folder().join(name).to_str().unwrap().to_owned()
}

/// Takes away the differences that do not count: a field that is null is absent, a time is its moment.
pub(super) fn meaning(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, meaning(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(meaning).collect(),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(time) => format!("{}.{:09}", time.unix_seconds(), time.subsec_nanoseconds()).into(),
            Err(_) => text.into(),
        },
        other => other,
    }
}
