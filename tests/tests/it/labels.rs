//! That what needs a feature says so by itself, and not only by the module that it is in. Where another crate exports it, as
//! the facade does, rustdoc sees no more than the item when it writes which feature is needed.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{Attribute, Ident, Item, ItemImpl, ItemMod, Visibility};

use super::workspace::read;

/// The libraries whose items the facade exports.
const LIBRARIES: [&str; 11] = [
    "linq-core",
    "linq-durable",
    "linq-hyper",
    "linq-postgres",
    "linq-redis",
    "linq-reqwest",
    "linq-sandbox",
    "linq-sqlite",
    "linq-types",
    "linq-ureq",
    "linq-webhooks",
];

/// The features in the conditions of an item.
fn needs(attributes: &[Attribute]) -> BTreeSet<String> {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let text: String = conditions.map(|condition| condition.to_token_stream().to_string()).collect();
    let features = text.split("feature = \"").skip(1).filter_map(|rest| rest.split_once('"'));
    features.map(|(feature, _)| feature.to_owned()).collect()
}

/// The name of an item that has one, whether it is public, and its attributes.
fn named(item: &Item) -> Option<(&Ident, bool, &[Attribute])> {
    let (name, visibility, attributes) = match item {
        Item::Enum(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Fn(item) => (&item.sig.ident, &item.vis, &item.attrs),
        Item::Struct(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Trait(item) => (&item.ident, &item.vis, &item.attrs),
        Item::Type(item) => (&item.ident, &item.vis, &item.attrs),
        _ => return None,
    };
    Some((name, matches!(visibility, Visibility::Public(_)), attributes))
}

/// What an `impl` is for, in words, such as `From < Unread > for ReceiveError < E >`.
fn head(item: &ItemImpl) -> String {
    let implementor = item.self_ty.to_token_stream();
    match &item.trait_ {
        Some((implemented, _)) => format!("{} for {implementor}", implemented.to_token_stream()),
        None => implementor.to_string(),
    }
}

/// The items of a module that should have its conditions and do not. An `impl` that names an item of the module is shown
/// with that item.
fn silent(module: &str, is_public: bool, needed: &BTreeSet<String>) -> Vec<String> {
    let items = syn::parse_file(module).unwrap().items;
    let names: BTreeSet<_> = items.iter().filter_map(named).map(|(name, ..)| name.to_string()).collect();
    let shown_alone = items.iter().filter_map(|item| match item {
        Item::Impl(item) => {
            let head = head(item);
            (!head.split(' ').any(|word| names.contains(word))).then_some((head, &item.attrs[..]))
        }
        item => {
            let (name, item_is_public, attributes) = named(item)?;
            (item_is_public && !is_public).then(|| (name.to_string(), attributes))
        }
    });
    let silent = shown_alone.filter(|(_, attributes)| !needs(attributes).is_superset(needed));
    silent.map(|(name, _)| name).collect()
}

/// Checks the modules of a file and, recursively, their modules. Returns how many of them need features.
fn check(file: &str, folder: &str, inherited: &BTreeSet<String>, faults: &mut Vec<String>) -> usize {
    let mut checked = 0;
    for item in syn::parse_file(&read(file)).unwrap().items {
        let Item::Mod(module @ ItemMod { content: None, .. }) = item else { continue };
        let is_shown = |attribute: &Attribute| {
            let condition = attribute.to_token_stream().to_string();
            condition != "# [cfg (test)]" && !condition.starts_with("# [cfg (not (feature")
        };
        if !module.attrs.iter().all(is_shown) {
            continue;
        }
        let needed: BTreeSet<_> = inherited.union(&needs(&module.attrs)).cloned().collect();
        let (file, folder) = (format!("{folder}/{}.rs", module.ident), format!("{folder}/{}", module.ident));
        let is_public = matches!(module.vis, Visibility::Public(_));
        if !needed.is_empty() {
            let silent = silent(&read(&file), is_public, &needed);
            faults.extend(silent.into_iter().map(|name| format!("{file}: {name} does not say {needed:?}")));
            checked += 1;
        }
        // The page of a public module names its features for the items in it.
        let inherited = if is_public { BTreeSet::new() } else { needed };
        checked += check(&file, &folder, &inherited, faults);
    }
    checked
}

#[test]
fn items_in_a_module_that_needs_a_feature_name_that_feature() {
    let (mut checked, mut faults) = (0, Vec::new());
    for library in LIBRARIES {
        let folder = format!("crates/{library}/src");
        checked += check(&format!("{folder}/lib.rs"), &folder, &BTreeSet::new(), &mut faults);
    }
    assert!(checked > 5, "only {checked} modules need features");
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_item_that_says_less_than_its_module_is_found_if_it_is_shown_alone() {
    let module = r#"
        pub struct Silent;
        #[cfg(all(feature = "f", not(test)))]
        pub struct Says;
        struct Private;
        impl Elsewhere {}
        #[cfg(feature = "f")]
        impl Clone for Elsewhere {}
        impl Clone for Says {}
        impl From<Private> for Elsewhere {}
    "#;
    let needed = BTreeSet::from(["f".to_owned()]);
    assert_eq!(silent(module, false, &needed), ["Silent", "Elsewhere"]);
    assert_eq!(silent(module, true, &needed), ["Elsewhere"]);
}
