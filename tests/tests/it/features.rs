//! What the features of the facade bring with them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::workspace::{cargo, read};

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
}

/// A crate that may be there in two versions when one of these features is on.
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
const ON_TOKIO: [&str; 5] = ["reqwest", "hyper", "axum", "sandbox", "default"];

/// Name and version of every crate that `cargo tree` prints.
type Crates = BTreeSet<(String, String)>;

impl FeatureSet {
    /// What is not as the row says, one sentence each.
    fn faults(&self, crates: &Crates, most: usize) -> Vec<String> {
        let brings = |name: &str| crates.iter().any(|(found, _)| found == name);
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

    /// The crates that are there in versions that are not compatible, but for those that may be.
    fn doubles(&self, crates: &Crates, allowed: &[Twice]) -> Vec<String> {
        let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
        for (name, version) in crates {
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

/// The part of a version that compatible ones share: `1` of `v1.4.0`, `0.23` of `v0.23.4`.
fn compatible(version: &str) -> String {
    let version = version.trim_start_matches('v');
    let numbers = if version.starts_with("0.") { 2 } else { 1 };
    version.split('.').take(numbers).collect::<Vec<_>>().join(".")
}

/// Reads lines such as `http v1.4.0 (*)`.
fn crates(tree: &str) -> Crates {
    tree.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next()?.to_owned()))
        })
        .collect()
}

fn tree(features: &[String], target: &[&str]) -> Crates {
    let features = features.join(",");
    let tree = ["tree", "-p", "linq-sdk", "-e", "normal", "--prefix", "none", "--no-default-features"];
    crates(&cargo(&[&tree[..], &["--features", &features], target].concat()))
}

fn sets() -> Sets {
    toml::from_str(&read("tests/data/features.toml")).unwrap()
}

#[test]
fn each_set_of_features_brings_no_more_than_its_row_says() {
    let Sets { set, twice } = sets();
    let faults: Vec<_> = set
        .iter()
        .flat_map(|set| {
            let crates = tree(&set.features, &[]);
            [set.faults(&crates, set.most), set.doubles(&crates, &twice)].concat()
        })
        .collect();
    assert_eq!(faults, [""; 0]);
}

#[test]
fn each_set_of_features_brings_no_more_than_its_row_says_on_wasm() {
    let target = ["--target", "wasm32-unknown-unknown"];
    let faults: Vec<_> =
        sets().set.iter().flat_map(|set| set.faults(&tree(&set.features, &target), set.wasm)).collect();
    assert_eq!(faults, [""; 0]);
}

#[test]
fn every_feature_of_the_facade_has_a_row() {
    let manifest: toml::Table = read("crates/linq/Cargo.toml").parse().unwrap();
    let rows: BTreeSet<_> = sets().set.into_iter().flat_map(|set| set.features).collect();
    let features: BTreeSet<_> = manifest["features"].as_table().unwrap().keys().cloned().collect();
    assert_eq!(features, rows);
}

fn row(features: &[&str], without: &str) -> FeatureSet {
    FeatureSet {
        name: "x".to_owned(),
        features: features.iter().map(|&feature| feature.to_owned()).collect(),
        without: vec![without.to_owned()],
        most: 0,
        wasm: 0,
    }
}

#[test]
fn a_crate_too_many_is_found_and_a_repeated_line_counts_once() {
    let crates = crates("linq-sdk v0.1.0 (/linq)\nhttp v1.4.0\nbytes v1.11.0\nhttp v1.4.0 (*)\n");
    assert_eq!(row(&[], "tokio").faults(&crates, 3), [""; 0]);
    assert_eq!(row(&[], "http").faults(&crates, 3), ["x: brings http"]);
    assert_eq!(row(&[], "tokio").faults(&crates, 2), ["x: 3 crates, more than 2"]);
}

#[test]
fn tokio_is_found_where_no_feature_brings_it() {
    let crates = crates("tokio v1.2.3");
    assert_eq!(row(&["client"], "ureq").faults(&crates, 9), ["x: brings tokio"]);
    assert_eq!(row(&["client", "hyper"], "ureq").faults(&crates, 9), [""; 0]);
}

#[test]
fn a_crate_in_two_versions_is_found_unless_it_is_allowed() {
    let allowed = [Twice { name: "b".to_owned(), features: vec!["f".to_owned()], _reason: String::new() }];
    let crates = crates("a v1.2.0\na v1.3.0\nb v0.2.0\nb v0.3.0\n");
    assert_eq!(row(&["f"], "").doubles(&crates, &allowed), [""; 0]);
    assert_eq!(row(&["g"], "").doubles(&crates, &allowed), [r#"x: b in {"0.2", "0.3"}"#]);
}
