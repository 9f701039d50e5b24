//! The dependencies that the features of the facade bring.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    generated::assert_generated,
    tree::{Krate, Tree},
    workspace::read,
};

#[derive(Deserialize)]
struct Sets {
    set: Vec<FeatureSet>,
    twice: Vec<Twice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureSet {
    name: String,
    features: Vec<String>,
    without: Vec<String>,
    most: usize,
    wasm: usize,
    #[serde(default)]
    only_elsewhere: bool,
}

/// A crate that may occur in two versions if one of these features is enabled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Twice {
    #[serde(rename = "crate")]
    name: String,
    features: Vec<String>,
    #[serde(rename = "reason")]
    _reason: String,
}

/// The only features that may bring tokio.
const ON_TOKIO: [&str; 7] = ["reqwest", "hyper", "axum", "sandbox", "postgres", "redis", "default"];

/// The platforms of the limits. If the tests run on another platform than Linux on x86-64, a set may have a few more crates
/// there.
const HOST: &[&str] = &[];
const LINUX: &[&str] = &["--target", "x86_64-unknown-linux-gnu"];
const WASM: &[&str] = &["--target", "wasm32-unknown-unknown"];
const MORE_ELSEWHERE: usize = 3;

impl FeatureSet {
    /// Returns the violations of the row.
    fn faults(&self, crates: &BTreeSet<Krate>, most: usize) -> Vec<String> {
        let brings = |name: &str| crates.iter().any(|found| found.name == name);
        let mut faults: Vec<_> = self
            .without
            .iter()
            .filter(|name| brings(name))
            .map(|name| format!("{}: brings {name}", self.name))
            .collect();
        if brings("tokio") && !self.has(&ON_TOKIO) {
            faults.push(format!("{}: brings tokio", self.name));
        }
        if crates.len() > most {
            faults.push(format!("{}: {} crates, more than {most}", self.name, crates.len()));
        }
        faults
    }

    /// Returns the crates that occur in incompatible versions, except for the allowed ones.
    fn doubles(&self, crates: &BTreeSet<Krate>, allowed: &[Twice]) -> Vec<String> {
        let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
        for Krate { name, version } in crates {
            versions.entry(name).or_default().insert(compatible(version));
        }
        let may = |name: &str| allowed.iter().any(|twice| twice.name == name && self.has(&twice.features));
        versions
            .into_iter()
            .filter(|(name, versions)| versions.len() > 1 && !may(name))
            .map(|(name, versions)| format!("{}: {name} in {versions:?}", self.name))
            .collect()
    }

    fn has(&self, features: &[impl AsRef<str>]) -> bool {
        features.iter().any(|feature| self.features.iter().any(|own| own == feature.as_ref()))
    }
}

/// Returns the part of a version that compatible versions share: `1` of `v1.4.0`, `0.23` of `v0.23.4`.
fn compatible(version: &str) -> String {
    let version = version.trim_start_matches('v');
    let numbers = if version.starts_with("0.") { 2 } else { 1 };
    version.split('.').take(numbers).collect::<Vec<_>>().join(".")
}

fn tree(features: &[String], target: &[&str]) -> Tree {
    Tree::of("linq-sdk", &[&["--no-default-features", "--features", &features.join(",")], target].concat())
}

fn sets() -> Sets {
    toml::from_str(&read("tests/data/features.toml")).unwrap()
}

#[test]
fn each_set_of_features_brings_no_more_than_its_row_says() {
    let Sets { set, twice } = sets();
    let mut faults = Vec::new();
    for set in &set {
        let platforms = [(LINUX, set.most), (HOST, set.most + MORE_ELSEWHERE), (WASM, set.wasm)];
        for (platform, most) in platforms {
            let crates = tree(&set.features, platform).crates();
            faults.extend([set.faults(&crates, most), set.doubles(&crates, &twice)].concat());
        }
    }
    assert_eq!(faults, [""; 0]);
}

