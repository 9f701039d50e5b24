use std::mem;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::description;

const DEFINITIONS: &str = "$defs";
const DEFINITION_PREFIX: &str = "#/$defs/";

/// Returns the JSON schema of parameters: what the types read and send, without fields that they would ignore.
pub(super) fn of<T: JsonSchema>() -> Value {
    let generated = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let mut schema = generated.to_value();
    let mut definitions = match schema.get_mut(DEFINITIONS).map(Value::take) {
        Some(Value::Object(definitions)) => definitions,
        _ => Map::new(),
    };
    let untagged = definitions.clone();
    for definition in definitions.values_mut() {
        tidy(definition, &untagged);
    }
    let mut parts = schema.get_mut("properties").map(Value::take).unwrap_or_default();
    tidy(&mut parts, &untagged);
    let mut parts = match parts {
        Value::Object(parts) => parts,
        _ => Map::new(),
    };
    for part in parts.values_mut() {
        inline(part, &definitions);
    }
    parts.retain(|_, part| part["properties"].as_object().is_some_and(|fields| !fields.is_empty()));
    let required: Vec<_> =
        parts.iter().filter(|(_, part)| part["required"].is_array()).map(|(name, _)| name.clone()).collect();
    let mut schema = json!({ "type": "object", "properties": parts, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    let definitions = used(&schema, &definitions);
    if !definitions.is_empty() {
        schema[DEFINITIONS] = definitions.into();
    }
    schema
}

/// Returns the definition that the schema refers to, or the schema itself.
pub(super) fn resolve<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    reference(schema).and_then(|name| root[DEFINITIONS].get(name)).unwrap_or(schema)
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(DEFINITION_PREFIX)
}

/// Removes what an endpoint does not accept (`null` for optional fields, further fields), what is not JSON Schema
/// (formats of Rust numbers) and the markup of the docs.
fn tidy(schema: &mut Value, definitions: &Map<String, Value>) {
    match schema {
        Value::Array(schemas) => schemas.iter_mut().for_each(|schema| tidy(schema, definitions)),
        Value::Object(members) => {
            if members.contains_key("properties") && members.contains_key("$ref") {
                inline_variant(members, definitions);
            }
            remove_null(members);
            if let Some(Value::String(text)) = members.get_mut("description") {
                *text = description::plain(text);
            }
            if members.get("type").is_some_and(|kind| kind == "integer" || kind == "number") {
                members.remove("format");
            }
            if members.get("default").is_some_and(|default| default.is_null() || *default == json!([])) {
                members.remove("default");
            }
            members.remove("title");
            if members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(false.into());
            }
            members
                .iter_mut()
                .filter(|(name, _)| !is_data(name))
                .for_each(|(_, schema)| tidy(schema, definitions));
        }
        _ => {}
    }
}

/// Members whose values are no schemas.
fn is_data(member: &str) -> bool {
    matches!(member, "const" | "default" | "enum" | "examples" | "required")
}

/// Adds the fields of the definition to a variant of a tagged enum, which has the tag alone.
fn inline_variant(variant: &mut Map<String, Value>, definitions: &Map<String, Value>) {
    let Some(Value::String(reference)) = variant.remove("$ref") else { return };
    let Some(definition) = reference.strip_prefix(DEFINITION_PREFIX).and_then(|name| definitions.get(name))
    else {
        return;
    };
    if let (Some(Value::Object(fields)), Some(Value::Object(more))) =
        (variant.get_mut("properties"), definition.get("properties"))
    {
        fields.extend(more.clone());
    }
    if let (Some(Value::Array(required)), Some(Value::Array(more))) =
        (variant.get_mut("required"), definition.get("required"))
    {
        required.extend(more.iter().cloned());
    }
    if let Some(description) = definition.get("description") {
        variant.insert("description".to_owned(), description.clone());
    }
}

/// Removes the `null` of an [`Option`]. The one of a `Patch`, which clears the field, is in a `oneOf`.
fn remove_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [kind] = &mut types[..] {
            let kind = kind.take();
            schema.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(schemas)) = schema.get_mut("anyOf") {
        schemas.retain(|schema| schema["type"] != "null");
        if let [Value::Object(only)] = &mut schemas[..] {
            let only = mem::take(only);
            schema.remove("anyOf");
            for (name, value) in only {
                schema.entry(name).or_insert(value);
            }
        }
    }
}

/// Replaces a reference by its definition.
fn inline(schema: &mut Value, definitions: &Map<String, Value>) {
    if let Some(definition) = reference(schema).and_then(|name| definitions.get(name)) {
        *schema = definition.clone();
    }
}

/// Returns the definitions that the schema refers to, directly or through others.
fn used(schema: &Value, definitions: &Map<String, Value>) -> Map<String, Value> {
    let mut used = Map::new();
    let mut names = references(schema);
    while let Some(name) = names.pop() {
        if let Some(definition) = definitions.get(&name).filter(|_| !used.contains_key(&name)) {
            names.extend(references(definition));
            used.insert(name, definition.clone());
        }
    }
    used
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Array(schemas) => schemas.iter().flat_map(references).collect(),
        Value::Object(members) => {
            let own = reference(schema).map(str::to_owned);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        _ => Vec::new(),
    }
}
