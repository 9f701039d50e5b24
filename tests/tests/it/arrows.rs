//! The dependencies that our crates may have on each other.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::workspace::{cargo, root};

/// Every crate under `crates/`, with our crates that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    ("linq-types", &[]),
    ("linq-macros", &[]),
    ("linq-core", &["linq-types"]),
    ("linq-webhooks", &["linq-macros", "linq-types"]),
    ("linq-reqwest", &["linq-core"]),
    ("linq-hyper", &["linq-core"]),
    ("linq-ureq", &["linq-core"]),
    ("linq-durable", &["linq-core", "linq-types", "linq-webhooks"]),
    ("linq-postgres", &["linq-durable", "linq-types"]),
    ("linq-redis", &["linq-durable", "linq-types"]),
    ("linq-sqlite", &["linq-durable", "linq-types"]),
    ("linq-sandbox", &["linq-types", "linq-webhooks"]),
    (
        "linq-sdk",
        &[
            "linq-core",
            "linq-durable",
            "linq-hyper",
            "linq-macros",
            "linq-postgres",
            "linq-redis",
            "linq-reqwest",
            "linq-sandbox",
            "linq-sqlite",
            "linq-types",
            "linq-ureq",
            "linq-webhooks",
        ],
    ),
    ("linq-cli", &["linq-sandbox", "linq-sdk"]),
];

/// Dependencies that a crate must not have.
const FORBIDDEN: &[(&str, &[&str])] = &[("linq-types", &["bytes", "http", "hyper", "reqwest", "tokio"])];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

impl Dependency {
    fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// The crates under `crates/` of this workspace.
fn crates() -> Vec<Package> {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let mut packages = serde_json::from_str::<Metadata>(&metadata).unwrap().packages;
    packages.retain(|package| package.manifest_path.starts_with(root().join("crates")));
    packages
}

/// Returns the violations of [`ALLOWED`] and [`FORBIDDEN`].
fn faults(packages: &[Package]) -> Vec<String> {
    let allowed: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let forbidden: BTreeMap<_, _> = FORBIDDEN.iter().copied().collect();
    let mut faults = Vec::new();
    for Package { name, dependencies, .. } in packages {
        let Some(allowed_here) = allowed.get(name.as_str()) else {
            faults.push(format!("{name} is not in the list: say what it may depend on"));
            continue;
        };
        for Dependency { name: other, .. } in dependencies.iter().filter(|other| !other.is_for_tests()) {
            let ours = allowed.contains_key(other.as_str()) || packages.iter().any(|p| p.name == *other);
            let shunned = forbidden.get(name.as_str()).is_some_and(|names| names.contains(&other.as_str()));
            if shunned || (ours && !allowed_here.contains(&other.as_str())) {
                faults.push(format!("{name} must not depend on {other}"));
            }
        }
    }
    let missing = ALLOWED.iter().filter(|(name, _)| packages.iter().all(|package| package.name != *name));
    faults.extend(missing.map(|(name, _)| format!("{name} is in the list, but not under crates/")));
    faults
}

#[test]
fn no_crate_depends_on_one_that_it_must_not() {
    assert_eq!(faults(&crates()), [""; 0]);
}

#[test]
fn a_forbidden_dependency_is_found_unless_it_is_for_tests() {
    let with = |name: &str, other: &str, kind: Option<&str>| {
        let mut packages: Vec<_> = ALLOWED
            .iter()
            .map(|(name, _)| Package {
                name: (*name).to_owned(),
                manifest_path: PathBuf::new(),
                dependencies: Vec::new(),
            })
            .collect();
        let package = packages.iter_mut().find(|package| package.name == name).unwrap();
        package.dependencies.push(Dependency { name: other.to_owned(), kind: kind.map(str::to_owned) });
        faults(&packages)
    };
    assert_eq!(with("linq-webhooks", "linq-core", None), ["linq-webhooks must not depend on linq-core"]);
    assert_eq!(
        with("linq-core", "linq-reqwest", Some("build")),
        ["linq-core must not depend on linq-reqwest"]
    );
    assert_eq!(with("linq-types", "http", None), ["linq-types must not depend on http"]);
    assert_eq!(with("linq-core", "http", None), [""; 0]);
    assert_eq!(with("linq-webhooks", "linq-types", None), [""; 0]);
    assert_eq!(with("linq-core", "linq-reqwest", Some("dev")), [""; 0]);
}

#[test]
fn every_crate_is_listed_once() {
    let mut packages = vec![Package {
        name: "linq-new".to_owned(),
        manifest_path: PathBuf::new(),
        dependencies: Vec::new(),
    }];
    let faults_with_new = faults(&packages);
    assert_eq!(faults_with_new[0], "linq-new is not in the list: say what it may depend on");
    assert_eq!(faults_with_new.len(), 1 + ALLOWED.len());
    packages.clear();
    assert_eq!(faults(&packages)[0], "linq-types is in the list, but not under crates/");
}
