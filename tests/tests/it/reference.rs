//! The reference of the facade, as its readers see it: pages, names in them, and links.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use super::workspace::{has_compiler_of_snapshots, read, root};

/// The HTML of each page, by its path.
static PAGES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("public-api");
    let folder = target.join("doc/linq");
    // Pages of earlier builds stay there otherwise.
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    let output = Command::new(env!("CARGO"))
        .args(["doc", "--quiet", "--locked", "--no-deps", "-p", "linq-sdk"])
        .args(["--features", &features().join(",")])
        .arg("--target-dir")
        .arg(&target)
        .env_remove("RUSTDOCFLAGS")
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut pages = BTreeMap::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "html") {
                pages.insert(name(&folder, &path), fs::read_to_string(&path).unwrap());
            }
        }
    }
    pages
});

/// Returns all features of the facade except native-tls, which needs the headers of OpenSSL.
fn features() -> Vec<String> {
    let manifest: toml::Table = toml::from_str(&read("crates/linq/Cargo.toml")).unwrap();
    let features = manifest["features"].as_table().unwrap().keys();
    features.filter(|feature| *feature != "native-tls").cloned().collect()
}

fn name(folder: &Path, page: &Path) -> String {
    let segments: PathBuf = page.strip_prefix(folder).unwrap().into();
    segments.iter().map(|segment| segment.to_str().unwrap()).collect::<Vec<_>>().join("/")
}

/// Returns the HTML with each element that begins with `start` and ends with `end` replaced.
fn replaced(html: &str, start: &str, end: &str, with: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, element)) = rest.split_once(start) {
        kept += before;
        kept += with;
        rest = element.split_once(end).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Returns the text of a page without its scripts and without the paths of what it exports again.
fn text(page: &str) -> String {
    let (_, body) = page.split_once("<body").and_then(|(_, rest)| rest.split_once('>')).unwrap();
    let shown = replaced(&replaced(body, "<script", "</script>", ""), "<code>pub use ", "</code>", "");
    replaced(&shown, "<", ">", "")
}

/// Returns the prose of a page, with every piece of code as a backtick, and without the implementations of foreign traits for
/// all types, whose prose is foreign as well.
fn prose(page: &str) -> String {
    let (_, body) = page.split_once("<body").and_then(|(_, rest)| rest.split_once('>')).unwrap();
    let code = [
        ("<script", "</script>"),
        ("<nav", "</nav>"),
        ("<h2 id=\"blanket-implementations\"", "</main>"),
        ("<pre", "</pre>"),
        ("<h3 class=\"code-header", "</h3>"),
        ("<h4 class=\"code-header", "</h4>"),
        ("<code", "</code>"),
    ];
    let prose = code.iter().fold(body.to_owned(), |html, (start, end)| replaced(&html, start, end, "`"));
    replaced(&prose, "<", ">", "")
}

/// Returns what surrounds each occurrence.
fn found(text: &str, what: &str) -> Vec<String> {
    let surroundings = |(at, _): (usize, _)| {
        let before = text[..at].chars().rev().take(60).collect::<Vec<_>>();
        before.into_iter().rev().chain(text[at..].chars().take(60)).collect()
    };
    text.match_indices(what).map(surroundings).collect()
}

#[test]
fn the_pages_are_of_all_libraries() {
    if !has_compiler_of_snapshots() {
        return;
    }
    for page in [
        "durable/struct.Inbox.html",
        "durable/struct.Outbox.html",
        "postgres/struct.Store.html",
        "redis/struct.Store.html",
        "sandbox/struct.Sandbox.html",
        "sqlite/struct.Store.html",
        "struct.Client.html",
        "types/chats/struct.NewChat.html",
        "webhooks/attr.linq_handler.html",
        "webhooks/struct.Receiver.html",
    ] {
        assert!(PAGES.contains_key(page), "{page} is missing");
    }
}

#[test]
fn no_page_names_an_inner_crate() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let folders = fs::read_dir(root().join("crates")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let crates: Vec<_> =
        folders.filter(|folder| folder != "linq").map(|folder| folder.replace('-', "_")).collect();
    assert!(crates.contains(&"linq_core".to_owned()), "{crates:?}");
    for (path, page) in &*PAGES {
        let text = text(page);
        for krate in &crates {
            assert_eq!(found(&text, krate), [""; 0], "{path} names {krate}: users depend on `linq` alone");
        }
    }
}

#[test]
fn no_page_has_a_link_without_a_target() {
    if !has_compiler_of_snapshots() {
        return;
    }
    let unresolved: BTreeMap<_, _> =
        PAGES.iter().map(|(path, page)| (path, found(&prose(page), "["))).collect();
    let unresolved: Vec<_> = unresolved.iter().filter(|(_, links)| !links.is_empty()).collect();
    assert!(unresolved.is_empty(), "{unresolved:#?}");
}

#[test]
fn names_and_brackets_are_found_in_prose_and_examples_but_not_in_code_and_exports() {
    let page = "<head>linq_a</head><body><script>linq_b</script><code>pub use linq_c::D;</code>\
        <pre>use <span>linq_e</span>::F;</pre><p>[<code>G</code>] and <code>[u8]</code></p>";
    assert_eq!(text(page), "use linq_e::F;[G] and [u8]");
    assert_eq!(found(&text(page), "linq_"), ["use linq_e::F;[G] and [u8]"]);
    assert_eq!(found(&prose(page), "["), ["```[`] and `"]);
}
