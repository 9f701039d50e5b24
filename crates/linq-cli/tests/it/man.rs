use std::{collections::BTreeSet, fs};

use super::running::linq;

#[test]
fn each_command_has_a_man_page_with_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("man1");
    let status = linq(&["man", "--out", out.to_str().unwrap()]).status().unwrap();
    assert_eq!(status.code(), Some(0));
    let pages: BTreeSet<_> =
        fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    for page in ["linq.1", "linq-call.1", "linq-webhooks-verify.1", "linq-outbox-settle.1"] {
        assert!(pages.contains(page), "{page}: {pages:?}");
    }
    let call = fs::read_to_string(out.join("linq-call.1")).unwrap();
    assert!(call.contains(r"\-\-params") && call.contains("linq call phone_numbers.list"), "{call}");
    let top = fs::read_to_string(out.join("linq.1")).unwrap();
    assert!(!top.contains("linq\\-man"), "{top}");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let output = linq(&["man", "--out", "/dev/null/man"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.starts_with(b"error: cannot write the man pages: "), "{output:?}");
}
