//! The public items of a library, one a line: as the crate `public-api` writes them, with what else cannot be changed
//! without breaking code that uses the item.
//!
//! The traits that a type implements without bounds are on the line of the type. Traits that every type of the library
//! implements are left out; a test asserts them.

use std::collections::{BTreeMap, BTreeSet};

use public_api::{Builder, PublicItem};
use serde_json::Value;

use super::docs::{Docs, trait_name};

pub(super) fn list(docs: &Docs, on_every_type: &BTreeSet<String>) -> Vec<String> {
    let api = Builder::from_rustdoc_json(&docs.path)
        .omit_auto_trait_impls(true)
        .omit_blanket_impls(true)
        .build()
        .unwrap();
    let mut traits = BTreeMap::<u64, BTreeSet<String>>::new();
    let mut items = Vec::new();
    for item in api.items() {
        let implementation = &docs.item(item.id().0)["inner"]["impl"];
        if trait_name(implementation).is_some_and(|name| is_left_out(name, on_every_type)) {
            continue;
        }
        match unbounded(implementation, &item.to_string()) {
            Some((of, implemented)) => {
                traits.entry(of).or_default().insert(implemented);
            }
            None => items.push(item),
        }
    }
    let mut seen = BTreeSet::new();
    let lines = items.into_iter().filter_map(|item| {
        let line = line(docs, item)?;
        let traits = traits.get(&item.id().0.into()).into_iter().flatten().cloned().collect::<Vec<_>>();
        Some(if traits.is_empty() { line } else { format!("{line}: {}", traits.join(" + ")) })
    });
    lines.filter(|line| seen.insert(line.clone())).collect()
}

/// `StructuralPartialEq` comes with a derived `PartialEq`.
fn is_left_out(name: &str, on_every_type: &BTreeSet<String>) -> bool {
    name == "StructuralPartialEq" || on_every_type.contains(name)
}

/// Returns the type and the trait, with short paths, of an `impl Trait for Type` that has no parameters.
fn unbounded(implementation: &Value, line: &str) -> Option<(u64, String)> {
    let of = implementation["for"]["resolved_path"]["id"].as_u64()?;
    let implemented = line.strip_prefix("impl ")?.rsplit_once(" for ")?.0;
    let segments = implemented.split_inclusive(|c: char| !c.is_alphanumeric() && !"_:".contains(c));
    Some((of, segments.map(|path| path.rsplit_once("::").map_or(path, |(_, name)| name)).collect()))
}

/// Returns `None` for what other lines say already: the methods of a trait that a type implements, and an `impl` without
/// parameters, since each of its methods names the type.
fn line(docs: &Docs, item: &PublicItem) -> Option<String> {
    let docs_of = docs.item(item.id().0);
    let inner = &docs_of["inner"];
    let parent = item.parent_id().map_or(&Value::Null, |id| &docs.item(id.0)["inner"]);
    if !parent["impl"]["trait"].is_null() && !inner["function"].is_null() {
        return None;
    }
    if inner["impl"]["trait"].is_null() && item.to_string().starts_with("impl ") {
        return None;
    }
    let deprecated = if docs_of["deprecation"].is_null() { "" } else { "#[deprecated] " };
    let line = reexported(&inner["use"], item.to_string());
    Some(format!("{deprecated}{line}{}{}", rest(inner, parent), defaults(docs, inner)))
}

/// Names the item of another crate that is exported again; the list of that crate has the rest.
fn reexported(import: &Value, line: String) -> String {
    match (import["source"].as_str(), line.strip_prefix("pub use ")) {
        (Some(source), Some(path)) if import["is_glob"] == false => format!("pub use {source} as {path}"),
        _ => line,
    }
}

/// Returns what the line leaves out: private fields, without which the struct can be constructed; the default of a method
/// or constant, without which every implementation has to give one; that a trait cannot be `dyn`.
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

/// Returns the defaults of type parameters, by the types and traits that they name.
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
