//! The public API of each library: every item with its signature, the crates that signatures name, the traits of every
//! type, and the methods of the client that make calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
    sync::LazyLock,
};

use serde::Deserialize;

use self::{
    docs::{Docs, NamesBy},
    list::list,
};
use super::workspace::{has_compiler_of_snapshots, read, root};

mod calls;
mod docs;
mod list;

/// How to document a library, and what its public API may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Library {
    /// The name in code, if it is not that of the package.
    #[serde(rename = "crate")]
    krate: Option<String>,
    features: Vec<String>,
    /// The crates whose items its signatures name or that it exports again.
    foreign: BTreeSet<String>,
    /// The traits that every type has, beside [`ON_EVERY_TYPE`].
    #[serde(default)]
    traits: BTreeSet<String>,
    /// The types that lack some of these traits, with those.
    #[serde(default)]
    not: NamesBy<String>,
}

/// The traits of every public type, so that it fits into any program's structs, threads, futures and errors.
const ON_EVERY_TYPE: [&str; 4] = ["Debug", "Send", "Sync", "Unpin"];

/// The crates that every signature may name.
const EVERYWHERE: [&str; 3] = ["alloc", "core", "std"];

impl Library {
    fn on_every_type(&self) -> BTreeSet<String> {
        self.traits.iter().cloned().chain(ON_EVERY_TYPE.map(str::to_owned)).collect()
    }
}

/// Every library with its documentation, by package.
static LIBRARIES: LazyLock<BTreeMap<String, (Library, Docs)>> = LazyLock::new(|| {
    let libraries: BTreeMap<String, Library> = toml::from_str(&read("tests/data/public-api.toml")).unwrap();
    let documented = libraries.into_iter().map(|(package, library)| {
        let krate = library.krate.clone().unwrap_or_else(|| package.replace('-', "_"));
        let docs = Docs::of(&package, &krate, &library.features);
        (package, (library, docs))
    });
    documented.collect()
});

/// Returns the foreign crates that are not allowed, and the allowed crates that do not occur.
fn disputed(found: NamesBy<String>, allowed: &BTreeSet<String>) -> Vec<String> {
    let found: NamesBy<String> = found
        .into_iter()
        .filter(|(krate, _)| !EVERYWHERE.contains(&&**krate) && !krate.starts_with("linq_"))
        .collect();
    let new = found.iter().filter(|(krate, _)| !allowed.contains(*krate));
    let gone = allowed.iter().filter(|krate| !found.contains_key(*krate));
    new.map(|(krate, items)| format!("{krate} is not allowed: {items:?}"))
        .chain(gone.map(|krate| format!("{krate} is allowed but does not occur")))
        .collect()
}

#[test]
fn the_public_items_are_those_of_the_snapshot() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let lists = LIBRARIES.iter().map(|(package, (library, docs))| {
        format!("{package}:\n{}\n", list(docs, &library.on_every_type()).join("\n"))
    });
    insta::assert_snapshot!("public_api", lists.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_public_type_has_the_traits_of_its_library() {
    if !has_compiler_of_snapshots() {
        return;
    }
    for (package, (library, docs)) in &*LIBRARIES {
        let lacking = docs.lacking(&library.on_every_type());
        let new: Vec<_> =
            lacking.iter().filter(|(name, traits)| library.not.get(*name) != Some(traits)).collect();
        let gone: Vec<_> = library.not.keys().filter(|name| !lacking.contains_key(*name)).collect();
        assert!(
            new.is_empty() && gone.is_empty(),
            "{package}: lacking {new:?}, not lacking any more {gone:?}"
        );
    }
}

#[test]
fn public_signatures_name_only_the_crates_that_they_may() {
    if !has_compiler_of_snapshots() {
        return;
    }
    for (package, (library, docs)) in &*LIBRARIES {
        assert_eq!(disputed(docs.foreign(), &library.foreign), [""; 0], "{package}");
    }
}

/// The documentation of `tests/data/public-api.rs`.
static SAMPLE: LazyLock<Docs> = LazyLock::new(|| {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("public-api");
    let output = Command::new(Path::new(env!("CARGO")).with_file_name("rustdoc"))
        .args(["tests/data/public-api.rs", "--edition=2024", "--crate-name=sample"])
        .args(["-Zunstable-options", "--output-format=json", "-o"])
        .arg(&out)
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Docs::at(out.join("sample.json"))
});

#[test]
fn a_line_has_everything_whose_change_breaks_users() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let lines = list(&SAMPLE, &["Debug".to_owned()].into()).join("\n");
    insta::assert_snapshot!(lines);
}

#[test]
fn foreign_crates_are_those_in_signatures_and_exports() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let foreign = SAMPLE.foreign();
    assert_eq!(foreign.keys().collect::<Vec<_>>(), ["alloc", "core", "std"]);
    assert!(foreign["alloc"].contains("alloc::rc::Rc"), "a type: {foreign:?}");
    assert!(foreign["core"].contains("core::fmt::Debug"), "a bound: {foreign:?}");
    assert_eq!(foreign["std"], ["std::collections::hash::map::HashMap".to_owned()].into(), "an export");
}

#[test]
fn a_crate_must_be_allowed_and_an_allowed_crate_must_occur() {
    let found = ["core", "http", "linq_types", "serde"].map(|krate| (krate.to_owned(), BTreeSet::new()));
    let allowed = ["bytes", "http"].map(str::to_owned);
    let faults = disputed(found.into(), &allowed.into());
    assert_eq!(faults, ["serde is not allowed: {}", "bytes is allowed but does not occur"]);
}

#[test]
fn a_type_without_a_required_trait_is_found() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let lacking = |traits: &[&str]| SAMPLE.lacking(&traits.iter().map(|&name| name.to_owned()).collect());
    let not_for_threads = ["Send", "Sync"].map(str::to_owned);
    assert_eq!(
        lacking(&["Send", "Sync", "Unpin"]),
        [("ForOneThread".to_owned(), not_for_threads.into())].into()
    );
    let without_eq: Vec<_> = lacking(&["PartialEq"]).into_keys().collect();
    assert_eq!(without_eq, ["Choice", "ForOneThread", "Growing", "Open", "Shown", "Tuple"]);
}

#[test]
#[should_panic(expected = "expected that of Rust 1.")]
fn the_json_of_another_rustdoc_is_rejected() {
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-rustdoc.json");
    fs::write(&other, r#"{"format_version": 1}"#).unwrap();
    Docs::at(other);
}
