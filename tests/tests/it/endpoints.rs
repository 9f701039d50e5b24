//! The page about the endpoints, `docs/endpoints.md`.

use linq_types::Operation;

use super::generated::assert_generated;
use crate::cli::endpoint::Endpoint;

#[test]
fn the_page_lists_every_endpoint() {
    let mut lines = vec![
        "| id | request | Rust | idempotent | command line |".to_owned(),
        "| --- | --- | --- | --- | --- |".to_owned(),
    ];
    lines.extend(Operation::ALL.iter().map(|&operation| {
        format!(
            "| [`{operation}`]({}) | `{} {}` | `{}` | {} | `linq call {operation}` |",
            operation.reference_url(),
            operation.method(),
            operation.route(),
            Endpoint::of(operation).rust_method(),
            if operation.is_idempotent() { "yes" } else { "no" },
        )
    }));
    assert_generated("docs/endpoints.md", "endpoints", &lines.join("\n"));
}
