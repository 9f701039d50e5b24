//! What the users of each package see at the registry and in the documentation it makes.

use std::{collections::BTreeSet, fs};

use super::{
    features::table,
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

    /// The files that a release ships, but for those that cargo makes.
    fn files(&self) -> BTreeSet<String> {
        let listed = cargo(&["package", "--list", "--allow-dirty", "--package", self.name()]);
        let made = ["Cargo.lock", "Cargo.toml", "Cargo.toml.orig", ".cargo_vcs_info.json"];
        listed.lines().filter(|file| !made.contains(file)).map(str::to_owned).collect()
    }

    fn features(&self) -> impl Iterator<Item = &str> {
        let features = self.manifest.get("features").and_then(toml::Value::as_table);
        features.into_iter().flat_map(toml::Table::keys).map(String::as_str).filter(|name| *name != "default")
    }
}

#[test]
fn a_package_ships_its_sources_its_readme_and_both_licences_and_nothing_else() {
    for package in Package::all() {
        let (sources, rest): (BTreeSet<_>, BTreeSet<_>) =
            package.files().into_iter().partition(|file| file.starts_with("src/"));
        assert!(sources.contains("src/lib.rs"), "{}: {sources:?}", package.folder);
        assert!(
            rest.iter().eq(["LICENSE-APACHE", "LICENSE-MIT", "README.md"]),
            "{}: {rest:?}",
            package.folder
        );
    }
}

#[test]
fn the_licences_of_a_package_are_those_of_the_workspace() {
    for package in Package::all() {
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert_eq!(package.read(licence), read(licence), "{}", package.folder);
        }
    }
}

#[test]
fn a_package_is_documented_with_all_of_its_features_and_says_which_one_an_item_needs() {
    for package in Package::all() {
        let docs_rs = &package.manifest["package"]["metadata"]["docs"]["rs"];
        assert_eq!(docs_rs["all-features"].as_bool(), Some(true), "{}", package.folder);
        let arguments = docs_rs["rustdoc-args"].as_array().unwrap().iter().filter_map(toml::Value::as_str);
        assert!(arguments.eq(["--cfg", "docsrs"]), "{}", package.folder);
        let labels = package.read("src/lib.rs").contains("\n#![cfg_attr(docsrs, feature(doc_cfg))]\n");
        assert_eq!(labels, package.features().next().is_some(), "{}", package.folder);
    }
}

#[test]
fn every_feature_has_the_same_row_in_the_documentation_of_its_package_and_in_the_readme() {
    for package in Package::all() {
        let rows = table(&format!("{}/README.md", package.folder));
        assert_eq!(table(&format!("{}/src/lib.rs", package.folder)), rows, "{}", package.folder);
        for feature in package.features() {
            let row = format!("`{feature}`");
            let names = |line: &String| line.split('|').nth(1).is_some_and(|cell| cell.contains(&row));
            assert!(rows.iter().any(names), "{}/README.md lacks {row}", package.folder);
        }
    }
}

#[test]
fn links_from_a_readme_into_the_repository_lead_to_files() {
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
fn a_readme_links_only_by_whole_addresses_for_it_is_shown_in_many_places() {
    for package in Package::all() {
        let readme = package.read("README.md");
        let mut links = readme.split("](").skip(1);
        assert!(links.all(|link| link.starts_with("https://")), "{}", package.folder);
    }
}
