//! What makes the folder one that can be copied, and small enough to be read.

use std::{fs, path::Path};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn read(file: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(FOLDER).join(file)).unwrap()
}

#[test]
fn nothing_is_inherited_from_the_workspace_and_each_path_has_a_version() {
    let manifest = read("Cargo.toml");
    let table: toml::Table = manifest.parse().unwrap();
    let mut paths = 0;
    let mut tables = vec![&table];
    while let Some(table) = tables.pop() {
        assert!(!table.contains_key("workspace"), "{table:?} is inherited");
        if table.contains_key("path") {
            assert!(table.contains_key("version"), "{table:?} has no version");
            paths += 1;
        }
        tables.extend(table.values().filter_map(toml::Value::as_table));
    }
    assert_eq!(paths, manifest.matches("path = ").count());
    assert!(paths > 0);
}

/// Returns the number of lines, and of those that are neither empty nor comments.
fn lines(files: &[&str]) -> (usize, usize) {
    let text: String = files.iter().map(read).collect();
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
    (text.lines().count(), text.lines().filter(is_code).count())
}

#[test]
fn the_agent_has_at_most_250_lines_and_the_tests_of_the_bot_90() {
    let sources = fs::read_dir(Path::new(FOLDER).join("src")).unwrap();
    let names: Vec<_> =
        sources.map(|file| format!("src/{}", file.unwrap().file_name().to_str().unwrap())).collect();
    let agent: Vec<_> = names.iter().map(String::as_str).filter(|name| *name != "src/openai.rs").collect();
    assert!(agent.len() < names.len() && agent.contains(&"src/bot.rs"), "{names:?}");
    for (files, most) in [(&agent[..], 250), (&["tests/it/bot.rs"], 90)] {
        let (all, code) = lines(files);
        println!("{files:?}: {all} lines, {code} of code");
        assert!(all <= most, "{files:?} have {all} lines");
    }
}
