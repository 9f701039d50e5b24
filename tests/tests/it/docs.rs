//! The pages in `docs/`: their code is compiled, they are listed, and their quotations match the source.

use std::fs;

use super::workspace::{read, root};

/// Returns the file names of all pages.
fn pages() -> Vec<String> {
    let entries = fs::read_dir(root().join("docs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<_> = names.filter(|name| name.ends_with(".md") && name != "SUMMARY.md").collect();
    pages.sort();
    pages
}

#[test]
fn every_page_is_compiled_and_listed() {
    let (compiled, listed) = (read("tests/src/lib.rs"), read("docs/SUMMARY.md"));
    let pages = pages();
    assert!(pages.contains(&"architecture.md".to_owned()), "{pages:?}");
    for page in pages {
        assert!(compiled.contains(&format!("\"../../docs/{page}\"")), "tests/src/lib.rs lacks {page}");
        assert!(listed.contains(&format!("(./{page})")), "docs/SUMMARY.md lacks {page}");
    }
}

/// Returns the blocks of a page that quote a file: their fence is "```LANGUAGE FILE", such as "```rs a.rs".
fn quotations(page: &str) -> Vec<(&str, Vec<&str>)> {
    let mut quotations = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some((_, file)) = line.strip_prefix("```").and_then(|fence| fence.split_once(' ')) {
            quotations.push((file, lines.by_ref().take_while(|line| *line != "```").collect()));
        }
    }
    quotations
}

/// Returns `true` if the file has these consecutive lines, with any indentation.
fn is_quoted_from(quoted: &[&str], file: &str) -> bool {
    let file: Vec<_> = file.lines().map(str::trim).collect();
    let quoted: Vec<_> = quoted.iter().map(|line| line.trim()).collect();
    file.windows(quoted.len()).any(|lines| lines == quoted)
}

#[test]
fn quoted_code_is_in_the_file_it_is_quoted_from() {
    let mut count = 0;
    for page in pages() {
        for (file, quoted) in quotations(&read(format!("docs/{page}"))) {
            assert!(is_quoted_from(&quoted, &read(file)), "{page} misquotes {file}: {quoted:#?}");
            count += 1;
        }
    }
    assert!(count > 0, "no page quotes code");
}

#[test]
fn a_quotation_may_be_indented_otherwise_but_not_changed() {
    let page = "Text\n```rs a.rs\nfn a() {\n    b();\n```\n";
    let [(file, quoted)] = &quotations(page)[..] else { panic!("one block") };
    assert_eq!(*file, "a.rs");
    assert!(is_quoted_from(quoted, "impl A {\n    fn a() {\n        b();\n    }\n}"));
    assert!(!is_quoted_from(quoted, "fn a() {\n    c();\n}"));
}

/// Returns the files that a page names in backticks.
fn named_files(page: &str) -> impl Iterator<Item = &str> {
    let spans = page.split('`').skip(1).step_by(2);
    spans.filter(|span| span.starts_with("crates/") && !span.contains(['<', '{', ' ']))
}

#[test]
fn files_named_in_a_page_exist() {
    let mut count = 0;
    for page in pages() {
        let text = read(format!("docs/{page}"));
        for file in named_files(&text) {
            assert!(root().join(file).exists(), "{page} names {file}");
            count += 1;
        }
    }
    assert!(count > 0, "no page names a file");
}
