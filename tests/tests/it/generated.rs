//! Parts of files that are generated, between `<!-- generated: NAME -->` and `<!-- end -->`.

use std::{
    env, fs,
    sync::{Mutex, PoisonError},
};

use self::part::with_part;
use super::workspace::{read, root};

mod part;

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
        let new: Vec<_> = generated.lines().filter(|line| !text.contains(line)).collect();
        panic!(
            "`{name}` in {file} is outdated; run `INSTA_UPDATE=always cargo test -p linq-tests`; new lines:\n{}",
            new.join("\n")
        );
    }
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

#[test]
fn lines_in_a_doc_comment_are_comments() {
    let text = "//! a\n//! <!-- generated: x -->\n//! <!-- end -->\nb\n";
    let expected = "//! a\n//! <!-- generated: x -->\n//!\n//! 1\n//! 2\n//!\n//! <!-- end -->\nb\n";
    assert_eq!(with_part(text, "x", "1\n2").unwrap(), expected);
    assert_eq!(with_part(expected, "x", "1\n2").unwrap(), expected);
}