#[test]
fn the_examples_without_tokio_have_none_in_their_trees() {
    for example in ["blocking", "durable-blocking", "receiver", "smol", "stored-events"] {
        let crates = Tree::of(&format!("linq-example-{example}"), &[]).crates();
        assert!(crates.iter().any(|krate| krate.name == "linq-types"), "{example}");
        assert!(crates.iter().all(|krate| krate.name != "tokio"), "{example}");
    }
}

/// hyper uses channels of tokio, which need neither its runtime nor its sockets.
#[test]
fn the_custom_backend_brings_no_runtime_of_tokio() {
    let crates = Tree::of("linq-example-custom-backend", &[]).crates();
    assert!(crates.iter().any(|krate| krate.name == "hyper"));
    assert!(crates.iter().all(|krate| !["mio", "hyper-util", "tokio-rustls"].contains(&&*krate.name)));
}

#[test]
fn stored_events_are_read_without_http_and_without_webhooks() {
    let crates = Tree::of("linq-example-stored-events", &[]).crates();
    let found = crates.iter().find(|krate| ["http", "linq-core", "linq-webhooks"].contains(&&*krate.name));
    assert_eq!(found, None);
}

#[test]
fn every_feature_of_the_facade_has_a_row() {
    let manifest: toml::Table = read("crates/linq/Cargo.toml").parse().unwrap();
    let rows: BTreeSet<_> = sets().set.into_iter().flat_map(|set| set.features).collect();
    let features: BTreeSet<_> = manifest["features"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(features, rows);
}

#[test]
fn the_page_about_features_has_the_costs_of_each_set() {
    let mut lines = vec![
        "| set | crates | on wasm | tokio | costs most |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    for set in sets().set {
        let linux = tree(&set.features, LINUX);
        let wasm = match set.only_elsewhere {
            true => "–".to_owned(),
            false => tree(&set.features, WASM).crates().len().to_string(),
        };
        let has_tokio = linux.crates().iter().any(|krate| krate.name == "tokio");
        let (heaviest, brought) = linux.heaviest();
        lines.push(format!(
            "| {} | {} | {wasm} | {} | `{heaviest}`: {brought} |",
            set.name,
            linux.crates().len(),
            if has_tokio { "yes" } else { "no" },
        ));
    }
    assert_generated("docs/features.md", "costs", &lines.join("\n"));
}

fn row(features: &[&str], without: &str) -> FeatureSet {
    FeatureSet {
        name: "x".to_owned(),
        features: features.iter().map(|&feature| feature.to_owned()).collect(),
        without: vec![without.to_owned()],
        most: 0,
        wasm: 0,
        only_elsewhere: false,
    }
}

#[test]
fn a_set_with_too_many_crates_is_found() {
    let crates = Tree::read("0linq-sdk v0.1.0 (/linq)\n1http v1.4.0\n2bytes v1.11.0\n").crates();
    assert_eq!(row(&[], "tokio").faults(&crates, 3), [""; 0]);
    assert_eq!(row(&[], "http").faults(&crates, 3), ["x: brings http"]);
    assert_eq!(row(&[], "tokio").faults(&crates, 2), ["x: 3 crates, more than 2"]);
}

#[test]
fn tokio_is_found_in_a_set_that_may_not_have_it() {
    let crates = Tree::read("0tokio v1.2.3").crates();
    assert_eq!(row(&["client"], "ureq").faults(&crates, 9), ["x: brings tokio"]);
    assert_eq!(row(&["client", "hyper"], "ureq").faults(&crates, 9), [""; 0]);
}

#[test]
fn a_crate_in_two_versions_is_found_unless_it_is_allowed() {
    let allowed = [Twice { name: "b".to_owned(), features: vec!["f".to_owned()], _reason: String::new() }];
    let crates = Tree::read("0a v1.2.0\n1a v1.3.0\n1b v0.2.0\n1b v0.3.0\n").crates();
    assert_eq!(row(&["f"], "").doubles(&crates, &allowed), [""; 0]);
    assert_eq!(row(&["g"], "").doubles(&crates, &allowed), [r#"x: b in {"0.2", "0.3"}"#]);
}
