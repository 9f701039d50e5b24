//! What users of a package see in the registry and in its documentation.

use std::{collections::BTreeSet, fs};

use super::{
    generated::assert_generated,
    workspace::{cargo, read, root},
};

/// A package under `crates/`.
struct Package {
    folder: String,
    manifest: toml::Table,
}

impl Package {
    fn all() -> Vec<Self> {
        let folders = fs::read_dir(root().join("crates")).unwrap();
        let names = folders.map(|folder| folder.unwrap().file_name().into_string().unwrap());
        let packages = names
            .map(|name| format!("crates/{name}"))
            .map(|folder| Self { manifest: read(format!("{folder}/Cargo.toml")).parse().unwrap(), folder });
        let packages: Vec<_> = packages.collect();
        assert!(packages.len() > 9, "crates/ has {} packages", packages.len());
        packages
    }

    fn name(&self) -> &str {
        self.manifest["package"]["name"].as_str().unwrap()
    }

    fn read(&self, file: &str) -> String {
        read(format!("{}/{file}", self.folder))
    }

    /// Returns the files of a release, except for those that cargo generates.
    fn files(&self) -> BTreeSet<String> {
        let listed = cargo(&["package", "--list", "--allow-dirty", "--package", self.name()]);
        let made = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig", ".cargo_vcs_info.json"];
        listed.lines().filter(|file| !made.contains(file)).map(str::to_owned).collect()
    }

    /// Returns the root of the library, or of the binary where there is none.
    fn root_file(&self) -> &'static str {
        match root().join(&self.folder).join("src/lib.rs").exists() {
            true => "src/lib.rs",
            false => "src/main.rs",
        }
    }

    fn is_documented_by_readme(&self) -> bool {
        self.read(self.root_file()).contains("include_str!(\"../README.md\")")
    }

    fn features(&self) -> impl Iterator<Item = &str> {
        let features = self.manifest.get("features").and_then(toml::Value::as_table);
        features.into_iter().flat_map(toml::Table::keys).map(String::as_str).filter(|name| *name != "default")
    }
}

#[test]
fn a_package_ships_its_sources_its_readme_and_both_licenses_only() {
    for package in Package::all() {
        let (sources, rest): (BTreeSet<_>, BTreeSet<_>) =
            package.files().into_iter().partition(|file| file.starts_with("src/"));
        assert!(sources.contains(package.root_file()), "{}: {sources:?}", package.folder);
        assert!(
            rest.iter().eq(["LICENSE-APACHE", "LICENSE-MIT", "README.md"]),
            "{}: {rest:?}",
            package.folder
        );
    }
}

#[test]
fn the_licenses_of_a_package_are_those_of_the_workspace() {
    for package in Package::all() {
        for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert_eq!(package.read(license), read(license), "{}", package.folder);
        }
    }
}

#[test]
fn docs_rs_shows_all_features_and_which_one_an_item_needs() {
    for package in Package::all().into_iter().filter(|package| package.root_file() == "src/lib.rs") {
        let docs_rs = &package.manifest["package"]["metadata"]["docs"]["rs"];
        assert_eq!(docs_rs["all-features"].as_bool(), Some(true), "{}", package.folder);
        let arguments = docs_rs["rustdoc-args"].as_array().unwrap().iter().filter_map(toml::Value::as_str);
        assert!(arguments.eq(["--cfg", "docsrs"]), "{}", package.folder);
        let labels = package.read("src/lib.rs").contains("\n#![cfg_attr(docsrs, feature(doc_cfg))]\n");
        assert_eq!(labels, package.features().next().is_some(), "{}", package.folder);
    }
}

