//! What each library shows to its users: every item with its signature, the crates whose items stand in signatures, and the
//! types that do not fit into threads.

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
    /// The types that do not have every auto trait that a type should have.
    #[serde(default)]
    not: NamesBy<String>,
}

/// The crates that every signature may name.
const EVERYWHERE: [&str; 3] = ["alloc", "core", "std"];

/// What has to be allowed and is not, and what is allowed and not there any more.
fn disputed(found: NamesBy<String>, allowed: &BTreeSet<String>) -> Vec<String> {
    let found: NamesBy<String> = found
        .into_iter()
        .filter(|(krate, _)| !EVERYWHERE.contains(&&**krate) && !krate.starts_with("linq_"))
        .collect();
    let new = found.iter().filter(|(krate, _)| !allowed.contains(*krate));
    let gone = allowed.iter().filter(|krate| !found.contains_key(*krate));
    new.map(|(krate, items)| format!("{krate} is not allowed: {items:?}"))
        .chain(gone.map(|krate| format!("{krate} is allowed in vain")))
        .collect()
}

#[test]
fn the_public_api_is_as_it_was_names_no_other_crates_than_it_may_and_fits_into_threads() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let libraries: BTreeMap<String, Library> = toml::from_str(&read("tests/data/public-api.toml")).unwrap();
    let mut faults = Vec::new();
    for (package, library) in &libraries {
        let krate = library.krate.clone().unwrap_or_else(|| package.replace('-', "_"));
        let docs = Docs::of(package, &krate, &library.features);
        let lines = list(&docs).join("\n");
        insta::assert_snapshot!(format!("public_api_{package}"), lines);
        if docs.lacking() != library.not {
            faults.push(format!("{package}: not {:?}", docs.lacking()));
        }
        let disputed = disputed(docs.foreign(), &library.foreign);
        faults.extend(disputed.into_iter().map(|fault| format!("{package}: {fault}")));
    }
    assert_eq!(faults, [""; 0]);
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
fn a_line_says_all_that_breaks_when_it_changes() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let lines = list(&SAMPLE).join("\n");
    insta::assert_snapshot!(lines);
}

#[test]
fn a_crate_is_foreign_if_a_signature_names_it_or_it_is_exported_again_and_not_if_the_code_uses_it() {
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
fn a_crate_that_is_not_allowed_is_a_fault_and_so_is_one_that_is_allowed_in_vain() {
    let found = ["core", "http", "linq_types", "serde"].map(|krate| (krate.to_owned(), BTreeSet::new()));
    let allowed = ["bytes", "http"].map(str::to_owned);
    let faults = disputed(found.into(), &allowed.into());
    assert_eq!(faults, ["serde is not allowed: {}", "bytes is allowed in vain"]);
}

#[test]
fn a_type_that_is_not_for_threads_lacks_auto_traits() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let lacking = SAMPLE.lacking();
    let not_for_threads = ["Send", "Sync"].map(str::to_owned);
    assert_eq!(lacking, [("ForOneThread".to_owned(), not_for_threads.into())].into());
}

#[test]
#[should_panic(expected = "for the rustdoc of Rust 1.")]
fn json_of_another_rustdoc_is_refused_with_a_word_on_which_one_it_has_to_be() {
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-rustdoc.json");
    fs::write(&other, r#"{"format_version": 1}"#).unwrap();
    Docs::at(other);
}
