//! That the docs of each operation start with its summary and link its page in the vendor's reference.

use std::{fs, path::Path};

use linq_core::types::Operation;

/// The sources of all resources.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn each_operation_has_one_method_whose_docs_name_its_request_and_link_its_reference() {
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/resources"), &mut text);
    for operation in Operation::ALL {
        let docs = format!(
            "/// `{} {}` ([reference]({})).",
            operation.method(),
            operation.route(),
            operation.reference_url()
        );
        assert_eq!(text.matches(&docs).count(), 1, "the docs of {operation} should have this line: {docs}");
        let before = text.split_once(&docs).map_or("", |(before, _)| before);
        let start: Vec<_> = before.lines().rev().skip(2).take_while(|line| line.contains("/// ")).collect();
        let start: Vec<_> = start.iter().rev().filter_map(|line| line.trim().strip_prefix("/// ")).collect();
        assert_eq!(
            start.join(" "),
            operation.summary(),
            "the docs of {operation} should start with its summary"
        );
        let uses: Vec<_> = text
            .match_indices(&format!("Operation::{operation:?}"))
            .map(|(at, name)| &text[at + name.len()..])
            .filter(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
            .collect();
        assert_eq!(uses.len(), 1, "{operation} should have one method");
    }
}
