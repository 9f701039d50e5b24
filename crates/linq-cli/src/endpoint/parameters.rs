use linq::{
    Call, List,
    types::{IdempotencyKey, json},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::InvalidParameters;

/// The parts of the parameters. Each is an object; an absent part is an empty object.
const PARTS: [&str; 4] = ["path_params", "query", "headers", "body"];

/// Parameters as JSON, with all their parts.
pub(super) struct Given(pub(super) Value);

impl Given {
    pub(super) fn parse(json: &str) -> Result<Self, InvalidParameters> {
        let mut parts: Map<String, Value> = json::from_slice_strict(json.as_bytes())?;
        for part in PARTS {
            let value = parts.entry(part).or_insert(Value::Null);
            if value.is_null() {
                *value = Value::Object(Map::new());
            }
        }
        if let Some(Value::Object(headers)) = parts.get_mut("headers") {
            *headers = std::mem::take(headers)
                .into_iter()
                .map(|(name, value)| (name.to_lowercase(), value))
                .collect();
        }
        Ok(Self(Value::Object(parts)))
    }

    /// Decodes the parameters. A field that the types do not keep is an error, as it would not be sent.
    pub(super) fn typed<T: DeserializeOwned + Serialize>(&self) -> Result<T, InvalidParameters> {
        let typed: T = json::from_slice_strict(self.0.to_string().as_bytes())?;
        let kept = serde_json::to_value(&typed).unwrap_or_default();
        match lost(&self.0, &kept, "") {
            Some((path, Value::Null)) => {
                Err(InvalidParameters::new(path, "unknown field, or the field must not be null"))
            }
            Some((path, _)) => Err(InvalidParameters::new(path, "unknown field")),
            None => Ok(typed),
        }
    }
}

/// Returns the first value of `given` that is missing in `kept`, with its path.
fn lost<'v>(given: &'v Value, kept: &Value, path: &str) -> Option<(String, &'v Value)> {
    match given {
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            below(value, kept.get(name), path)
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| below(item, kept.get(index), format!("{path}[{index}]"))),
        _ => None,
    }
}

fn below<'v>(given: &'v Value, kept: Option<&Value>, path: String) -> Option<(String, &'v Value)> {
    match kept {
        None => Some((path, given)),
        Some(kept) => lost(given, kept, &path),
    }
}

/// The parameters of one endpoint.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Parameters<P, Q, H, B> {
    pub(super) path_params: P,
    pub(super) query: Q,
    pub(super) headers: H,
    pub(super) body: B,
}

/// A part that the endpoint does not take.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Nothing {}

/// The headers of an endpoint that takes its idempotency key as a header.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct KeyHeader {
    #[serde(rename = "idempotency-key", default, skip_serializing_if = "Option::is_none")]
    pub(super) key: Option<IdempotencyKey>,
}

/// Calls a setter if there is a value.
pub(super) trait SetGiven: Sized {
    fn set<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

impl<C, P> SetGiven for List<'_, C, P> {}

impl<C, T> SetGiven for Call<'_, C, T> {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_the_types_do_not_keep_is_named_by_its_path() {
        let kept = json!({"a": {"b": [{"c": 1}, {}]}, "d": null});
        for (given, path) in [
            (json!({"a": {"b": [{"c": 2}]}, "d": 1}), None),
            (json!({"e": null}), Some("e")),
            (json!({"a": {"b": [{"c": 1}, {"x": 1}]}}), Some("a.b[1].x")),
            (json!({"a": {"b": [{}, {}, {}]}}), Some("a.b[2]")),
        ] {
            assert_eq!(lost(&given, &kept, "").map(|(path, _)| path).as_deref(), path, "{given}");
        }
    }

    #[test]
    fn absent_and_null_parts_are_empty_and_header_names_have_no_case() {
        type NoParameters = Parameters<Nothing, Nothing, KeyHeader, Nothing>;
        for json in ["{}", r#"{"body": null, "query": {}}"#] {
            assert!(Given::parse(json).unwrap().typed::<NoParameters>().unwrap().headers.key.is_none());
        }
        let given = Given::parse(r#"{"headers": {"Idempotency-Key": "k"}}"#).unwrap();
        assert_eq!(given.typed::<NoParameters>().unwrap().headers.key, Some("k".into()));
    }
}
