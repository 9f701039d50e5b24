//! Parts of files that are generated, between `<!-- generated: NAME -->` and `<!-- end -->`.

use std::{
    env, fs,
    sync::{Mutex, PoisonError},
};

use super::workspace::{read, root};

/// Held while a file is rewritten, since several tests may generate parts of one file.
static WRITING: Mutex<()> = Mutex::new(());

/// Asserts that a part of a file is as generated. With `INSTA_UPDATE=always` it is written instead, as snapshots are.
#[track_caller]
pub(super) fn assert_generated(file: &str, name: &str, generated: &str) {
    let _guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = read(file);
    let expected =
        with_part(&text, name, generated).unwrap_or_else(|| panic!("{file} lacks a part `{name}`"));
    if text == expected {
        return;
    }
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(root().join(file), expected).unwrap();
    } else {
        panic!(
            "`{name}` in {file} is outdated; `INSTA_UPDATE=always cargo test -p linq-tests` writes it:\n{generated}"
        );
    }
}

/// Replaces a part of a text.
fn with_part(text: &str, name: &str, generated: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- generated: {name} -->\n"))?;
    let (_, after) = rest.split_once("<!-- end -->\n")?;
    Some(format!("{before}<!-- generated: {name} -->\n\n{generated}\n\n<!-- end -->\n{after}"))
}

#[test]
fn only_the_named_part_is_replaced() {
    let text = "a\n<!-- generated: x -->\nold\n<!-- end -->\nb\n<!-- generated: y -->\nc\n<!-- end -->\n";
    let replaced = with_part(text, "x", "new").unwrap();
    let expected =
        "a\n<!-- generated: x -->\n\nnew\n\n<!-- end -->\nb\n<!-- generated: y -->\nc\n<!-- end -->\n";
    assert_eq!(replaced, expected);
    assert_eq!(with_part(&replaced, "x", "new").unwrap(), expected);
    assert_eq!(with_part(text, "z", "new"), None);
}
