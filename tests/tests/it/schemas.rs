//! The schemas of parameters, compared with what the types read and with what the API is known to have.

use std::collections::{BTreeMap, BTreeSet};

use linq_core::ErrorKind;
use linq_types::Operation;
use serde_json::{Map, Value, json};

use super::{
    coverage::{
        self, EndpointFacts,
        samples::{Fields, Type},
    },
    script::{Answer, Script},
};
use crate::cli::endpoint::Endpoint;

/// Returns a value of the schema, with or without the fields that are not required.
fn sample(schema: &Value, root: &Value, with_optional: bool) -> Value {
    let schema = Endpoint::resolve(schema, root);
    if let Some(variants) = schema["oneOf"].as_array() {
        return sample(&variants[0], root, with_optional);
    }
    match schema["type"].as_str() {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields = fields.filter(|(name, _)| with_optional || is_required(schema, name));
            let fields: Map<_, _> =
                fields.map(|(name, field)| (name.clone(), sample(field, root, with_optional))).collect();
            fields.into()
        }
        Some("array") => {
            let items = schema["minItems"].as_u64().unwrap_or(1);
            (0..items).map(|_| sample(&schema["items"], root, with_optional)).collect()
        }
        Some("string") if schema.get("const").is_some() => schema["const"].clone(),
        Some("string") if schema["format"] == "date-time" => json!("2026-02-05T19:52:17Z"),
        Some("string") => json!("sample"),
        Some("integer") => json!(1),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        other => panic!("{other:?}: {schema}"),
    }
}

fn is_required(schema: &Value, name: &str) -> bool {
    schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name))
}

/// Returns the path and the JSON pointer of each required field of a sample.
fn required(
    sample: &Value,
    schema: &Value,
    root: &Value,
    path: &str,
    pointer: &str,
) -> Vec<(String, String)> {
    let schema = Endpoint::resolve(schema, root);
    if let Some(variants) = schema["oneOf"].as_array() {
        return required(sample, &variants[0], root, path, pointer);
    }
    match sample {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let pointer = format!("{pointer}/{name}");
                let inner = required(value, &schema["properties"][name], root, &path, &pointer);
                // A part is never missing, but its fields are.
                let own = is_required(schema, name) && path.contains('.');
                own.then_some((path, pointer)).into_iter().chain(inner)
            })
            .collect(),
        Value::Array(items) => {
            required(&items[0], &schema["items"], root, &format!("{path}[0]"), &format!("{pointer}/0"))
        }
        _ => Vec::new(),
    }
}

