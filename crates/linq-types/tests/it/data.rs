//! The files under `tests/data`.

use std::{collections::BTreeMap, fs, path::PathBuf};

use linq_types::{Timestamp, events::Event};
use serde_json::Value;

fn path(relative: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(relative)
}

pub(super) fn text(relative: &str) -> String {
    let path = path(relative);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn json(relative: &str) -> Value {
    serde_json::from_str(&text(relative)).unwrap()
}

/// Reads the files of a folder, by name.
pub(super) fn folder(relative: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(path(relative)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.map(|name| (name.clone(), text(&format!("{relative}/{name}")))).collect()
}

/// A file with the body of a webhook.
pub(super) struct Sample {
    pub(super) file: String,
    pub(super) body: String,
}

impl Sample {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn event(&self) -> Event {
        Event::parse_unverified(self.body.clone())
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.file, error.path()))
    }

    /// `phone_number.status_updated` names the type `PhoneNumberStatusUpdated`.
    pub(super) fn type_name(&self) -> String {
        let words = self.json()["event_type"].as_str().unwrap().replace('_', ".");
        words.split('.').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
    }
}

/// Removes the differences that have no meaning: a field that is null is absent, and times with the same instant are equal.
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
