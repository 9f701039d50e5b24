//! What the features of the facade bring with them.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::workspace::{cargo, read};

#[derive(Deserialize)]
struct Sets {
    set: Vec<FeatureSet>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureSet {
    name: String,
    features: Vec<String>,
    without: Vec<String>,
    most: usize,
}

impl FeatureSet {
    /// What is not as the row says, one sentence each; `tree` is what `cargo tree --prefix none` prints.
    fn faults(&self, tree: &str) -> Vec<String> {
        let crates: BTreeSet<_> = tree.lines().filter_map(name_and_version).collect();
        let brings = |name: &String| crates.iter().any(|(found, _)| found == name);
        let mut faults: Vec<_> = self
            .without
            .iter()
            .filter(|name| brings(name))
            .map(|name| format!("{}: brings {name}", self.name))
            .collect();
        if crates.len() > self.most {
            faults.push(format!("{}: {} crates, more than {}", self.name, crates.len(), self.most));
        }
        faults
    }
}

/// `("http", "v1.4.0")` of `http v1.4.0 (*)`.
fn name_and_version(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    Some((words.next()?, words.next()?))
}

fn tree(features: &[String]) -> String {
    let features = features.join(",");
    let tree = ["tree", "-p", "linq-sdk", "-e", "normal", "--prefix", "none", "--no-default-features"];
    cargo(&[&tree[..], &["--features", &features]].concat())
}

#[test]
fn each_set_of_features_brings_no_more_than_its_row_says() {
    let sets = toml::from_str::<Sets>(&read("tests/data/features.toml")).unwrap().set;
    let faults: Vec<_> = sets.iter().flat_map(|set| set.faults(&tree(&set.features))).collect();
    assert_eq!(faults, [""; 0]);
}

#[test]
fn a_crate_too_many_is_found_and_a_repeated_line_counts_once() {
    let row = |without: &str, most| FeatureSet {
        name: "x".to_owned(),
        features: Vec::new(),
        without: vec![without.to_owned()],
        most,
    };
    let tree = "linq-sdk v0.1.0 (/linq)\nhttp v1.4.0\nbytes v1.11.0\nhttp v1.4.0 (*)\n";
    assert_eq!(row("tokio", 3).faults(tree), [""; 0]);
    assert_eq!(row("http", 3).faults(tree), ["x: brings http"]);
    assert_eq!(row("tokio", 2).faults(tree), ["x: 3 crates, more than 2"]);
}
