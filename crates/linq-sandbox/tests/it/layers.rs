//! The files of the crate import each other in one direction only.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A module by its path, such as `["store", "chats"]`.
type Module = Vec<String>;

/// Every file but the crate's root, with its source up to its unit tests.
fn sources() -> BTreeMap<Module, String> {
    let mut sources = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") && !path.ends_with("lib.rs") {
                let source = fs::read_to_string(&path).unwrap();
                let code = source.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
                let module = path.strip_prefix(&root).unwrap().with_extension("");
                sources.insert(module.iter().map(|part| part.to_str().unwrap().to_owned()).collect(), code);
            }
        }
    }
    sources
}

/// The paths of a use tree, such as `crate::{error::ApiError, json}`.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let segments = |path: &str| -> Vec<String> {
        path.split("::")
            .map(|segment| segment.trim().to_owned())
            .filter(|segment| !segment.is_empty())
            .collect()
    };
    let Some((prefix, inner)) = tree.split_once('{') else { return vec![segments(tree)] };
    let inner = &inner[..inner.rfind('}').unwrap_or(inner.len())];
    let mut depth = 0;
    let items = inner.split(|character| {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        character == ',' && depth == 0
    });
    let items = items.filter(|item| !item.trim().is_empty()).flat_map(expand);
    items.map(|path| segments(prefix).into_iter().chain(path).collect()).collect()
}

/// The file that a path leads to from a module, if it is one of the crate.
fn target(from: &Module, path: &[String], sources: &BTreeMap<Module, String>) -> Option<Module> {
    let supers = path.iter().take_while(|segment| *segment == "super").count();
    let mut absolute: Module = match path.first()?.as_str() {
        "crate" => path[1..].to_vec(),
        "self" => [from.as_slice(), &path[1..]].concat(),
        "super" => [&from[..from.len().checked_sub(supers)?], &path[supers..]].concat(),
        _ => [from.as_slice(), path].concat(),
    };
    while !absolute.is_empty() && !sources.contains_key(&absolute) {
        absolute.pop();
    }
    (!absolute.is_empty() && absolute != *from).then_some(absolute)
}

fn imports(from: &Module, sources: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let code: String = sources[from].lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let trees = code.split("use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let inline = code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|character: char| !character.is_alphanumeric() && !"_:".contains(character));
        format!("crate::{}", &rest[..end.unwrap_or(rest.len())])
    });
    let paths = trees.flat_map(|(tree, _)| expand(tree)).chain(inline.flat_map(|path| expand(&path)));
    paths.filter_map(|path| target(from, &path, sources)).collect()
}

#[test]
fn no_file_imports_itself_through_others() {
    let sources = sources();
    let mut waiting: BTreeMap<_, _> =
        sources.keys().map(|module| (module, imports(module, &sources))).collect();
    assert!(waiting.values().map(BTreeSet::len).sum::<usize>() > 400, "{waiting:?}");
    loop {
        let imported: BTreeSet<_> = waiting.values().flatten().collect();
        let free: Vec<_> = waiting
            .iter()
            .filter(|(module, imports)| {
                !imported.contains(*module) || imports.iter().all(|import| !waiting.contains_key(import))
            })
            .map(|(module, _)| (*module).clone())
            .collect();
        if free.is_empty() {
            break;
        }
        waiting.retain(|module, _| !free.contains(*module));
    }
    let cycles: Vec<_> = waiting.keys().map(|module| module.join("/")).collect();
    assert!(cycles.is_empty(), "these files import each other: {cycles:#?}");
}

#[test]
fn the_model_knows_nothing_above_it_and_views_and_events_only_the_model() {
    let sources = sources();
    for (layer, allowed) in [
        ("model", &["model", "clock", "config", "error", "ids"][..]),
        ("views", &["views", "model", "clock"]),
        ("events", &["events", "views", "model", "clock", "json"]),
        (
            "store",
            &[
                "store", "events", "views", "model", "check", "clock", "config", "error", "ids", "json",
                "target",
            ],
        ),
    ] {
        for module in sources.keys().filter(|module| module[0] == layer) {
            for import in imports(module, &sources) {
                assert!(allowed.contains(&import[0].as_str()), "{module:?} imports {import:?}");
            }
        }
    }
}