/// Returns the table of the features of a manifest, by the `##` comments above them.
fn feature_table(manifest: &str) -> String {
    let features: toml::Table =
        manifest.parse::<toml::Table>().unwrap()["features"].clone().try_into().unwrap();
    let enables = |feature: &str| {
        let enabled = features.get(feature).and_then(toml::Value::as_array);
        enabled.into_iter().flatten().filter_map(toml::Value::as_str).collect::<Vec<_>>()
    };
    let default = enables("default");
    let on_by_default = |feature: &str| match default.iter().find(|on| enables(on).contains(&feature)) {
        _ if default.contains(&feature) => "yes".to_owned(),
        Some(on) => format!("by `{on}`"),
        None => String::new(),
    };
    let mut lines = match default[..] {
        [] => vec!["| feature | what it adds |".to_owned(), "| --- | --- |".to_owned()],
        _ => vec!["| feature | what it adds | default |".to_owned(), "| --- | --- | --- |".to_owned()],
    };
    let mut described = BTreeSet::new();
    let mut description = None;
    for line in manifest.lines() {
        if let Some(text) = line.strip_prefix("## ") {
            description = Some(text.trim_end_matches('.'));
        } else if let (Some(text), Some((feature, _))) = (description.take(), line.split_once(" = ")) {
            let default = match default[..] {
                [] => String::new(),
                _ => format!(" {} |", on_by_default(feature)).replace("  ", " "),
            };
            lines.push(format!("| `{feature}` | {text} |{default}"));
            described.insert(feature);
        }
    }
    let undescribed = features.keys().find(|name| *name != "default" && !described.contains(&***name));
    assert_eq!(undescribed, None, "a feature needs a line with `## ` above it");
    lines.join("\n")
}

#[test]
fn features_are_described_by_their_manifest() {
    for package in Package::all() {
        if package.features().next().is_none() {
            continue;
        }
        let table = feature_table(&package.read("Cargo.toml"));
        assert_generated(&format!("{}/README.md", package.folder), "features", &table);
        if package.name() == "linq-sdk" {
            assert_generated("README.md", "features", &table);
            assert_generated("docs/features.md", "features", &table);
        }
        if package.root_file() == "src/lib.rs" && !package.is_documented_by_readme() {
            assert_generated(&format!("{}/src/lib.rs", package.folder), "features", &table);
        }
    }
}

#[test]
fn a_table_of_features_says_which_are_on_by_default() {
    let manifest =
        "[features]\ndefault = [\"a\"]\n## One.\na = [\"b\"]\n## Two.\nb = []\n## Three.\nc = []\n";
    let table = [
        "| feature | what it adds | default |",
        "| --- | --- | --- |",
        "| `a` | One | yes |",
        "| `b` | Two | by `a` |",
        "| `c` | Three | |",
    ];
    assert_eq!(feature_table(manifest), table.join("\n"));
}

#[test]
fn the_code_in_every_readme_is_compiled() {
    let compiled = read("tests/src/lib.rs");
    for package in Package::all().into_iter().filter(|package| !package.is_documented_by_readme()) {
        let readme = format!("\"../../{}/README.md\"", package.folder);
        assert!(compiled.contains(&readme), "tests/src/lib.rs lacks {readme}");
    }
}

#[test]
fn links_from_a_readme_into_the_repository_lead_to_existing_files() {
    let workspace: toml::Table = read("Cargo.toml").parse().unwrap();
    let link = format!("({}/", workspace["workspace"]["package"]["repository"].as_str().unwrap());
    for package in Package::all() {
        let readme = package.read("README.md");
        let links = readme.split(&link).skip(1);
        let targets: Vec<_> = links.filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
        assert!(!targets.is_empty(), "{} links nothing", package.folder);
        for target in targets {
            let file = target.strip_prefix("blob/main/").unwrap_or_else(|| panic!("{target}"));
            assert!(root().join(file).exists(), "{} links {file}", package.folder);
        }
    }
}

#[test]
fn links_in_a_readme_are_absolute() {
    for package in Package::all() {
        let readme = package.read("README.md");
        let mut links = readme.split("](").skip(1);
        assert!(links.all(|link| link.starts_with("https://")), "{}", package.folder);
    }
}
