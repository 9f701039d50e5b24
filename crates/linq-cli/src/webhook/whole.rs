use std::{borrow::Cow, collections::BTreeMap, fmt};

use linq::types::{events::Event, json::from_slice_strict};
use serde::{Serialize, Serializer};
use serde_json::{Value, json, value::RawValue};

/// An event with all fields of its body.
///
/// Known fields are encoded by their types. Unknown fields, and values that a type decodes from another JSON type (a number
/// in quotes, a time in seconds), are unchanged.
pub(crate) struct Whole<'e> {
    body: &'e RawValue,
    typed: Value,
}

impl<'e> Whole<'e> {
    pub(crate) fn of(event: &'e Event) -> serde_json::Result<Self> {
        let body = serde_json::from_slice(event.raw())?;
        let data: Option<Value> = match event.data.payload_type() {
            // Untyped fields of a payload may contain what a `Value` cannot.
            Some(_) => from_slice_strict(&serde_json::to_vec(&event.data)?).ok(),
            None => None,
        };
        let typed = json!({
            "event_id": event.event_id,
            "event_type": event.event_type,
            "api_version": event.api_version,
            "webhook_version": event.webhook_version,
            "created_at": event.created_at,
            "trace_id": event.trace_id,
            "partner_id": event.partner_id,
            "data": data,
        });
        Ok(Self { body, typed })
    }
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Member { came: Cow::Borrowed(self.body), typed: &self.typed }.serialize(serializer)
    }
}

/// One line of JSON.
impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        // In JSON, these occur between values only.
        f.write_str(&json.replace(['\n', '\r', '\t'], " "))
    }
}

/// A value of the body, and the value that the types encode for it; null if there is none.
struct Member<'m> {
    came: Cow<'m, RawValue>,
    typed: &'m Value,
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.came.get().as_bytes();
        match self.typed {
            Value::Object(typed) => {
                if let Ok(came) = from_slice_strict::<BTreeMap<String, Box<RawValue>>>(json) {
                    return serializer.collect_map(came.into_iter().map(|(name, came)| {
                        let typed = typed.get(&name).unwrap_or(&Value::Null);
                        (name, Member { came: Cow::Owned(came), typed })
                    }));
                }
            }
            Value::Array(typed) => {
                if let Ok(came) = from_slice_strict::<Vec<Box<RawValue>>>(json)
                    && came.len() == typed.len()
                {
                    let pairs = came.into_iter().zip(typed);
                    return serializer
                        .collect_seq(pairs.map(|(came, typed)| Member { came: Cow::Owned(came), typed }));
                }
            }
            typed => {
                if let Ok(came) = from_slice_strict(json)
                    && replaces(typed, &came)
                {
                    return typed.serialize(serializer);
                }
            }
        }
        self.came.serialize(serializer)
    }
}

/// Returns `true` if the values have one JSON type and may differ. Equal numbers are unchanged: 1 stays 1, and 1.0 stays 1.0.
fn replaces(typed: &Value, came: &Value) -> bool {
    match (typed, came) {
        (Value::String(_), Value::String(_)) | (Value::Bool(_), Value::Bool(_)) => true,
        (Value::Number(typed), Value::Number(came)) => typed.as_f64() != came.as_f64(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(body: &str) -> String {
        let event = Event::parse_unverified(body.to_owned()).unwrap();
        Whole::of(&event).unwrap().to_string()
    }

    #[test]
    fn known_fields_are_encoded_by_their_types_and_others_are_unchanged() {
        for (came, written) in [
            // A time is written in its shortest form.
            (
                r#"{"event_id":"e","event_type":"call.ringing","created_at":"2026-02-05T19:52:17.500000Z","new":1E400}"#,
                r#"{"created_at":"2026-02-05T19:52:17.5Z","event_id":"e","event_type":"call.ringing","new":1E400}"#,
            ),
            (
                r#"{"event_id":"e","event_type":"call.ringing","data":{"b":[ 1.0 ],"a":null}}"#,
                r#"{"data":{"b":[ 1.0 ],"a":null},"event_id":"e","event_type":"call.ringing"}"#,
            ),
            (
                r#"{"event_id":"e","event_type":"message.failed","data":{"code":"4001","failed_at":1770321138,"new":{}}}"#,
                r#"{"data":{"code":"4001","failed_at":1770321138,"new":{}},"event_id":"e","event_type":"message.failed"}"#,
            ),
            (
                r#"{"event_id":"e","event_type":"reaction.added","data":{"is_from_me":true,"reaction_type":"l\u006fve","part_index":null}}"#,
                r#"{"data":{"is_from_me":true,"part_index":null,"reaction_type":"love"},"event_id":"e","event_type":"reaction.added"}"#,
            ),
            (
                "{\n\"event_id\":\"e\",\r\n\"event_type\":\"comet.sighted\",\"data\":[\n1]}",
                r#"{"data":[ 1],"event_id":"e","event_type":"comet.sighted"}"#,
            ),
            (
                r#"{"event_id":"e","event_type":"reaction.added","data":{"is_from_me":"yes","custom_emoji":"\ud83c","\udf89":1}}"#,
                "{\"data\":{\"custom_emoji\":\"\u{fffd}\",\"is_from_me\":\"yes\",\"\u{fffd}\":1},\"event_id\":\"e\",\"event_type\":\"reaction.added\"}",
            ),
            (
                r#"{"event_id":"e","event_type":"api_token.created","data":{"change":{"from":"\ud83c","to":1e400}}}"#,
                r#"{"data":{"change":{"from":"\ud83c","to":1e400}},"event_id":"e","event_type":"api_token.created"}"#,
            ),
        ] {
            assert_eq!(whole(came), written);
        }
    }

    #[test]
    fn values_that_the_types_change_are_printed_changed() {
        let body = RawValue::from_string(r#"{"a":"x","b":1,"c":[1,"y"],"d":{"e":true}}"#.to_owned()).unwrap();
        let typed = json!({"a": "X", "b": 2, "c": [1, "Y"], "d": {"e": false}, "f": 1});
        let written = Whole { body: &body, typed }.to_string();
        assert_eq!(written, r#"{"a":"X","b":2,"c":[1,"Y"],"d":{"e":false}}"#);
    }
}
