use std::fmt::Write as _;

use linq::types::Operation;
use serde_json::{Value, json};

use super::endpoint_id::alias;
use crate::endpoint::Endpoint;

/// The width of lines, in characters.
const WIDTH: usize = 100;

/// Returns what an endpoint is, as JSON.
pub(super) fn json(operation: Operation) -> Value {
    let endpoint = Endpoint::of(operation);
    json!({
        "id": operation.id(),
        "alias": alias(operation),
        "summary": operation.summary(),
        "method": operation.method().as_str(),
        "route": operation.route(),
        "rust": endpoint.rust_method(),
        "reference": operation.reference_url(),
        "idempotent": operation.is_idempotent(),
        "schema": endpoint.schema(),
        "example": endpoint.example(),
    })
}

/// Returns a page about an endpoint.
pub(super) fn page(operation: Operation) -> String {
    let endpoint = Endpoint::of(operation);
    let schema = endpoint.schema();
    let mut page = format!("{operation}\n\n");
    wrap(&mut page, operation.summary(), 2);
    page.push('\n');
    let alias = Some(alias(operation)).filter(|alias| alias != operation.id());
    for (name, value) in [
        ("Request", Some(format!("{} {}", operation.method(), operation.route()))),
        ("Alias", alias),
        ("Rust", Some(endpoint.rust_method())),
        ("Reference", Some(operation.reference_url())),
        ("Idempotent", Some(if operation.is_idempotent() { "yes" } else { "no" }.to_owned())),
    ] {
        if let Some(value) = value {
            let _ = writeln!(page, "  {name:10}  {value}");
        }
    }
    page.push_str("\nParameters:\n");
    match schema["properties"].as_object() {
        Some(parts) if !parts.is_empty() => fields(&mut page, &schema, &schema, 2),
        _ => page.push_str("  none\n"),
    }
    let _ = write!(page, "\nExample:\n  {}\n", command(operation));
    page
}

/// Returns a command line that calls the endpoint.
fn command(operation: Operation) -> String {
    let example = Endpoint::of(operation).example();
    match example.as_object().is_some_and(serde_json::Map::is_empty) {
        true => format!("linq call {operation}"),
        // In a shell, a quote in single quotes is written as '\''.
        false => format!("linq call {operation} --params '{}'", example.to_string().replace('\'', r"'\''")),
    }
}

/// Writes the fields of an object, required ones first.
fn fields(page: &mut String, schema: &Value, root: &Value, indent: usize) {
    let required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let mut fields: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
    fields.sort_by_key(|(name, _)| (Endpoint::part_index(name), !required(name)));
    for (name, field) in fields {
        let marker = if required(name) { ", required" } else { "" };
        let _ = writeln!(page, "{:indent$}{name}: {}{marker}", "", kind(field, root));
        let resolved = Endpoint::resolve(field, root);
        let description = field.get("description").or(resolved.get("description")).and_then(Value::as_str);
        for paragraph in description.unwrap_or_default().split("\n\n") {
            wrap(page, paragraph, indent + 4);
        }
        if let Some(values) = resolved["examples"].as_array().filter(|_| resolved["type"] == "string") {
            let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
            let label = if values.len() > 1 { "Known values" } else { "Example" };
            wrap(page, &format!("{label}: {}", values.join(", ")), indent + 4);
        }
        let inner =
            if resolved["type"] == "array" { Endpoint::resolve(&resolved["items"], root) } else { resolved };
        match inner["oneOf"].as_array() {
            Some(variants) => {
                for variant in variants {
                    variant_fields(page, variant, root, indent + 2);
                }
            }
            None => self::fields(page, inner, root, indent + 2),
        }
    }
}

/// Writes the fields of a variant of an enum with a tag.
fn variant_fields(page: &mut String, variant: &Value, root: &Value, indent: usize) {
    let Some(tag) = variant["properties"]["type"]["const"].as_str() else { return };
    let _ = writeln!(page, "{:indent$}with type {tag}:", "");
    let mut rest = variant.clone();
    if let Some(fields) = rest["properties"].as_object_mut() {
        fields.remove("type");
    }
    fields(page, &rest, root, indent + 2);
}

/// Returns the type of a field, such as `array of objects`.
fn kind(field: &Value, root: &Value) -> String {
    let resolved = Endpoint::resolve(field, root);
    let name = |schema: &Value| schema["type"].as_str().unwrap_or("object").to_owned();
    if let Some(variants) = resolved["oneOf"].as_array() {
        let is_nullable = variants.iter().any(|variant| variant["type"] == "null");
        let first = variants.first().map(|variant| kind(variant, root)).unwrap_or_default();
        return if is_nullable { format!("{first} or null") } else { first };
    }
    match resolved["type"].as_str() {
        Some("array") => format!("array of {}s", kind(&resolved["items"], root)),
        _ => name(resolved),
    }
}

/// Writes a text in indented lines.
fn wrap(page: &mut String, text: &str, indent: usize) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > WIDTH {
            page.push('\n');
            column = 0;
        }
        if column == 0 {
            let _ = write!(page, "{:indent$}{word}", "");
            column = indent + width;
        } else {
            let _ = write!(page, " {word}");
            column += 1 + width;
        }
    }
    if column > 0 {
        page.push('\n');
    }
}
