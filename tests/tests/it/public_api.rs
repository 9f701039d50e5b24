//! What each library shows to its users: every name, and the crates whose types stand in its signatures.
//!
//! It reads what rustdoc writes as JSON, which the compiler of the workspace gives when it is told to act as a nightly.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::Command,
};

use serde::Deserialize;
use serde_json::Value;

use super::workspace::{read, root};

/// Features of the library to document, the crates whose types its signatures may name, and the types that do not have
/// every auto trait that a type should have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    features: Vec<String>,
    foreign: BTreeSet<String>,
    #[serde(default)]
    not: BTreeMap<String, BTreeSet<String>>,
}

/// What every public type should be, so that it fits into any program's structs, threads and futures.
const AUTO_TRAITS: [&str; 3] = ["Send", "Sync", "Unpin"];

/// The crates that every signature may name.
const EVERYWHERE: [&str; 3] = ["alloc", "core", "std"];

struct Docs {
    krate: String,
    json: Value,
}

impl Docs {
    fn of(package: &str, features: &[String]) -> Self {
        let target = root().join("target/public-api");
        let output = Command::new(env!("CARGO"))
            .args([
                "rustdoc",
                "--quiet",
                "--locked",
                "--lib",
                "-p",
                package,
                "--features",
                &features.join(","),
            ])
            .arg("--target-dir")
            .arg(&target)
            .args(["--", "-Zunstable-options", "--output-format=json"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("RUSTDOCFLAGS")
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{package}: {}", String::from_utf8_lossy(&output.stderr));
        let krate = package.replace('-', "_");
        let json = fs::read(target.join("doc").join(&krate).with_extension("json")).unwrap();
        Self { krate, json: serde_json::from_slice(&json).unwrap() }
    }

    fn item(&self, id: &Value) -> Option<&Value> {
        self.json["index"].get(id.to_string())
    }

    /// Every public path with what it is, and the public functions and traits of each type.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        self.walk(&self.json["root"], &self.krate, &mut names);
        names
    }

    fn walk(&self, module: &Value, path: &str, names: &mut BTreeSet<String>) {
        let Some(module) = self.item(module) else { return };
        for id in module["inner"]["module"]["items"].as_array().into_iter().flatten() {
            let Some(item) = self.item(id) else { continue };
            match item["inner"].get("use") {
                Some(import) if import["is_glob"] == true => self.walk(&import["id"], path, names),
                Some(import) => {
                    self.name(&import["id"], &format!("{path}::{}", text(&import["name"])), names)
                }
                None => self.name(id, &format!("{path}::{}", text(&item["name"])), names),
            }
        }
    }

    fn name(&self, id: &Value, path: &str, names: &mut BTreeSet<String>) {
        let Some(item) = self.item(id) else {
            names.insert(format!("use {path}"));
            return;
        };
        let Some((kind, inner)) = item["inner"].as_object().and_then(|inner| inner.iter().next()) else {
            return;
        };
        names.insert(format!("{kind} {path}"));
        if kind == "module" {
            self.walk(id, path, names);
        }
        for (field, word) in [("variants", "variant"), ("items", "item")] {
            for id in inner[field].as_array().into_iter().flatten() {
                let member = self.item(id).map(|item| text(&item["name"])).unwrap_or_default();
                if kind != "module" {
                    names.insert(format!("{word} {path}::{member}"));
                }
            }
        }
        for id in inner["kind"]["plain"]["fields"].as_array().into_iter().flatten() {
            names.extend(self.item(id).map(|field| format!("field {path}.{}", text(&field["name"]))));
        }
        for id in inner["impls"].as_array().into_iter().flatten() {
            self.name_impl(id, path, names);
        }
    }

    fn name_impl(&self, id: &Value, path: &str, names: &mut BTreeSet<String>) {
        let Some(inner) = self.item(id).map(|item| &item["inner"]["impl"]).filter(|inner| is_written(inner))
        else {
            return;
        };
        match inner["trait"]["path"].as_str() {
            Some(name) => {
                names.insert(format!("impl {name} for {path}"));
            }
            None => {
                let items = inner["items"].as_array().into_iter().flatten().filter_map(|id| self.item(id));
                names.extend(items.map(|item| format!("item {path}::{}", text(&item["name"]))));
            }
        }
    }

    /// The types that lack auto traits, with those that they lack.
    fn lacking(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut lacking = BTreeMap::new();
        for item in self.json["index"].as_object().unwrap().values() {
            let inner = ["struct", "enum"].iter().find_map(|kind| item["inner"].get(kind));
            let Some(inner) = inner.filter(|_| item["crate_id"] == 0 && item["visibility"] == "public")
            else {
                continue;
            };
            let impls = inner["impls"].as_array().into_iter().flatten().filter_map(|id| self.item(id));
            let refused = impls
                .map(|item| &item["inner"]["impl"])
                .filter(|inner| inner["is_negative"] == true)
                .map(|inner| text(&inner["trait"]["path"]))
                .filter(|name| AUTO_TRAITS.contains(&name.as_str()));
            let refused: BTreeSet<_> = refused.collect();
            if !refused.is_empty() {
                lacking.insert(text(&item["name"]), refused);
            }
        }
        lacking
    }

    /// The crates of other people whose types or traits stand in what is public.
    fn foreign(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::<_, BTreeSet<_>>::new();
        for item in self.json["index"].as_object().unwrap().values() {
            let inner = &item["inner"];
            let is_ours = item["crate_id"] == 0;
            if !is_ours
                || inner.get("impl").is_some_and(|inner| !is_written(inner))
                || inner.get("use").is_some()
            {
                continue;
            }
            let mut ids = BTreeSet::new();
            paths(inner, &mut ids);
            for id in ids {
                let path = &self.json["paths"][id.to_string()];
                let krate = &self.json["external_crates"][path["crate_id"].to_string()]["name"];
                if let Some(krate) = krate.as_str() {
                    let segments = path["path"].as_array().into_iter().flatten().map(text);
                    found
                        .entry(krate.to_owned())
                        .or_default()
                        .insert(segments.collect::<Vec<_>>().join("::"));
                }
            }
        }
        found
    }
}

/// Whether somebody wrote the `impl`, and no macro for its own use, no blanket and no compiler.
fn is_written(inner: &Value) -> bool {
    inner["blanket_impl"].is_null() && inner["is_synthetic"] == false
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The ids of all types and traits that a signature names. Attributes, docs and values of constants are none.
fn paths(value: &Value, ids: &mut BTreeSet<u64>) {
    match value {
        Value::Object(fields) => {
            if fields.contains_key("path") && fields.contains_key("args") {
                ids.extend(fields["id"].as_u64());
            }
            fields.values().for_each(|value| paths(value, ids));
        }
        Value::Array(values) => values.iter().for_each(|value| paths(value, ids)),
        _ => {}
    }
}

#[test]
fn the_public_api_is_as_it_was_names_no_other_crates_than_it_may_and_fits_into_threads() {
    let libraries: BTreeMap<String, Library> = toml::from_str(&read("tests/data/public-api.toml")).unwrap();
    let mut faults = Vec::new();
    for (package, library) in &libraries {
        let docs = Docs::of(package, &library.features);
        let names = docs.names().into_iter().collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(format!("public_api_{package}"), names);
        if docs.lacking() != library.not {
            faults.push(format!("{package}: not {:?}", docs.lacking()));
        }
        for (krate, types) in docs.foreign() {
            let may = EVERYWHERE.contains(&&*krate)
                || krate.starts_with("linq_")
                || library.foreign.contains(&krate);
            if !may {
                faults.push(format!("{package}: {types:?} of {krate}"));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}
