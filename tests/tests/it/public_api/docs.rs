//! What rustdoc writes about a library as JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    fs,
    path::PathBuf,
    process::Command,
};

use serde_json::Value;

use super::super::workspace::{read, root};

/// The format of the JSON that the code here reads, which the oldest compiler of the workspace writes.
const FORMAT: u64 = 57;

/// What every public type should be, so that it fits into any program's structs, threads and futures.
const AUTO_TRAITS: [&str; 3] = ["Send", "Sync", "Unpin"];

pub(super) type NamesBy<K> = BTreeMap<K, BTreeSet<String>>;

pub(super) struct Docs {
    pub(super) path: PathBuf,
    json: Value,
}

impl Docs {
    /// The JSON is a matter of nightlies, so the compiler is told to act as one.
    pub(super) fn of(package: &str, krate: &str, features: &[String]) -> Self {
        let target = root().join("target/public-api");
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
        let workspace: toml::Value = toml::from_str(&read("Cargo.toml")).unwrap();
        assert_eq!(
            json["format_version"],
            FORMAT,
            "the lists of the public API are for the rustdoc of Rust {}",
            workspace["workspace"]["package"]["rust-version"].as_str().unwrap()
        );
        Self { path, json }
    }

    /// What rustdoc knows of the item; null for an item of another crate.
    pub(super) fn item(&self, id: impl Display) -> &Value {
        &self.json["index"][id.to_string()]
    }

    /// The types that lack auto traits, with those that they lack.
    pub(super) fn lacking(&self) -> NamesBy<String> {
        let mut lacking = NamesBy::new();
        for item in self.own() {
            let impls = ["struct", "enum"].iter().find_map(|kind| item["inner"][kind]["impls"].as_array());
            let Some(impls) = impls.filter(|_| item["visibility"] == "public") else { continue };
            let refused: BTreeSet<_> = impls
                .iter()
                .map(|id| &self.item(id)["inner"]["impl"])
                .filter(|inner| inner["is_negative"] == true)
                .filter_map(|inner| inner["trait"]["path"].as_str())
                .filter(|name| AUTO_TRAITS.contains(name))
                .map(str::to_owned)
                .collect();
            if !refused.is_empty() {
                lacking.insert(item["name"].as_str().unwrap().to_owned(), refused);
            }
        }
        lacking
    }

    /// The other crates whose items stand in what is public, with those items.
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

    /// The items that stand in a signature, each with the number of its crate.
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

/// Whether it is no `impl` that the compiler adds to every type.
fn is_written(inner: &Value) -> bool {
    inner.is_null() || (inner["blanket_impl"].is_null() && inner["is_synthetic"] == false)
}

/// The ids of all types and traits that a signature names, and of what is exported again. Docs and values of constants
/// name nothing.
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
