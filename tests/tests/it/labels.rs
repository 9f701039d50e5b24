//! An item that needs a feature has its own `cfg`, not only its module: where another crate exports the item, as the facade
//! does, rustdoc shows only the features in the `cfg` of the item.

use std::collections::BTreeSet;

use quote::ToTokens as _;
use syn::{Attribute, Ident, Item, ItemImpl, Visibility};

use super::workspace::read;

/// The libraries whose items the facade exports.
const LIBRARIES: [&str; 5] = ["linq-core", "linq-hyper", "linq-reqwest", "linq-ureq", "linq-webhooks"];

/// Returns the features in the `cfg` of an item.
fn needs(attributes: &[Attribute]) -> BTreeSet<String> {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let text: String = conditions.map(|condition| condition.to_token_stream().to_string()).collect();
    let features = text.split("feature = \"").skip(1).filter_map(|rest| rest.split_once('"'));
    features.map(|(feature, _)| feature.to_owned()).collect()
}

/// Returns the name of an item, whether it is public, and its attributes.
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

/// Returns the head of an `impl`, such as `From < Unread > for ReceiveError < E >`.
fn head(item: &ItemImpl) -> String {
    let implementor = item.self_ty.to_token_stream();
    match &item.trait_ {
        Some((implemented, _)) => format!("{} for {implementor}", implemented.to_token_stream()),
        None => implementor.to_string(),
    }
}

/// Returns the items of a module that lack its `cfg`. An `impl` that names an item of the module is shown with that item.
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

#[test]
fn every_item_of_a_feature_has_its_own_cfg() {
    let (mut checked, mut faults) = (0, Vec::new());
    for library in LIBRARIES {
        for item in syn::parse_file(&read(format!("crates/{library}/src/lib.rs"))).unwrap().items {
            let Item::Mod(module) = item else { continue };
            let needed = needs(&module.attrs);
            if needed.is_empty() {
                continue;
            }
            let file = format!("crates/{library}/src/{}.rs", module.ident);
            let silent = silent(&read(&file), matches!(module.vis, Visibility::Public(_)), &needed);
            faults.extend(silent.into_iter().map(|name| format!("{file}: {name} does not say {needed:?}")));
            checked += 1;
        }
    }
    assert!(checked > 5, "{checked} modules need features");
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_item_without_the_cfg_of_its_module_is_found() {
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
