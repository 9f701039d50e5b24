use std::collections::BTreeMap;

use linq::types::events::Format;
use serde_json::Value;

/// The payloads, by format and event type. Those of V3 are made of the vendor's schema, those of V2 are the examples of its
/// reference. Where the reference has none, as for calls of V3 and participants of V2, the payload is an empty object.
const SAMPLES: &str = include_str!("samples.json");

/// The sample payloads of one format.
#[derive(Debug)]
pub(super) struct Samples(BTreeMap<String, Value>);

impl Samples {
    pub(super) fn read(format: Format) -> Result<Self, String> {
        let mut formats: BTreeMap<String, BTreeMap<String, Value>> =
            serde_json::from_str(SAMPLES).map_err(|error| error.to_string())?;
        let mut samples = formats.remove(&format.to_string()).unwrap_or_default();
        if format == Format::V2025_01_01 {
            // Only messages have another payload in that version.
            for (event_type, data) in formats.remove(&Format::V3.to_string()).unwrap_or_default() {
                samples.entry(event_type).or_insert(data);
            }
        }
        Ok(Self(samples))
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    pub(super) fn get(&self, event_type: &str) -> Option<&Value> {
        self.0.get(event_type)
    }
}
