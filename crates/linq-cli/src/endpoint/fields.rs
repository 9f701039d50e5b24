use serde_json::{Map, Value, json};

use super::{
    super::did_you_mean::did_you_mean, InvalidParameters, UnknownField, parameters::PARTS, schema::resolve,
};

/// Returns an error that names every missing and every unknown field of the parameters.
pub(super) fn check(parts: &Map<String, Value>, schema: &Value) -> Result<(), InvalidParameters> {
    let mut fields = Fields { root: schema, missing: Vec::new(), unknown: Vec::new() };
    let nothing = json!({ "properties": {}, "additionalProperties": false });
    for part in PARTS {
        fields.walk(&parts[part], schema["properties"].get(part).unwrap_or(&nothing), part);
    }
    for name in parts.keys().filter(|name| !PARTS.contains(&name.as_str())) {
        fields.add_unknown(name.clone(), name, PARTS.into_iter());
    }
    let Fields { missing, unknown, .. } = fields;
    match missing.is_empty() && unknown.is_empty() {
        true => Ok(()),
        false => Err(InvalidParameters::of_fields(missing, unknown)),
    }
}

struct Fields<'s> {
    root: &'s Value,
    missing: Vec<String>,
    unknown: Vec<UnknownField>,
}

impl<'s> Fields<'s> {
    fn walk(&mut self, value: &Value, schema: &'s Value, path: &str) {
        let schema = resolve(schema, self.root);
        if let Some(variants) = schema["oneOf"].as_array() {
            match tagged(value, variants) {
                Some(variant) => self.walk(value, variant, path),
                None if value.is_object() && value.get("type").is_none() => {
                    self.missing.push(format!("{path}.type"))
                }
                None => {}
            }
            return;
        }
        match value {
            Value::Object(values) => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing = required.filter(|name| values.get(*name).is_none_or(Value::is_null));
                self.missing.extend(missing.map(|name| format!("{path}.{name}")));
                let Some(fields) = schema["properties"].as_object() else { return };
                for (name, value) in values {
                    let path = format!("{path}.{name}");
                    match fields.get(name) {
                        Some(field) => self.walk(value, field, &path),
                        None => self.add_unknown(path, name, fields.keys().map(String::as_str)),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.walk(item, &schema["items"], &format!("{path}[{index}]"));
                }
            }
            _ => {}
        }
    }

    fn add_unknown(&mut self, path: String, name: &str, known: impl Iterator<Item = &'s str>) {
        let meant = did_you_mean(name, known).map(str::to_owned);
        self.unknown.push(UnknownField { path, meant });
    }
}

/// Returns the variant that the value is: that of its tag, or the only one that is no `null`.
fn tagged<'s>(value: &Value, variants: &'s [Value]) -> Option<&'s Value> {
    variants.iter().find(|variant| match variant["properties"]["type"].get("const") {
        Some(tag) => value.get("type") == Some(tag),
        None => variant["type"] != "null",
    })
}