#[test]
fn samples_of_each_schema_are_read_and_each_missing_field_is_named() {
    let mut tried = 0;
    for operation in Operation::ALL {
        let endpoint = Endpoint::of(*operation);
        let schema = endpoint.schema();
        for with_optional in [false, true] {
            let parameters = sample(&schema, &schema, with_optional);
            endpoint.read(&parameters.to_string()).unwrap_or_else(|error| panic!("{operation}: {error}"));
            for (path, pointer) in required(&parameters, &schema, &schema, "", "") {
                let mut lacking = parameters.clone();
                let (parent, name) = pointer.rsplit_once('/').unwrap();
                lacking.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
                let error = endpoint.read(&lacking.to_string()).unwrap_err();
                assert_eq!(error.missing, [path.as_str()], "{operation}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn all_missing_and_unknown_fields_are_named_at_once() {
    let send = Endpoint::of(Operation::ChatsMessagesSend);
    for (parameters, message) in [
        (json!({}), "missing fields: path_params.chat_id, body.message"),
        (json!({"body": {"message": null}}), "missing fields: path_params.chat_id, body.message"),
        (
            json!({"path_params": {"chat_id": "c"}, "body": {"message": {"parts": [{"type": "text"}, {"value": "a"}]}}}),
            "missing fields: body.message.parts[0].value, body.message.parts[1].type",
        ),
        (
            json!({"path_param": {}, "path_params": {"chat_id": "c", "x": 1}, "query": {"limit": 1}, "body": {"mesage": {}}}),
            "missing field: body.message; unknown fields: path_params.x, query.limit, \
             body.mesage (did you mean message?), path_param (did you mean path_params?)",
        ),
    ] {
        assert_eq!(send.read(&parameters.to_string()).unwrap_err().to_string(), message);
    }
}

#[tokio::test]
async fn the_example_of_each_endpoint_is_sent() {
    for operation in Operation::ALL {
        let endpoint = Endpoint::of(*operation);
        let example = endpoint.example().to_string();
        let script = Script::new([Answer::empty(204)]);
        let client = script.clients(|builder| builder.max_attempts(1)).0;
        let result =
            endpoint.call(&client, &example).unwrap_or_else(|error| panic!("{operation}: {error}")).await;
        if let Err(error) = result {
            assert_ne!(error.kind(), ErrorKind::InvalidRequest, "{operation}: {error}: {example}");
        }
    }
}

/// The differences between the schemas and the facts of all versions.
struct Comparison<'f> {
    models: BTreeMap<&'f str, Vec<&'f Fields>>,
    differences: BTreeSet<String>,
}

impl<'f> Comparison<'f> {
    fn fields(&mut self, path: &str, versions: &[&'f Fields], schema: &Value, root: &Value) {
        let mut known: BTreeMap<&str, Vec<&'f Type>> = BTreeMap::new();
        for (name, kind) in versions.iter().copied().flatten() {
            known.entry(name).or_default().push(kind);
        }
        let schema = Endpoint::resolve(schema, root);
        let empty = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&empty);
        for name in properties.keys().filter(|name| !known.contains_key(name.as_str())) {
            self.differences.insert(format!("{path}.{name}: only in the schema"));
        }
        for (name, kinds) in known {
            let path = format!("{path}.{name}");
            match properties.get(name) {
                Some(schema) => self.kinds(&path, &kinds, schema, root),
                None => _ = self.differences.insert(format!("{path}: only in the facts")),
            }
        }
    }

    fn kinds(&mut self, path: &str, kinds: &[&'f Type], schema: &Value, root: &Value) {
        let schema = Endpoint::resolve(schema, root);
        let variants = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
        // A value that can be cleared.
        if let [value, null] = variants
            && null["type"] == "null"
        {
            return self.kinds(path, kinds, value, root);
        }
        if !variants.is_empty() {
            return self.union(path, kinds, variants, root);
        }
        let objects: Vec<_> = kinds.iter().flat_map(|kind| self.objects(kind)).collect();
        if !objects.is_empty() {
            return self.fields(path, &objects, schema, root);
        }
        let items: Vec<&Type> = kinds
            .iter()
            .filter_map(|kind| match kind {
                Type::Array(items) => Some(&**items),
                _ => None,
            })
            .collect();
        if !items.is_empty() {
            self.kinds(path, &items, &schema["items"], root);
        }
        for kind in kinds {
            let expected = match kind {
                Type::Array(_) => "array",
                Type::Map(_) | Type::Any => "object",
                Type::Integer => "integer",
                Type::Number => "number",
                Type::Boolean => "boolean",
                Type::Enum(values) => {
                    let examples = schema["examples"].as_array();
                    for value in
                        values.iter().filter(|value| !examples.is_some_and(|known| known.contains(value)))
                    {
                        self.differences.insert(format!("{path}: {value} is no example"));
                    }
                    "string"
                }
                _ => "string",
            };
            if schema["type"] != expected {
                self.differences
                    .insert(format!("{path}: {} in the schema, {expected} in the facts", schema["type"]));
            }
        }
    }

    /// Compares the variants of a union with those of the same tag.
    fn union(&mut self, path: &str, kinds: &[&'f Type], variants: &[Value], root: &Value) {
        let mut by_tag: BTreeMap<String, Vec<&'f Fields>> = BTreeMap::new();
        for fields in kinds.iter().flat_map(|kind| self.objects(kind)) {
            let Some(Type::Enum(tags)) = fields.get("type") else { continue };
            by_tag.entry(tags[0].as_str().unwrap().to_owned()).or_default().push(fields);
        }
        for variant in variants {
            let tag = variant["properties"]["type"]["const"].as_str().unwrap();
            let path = format!("{path}({tag})");
            match by_tag.remove(tag) {
                Some(fields) => {
                    let mut variant = variant.clone();
                    let tag = json!({"type": "string", "examples": [tag]});
                    variant["properties"]["type"] = tag;
                    self.fields(&path, &fields, &variant, root);
                }
                None => _ = self.differences.insert(format!("{path}: only in the schema")),
            }
        }
        self.differences.extend(by_tag.keys().map(|tag| format!("{path}({tag}): only in the facts")));
    }

    fn objects(&self, kind: &'f Type) -> Vec<&'f Fields> {
        match kind {
            Type::Object(fields) => vec![fields],
            Type::Model(name) => self.models[name.as_str()].clone(),
            Type::Union(kinds) => kinds.iter().flat_map(|kind| self.objects(kind)).collect(),
            _ => Vec::new(),
        }
    }
}

#[test]
fn schemas_have_exactly_the_fields_of_the_facts() {
    let facts = coverage::facts();
    let mut models: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (name, fields) in facts.values().flat_map(|facts| &facts.models) {
        models.entry(name.as_str()).or_default().push(fields);
    }
    let mut comparison = Comparison { models, differences: BTreeSet::new() };
    for operation in Operation::ALL {
        let schema = Endpoint::of(*operation).schema();
        let versions: Vec<&EndpointFacts> =
            facts.values().filter_map(|facts| facts.endpoints.get(operation.id())).collect();
        let properties = |part: &str| -> BTreeSet<String> {
            schema["properties"][part]["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect()
        };
        let path_params = versions.iter().flat_map(|facts| facts.path_params.clone()).collect();
        assert_eq!(properties("path_params"), path_params, "{operation}");
        let headers =
            versions.iter().flat_map(|facts| &facts.headers).map(|name| name.to_lowercase()).collect();
        assert_eq!(properties("headers"), headers, "{operation}");
        let queries: Vec<_> = versions.iter().map(|facts| &facts.query).collect();
        comparison.fields(&format!("{operation} query"), &queries, &schema["properties"]["query"], &schema);
        let bodies: Vec<_> = versions.iter().filter_map(|facts| facts.body.as_ref()).collect();
        comparison.fields(&format!("{operation} body"), &bodies, &schema["properties"]["body"], &schema);
    }
    assert_eq!(comparison.differences, BTreeSet::new());
}
