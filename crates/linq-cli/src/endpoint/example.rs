use serde_json::{Map, Value, json};

use super::schema::resolve;

/// Returns an example: that of the schema, or an object of its required fields. A text without an example is its name in
/// capitals, to be replaced.
pub(super) fn of(schema: &Value, root: &Value, name: &str) -> Value {
    if let Some(example) = schema["examples"].get(0) {
        return example.clone();
    }
    let resolved = resolve(schema, root);
    if let Some(variants) = resolved["oneOf"].as_array() {
        return variants.first().map(|variant| of(variant, root, name)).unwrap_or_default();
    }
    match resolved["type"].as_str() {
        _ if resolved["examples"].is_array() => resolved["examples"][0].clone(),
        _ if resolved.get("const").is_some() => resolved["const"].clone(),
        Some("object") => object(resolved, root),
        Some("array") => {
            let items = resolved["minItems"].as_u64().unwrap_or(1);
            (0..items).map(|_| of(&resolved["items"], root, name)).collect()
        }
        Some("string") => name.to_uppercase().into(),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => Value::Null,
    }
}

fn object(schema: &Value, root: &Value) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    required
        .map(|name| (name.to_owned(), of(&schema["properties"][name], root, name)))
        .collect::<Map<_, _>>()
        .into()
}
