//! What a library shows to its users, one thing a line: as the crate `public-api` writes it, with what else cannot be changed
//! without breaking somebody's code.

use std::collections::BTreeSet;

use public_api::{Builder, PublicItem};
use serde_json::Value;

use super::docs::Docs;

pub(super) fn list(docs: &Docs) -> Vec<String> {
    let api = Builder::from_rustdoc_json(&docs.path)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build()
        .unwrap();
    let mut seen = BTreeSet::new();
    api.items().filter_map(|item| line(docs, item)).filter(|line| seen.insert(line.clone())).collect()
}

/// None for what another line says already: the methods of a trait that a type implements, and the trait that comes with
/// a derived `PartialEq`.
fn line(docs: &Docs, item: &PublicItem) -> Option<String> {
    let docs_of = docs.item(item.id().0);
    let inner = &docs_of["inner"];
    let parent = item.parent_id().map_or(&Value::Null, |id| &docs.item(id.0)["inner"]);
    let is_implemented = !parent["impl"]["trait"].is_null() && !inner["function"].is_null();
    if is_implemented || inner["impl"]["trait"]["path"] == "StructuralPartialEq" {
        return None;
    }
    let deprecated = if docs_of["deprecation"].is_null() { "" } else { "#[deprecated] " };
    let line = reexported(&inner["use"], item.to_string());
    Some(format!("{deprecated}{line}{}{}", rest(inner, parent), defaults(docs, inner)))
}

/// What another crate has is said by its name there; its own list has the rest.
fn reexported(import: &Value, line: String) -> String {
    match (import["source"].as_str(), line.strip_prefix("pub use ")) {
        (Some(source), Some(path)) if import["is_glob"] == false => format!("pub use {source} as {path}"),
        _ => line,
    }
}

/// What the line leaves out: private fields, for without them the struct can be written down; the default of a method or
/// constant, for without it everyone who implements the trait has to give one; that a trait cannot be `dyn`.
fn rest(inner: &Value, parent: &Value) -> &'static str {
    let is_of_trait = !parent["trait"].is_null();
    let has_private_fields = inner["struct"]["kind"]["plain"]["has_stripped_fields"] == true;
    if has_private_fields || (is_of_trait && inner["function"]["has_body"] == true) {
        " { .. }"
    } else if is_of_trait && !inner["assoc_const"]["value"].is_null() {
        " = .."
    } else if inner["trait"]["is_dyn_compatible"] == false {
        " (not dyn)"
    } else {
        ""
    }
}

/// The defaults of type parameters, by the types and traits that they name.
fn defaults(docs: &Docs, inner: &Value) -> String {
    let of_kind = inner.as_object().and_then(|inner| inner.values().next()).unwrap_or(&Value::Null);
    let parameters = of_kind["generics"]["params"].as_array().into_iter().flatten();
    let defaults = parameters.filter_map(|parameter| {
        let default = &parameter["kind"]["type"]["default"];
        let named: Vec<_> = docs.named(default).into_iter().map(|(path, _)| path).collect();
        (!default.is_null())
            .then(|| format!(" ({} = {})", parameter["name"].as_str().unwrap(), named.join(" ")))
    });
    defaults.collect()
}
