//! The documentation of a library, as JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::super::workspace::root;

/// The format of the JSON, which the rustdoc of `SNAPSHOTS_RUST_VERSION` writes.
const FORMAT: u64 = 57;

pub(super) type NamesBy<K> = BTreeMap<K, BTreeSet<String>>;

pub(super) struct Docs {
    pub(super) path: PathBuf,
    json: Value,
}

impl Docs {
    /// Builds the documentation of a package. JSON is an unstable output, hence `RUSTC_BOOTSTRAP`.
    pub(super) fn of(package: &str, krate: &str, features: &[String]) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("public-api");
        let output = Command::new(env!("CARGO"))
            .args(["rustdoc", "--quiet", "--locked", "--lib", "-p", package])
            .args(["--features", &features.join(",")])
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "-Zunstable-options", "--output-format=json"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTDOCFLAGS")
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{package}: {}", String::from_utf8_lossy(&output.stderr));
        Self::at(target.join("doc").join(krate).with_extension("json"))
    }

    pub(super) fn at(path: PathBuf) -> Self {
        let json: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(
            json["format_version"],
            FORMAT,
            "unexpected format of rustdoc; expected that of Rust {}",
            env!("SNAPSHOTS_RUST_VERSION")
        );
        Self { path, json }
    }

    /// Returns the documentation of an item; null for an item of another crate.
    pub(super) fn item(&self, id: impl Display) -> &Value {
        &self.json["index"][id.to_string()]
    }

    /// Returns the public types that do not implement all of these traits, with the missing ones. Types in private modules
    /// are documented without any `impl`, and left out.
    pub(super) fn lacking(&self, traits: &BTreeSet<String>) -> NamesBy<String> {
        let mut lacking = NamesBy::new();
        for item in self.own().filter(|item| item["visibility"] == "public") {
            let Some(impls) =
                ["struct", "enum"].iter().find_map(|kind| item["inner"][kind]["impls"].as_array())
            else {
                continue;
            };
            if impls.is_empty() {
                continue;
            }
            let impls = impls.iter().map(|id| &self.item(id)["inner"]["impl"]);
            let implemented: BTreeSet<_> = impls
                .filter(|implementation| implementation["is_negative"] == false)
                .filter_map(trait_name)
                .map(str::to_owned)
                .collect();
            let missing: BTreeSet<_> = traits.difference(&implemented).cloned().collect();
            if !missing.is_empty() {
                lacking.insert(item["name"].as_str().unwrap().to_owned(), missing);
            }
        }
        lacking
    }

    /// Returns the public methods of each type, with the paths of what they return; without those of traits.
    pub(super) fn methods(&self) -> Vec<Method<'_>> {
        let mut methods = Vec::new();
        for item in self.own() {
            let implementation = &item["inner"]["impl"];
            let Some(of) = self.path_of(&implementation["for"]) else { continue };
            if !implementation["trait"].is_null() {
                continue;
            }
            let items = implementation["items"].as_array().into_iter().flatten().map(|id| self.item(id));
            methods.extend(items.filter(|item| item["visibility"] == "public").filter_map(|item| {
                let signature = &item["inner"]["function"]["sig"];
                let name = item["name"].as_str().filter(|_| !signature.is_null())?;
                Some(Method { of: of.clone(), name, returns: self.path_of(&signature["output"]) })
            }));
        }
        methods
    }

    fn path_of(&self, named: &Value) -> Option<String> {
        let path = self.json["paths"][named["resolved_path"]["id"].to_string()]["path"].as_array()?;
        Some(path.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("::"))
    }

    /// Returns the other crates whose items occur in what is public, with those items.
    pub(super) fn foreign(&self) -> NamesBy<String> {
        let mut found = NamesBy::new();
        for item in self.own().filter(|item| is_written(&item["inner"]["impl"])) {
            for (path, crate_id) in self.named(&item["inner"]) {
                if let Some(krate) = self.json["external_crates"][crate_id.to_string()]["name"].as_str() {
                    found.entry(krate.to_owned()).or_default().insert(path);
                }
            }
        }
        found
    }

    /// Returns the items that occur in a signature, each with the number of its crate.
    pub(super) fn named(&self, signature: &Value) -> BTreeSet<(String, u64)> {
        let mut ids = BTreeSet::new();
        collect_ids(signature, &mut ids);
        let named = ids.into_iter().map(|id| &self.json["paths"][id.to_string()]);
        let named = named.filter_map(|named| {
            let segments = named["path"].as_array()?.iter().filter_map(Value::as_str);
            Some((segments.collect::<Vec<_>>().join("::"), named["crate_id"].as_u64()?))
        });
        named.collect()
    }

    fn own(&self) -> impl Iterator<Item = &Value> {
        self.json["index"].as_object().unwrap().values().filter(|item| item["crate_id"] == 0)
    }
}

/// A public method: the path of its type, its name, and the path of the type that it returns.
pub(super) struct Method<'d> {
    pub(super) of: String,
    pub(super) name: &'d str,
    pub(super) returns: Option<String>,
}

/// Returns the name of the trait of an `impl`, unless the trait has parameters, as `PartialEq<str>` has. A lifetime, as
/// in `Deserialize<'de>`, does not count.
pub(super) fn trait_name(implementation: &Value) -> Option<&str> {
    let implemented = &implementation["trait"];
    let parameters = implemented["args"]["angle_bracketed"]["args"].as_array();
    let has_types = parameters.is_some_and(|all| all.iter().any(|one| one["lifetime"].is_null()));
    let path = implemented["path"].as_str().filter(|_| !has_types)?;
    Some(path.rsplit_once("::").map_or(path, |(_, name)| name))
}

/// Returns `false` for an `impl` that the compiler adds to every type.
fn is_written(inner: &Value) -> bool {
    inner.is_null() || (inner["blanket_impl"].is_null() && inner["is_synthetic"] == false)
}

/// Collects the ids of all types and traits that a signature names, and of what is exported again.
fn collect_ids(value: &Value, ids: &mut BTreeSet<u64>) {
    match value {
        Value::Object(fields) => {
            let is_path = fields.contains_key("path") && fields.contains_key("args");
            if is_path || fields.contains_key("is_glob") {
                ids.extend(fields["id"].as_u64());
            }
            fields.values().for_each(|value| collect_ids(value, ids));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}
